// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/eventdelegate.h"

#include "models/core/enumtable.h"
#include "models/core/format.h"
#include "models/fleet/eventwords.h"
#include "models/fleet/workereventmodel.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <array>

namespace pulsedeck {

namespace {

struct EventGlyph
{
    FleetEventKind id;
    Glyph glyph;
};

constexpr auto eventGlyphs = std::to_array<EventGlyph>({
    {FleetEventKind::Registered, Glyph::New},
    {FleetEventKind::Found, Glyph::New},
    {FleetEventKind::Returned, Glyph::Returned},
    {FleetEventKind::StatusChanged, Glyph::Ok}, // While it drains another.
    {FleetEventKind::SessionsChanged, Glyph::Beat},
    {FleetEventKind::BeatGap, Glyph::Late},
    {FleetEventKind::WentLate, Glyph::Late},
    {FleetEventKind::WentStale, Glyph::Stale},
    {FleetEventKind::WentHung, Glyph::Hung},
    {FleetEventKind::KeyExpired, Glyph::Gone},
    {FleetEventKind::CountersLeft, Glyph::Zombie},
    {FleetEventKind::CountersReaped, Glyph::Zombie},
    {FleetEventKind::Ended, Glyph::Gone},
    {FleetEventKind::CommandSeen, Glyph::Command},
    {FleetEventKind::CommandGone, Glyph::Info},
    {FleetEventKind::ListenerLost, Glyph::Crashed},
    {FleetEventKind::DrainForgotten, Glyph::Warning},
    {FleetEventKind::DrainUndone, Glyph::Warning},
    {FleetEventKind::KeyLost, Glyph::Warning},
    {FleetEventKind::ProblemSeen, Glyph::Warning},
    {FleetEventKind::ClockSkewSeen, Glyph::ClockSkew},
    {FleetEventKind::SourceLost, Glyph::Warning},
    {FleetEventKind::SourceBack, Glyph::Info},
});
static_assert(isInOrder(eventGlyphs, FleetEventKind::SourceBack), "one row per kind, in the order of the enumeration");

constexpr int eventMark = 12;
constexpr int mostEventLines = 3; ///< The tool tip has the rest.
constexpr int eventWrap = Qt::AlignLeft | Qt::TextWordWrap;

/// Where the words stand in a row with these edges.
QRect eventWordsIn(const QRect &row)
{
    const QFontMetrics small(Theme::instance().smallFont());
    const int left = px(12) + small.horizontalAdvance(QStringLiteral("00:00:00.0")) + px(10) + px(eventMark) + px(8);
    return row.adjusted(left, 0, -px(8), 0);
}

/// What is above and below the words together.
int roomAroundEvent(const QFontMetrics &words)
{
    return qMax(px(22), words.height() + 4) - words.height();
}

/// By EventTone.
constexpr Tone eventTones[] = {Tone::Text,   Tone::Late,   Tone::Stale, Tone::Drain,
                               Tone::Zombie, Tone::Accent, Tone::Alive, Tone::Gone};

} // namespace

void EventDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &measures = Theme::instance();
    const EventTone tone = EventTone(index.data(WorkerEventModel::ToneRole).toInt());
    const Glyph glyph =
        tone == EventTone::Draining ? Glyph::Draining : eventGlyphs[index.data(WorkerEventModel::KindRole).toUInt()].glyph;
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme().sel);
    const QString text = index.data().toString();
    const QFont body = measures.bodyFont();
    const int line = qMin(option.rect.height(), QFontMetrics(body).height() + roomAroundEvent(QFontMetrics(body)));
    const QRect first(option.rect.left() + px(12), option.rect.top(), option.rect.width() - px(20), line);
    const qint64 at = index.data(WorkerEventModel::TimeRole).toLongLong();
    painter->setFont(measures.smallFont());
    painter->setPen(theme().dim);
    painter->drawText(first, Qt::AlignVCenter, at > 0 ? clockTextTenths(at) : QStringLiteral("–"));
    const QRect words = eventWordsIn(option.rect);
    const int size = px(eventMark);
    paintGlyph(*painter, QPointF(words.left() - px(8) - size / 2.0, QRectF(first).center().y()), size, glyph);
    painter->setFont(body);
    painter->setPen(toneColour(eventTones[size_t(tone)]));
    const int margin = roomAroundEvent(painter->fontMetrics()) / 2;
    painter->drawText(words.adjusted(0, margin, 0, -margin), eventWrap, text);
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(theme().accent, 2));
        painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
    }
    painter->restore();
}

QSize EventDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const int width = view ? view->viewport()->width() : option.rect.width();
    const QFontMetrics metrics(Theme::instance().bodyFont());
    const QString text = index.data().toString();
    const QRect words = eventWordsIn(QRect(0, 0, width, mostEventLines * metrics.height()));
    int height = metrics.height();
    if (metrics.horizontalAdvance(text) > words.width()) // Seldom, and it takes longer.
        height = qBound(height, metrics.boundingRect(words, eventWrap, text).height(), mostEventLines * metrics.lineSpacing());
    return {option.rect.width(), height + roomAroundEvent(metrics)};
}

bool EventDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &, const QModelIndex &index)
{
    // Words that do not fit, and the day, which the list leaves out.
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return false;
    QToolTip::showText(event->globalPos(),
                       QStringList{index.data().toString(), index.data(Qt::ToolTipRole).toString()}.join(u'\n').trimmed(), view);
    return true;
}

} // namespace pulsedeck
