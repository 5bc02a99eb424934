// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// \a text for a place where it is wrapped: a number and its unit stay on one line, as in "60 s" or "0.1 %", and so do the parts
/// of a worker's id or an address of up to 32 characters, as in "vm:21328:9f2c". Spaces between them become ones that do not
/// break, and after other marks stands one that joins. Any thread.
QString unitsKept(const QString &text);

} // namespace pulsedeck
