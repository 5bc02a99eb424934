// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelinelegend.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TimelineLegend::TimelineLegend(QWidget *parent)
    : Band(Qt::TopEdge, Ground::Chrome, parent)
{
    setObjectName(u"timelineLegend"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QStringList words;
    for (int sign = 0; sign < signCount; ++sign)
        words.append(wordOf(Sign(sign)));
    setAccessibleName(tr("Legend"));
    setAccessibleDescription(words.join(u", "_s));
    setToolTip(words.join(u'\n'));
}

QSize TimelineLegend::sizeHint() const
{
    return {px(300), std::max(px(24), QFontMetrics(Theme::instance().smallFont()).height() + px(8))};
}

QString TimelineLegend::wordOf(Sign sign)
{
    switch (sign) {
    case Beat:
        return tr("beat");
    case Received:
        return tr("beats received of expected");
    case Late:
        return tr("past the interval");
    case Lost:
        return tr("past stale threshold or TTL");
    case Expired:
        return tr("key expired");
    case Counters:
        return tr("counters left");
    case Draining:
        return tr("draining");
    case Commands:
        return tr("command sent, read");
    case Ends:
        return tr("start, end");
    case signCount:
        break;
    }
    return {};
}

void TimelineLegend::paintSign(QPainter &painter, Sign sign, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    const int middle = rect.center().y();
    const QRect block(rect.left(), middle - px(6), rect.width(), px(12));
    switch (sign) {
    case Beat:
        painter.fillRect(QRect(rect.left(), middle, rect.width(), 1), blended(tokens.base, tokens.aliveTick, 0.6));
        for (const int at : {rect.left() + rect.width() / 4, rect.left() + rect.width() * 3 / 4})
            painter.fillRect(QRect(at, middle - px(5), px(2), px(10)), tokens.aliveTick);
        break;
    case Received:
        painter.fillRect(block.adjusted(0, px(2), 0, 0), blended(tokens.base, tokens.aliveTick, 0.6));
        break;
    case Late:
        m_marks.paintBlock(painter, block, StripGeometry::Block::Late);
        break;
    case Lost:
        m_marks.paintBlock(painter, block, StripGeometry::Block::Lost);
        break;
    case Expired:
        m_marks.paintMark(painter, StripGeometry::Mark::Expired, rect.center().x(), rect.top(), middle);
        break;
    case Counters:
        m_marks.paintDots(painter, rect.left(), rect.right(), middle);
        break;
    case Draining:
        m_marks.paintBlock(painter, block, StripGeometry::Block::Draining);
        break;
    case Commands:
        m_marks.paintMark(painter, StripGeometry::Mark::CommandSent, rect.left() + px(4), middle - px(5), middle);
        m_marks.paintMark(painter, StripGeometry::Mark::CommandRead, rect.right() - px(4), middle - px(5), middle);
        break;
    case Ends:
        m_marks.paintMark(painter, StripGeometry::Mark::Start, rect.left() + px(3), rect.top(), middle);
        m_marks.paintMark(painter, StripGeometry::Mark::End, rect.right() - px(1), rect.top(), middle);
        break;
    case signCount:
        break;
    }
}

void TimelineLegend::paintEvent(QPaintEvent *event)
{
    Band::paintEvent(event);
    QPainter painter(this);
    painter.setFont(Theme::instance().smallFont());
    int x = px(12);
    for (int i = 0; i < signCount; ++i) {
        const auto sign = Sign(i);
        const QString word = wordOf(sign);
        const int wordWidth = painter.fontMetrics().horizontalAdvance(word);
        if (x + px(24) + wordWidth > width())
            return; // All words are in the tool tip.
        paintSign(painter, sign, QRect(x, 1, px(18), height() - 1));
        painter.setPen(theme().dim);
        painter.drawText(QRect(x + px(24), 1, wordWidth + 1, height() - 1), Qt::AlignVCenter, word);
        x += px(24) + wordWidth + px(20);
    }
}

} // namespace pulsedeck
