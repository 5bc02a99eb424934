// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSettings;
class QWidget;

namespace pulsedeck {

/// Saves the positions of a window's splitters: each splitter below \a window that has an object name is restored, and saved when
/// it is moved. A splitter that is laid out by code has no name. GUI thread.
class LayoutMemory : public QObject
{
    Q_OBJECT

public:
    /// \a settings outlives this.
    LayoutMemory(QWidget &window, QSettings &settings, QObject *parent = nullptr);
};

} // namespace pulsedeck
