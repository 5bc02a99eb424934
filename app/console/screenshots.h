// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

class MainWindow;
struct SourceSettings;

/// Runs the event loop, for some seconds at most a page, until each page has computed what it shows.
/// Saves every page of \a window to \a folder/NAME.png, making the folder, and goes back to the page it was on. Returns false and
/// says why.
bool saveScreenshots(MainWindow &window, const QString &folder, QString *error);

/// The same for the connect dialog, as it is after a test of \a source, which is not changed: \a folder/connect.png.
bool saveConnectDialog(MainWindow &window, const SourceSettings &source, const QString &folder, QString *error);

} // namespace pulsedeck
