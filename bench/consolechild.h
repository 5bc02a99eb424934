// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck::bench {

/// The console in a process of its own, so that its CPU time and memory are its own alone: the real Console with its window, by
/// default on the offscreen platform, driven by lines on standard input and answering each with one line of JSON. argv[2] is the
/// URL. Commands: `live N` (waits until N workers are shown), `begin`, `end` (a window of measuring), `beats`, `filter TEXT N`,
/// `sort N`, `grab FILE`, `quit`.
int consoleChild(int argc, char **argv);

} // namespace pulsedeck::bench
