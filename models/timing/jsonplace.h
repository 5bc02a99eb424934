// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

namespace pulsedeck {

/// Line, from 1, on which the value at \a path stands in \a json, a valid document; a number in the path is an index into an
/// array:
/// {"ruleSets", "0", "rules", "3", "factor"}. The line of the deepest value found if the path leads nowhere. For messages.
int jsonLine(QByteArrayView json, const QStringList &path);
/// Line of a byte offset, from 1.
int lineOfOffset(QByteArrayView text, qsizetype offset);

} // namespace pulsedeck
