// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/navigationpanel.h"

#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/window/navigationdelegate.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/savedviews.h"

#include <QFrame>
#include <QListView>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int fullWidth = 155; ///< At least.
constexpr int widestName = 250; ///< Long names of sources and views widen it so far; the tool tip has all of a longer one.
constexpr int compactWidth = 44;

/// As high as its rows, so that several lists share one scroll area.
void fitHeight(QListView *list)
{
    int height = 0;
    const int rows = list->model()->rowCount();
    for (int row = 0; row < rows; ++row)
        height += list->sizeHintForRow(row);
    list->setFixedHeight(height);
}

} // namespace

NavigationPanel::NavigationPanel(NavigationModel &pages, SourceListModel &sources, SavedViews &views, QWidget *parent)
    : Band(Qt::RightEdge, Ground::Chrome, parent)
    , m_sources(sources)
    , m_views(views)
    , m_delegates{new NavigationDelegate(NavigationDelegate::Kind::Page, this),
                  new NavigationDelegate(NavigationDelegate::Kind::Source, this),
                  new NavigationDelegate(NavigationDelegate::Kind::View, this)}
{
    setObjectName(u"navigation"_s);
    m_pageList = makeList(pages, m_delegates[0], tr("Pages"));
    m_sourceList = makeList(sources, m_delegates[1], tr("Sources"));
    m_viewList = makeList(views, m_delegates[2], tr("Saved views"));
    m_sourcesTitle = new ToneLabel(tr("Sources"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
    m_viewsTitle = new ToneLabel(tr("Saved views"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);

    m_rule = new QFrame(this);
    m_rule->setFrameShape(QFrame::HLine);

    m_saveView = new QToolButton(this);
    m_saveView->setObjectName(u"saveView"_s);
    m_saveView->setAutoRaise(true);
    m_saveView->setAccessibleName(tr("Save this filter"));
    connect(m_saveView, &QToolButton::clicked, this, &NavigationPanel::saveViewRequested);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 6, 0, 8);
    column->setSpacing(0);
    addWidgets(column, {m_pageList, m_rule, m_sourcesTitle, m_sourceList});
    m_viewsRow = new QWidget(content);
    auto *viewsRow = hbox(m_viewsRow, -1, {0, 0, 8, 0});
    viewsRow->addWidget(m_viewsTitle, 1);
    viewsRow->addWidget(m_saveView, 0, Qt::AlignBottom);
    addWidgets(column, {m_viewsRow, m_viewList});
    column->addStretch(1);

    auto *scroll = new ColumnScroll(content, this);
    auto *whole = vbox(this);
    whole->addWidget(scroll);

    connect(m_pageList->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            emit pageChosen(current.row());
    });
    connect(m_viewList, &QListView::clicked, this, [this](const QModelIndex &index) { emit viewChosen(index.row()); });
    connect(m_viewList, &QListView::activated, this, [this](const QModelIndex &index) { emit viewChosen(index.row()); });
    connect(m_sourceList, &QListView::activated, this, [this](const QModelIndex &index) {
        if (!m_pastSources)
            emit sourceOpened(m_sources.idAt(index.row()));
    });
    m_sourceList->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_sourceList, &QListView::customContextMenuRequested, this, [this](const QPoint &pos) {
        const QModelIndex index = m_sourceList->indexAt(pos);
        if (index.isValid() && !m_pastSources)
            emit sourceMenuRequested(m_sources.idAt(index.row()), m_sourceList->viewport()->mapToGlobal(pos));
    });
    m_viewList->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_viewList, &QListView::customContextMenuRequested, this, &NavigationPanel::showViewMenu);

    for (QAbstractItemModel *model : std::initializer_list<QAbstractItemModel *>{&pages, &sources, &views}) {
        connect(model, &QAbstractItemModel::rowsInserted, this, &NavigationPanel::fitLists);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &NavigationPanel::fitLists);
        connect(model, &QAbstractItemModel::modelReset, this, &NavigationPanel::fitLists);
        // Names may be others; those of the counts alone need no look.
        connect(model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex &, const QModelIndex &, const QList<int> &roles) {
                    if (roles.isEmpty() || roles.contains(Qt::DisplayRole))
                        fitWidth();
                });
    }
    connect(&Theme::instance(), &Theme::changed, this, &NavigationPanel::adoptTheme);
    setTabOrder(m_sourceList, m_saveView); // It stands above the views.
    setTabOrder(m_saveView, m_viewList);
    setFilterThere(false);
    adoptTheme();
}

