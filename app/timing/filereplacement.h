// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace pulsedeck {

/// Reads a regular file of at most a megabyte; false and \a error in words if it cannot be read.
bool readSmallFile(const QString &path, QByteArray *text, QString *error);

/// Replaces the file at \a path, if it still holds \a before, by \a after: a backup next to it, a temporary file, an
/// atomic rename. Permissions, owner and symbolic links stay. False and \a error in words when it fails, and then the
/// file is as it was and no backup is left. \a nowMs (Unix ms) names the backup. Blocks.
bool replaceFile(const QString &path, const QByteArray &before, const QByteArray &after, qint64 nowMs, QString *backup,
                 QString *error);

} // namespace pulsedeck
