// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/versionstrip.h"

#include "ui/common/boxes.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int cardWidth = 190;
constexpr int mostCardWidth = 320;
constexpr int cardGap = 14;

int cardHeight()
{
    const Theme &t = Theme::instance();
    return QFontMetrics(t.bodyFont()).height() + QFontMetrics(t.smallFont()).height() + px(13);
}

} // namespace

/// As wide as its text, within bounds.
QSize VersionDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    QFont bold = t.bodyFont();
    bold.setBold(true);
    const QFontMetrics body(t.bodyFont());
    int first = QFontMetrics(bold).horizontalAdvance(index.data().toString()) + px(6)
                + body.horizontalAdvance(QString(index.data(VersionModel::ByRole).toString() + u' '
                                                 + index.data(VersionModel::MomentRole).toString()));
    if (index.data(VersionModel::LiveRole).toBool())
        first += body.horizontalAdvance(VersionModel::tr("live")) + px(12);
    const int second = QFontMetrics(t.smallFont()).horizontalAdvance(index.data(VersionModel::WhatRole).toString());
    return {qBound(px(cardWidth), qMax(first, second) + px(2 * 9) + 4, px(mostCardWidth)) + px(cardGap), cardHeight()};
}

void VersionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool live = index.data(VersionModel::LiveRole).toBool();
    const bool draft = index.data(VersionModel::DraftRole).toBool();
    QRect card = option.rect.adjusted(1, 1, -px(cardGap), -1);
    card.setHeight(qMin(card.height(), cardHeight() - 2)); // Without a scroll bar the view has more room than a card.
    if (index.row() + 1 < index.model()->rowCount())
        painter->fillRect(QRectF(card.right() + 1, card.center().y(), px(cardGap), 1), theme().faint);
    const bool current = option.state.testFlag(QStyle::State_Selected);
    const bool over = option.state.testFlag(QStyle::State_MouseOver);
    stylepaint::box(painter, card, current ? theme().sel : over ? theme().hover : theme().base, {});
    painter->setBrush(Qt::NoBrush);
    QPen frame(live ? theme().alive : draft ? theme().accent : theme().line, live || draft ? 1.4 : 1);
    if (draft)
        frame.setStyle(Qt::DashLine);
    painter->setPen(frame);
    painter->drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    const QRect inner = card.adjusted(px(9), px(4), -px(9), -px(5));
    QFont bold = t.bodyFont();
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(theme().text);
    const QString title = index.data().toString();
    const int titleWidth = painter->fontMetrics().horizontalAdvance(title) + px(6);
    painter->drawText(inner, int(Qt::AlignLeft | Qt::AlignTop), title);
    painter->setFont(t.bodyFont());
    QRect rest = inner.adjusted(titleWidth, 0, 0, 0);
    if (live) {
        const QString word = VersionModel::tr("live");
        painter->setPen(theme().alive);
        painter->drawText(rest, int(Qt::AlignRight | Qt::AlignTop), word);
        rest.adjust(0, 0, -painter->fontMetrics().horizontalAdvance(word) - px(6), 0);
    }
    painter->setPen(theme().dim);
    // A long name gives way to the time.
    const QFontMetrics metrics = painter->fontMetrics();
    QString moment = index.data(VersionModel::MomentRole).toString();
    QString name = index.data(VersionModel::ByRole).toString();
    if (!name.isEmpty() && !moment.isEmpty())
        moment.prepend(u' ');
    name = metrics.elidedText(name, Qt::ElideRight,
                              qMax(metrics.averageCharWidth() * 4, rest.width() - metrics.horizontalAdvance(moment)));
    painter->drawText(rest, int(Qt::AlignLeft | Qt::AlignTop),
                      metrics.elidedText(QString(name + moment), Qt::ElideRight, rest.width()));
    painter->setFont(t.smallFont());
    painter->setPen(theme().text);
    painter->drawText(
        inner, int(Qt::AlignLeft | Qt::AlignBottom),
        painter->fontMetrics().elidedText(index.data(VersionModel::WhatRole).toString(), Qt::ElideRight, inner.width()));
    if (option.state.testFlag(QStyle::State_HasFocus))
        stylepaint::focusFrame(painter, card);
    painter->restore();
}

