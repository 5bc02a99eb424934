// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck::bench {

/// Scrubbing over a history of many lanes, in a process of its own on the offscreen platform. argv[2]: how many lanes, argv[3]:
/// how many beats each. Prints one line of JSON ("answer …") and ends.
int travelChild(int argc, char **argv);

} // namespace pulsedeck::bench
