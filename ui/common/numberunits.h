// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// \a text for a place where it is wrapped: a number and its unit stay on one line, as in "60 s" or "0.1 %". Only the spaces
/// between them become ones that do not break. Any thread.
QString unitsKept(const QString &text);

} // namespace pulsedeck
