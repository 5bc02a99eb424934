// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

class QDockWidget;
class QMainWindow;
class QSettings;

namespace pulsedeck {

/// Where a page's dock is, and when it is shown. It remembers the side, the width, the place where it floats, and whether the
/// operator closed it. The dock is never shown empty: it opens with the first content, unless it was closed the last time. Where
/// the page is too narrow it stays hidden until it is asked for. GUI thread.
class DockPlacement : public QObject
{
    Q_OBJECT

public:
    /// \a dock has been added to \a page. \a usualWidth is what it is given where nothing is remembered. What is remembered
    /// stands in \a settings below \a name, that of the page. Page and settings outlive this.
    DockPlacement(QMainWindow &page, QDockWidget &dock, int usualWidth, QSettings &settings, const QString &name,
                  QObject *parent);
    ~DockPlacement() override;

    /// There is something to show in it, for the first time.
    void setFilled();
    /// The page has no room for it.
    void setNarrow(bool narrow);
    /// The operator asks for it.
    void open();

private:
    QString key(QLatin1StringView part) const;
    void place();
    void apply();
    void keep();

    QMainWindow &m_page;
    QPointer<QDockWidget> m_dock;
    QSettings &m_settings;
    const QString m_name;
    int m_width;
    bool m_wanted; ///< What the operator last chose where there was room.
    bool m_filled = false;
    bool m_narrow = false;
    bool m_placing = false; ///< It is shown or hidden by itself, which is no choice.
    bool m_applied = false; ///< Shown as it was left: what it is from now on is what a person made of it.
};

} // namespace pulsedeck
