// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QSettings;
class QWidget;

namespace pulsedeck {

/// Asks for a CSV or JSON file to write a list into, in the folder of the last time, which is kept below \a key. \a file is the
/// name that is proposed, without its ending, and \a json which format. \a then is called with the path and whether it is to be
/// JSON, as long as \a parent lives. GUI thread.
void askExportFile(QWidget *parent, const QString &title, const QString &file, QSettings &settings, const QString &key,
                   const std::function<void(const QString &path, bool json)> &then, bool json = false);

} // namespace pulsedeck
