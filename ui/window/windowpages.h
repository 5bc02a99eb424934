// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <vector>

class QSettings;
class QStackedWidget;
class QWidget;

namespace pulsedeck {

class FleetPage;
class History;
class NavigationModel;
class NavigationPanel;
class NoticeBar;
class Page;
class SourceListModel;
class TimingPage;
class WelcomePage;
class WindowMenus;
class WindowTravel;

/// The pages of the window: which one is chosen and what is shown for it, of now or of another time, its row in the navigation
/// and the menus, and the title of the window. GUI thread.
class WindowPages : public QObject
{
    Q_OBJECT

public:
    /// All outlive this.
    struct Parts
    {
        QWidget &window; ///< Has the title.
        SourceListModel &sources;
        QSettings &settings; ///< Has which page was chosen last.
        NavigationModel &rows;
        NavigationPanel &navigation;
        WindowMenus &menus;
        NoticeBar &notice;
        QStackedWidget &stack;
        WelcomePage &welcome; ///< Stands in for the Fleet page while there is no source to show.
        FleetPage &fleet;
        TimingPage &timing;
        const History *history; ///< May be null.
    };

    WindowPages(const Parts &parts, QObject *parent);

    /// In the navigation above \a before; without it as the last one.
    void add(Page *page, const Page *before = nullptr);
    /// \a travel has what stands in for pages while another time is shown. It may end first, if the pages end with it.
    void setTravel(WindowTravel &travel);
    /// In the order of the navigation.
    const std::vector<Page *> &all() const { return m_pages; }
    /// Null for a name that is no page.
    Page *named(const QString &name) const;
    Page *chosen() const { return m_chosen; }
    /// The page that is chosen, or what stands in for it while another time is shown.
    Page *shown() const;
    /// Of the time that is shown.
    FleetPage &fleet() const;
    TimingPage &timing() const;
    bool isAway() const;
    /// Chooses the page that the settings have; it is shown by the next refresh(), or, if it is added later, when it is there.
    void restore();
    /// Behind the page in the title while now is shown; empty for nothing.
    void setTitleNote(const QString &note);

public slots:
    void show(pulsedeck::Page *page);
    void showNumbered(int row) { show(m_pages[size_t(row)]); }
    /// A worker of the present, in the time that is shown.
    void showWorker(pulsedeck::WorkerHandle worker);
    /// The same for one that a record names. \a source: empty if that is not known.
    void showRecordedWorker(const QString &source, const QByteArray &id);
    void showFiltered(const QString &filter);
    /// Shows what is to be shown now.
    void refresh();
    void refreshCounts();

private:
    void connectPage(Page *page);
    void connectMade(const std::vector<Page *> &made);
    QWidget *shownWidget() const;
    QWidget *entryOf(QWidget *shown);
    void refreshTitle();
    QString shownFileText() const;

    const Parts m_parts;
    std::vector<Page *> m_pages;
    QHash<QWidget *, QPointer<QWidget>> m_entries; ///< See entryOf().
    Page *m_chosen = nullptr;
    QString m_awaited; ///< The page of the last time, if it is one that is added later.
    WindowTravel *m_travel = nullptr; ///< Null: there is no other time than now.
    QString m_titleNote;
};

} // namespace pulsedeck
