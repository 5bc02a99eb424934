// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace pulsedeck {

/// One cell of a CSV file (RFC 4180): quoted where it has to be. One that begins with = + - @ is preceded by an apostrophe, so
/// that no spreadsheet takes it for a formula; numbers are not passed through here.
QByteArray csvCell(const QString &text);

} // namespace pulsedeck
