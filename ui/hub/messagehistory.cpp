// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/messagehistory.h"

#include "models/core/format.h"
#include "models/hub/jsontext.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/rowdelegate.h"
#include "ui/common/rowtable.h"
#include "ui/common/tonelabel.h"
#include "ui/hub/jsonedit.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QIdentityProxyModel>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// For the clipboard: what was sent as it was sent.
QString wholePayload(const HubLogEntry &entry)
{
    return entry.exact.isEmpty() ? jsonWhole(entry.payload) : exactWhole(entry.exact);
}

/// Fonts and colours over the log: the model itself knows of none.
class LogLook : public QIdentityProxyModel
{
public:
    using QIdentityProxyModel::QIdentityProxyModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        if (role == Qt::FontRole && index.column() == HubLogModel::Peer)
            return Theme::instance().idFont();
        if (role == Qt::ForegroundRole && index.column() == HubLogModel::Result) {
            const auto entry = index.data(HubLogModel::EntryRole).value<HubLogEntry>();
            if (entry.waiting || !entry.isOurs())
                return theme().dim;
            switch (entry.outcome) {
            case HubCallAnswer::Outcome::Answered:
            case HubCallAnswer::Outcome::Sent:
                return theme().dim;
            case HubCallAnswer::Outcome::Unknown:
                return theme().late;
            default:
                return theme().stale;
            }
        }
        if (role == Qt::ForegroundRole && index.column() == HubLogModel::Peer)
            return theme().text;
        return QIdentityProxyModel::data(index, role);
    }
};

/// Widths in the design's pixels, and the width of the table from which a column is shown; the last takes the rest.
struct LogColumn
{
    HubLogModel::Column column;
    int width;
    int from;
};
constexpr LogColumn logColumns[] = {
    {HubLogModel::Time, 62, 0},    {HubLogModel::Way, 82, 0},     {HubLogModel::Peer, 168, 0},      {HubLogModel::Type, 118, 500},
    {HubLogModel::Topic, 80, 820}, {HubLogModel::Result, 160, 0}, {HubLogModel::Payload, 120, 640},
};

} // namespace

MessageHistory::MessageHistory(const HubContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new HubLogModel(context.hubs, this))
    , m_table(new RowTable(this))
{
    auto *look = new LogLook(this);
    look->setSourceModel(m_model);
    m_table->setModel(look);
    m_table->setObjectName(u"messageTable"_s);
    m_table->setItemDelegate(new RowDelegate(m_table, 6));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFramedWhenEmpty(true);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleName(tr("Messages sent and received"));

    auto *header = new Band(Qt::TopEdge | Qt::BottomEdge, Band::Ground::Chrome, this);
    auto *title = new ToneLabel(tr("History"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, header);
    m_count = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, header))->named(u"messageCount"_s)->elided();
    auto *headerRow = hbox(header, -1, {16, 4, 16, 4});
    headerRow->addWidget(title);
    headerRow->addWidget(m_count, 1);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(u"messageHistorySplitter"_s);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(buildDetail());
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({px(570), px(340)});
    auto *column = vbox(this, 0);
    column->addWidget(header);
    column->addWidget(splitter, 1);

    // On the table's own model and before it: the table scrolls by itself in none of these.
    connect(look, &QAbstractItemModel::rowsInserted, this, &MessageHistory::onRowsInserted);
    connect(look, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) { onRowsAboutToBeRemoved(last - first + 1); });
    connect(look, &QAbstractItemModel::rowsRemoved, this, &MessageHistory::reviewCount);
    connect(look, &QAbstractItemModel::modelReset, this, [this] {
        reviewCount();
        showCurrent();
        m_follow = true;
        m_table->scrollToBottom();
    });
    connect(look, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &top, const QModelIndex &bottom) {
        const int row = m_model->rowOf(m_shownKey);
        if (row >= top.row() && row <= bottom.row())
            showCurrent();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &MessageHistory::showCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &MessageHistory::showCurrent);
    connect(&context.hubs, &HubStore::viewChanged, this, [this, shown = DroppedMessages()](SourceId source) mutable {
        const DroppedMessages &now = m_context.hubs.view(source).messagesDropped;
        if (source == m_model->hub() && std::exchange(shown, now) != now)
            reviewCount();
    });
    connect(m_table, &RowTable::widthChanged, this, &MessageHistory::fitColumns);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { m_follow = isAtEnd(); });
    reviewCount();
    showCurrent();
}

QWidget *MessageHistory::buildDetail()
{
    auto *detail = new Band(Qt::LeftEdge, Band::Ground::Base, this);
    detail->setMinimumWidth(px(210));
    m_heading = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, detail))
                    ->elided(Qt::ElideMiddle)
                    ->named(u"messageHeading"_s);
    m_facts = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, detail))->wrapped()->named(u"messageFacts"_s);
    m_text = new JsonEdit(JsonEdit::Use::Shown, detail);
    m_text->setObjectName(u"messageText"_s);
    m_text->setAccessibleName(tr("Data of the selected message"));
    m_cut = (new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, detail))->wrapped()->named(u"messageCut"_s);
    m_copy = new QPushButton(tr("Cop&y data"), detail);
    m_copy->setObjectName(u"messageCopy"_s);
    m_reply = new QPushButton(tr("&Write back"), detail);
    m_reply->setObjectName(u"messageReply"_s);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (const int row = m_model->rowOf(m_shownKey); row >= 0)
            QGuiApplication::clipboard()->setText(wholePayload(m_model->entry(row)));
    });
    connect(m_reply, &QPushButton::clicked, this, [this] {
        if (const int row = m_model->rowOf(m_shownKey); row >= 0)
            emit replyRequested(m_model->entry(row).peer);
    });
    auto *head = vbox(nullptr, 3, {10, 8, 10, 4});
    addWidgets(head, {m_heading, m_facts});
    auto *foot = hbox(nullptr, 8, {10, 4, 10, 8});
    foot->addWidget(m_cut, 1);
    foot->addStretch();
    addWidgets(foot, {m_reply, m_copy});
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_text, 1);
    column->addLayout(foot);
    return detail;
}

