// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

class QDockWidget;
class QMainWindow;
class QSettings;

namespace pulsedeck {

/// Remembers the side of a page's dock, its width, and where it floats. The page decides when it is shown; then it appears
/// as it was left. GUI thread.
class DockMemory : public QObject
{
    Q_OBJECT

public:
    /// \a dock has been added to \a page. \a usualWidth is what it is given where nothing is remembered. Page and settings
    /// outlive this.
    DockMemory(QMainWindow &page, QDockWidget &dock, int usualWidth, QSettings &settings, QObject *parent);
    ~DockMemory() override;

private:
    void apply();
    void keep();

    QMainWindow &m_page;
    QPointer<QDockWidget> m_dock;
    QSettings &m_settings;
    int m_width;
    bool m_applied = false; ///< Shown as it was left: what it is from now on is what a person made of it.
};

} // namespace pulsedeck
