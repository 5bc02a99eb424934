// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/connectionspage.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/sourcepanel.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/sourcedelegate.h"
#include "ui/sources/sourcedetails.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConnectionsPage::ConnectionsPage(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock,
                                 HubStore *hubs, SourcePanel *hubPanel, SecretStore *secrets, ConnectionTester *tester,
                                 QWidget *parent)
    : Page(u"connections"_s, tr("Connections"), Glyph::Connections, parent)
    , m_store(store)
    , m_sources(sources)
    , m_hubPanel(hubPanel)
{
    setObjectName(u"connectionsPage"_s);
    m_details = new SourceDetails(store, sources, access, clock, hubs, hubPanel, secrets, tester, this);
    m_right = new QStackedWidget(this);
    m_empty = buildEmpty();
    m_right->addWidget(m_empty);
    m_right->addWidget(m_details);
    auto *row = hbox(this, 0);
    row->addWidget(buildList());
    row->addWidget(m_right, 1);

    connect(m_details, &SourceDetails::connectRequested, this, &ConnectionsPage::connectRequested);
    connect(m_details, &SourceDetails::disconnectRequested, this, &ConnectionsPage::disconnectRequested);
    connect(m_details, &SourceDetails::saved, this, &ConnectionsPage::saved);
    connect(m_details, &SourceDetails::passwordRequested, this, &ConnectionsPage::passwordRequested);
    connect(m_details, &SourceDetails::removeRequested, this, &ConnectionsPage::removeRequested);
    connect(m_details, &SourceDetails::lookAgainRequested, this, &ConnectionsPage::lookAgainRequested);
    connect(m_details, &SourceDetails::layoutMade, this, &ConnectionsPage::layoutMade);
    connect(m_details, &SourceDetails::workerRequested, this, &ConnectionsPage::workerRequested);

    connect(&store, &FleetStore::sourceChanged, this, [this](SourceId source) {
        m_list->viewport()->update();
        if (source == m_details->source())
            m_details->refresh();
        review();
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&sources, signal, this, &ConnectionsPage::review);
    connect(&sources, &QAbstractItemModel::modelReset, this, &ConnectionsPage::review);
    connect(&sources, &QAbstractItemModel::dataChanged, this, [this] {
        if (isVisible()) // Each source reports once a second.
            refresh();
    });
    review();
}

QWidget *ConnectionsPage::buildList()
{
    auto *panel = new Band(Qt::RightEdge, Band::Ground::Base, this);
    panel->setMaximumWidth(px(300));
    m_listPanel = panel;

    auto *header = new Band(Qt::BottomEdge, Band::Ground::Chrome, panel);
    header->setFixedHeight(px(38));
    auto *title = new ToneLabel(tr("Sources"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, header);
    m_counts = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, header);
    m_add = new QPushButton(tr("&Add…"), header);
    m_add->setObjectName(u"addSource"_s);
    m_add->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_counts->setElideMode(Qt::ElideRight);
    m_add->setToolTip(tr("Connect to another source (Ctrl+N)"));
    followTheme(this, [this] { m_add->setIcon(glyphIcon(Glyph::Plus)); });
    connect(m_add, &QPushButton::clicked, this, &ConnectionsPage::addRequested);
    auto *headerRow = hbox(header, -1, {12, 0, 8, 0});
    headerRow->addWidget(title);
    headerRow->addWidget(m_counts, 1);
    headerRow->addWidget(m_add);

    m_list = new QListView(panel);
    m_list->setObjectName(u"connectionsList"_s);
    setFocusProxy(m_list);
    m_list->setAccessibleName(tr("Sources"));
    m_list->setModel(&m_sources);
    m_list->setItemDelegate(new SourceDelegate(m_sources, m_store, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_list, &QListView::customContextMenuRequested, this, [this](const QPoint &pos) {
        const QModelIndex index = m_list->indexAt(pos);
        if (index.isValid())
            emit sourceMenuRequested(m_sources.idAt(index.row()), m_list->viewport()->mapToGlobal(pos));
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            m_details->setSource(m_sources.idAt(current.row()));
    });
    connect(&Theme::instance(), &Theme::changed, m_list, [this] { m_list->setFont(Theme::instance().bodyFont()); });

    auto *column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_list, 1);
    return panel;
}

/// Del on a source asks whether to remove it.
bool ConnectionsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Delete)
        && currentSource() != 0) {
        emit removeRequested(currentSource());
        return true;
    }
    return Page::eventFilter(watched, event);
}

