// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/eventdelegate.h"

#include "models/core/format.h"
#include "models/fleet/workereventmodel.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace pulsedeck {

namespace {

struct Look
{
    Glyph glyph;
    Tone tone;
};

Look lookOf(int kind, int severity)
{
    if (kind < 0)
        return {Glyph::Beat, Tone::Text};
    switch (FleetEventKind(kind)) {
    case FleetEventKind::Registered:
    case FleetEventKind::Found:
        return {Glyph::New, Tone::Text};
    case FleetEventKind::Returned:
        return {Glyph::Returned, Tone::Alive};
    case FleetEventKind::StatusChanged:
        return severity == 3 ? Look{Glyph::Draining, Tone::Drain} : Look{Glyph::Ok, Tone::Text};
    case FleetEventKind::SessionsChanged:
        return {Glyph::Beat, Tone::Text};
    case FleetEventKind::BeatGap:
    case FleetEventKind::WentLate:
        return {Glyph::Late, Tone::Late};
    case FleetEventKind::WentStale:
        return {Glyph::Stale, Tone::Stale};
    case FleetEventKind::WentHung:
        return {Glyph::Hung, Tone::Stale};
    case FleetEventKind::KeyExpired:
        return {Glyph::Gone, Tone::Stale};
    case FleetEventKind::CountersLeft:
    case FleetEventKind::CountersReaped:
        return {Glyph::Zombie, Tone::Zombie};
    case FleetEventKind::Ended:
        return {Glyph::Gone, Tone::Gone};
    case FleetEventKind::CommandSeen:
        return {Glyph::Command, Tone::Accent};
    case FleetEventKind::CommandGone:
        return {Glyph::Info, Tone::Text};
    case FleetEventKind::ListenerLost:
        return {Glyph::Crashed, Tone::Stale};
    case FleetEventKind::ClockSkewSeen:
        return {Glyph::ClockSkew, Tone::Late};
    case FleetEventKind::DrainForgotten:
    case FleetEventKind::DrainUndone:
    case FleetEventKind::KeyLost:
    case FleetEventKind::ProblemSeen:
    case FleetEventKind::SourceLost:
        return {Glyph::Warning, Tone::Late};
    case FleetEventKind::SourceBack:
        return {Glyph::Info, Tone::Text};
    }
    return {Glyph::Info, Tone::Text};
}

} // namespace

void EventDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &measures = Theme::instance();
    const Look look = lookOf(index.data(WorkerEventModel::KindRole).toInt(), index.data(WorkerEventModel::SeverityRole).toInt());
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
    paintGlyph(*painter, QPointF(rect.left() + size / 2.0, QRectF(rect).center().y()), size, look.glyph);
    rect.setLeft(rect.left() + size + px(8));
    painter->setFont(measures.bodyFont());
    painter->setPen(toneColour(look.tone));
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
