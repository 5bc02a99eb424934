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
    QRect rect = option.rect.adjusted(px(12), 0, -px(8), 0);
    const qint64 at = index.data(WorkerEventModel::TimeRole).toLongLong();
    painter->setFont(measures.smallFont());
    painter->setPen(theme().dim);
    painter->drawText(rect, Qt::AlignVCenter, at > 0 ? clockTextTenths(at) : QStringLiteral("–"));
    rect.setLeft(rect.left() + QFontMetrics(measures.smallFont()).horizontalAdvance(QStringLiteral("00:00:00.0")) + px(10));
    const int size = px(12);
    paintGlyph(*painter, QPointF(rect.left() + size / 2.0, QRectF(rect).center().y()), size, glyph);
    rect.setLeft(rect.left() + size + px(8));
    painter->setFont(measures.bodyFont());
    painter->setPen(toneColour(eventTones[size_t(tone)]));
    const QString text = index.data().toString();
    painter->drawText(rect, Qt::AlignVCenter, painter->fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
    painter->restore();
}

QSize EventDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.rect.width(), qMax(px(22), option.fontMetrics.height() + 4)};
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