QWidget *ConnectionsPage::buildEmpty()
{
    auto *empty = new QWidget(this);
    auto *title = new ToneLabel(tr("No sources yet"), ToneLabel::Tone::Text, ToneLabel::Face::Title, empty);
    auto *text = new ToneLabel(tr("A source is a Redis in which workers are registered, or a Signal Hub with its actors."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, empty);
    auto *connectButton = new QPushButton(tr("Connect…"), empty);
    setButtonRole(connectButton, ButtonRole::Primary);
    auto *demo = new QPushButton(tr("Start the demo fleet"), empty);
    connect(connectButton, &QPushButton::clicked, this, &ConnectionsPage::addRequested);
    connect(demo, &QPushButton::clicked, this, &ConnectionsPage::demoRequested);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    addWidgets(buttons, {connectButton, demo});
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(empty);
    column->addStretch(2);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addSpacing(px(12));
    column->addLayout(buttons);
    column->addStretch(3);
    return empty;
}

void ConnectionsPage::review()
{
    const auto &all = m_sources.all();
    m_counts->setText(all.empty() ? QString() : tr("%1, %2 connected").arg(all.size()).arg(connectedCount()));
    emit countChanged();
    if (all.empty()) {
        m_right->setCurrentWidget(m_empty);
        return;
    }
    if (!m_list->currentIndex().isValid())
        m_list->setCurrentIndex(m_sources.index(0));
    m_details->setSource(currentSource());
    m_right->setCurrentWidget(m_details);
}

/// The list leaves most of the width to the details of the source.
void ConnectionsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_listPanel->setFixedWidth(qMin(px(300), width() * 32 / 100));
}

void ConnectionsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void ConnectionsPage::refresh()
{
    m_list->viewport()->update();
    m_details->refresh();
}

QString ConnectionsPage::whyNoPast() const
{
    return tr(
        "Sources are connected, changed and removed now, not in the past. How they were stands at the left and at the bottom of "
        "the window.");
}

QString ConnectionsPage::navigationText() const
{
    const auto &all = m_sources.all();
    return all.empty() ? QString() : QString(QString::number(connectedCount()) + u'/' + QString::number(all.size()));
}

int ConnectionsPage::connectedCount() const
{
    const auto &all = m_sources.all();
    return int(std::count_if(all.begin(), all.end(),
                             [this](const SourceSettings &one) { return m_store.sourceStatus(one.id).isConnected(); }));
}

bool ConnectionsPage::isSettled() const
{
    return !m_hubPanel || m_hubPanel->isSettled();
}

/// 0 if there is none.
SourceId ConnectionsPage::firstHub() const
{
    const auto &all = m_sources.all();
    const auto hub =
        std::find_if(all.begin(), all.end(), [](const SourceSettings &one) { return one.traits()->has(SourceFact::Messages); });
    return hub == all.end() ? SourceId(0) : hub->id;
}

QStringList ConnectionsPage::views() const
{
    return m_hubPanel && firstHub() != 0 ? m_hubPanel->views() : QStringList();
}

void ConnectionsPage::showView(const QString &view)
{
    // The hub that is chosen, else the first.
    if (!m_sources.settings(currentSource()).traits()->has(SourceFact::Messages))
        showSource(firstHub());
    m_hubPanel->showView(view);
}

void ConnectionsPage::setLayoutFolder(const QString &folder)
{
    m_details->setLayoutFolder(folder);
}

void ConnectionsPage::showSource(SourceId source)
{
    const int row = m_sources.rowOf(source);
    if (row >= 0)
        m_list->setCurrentIndex(m_sources.index(row));
}

SourceId ConnectionsPage::currentSource() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? m_sources.idAt(index.row()) : SourceId(0);
}

} // namespace pulsedeck
