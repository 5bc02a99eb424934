// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/capacitybars.h"

#include "models/core/format.h"
#include "ui/commands/stagebar.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString changeText(int before, int after)
{
    if (before == after || before <= 0)
        return before == after ? signedPercent(0) : CapacityBars::tr("from none");
    const int percent = int(std::lround(100.0 * (after - before) / before));
    return signedPercent(percent);
}

CapacityBars::CapacityBars(const FleetStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

QString CapacityBars::nameOf(const CapacityChange &change) const
{
    const QString type = change.name();
    return m_several ? tr("%1 · %2", "a type, and its source").arg(type, m_store.sourceName(change.source)) : type;
}

void CapacityBars::setCapacity(const std::vector<CapacityChange> &capacity, int floorPercent, bool several)
{
    m_capacity = capacity;
    m_floorPercent = floorPercent;
    m_several = several;
    setAccessibleName(summary());
    updateGeometry();
    update();
}

QString CapacityBars::summary() const
{
    QStringList lines;
    for (const CapacityChange &change : m_capacity) {
        const QString line =
            tr("%1: %2 of %3 stay available, floor %4")
                .arg(nameOf(change), groupedNumber(change.after), groupedNumber(change.before), groupedNumber(change.floor));
        lines.append(change.unknown == 0 ? line
                                         : tr("%1, not known of %2", "what stays available, and of how many it is not known")
                                               .arg(line, groupedNumber(change.unknown)));
    }
    return lines.join(u'\n');
}

int CapacityBars::blockHeight() const
{
    return QFontMetrics(Theme::instance().smallFont()).height() * 2 + px(22);
}

QSize CapacityBars::sizeHint() const
{
    return {px(300), int(m_capacity.size()) * blockHeight()};
}

void CapacityBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::instance().smallFont());
    int y = 0;
    for (const CapacityChange &change : m_capacity) {
        paintBlock(painter, change, QRect(0, y, width(), blockHeight()));
        y += blockHeight();
    }
}

void CapacityBars::paintBlock(QPainter &painter, const CapacityChange &change, const QRect &area) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = metrics.height();
    const int barHeight = px(12);
    const QRect above(area.x(), area.y(), area.width(), line);
    const QRect bar(area.x(), above.bottom() + px(3), area.width(), barHeight);
    const QRect below(area.x(), bar.bottom() + px(2), area.width(), line);

    // The whole bar is who could take sessions before or after, who may or may not, and who drains already.
    const int whole = qMax(1, qMax(change.before, change.after) + change.unknown + change.draining);
    const auto place = [&](int workers) { return bar.x() + int(std::lround(double(bar.width()) * workers / whole)); };
    const int stays = qMin(change.before, change.after);
    const int moves = qAbs(change.before - change.after);
    painter.fillRect(bar, theme().grid);
    painter.fillRect(QRect(QPoint(place(0), bar.y()), QPoint(place(stays) - 1, bar.bottom())), theme().aliveTick);
    const QRect moving(QPoint(place(stays), bar.y()), QPoint(place(stays + moves) - 1, bar.bottom()));
    if (moves > 0) {
        const bool back = change.after > change.before;
        painter.fillRect(moving, back ? theme().okTint : theme().drainTint);
        paintHatching(painter, moving, back ? theme().alive : theme().drain);
        painter.setPen(back ? theme().alive : theme().drain);
        painter.drawRect(moving.adjusted(0, 0, -1, -1));
    }
    if (change.draining > 0)
        painter.fillRect(QRect(QPoint(place(stays + moves + change.unknown), bar.y()), QPoint(bar.right(), bar.bottom())),
                         theme().drain);

    painter.setPen(theme().text);
    const QString name = nameOf(change);
    painter.drawText(above, Qt::AlignLeft | Qt::AlignVCenter, name);
    if (change.floor > 0 && (change.after < change.before || change.unknownActing > 0)) {
        const int x = qBound(bar.x(), place(change.floor), bar.right());
        painter.fillRect(QRect(x, above.y() + px(2), 2, bar.bottom() - above.y()), theme().text);
        const QString text =
            change.isFew() ? tr("keep at least %1", "workers").arg(groupedNumber(change.floor))
                           : tr("floor %1 % of %2 = %3")
                                 .arg(QString::number(m_floorPercent), groupedNumber(change.most()), groupedNumber(change.floor));
        const int wide = metrics.horizontalAdvance(text);
        const int from = area.x() + metrics.horizontalAdvance(name) + px(10);
        const int left = x - px(6) - wide >= from ? x - px(6) - wide : x + px(8);
        painter.setPen(change.underFloor() ? theme().stale : theme().dim);
        painter.drawText(QRect(left, above.y(), wide + 2, line), Qt::AlignVCenter, text);
    }
    painter.setPen(theme().dim);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter,
                     change.after > change.before
                         ? tr("%1 available, %Ln (comes/come) back", nullptr, moves).arg(groupedNumber(change.before))
                         : tr("%Ln (stays/stay)", nullptr, change.after));
    QStringList right;
    if (change.before > change.after)
        right.append(tr("%Ln (leaves/leave)", nullptr, moves));
    if (change.draining > 0)
        right.append(tr("%1 already draining").arg(groupedNumber(change.draining)));
    if (change.unknown > 0)
        right.append(
            tr("%1 not known", "workers of which it is not known whether they are available").arg(groupedNumber(change.unknown)));
    // So that the parts add up to the number of all, which stands above.
    if (const int rest = change.total - change.before - change.unknown - change.draining; rest > 0)
        right.append(tr("%1 not available").arg(groupedNumber(rest)));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, right.join(u" · "_s));
}

} // namespace pulsedeck
