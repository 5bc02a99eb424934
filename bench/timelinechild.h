// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck::bench {

/// The Timeline page over a store of many lanes, in a process of its own on the offscreen platform. argv[2]: how many lanes,
/// argv[3]: how many beats each; more than a store remembers are recorded in a history. argv[4]: the time that is shown, in ms.
/// Prints one line of JSON ("answer …") and ends.
int timelineChild(int argc, char **argv);

} // namespace pulsedeck::bench