VersionStrip::VersionStrip(const TimingLibrary &library, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_model(library, clock)
    , m_view(new QListView(this))
    , m_empty(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_rollBack(new QPushButton(this))
{
    setObjectName(u"versionStrip"_s);
    auto *headLine = new QWidget(this);
    auto *head = hbox(headLine, 8);
    head->addWidget(new ToneLabel(tr("History"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this));
    auto *hint =
        new ToneLabel(tr("click a version to compare it with the draft"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
    hint->setElideMode(Qt::ElideRight);
    head->addWidget(hint, 1);
    m_rollBack->setObjectName(u"rollBack"_s);
    m_rollBack->setAutoDefault(false);
    setButtonRole(m_rollBack, ButtonRole::Link);
    head->addWidget(m_rollBack);
    // The same height with and without the button, so that nothing below moves.
    headLine->setFixedHeight(m_rollBack->sizeHint().height());

    m_view->setObjectName(u"versions"_s);
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new VersionDelegate(this));
    m_view->setFlow(QListView::LeftToRight);
    m_view->setWrapping(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setMouseTracking(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(tr("History of the timing record"));
    m_view->viewport()->setAutoFillBackground(false);
    m_view->installEventFilter(this);
    auto *whole = vbox(this, 6, {12, 6, 12, 8});
    addWidgets(whole, {headLine, m_view, m_empty});
    followTheme(this, [this] {
        QPalette ground = m_view->palette();
        ground.setColor(QPalette::Base, theme().win);
        m_view->setPalette(ground);
        m_view->setFixedHeight(cardHeight() + m_view->horizontalScrollBar()->sizeHint().height());
    });
    connect(m_view, &QListView::clicked, this, &VersionStrip::compare);
    connect(m_view, &QListView::customContextMenuRequested, this, &VersionStrip::showMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &VersionStrip::reviewButton);
    connect(m_rollBack, &QPushButton::clicked, this, [this] { rollBack(m_view->currentIndex()); });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_model, signal, this, [this] {
            m_view->setVisible(m_model.rowCount() > 0);
            m_empty->setVisible(m_model.rowCount() == 0);
            showLast();
            reviewButton();
        });
    reviewButton();
}

void VersionStrip::setDraft(TimingDraft *draft)
{
    m_model.setDraft(draft);
    m_hasRecord = !draft || draft->has(TimingId::WorkerKeyTtl); // Neither a hub nor a foreign system has one.
}

void VersionStrip::setNoRollBack(const QString &why)
{
    m_noRollBack = why;
    reviewButton();
}

void VersionStrip::setHistory(const TimingHistory &history, qint64 liveVersion, const TimingProfile &live)
{
    const QModelIndex chosen = m_view->currentIndex();
    const TimingVersion *version = chosen.isValid() ? m_model.versionAt(chosen.row()) : nullptr;
    const qint64 number = version ? version->profile.version : 0;
    const bool isNew = m_model.setHistory(history, liveVersion, live);
    const bool any = m_model.rowCount() > 0;
    m_view->setVisible(any);
    m_empty->setVisible(!any);
    m_empty->setText(!m_hasRecord ? tr("A hub has no timing record: its values are in its wrangler.toml.")
                     : !history.known && !history.text.isEmpty()
                         ? tr("The history cannot be read: %1").arg(history.text)
                         : tr("This source has no timing record yet: the first Apply writes one."));
    if (isNew) {
        // The same version stays selected, wherever it is now.
        if (const int row = number > 0 ? m_model.rowOf(number) : -1; row >= 0)
            m_view->setCurrentIndex(m_model.index(row));
        showLast();
    }
    reviewButton();
}

void VersionStrip::showLast()
{
    // The version in force and the draft are at the end; a view that is not laid out yet cannot scroll there.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (const int rows = m_model.rowCount(); rows > 0)
                m_view->scrollTo(m_model.index(rows - 1));
        },
        Qt::QueuedConnection);
}

void VersionStrip::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    showLast();
}

void VersionStrip::compare(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    if (const TimingVersion *version = m_model.versionAt(index.row()))
        emit compareRequested(version->profile);
    else
        emit draftChosen();
}

void VersionStrip::rollBack(const QModelIndex &index)
{
    const TimingVersion *version = index.isValid() ? m_model.versionAt(index.row()) : nullptr;
    if (version && !m_model.isLive(index.row()) && m_noRollBack.isEmpty())
        emit rollBackRequested(*version);
}

void VersionStrip::showMenu(const QPoint &pos)
{
    const QModelIndex index = m_view->indexAt(pos).isValid() ? m_view->indexAt(pos) : m_view->currentIndex();
    if (!index.isValid())
        return;
    auto *menu = selfDeleting(new QMenu(this));
    menu->setToolTipsVisible(true);
    connect(menu->addAction(tr("Compare with the Draft…")), &QAction::triggered, this, [this, index] { compare(index); });
    QAction *back = menu->addAction(tr("Roll Back to This…"));
    back->setEnabled(m_model.versionAt(index.row()) && !m_model.isLive(index.row()) && m_noRollBack.isEmpty());
    if (!m_noRollBack.isEmpty())
        back->setToolTip(m_noRollBack);
    connect(back, &QAction::triggered, this, [this, index] { rollBack(index); });
    menu->popup(m_view->viewport()->mapToGlobal(pos));
}

void VersionStrip::reviewButton()
{
    const QModelIndex index = m_view->currentIndex();
    const TimingVersion *version = index.isValid() ? m_model.versionAt(index.row()) : nullptr;
    m_rollBack->setVisible(version && !m_model.isLive(index.row()) && m_noRollBack.isEmpty());
    if (version)
        m_rollBack->setText(tr("Roll back to v%1…").arg(version->profile.version));
}

bool VersionStrip::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Space) {
            compare(m_view->currentIndex());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace pulsedeck
