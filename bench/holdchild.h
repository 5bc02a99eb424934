// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck::bench {

/// Many workers or actors held by a FleetStore with its table model, in a process of its own, so that its memory is
/// its own alone. argv[2] is "workers" or "actors", argv[3] how many, argv[4] the number of rounds. Prints one line of
/// JSON ("answer …") and ends.
int holdChild(int argc, char **argv);

} // namespace pulsedeck::bench
