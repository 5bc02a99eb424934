// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sourcefactory.h"

#include <deque>

namespace pulsedeck {

/// Every protocol there is, each once; references to them stay valid.
const std::deque<SourceFactory> &sourceFactories();
/// The one of this kind.
const SourceFactory &sourceFactory(SourceKind kind);
/// One more, for a program's own protocol. Before other threads use them.
void addSourceFactory(const SourceFactory &factory);

} // namespace pulsedeck