QListView *NavigationPanel::makeList(QAbstractItemModel &model, NavigationDelegate *delegate, const QString &name)
{
    auto *list = new QListView(this);
    list->setModel(&model);
    list->setItemDelegate(delegate);
    list->setFrameShape(QFrame::NoFrame);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setSelectionMode(QAbstractItemView::SingleSelection);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setMouseTracking(true);
    list->setMinimumWidth(1); // Views ask for more than the compact panel has.
    list->viewport()->setAutoFillBackground(false);
    list->setTabKeyNavigation(false);
    list->setResizeMode(QListView::Adjust);
    list->setAccessibleName(name);
    return list;
}

void NavigationPanel::setCompact(bool compact)
{
    if (m_compact == compact)
        return;
    m_compact = compact;
    for (NavigationDelegate *delegate : m_delegates)
        delegate->setCompact(compact);
    adoptTheme();
}

void NavigationPanel::setCurrentPage(int row)
{
    m_pageList->setCurrentIndex(m_pageList->model()->index(row, 0));
}

void NavigationPanel::setCurrentView(int row)
{
    if (row < 0)
        m_viewList->selectionModel()->clear();
    else
        m_viewList->setCurrentIndex(m_viewList->model()->index(row, 0));
}

void NavigationPanel::setFilterThere(bool there)
{
    // It stays enabled, so that Tab leads there and it can say why.
    m_saveView->setToolTip(there ? tr("Save this filter…") : tr("Type a filter first, then save it here"));
    m_saveView->setAccessibleDescription(m_saveView->toolTip());
}

void NavigationPanel::setPastSources(SourceListModel *sources)
{
    if (sources == m_pastSources)
        return;
    if (m_pastSources)
        m_pastSources->disconnect(this);
    m_pastSources = sources;
    m_sourceList->setModel(sources ? sources : &m_sources);
    if (sources) {
        for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
            connect(sources, signal, this, &NavigationPanel::fitLists);
    }
    fitLists();
}

void NavigationPanel::fitLists()
{
    fitWidth();
    for (QListView *list : {m_pageList, m_sourceList, m_viewList})
        fitHeight(list);
    const bool anySource = m_sourceList->model()->rowCount() > 0;
    m_sourceList->setVisible(anySource);
    m_sourcesTitle->setVisible(anySource && !m_compact);
    m_rule->setVisible(anySource && m_compact);
    m_viewList->setVisible(anySource && !m_compact);
    m_viewsRow->setVisible(anySource && !m_compact);
}

/// The titles of the pages are whole at any size of the font; names have the room they need, up to a limit.
void NavigationPanel::fitWidth()
{
    const auto widest = [this](const QListView *list, size_t kind) {
        int width = 0;
        for (int row = 0; row < list->model()->rowCount(); ++row)
            width = qMax(width, m_delegates[kind]->wholeWidth(list->model()->index(row, 0)));
        return width;
    };
    const int pages = qMax(px(fullWidth), widest(m_pageList, 0));
    const int names = m_sourceList->model()->rowCount() > 0 ? qMax(widest(m_sourceList, 1), widest(m_viewList, 2)) : 0;
    setFixedWidth(m_compact ? px(compactWidth) : qMax(pages, qMin(names, px(widestName))) + 1);
}

void NavigationPanel::adoptTheme()
{
    const Theme &t = Theme::instance();
    fitWidth();
    const int left = px(15);
    m_sourcesTitle->setContentsMargins(left, px(15), 0, px(5));
    m_viewsTitle->setContentsMargins(left, px(15), 0, px(5));
    m_rule->setFixedHeight(px(17));
    m_saveView->setIcon(glyphIcon(Glyph::Plus, theme().dim));
    m_saveView->setFixedSize(qMax(24, px(24)), qMax(24, px(24)));
    for (QListView *list : {m_pageList, m_sourceList, m_viewList})
        list->setFont(t.bodyFont()); // Row heights are asked for again.
    fitLists();
}

void NavigationPanel::showViewMenu(const QPoint &pos)
{
    const QModelIndex index = m_viewList->indexAt(pos);
    if (!index.isValid())
        return;
    const QPersistentModelIndex row(index);
    auto *menu = selfDeleting(new QMenu(this));
    connect(menu->addAction(tr("Show")), &QAction::triggered, this, [this, row] {
        if (row.isValid())
            emit viewChosen(row.row());
    });
    QAction *remove = menu->addAction(tr("Remove This View"));
    remove->setEnabled(m_views.isOwn(index.row()));
    connect(remove, &QAction::triggered, this, [this, row] {
        if (row.isValid())
            m_views.remove(row.row());
    });
    menu->popup(m_viewList->viewport()->mapToGlobal(pos));
}

} // namespace pulsedeck
