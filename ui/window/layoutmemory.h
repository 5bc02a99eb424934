// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSettings;
class QWidget;

namespace pulsedeck {

/// Remembers where a person put the splitters of a window: each splitter below \a window that has an object name is set
/// as it was left, and written down when it is moved. One that lays itself out has none. GUI thread.
class LayoutMemory : public QObject
{
    Q_OBJECT

public:
    /// \a settings outlives this.
    LayoutMemory(QWidget &window, QSettings &settings, QObject *parent = nullptr);
};

} // namespace pulsedeck
