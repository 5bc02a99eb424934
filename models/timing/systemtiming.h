// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/timing/timinglibrary.h"

namespace pulsedeck {

/// The timing of the system that a layout describes: its parameters, one set of rules, and presets, of which the first has the
/// defaults. Its texts are in the user's language where the catalogue has them. Nothing for a layout without parameters. Pure.
std::optional<TimingLibrary> systemTiming(const Layout &layout);

/// What an operator would change and where, as text to copy: the console cannot write it. \a source is what it is for, empty for
/// no source. Lines end with a line feed.
QString systemTimingText(const TimingLibrary &library, const TimingProfile &base, const TimingProfile &draft,
                         const TimingCheck &check, const QString &source);
/// "Sidekiq has these values in its own settings: the console cannot set them."
QString cannotSetText(const TimingLibrary &library);

} // namespace pulsedeck