void MessageHistory::setHub(SourceId source)
{
    if (source == m_model->hub())
        return;
    m_model->setHub(source);
}

bool MessageHistory::isAtEnd() const
{
    const QScrollBar *bar = m_table->verticalScrollBar();
    return bar->value() >= bar->maximum();
}

void MessageHistory::onRowsInserted()
{
    reviewCount();
    if (m_follow)
        m_table->scrollToBottom();
}

void MessageHistory::onRowsAboutToBeRemoved(int rows)
{
    // What is being read keeps its place although the oldest go.
    QScrollBar *bar = m_table->verticalScrollBar();
    if (!m_follow)
        bar->setValue(bar->value() - rows * m_table->verticalHeader()->defaultSectionSize());
}

void MessageHistory::chooseNewestSent()
{
    for (int row = m_model->rowCount() - 1; row >= 0; --row) {
        if (!m_model->entry(row).isOurs())
            continue;
        m_table->selectRow(row);
        m_table->scrollTo(m_table->model()->index(row, 0));
        return;
    }
}

void MessageHistory::reviewCount()
{
    const quint64 dropped = m_context.hubs.dropped(m_model->hub());
    QStringList texts{m_model->rowCount() == 0 ? tr("nothing sent or received yet")
                                               : tr("%Ln message(s)", nullptr, m_model->rowCount())};
    if (dropped > 0)
        texts.append(tr("%Ln older message(s) dropped", nullptr, int(dropped)));
    const QString notKept = droppedMessagesText(m_context.hubs.view(m_model->hub()).messagesDropped);
    if (!notKept.isEmpty())
        texts.append(notKept);
    m_count->setText(texts.join(u" · "_s));
    m_count->setTone(notKept.isEmpty() ? ToneLabel::Tone::Dim : ToneLabel::Tone::Late);
}

void MessageHistory::showCurrent()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    const bool any = !rows.isEmpty() && rows.first().row() < m_model->rowCount();
    m_copy->setVisible(any);
    m_reply->setVisible(any);
    if (!any) {
        m_shownKey = 0;
        m_heading->hide();
        m_facts->setText(tr("Select a message to see all of it."));
        m_text->clear();
        m_cut->setVisible(false);
        return;
    }
    const HubLogEntry &entry = m_model->entry(rows.first().row());
    const bool same = m_shownKey == entry.key;
    m_shownKey = entry.key;
    m_heading->show();
    m_heading->setText(entry.type.isEmpty() ? tr("no type") : plainLine(entry.type));
    QStringList facts{clockTextTenths(entry.at), hubWayText(entry.way), hubPeerText(entry)};
    if (!entry.topic.isEmpty() && !entry.peer.isEmpty())
        facts.append(tr("topic %1").arg(plainLine(entry.topic)));
    if (entry.isOurs())
        facts.append(hubResultText(entry));
    facts.removeAll(QString());
    m_facts->setText(facts.join(u" · "_s));
    const bool answerable = !entry.peer.isEmpty() && entry.way != HubLogEntry::Way::Broadcast;
    m_reply->setVisible(answerable);
    m_reply->setText(entry.way == HubLogEntry::Way::Command ? tr("&Write to it")
                     : entry.isOurs()                       ? tr("&Write again")
                                                            : tr("&Write back"));
    m_copy->setEnabled(!entry.payload.isUndefined());
    if (same)
        return; // The place in the text stays.
    const JsonText text = entry.exact.isEmpty() ? jsonIndentedText(entry.payload) : exactIndentedText(entry.exact);
    m_text->setPlainText(entry.payload.isUndefined() ? tr("(no data)") : text.text);
    QStringList cut;
    if (entry.cut)
        cut.append(tr("Cut: only the beginning was kept."));
    if (text.cut)
        cut.append(tr("Only the beginning is shown; Copy takes all %Ln byte(s).", nullptr,
                      int(entry.exact.isEmpty() ? hubDataBytes(entry.payload) : entry.exact.size())));
    m_cut->setText(cut.join(u' '));
    m_cut->setVisible(!cut.isEmpty());
}

void MessageHistory::fitColumns()
{
    const int room = m_table->viewport()->width();
    const bool narrow = room < px(560);
    int taken = 0;
    HubLogModel::Column last = HubLogModel::Result;
    for (const LogColumn &look : logColumns) {
        const bool shown = room >= px(look.from);
        m_table->setColumnHidden(look.column, !shown);
        taken += shown ? px(look.width) : 0;
        last = shown ? look.column : last;
    }
    // The address takes a part of what is left over; the last column the rest.
    const int more = qMax(0, room - taken);
    for (const LogColumn &look : logColumns) {
        int width = px(look.width);
        if (look.column == HubLogModel::Peer)
            width = narrow ? qMin(width, room * 3 / 10) : width + qMin(more / 3, px(90));
        if (look.column != last) // It is stretched, and never wider than there is room.
            m_table->setColumnWidth(look.column, width);
    }
    if (m_follow)
        m_table->scrollToBottom();
}

} // namespace pulsedeck
