// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

namespace pulsedeck {

/// The traits of the workers of a layout: what they are called, which facts there are of them, what their beats rest on, and
/// which acts they have. Any thread.
TraitsRef traitsOf(const Layout &layout);
/// What traitsOf() gives, as a value.
SourceTraits makeTraits(const Layout &layout);
/// A sentence or a word of a layout in the user's language.
QString layoutText(const QString &text);

} // namespace pulsedeck
