// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/stagebar.h"

#include "models/core/format.h"
#include "ui/common/commandtexts.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Kind = StageShare::Kind;

QColor colourOf(Kind kind)
{
    switch (kind) {
    case Kind::Success:
        return theme().gone;
    case Kind::Draining:
        return theme().drainTint;
    case Kind::Sent:
        return theme().accent;
    case Kind::Problem:
        return theme().stale;
    case Kind::Undone:
        return blended(theme().gone, theme().win, 0.55);
    case Kind::Queued:
        break;
    }
    return theme().line;
}

} // namespace

void paintHatching(QPainter &painter, const QRect &area, const QColor &colour)
{
    painter.save();
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1));
    for (int x = area.left() - area.height(); x < area.right() + area.height(); x += px(5))
        painter.drawLine(x, area.bottom() + 1, x + area.height(), area.top());
    painter.restore();
}

void paintStageBar(QPainter &painter, const QRect &bar, const std::vector<StageShare> &shares)
{
    qint64 total = 0;
    for (const StageShare &share : shares)
        total += share.count;
    painter.fillRect(bar, theme().line);
    if (total == 0)
        return;
    qint64 before = 0;
    for (const StageShare &share : shares) {
        const int from = bar.left() + int(bar.width() * before / total);
        before += share.count;
        const int to = bar.left() + int(bar.width() * before / total);
        const QRect part(from, bar.top(), qMax(1, to - from - (before < total ? 1 : 0)), bar.height());
        painter.fillRect(part, colourOf(share.kind));
        if (share.kind != Kind::Draining)
            continue;
        paintHatching(painter, part, theme().drain); // As a drain is in the strips.
    }
}

StageBar::StageBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

void StageBar::setShares(const std::vector<StageShare> &shares)
{
    m_shares = shares;
    QStringList words;
    for (const StageShare &share : shares)
        words.append(shareText(share));
    setAccessibleName(words.join(u", "_s));
    setToolTip(words.join(u'\n'));
    update();
}

QSize StageBar::sizeHint() const
{
    const Theme &t = Theme::instance();
    return {px(400), px(12) + px(8) + QFontMetrics(t.smallFont()).height()};
}

void StageBar::paintEvent(QPaintEvent *)
{
    const Theme &t = Theme::instance();
    QPainter painter(this);
    paintStageBar(painter, QRect(0, 0, width(), px(12)), m_shares);
    painter.setFont(t.smallFont());
    const QFontMetrics metrics = painter.fontMetrics();
    const int top = px(12) + px(8);
    const int line = metrics.height();
    const int size = px(11);
    int x = 0;
    for (const StageShare &share : m_shares) {
        const QString count = groupedNumber(share.count);
        const int wide = size + px(5) + metrics.horizontalAdvance(count + u' ' + share.word);
        if (x + wide > width())
            break; // The tool tip has them all.
        paintGlyph(painter, QPointF(x + size / 2.0, top + line / 2.0), size, stageGlyph(share.stage));
        painter.setPen(theme().text);
        painter.drawText(QRect(x + size + px(5), top, wide, line), Qt::AlignVCenter, count);
        painter.setPen(theme().dim);
        painter.drawText(QRect(x + size + px(5) + metrics.horizontalAdvance(count + u' '), top, wide, line), Qt::AlignVCenter,
                         share.word);
        x += wide + px(18);
    }
}

} // namespace pulsedeck
