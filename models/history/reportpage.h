// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/spanreport.h"

#include <QByteArray>

namespace pulsedeck {

/// A report as one page of HTML that needs nothing else: no script, nothing to load, light or dark as the reader has it, light on
/// paper. It is well-formed XML too. Ids, hosts and texts of others are text in it and nothing else. GUI thread, for its words.
QByteArray reportPage(const SpanReport &report);

} // namespace pulsedeck
