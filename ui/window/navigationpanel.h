// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/sourcelistmodel.h"
#include "ui/common/band.h"

class QFrame;
class QListView;
class QToolButton;

namespace pulsedeck {

class NavigationDelegate;
class NavigationModel;
class SavedViews;
class ToneLabel;

/// The left edge of the window: pages, sources, saved views. Compact, it keeps the icons and the sources' states.
class NavigationPanel : public Band
{
    Q_OBJECT

public:
    NavigationPanel(NavigationModel &pages, SourceListModel &sources, SavedViews &views, QWidget *parent = nullptr);

    void setCompact(bool compact);
    bool isCompact() const { return m_compact; }
    void setCurrentPage(int row);
    /// The view whose filter is in force is marked; -1 for none.
    void setCurrentView(int row);
    /// Whether there is a filter to save.
    void setFilterThere(bool there);
    /// Shows these sources in place of those it was made with, which it goes back to with null; they outlive that. They have no
    /// menu, and nothing opens them: they are of another time.
    void setPastSources(SourceListModel *sources);

    QListView *pageList() const { return m_pageList; }
    QListView *sourceList() const { return m_sourceList; }
    QListView *viewList() const { return m_viewList; }

signals:
    void pageChosen(int row);
    void viewChosen(int row);
    void saveViewRequested();
    /// Enter or a double click on a source: show it on the Connections page.
    void sourceOpened(pulsedeck::SourceId source);
    void sourceMenuRequested(pulsedeck::SourceId source, const QPoint &globalPos);

private:
    QListView *makeList(QAbstractItemModel &model, NavigationDelegate *delegate, const QString &name);
    void fitLists();
    void fitWidth();
    void adoptTheme();
    void showViewMenu(const QPoint &pos);

    SourceListModel &m_sources;
    SourceListModel *m_pastSources = nullptr; ///< Null: now is shown.
    SavedViews &m_views;
    QListView *m_pageList;
    QListView *m_sourceList;
    QListView *m_viewList;
    NavigationDelegate *m_delegates[3];
    QFrame *m_rule; ///< Stands for the titles when compact.
    ToneLabel *m_sourcesTitle;
    QWidget *m_viewsRow;
    ToneLabel *m_viewsTitle;
    QToolButton *m_saveView;
    bool m_compact = false;
};

} // namespace pulsedeck
