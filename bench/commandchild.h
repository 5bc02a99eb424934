// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck::bench {

/// The console's half that commands, in a process of its own: a source on its I/O thread, the ledger, a journal and the table of
/// commands in a window on the offscreen platform. argv[2] is the URL, argv[3] the server's socket for the bare client, argv[4]
/// the journal's file, argv[5] the number of rounds. Prints one line of JSON ("answer …") and ends.
int commandChild(int argc, char **argv);

} // namespace pulsedeck::bench
