// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanepainter.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace pulsedeck {

namespace {

constexpr int pauseTileSide = 8;

QPixmap pauseHatch()
{
    const qreal ratio = qApp->devicePixelRatio();
    QPixmap tile(QSize(pauseTileSide, pauseTileSide) * ratio);
    tile.setDevicePixelRatio(ratio);
    tile.fill(Qt::transparent);
    QColor colour = theme().gone;
    colour.setAlpha(theme().dark ? 110 : 120);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1));
    for (const int shift : {-pauseTileSide, 0, pauseTileSide})
        painter.drawLine(QPointF(shift - 1, pauseTileSide + 1), QPointF(shift + pauseTileSide + 1, -1));
    return tile;
}

} // namespace

LanePainter::LanePainter(QObject *parent)
    : QObject(parent)
{
    followTheme(this, [this] { adopt(); });
}

void LanePainter::adopt()
{
    m_font = Theme::instance().chartFont();
    m_pauseTile = pauseHatch();
}

void LanePainter::setScale(const TimeScale &scale, int left)
{
    m_scale = scale;
    m_left = left;
    m_grid = std::floor(scale.from() / scale.msPerPixel());
}

int LanePainter::x(double at) const
{
    return m_left + int(std::clamp(std::floor(at / m_scale.msPerPixel()) - m_grid, -1e6, 1e6));
}

void LanePainter::paintLane(QPainter &painter, const QRect &row, const LaneGeometry &lane, bool ended)
{
    const ThemeTokens &tokens = theme();
    const int middle = row.top() + row.height() / 2;
    const int end = right();
    const QColor tick = ended ? tokens.gone : tokens.aliveTick;
    const QColor line = blended(tokens.base, tick, 0.6);
    for (const LaneTimes &life : lane.lines) {
        const int from = std::max(m_left, x(double(life.from)));
        const int to = std::min(end, x(double(life.to)));
        if (from < to)
            painter.fillRect(QRect(from, middle, to - from, 1), line);
    }
    const int half = std::min(px(8), row.height() / 2 - 1);
    for (const LaneSpan &span : lane.spans) {
        if (span.block == StripGeometry::Block::Draining && !m_options.drains)
            continue;
        const int from = std::max(m_left - 1, x(double(span.from)));
        const int to = std::min(end + 1, std::max(x(double(span.to)), x(double(span.from)) + 1));
        if (from < to && to > m_left)
            m_marks.paintBlock(painter, QRect(from, middle - half, to - from, 2 * half), span.block);
    }

    const int height = std::min(px(12), row.height() - 4);
    const int width = px(2);
    const int top = middle - height / 2;
    m_rects.clear();
    for (const LaneTimes &band : lane.bands) {
        const int from = std::max(m_left, x(double(band.from)));
        const int to = std::min(end, x(double(band.to)) + width);
        if (from < to)
            m_rects.emplace_back(from, top, to - from, height);
    }
    painter.setPen(Qt::NoPen);
    if (!m_rects.empty()) {
        painter.setBrush(blended(tokens.base, tick, 0.7));
        painter.drawRects(m_rects.data(), int(m_rects.size()));
    }
    m_rects.clear();
    for (const qint64 beat : lane.ticks) {
        const int at = x(double(beat)) - width / 2;
        if (at >= m_left - width && at <= end)
            m_rects.emplace_back(at, top, width, height);
    }
    if (!m_rects.empty()) {
        painter.setBrush(tick);
        painter.drawRects(m_rects.data(), int(m_rects.size()));
    }

    for (const LaneTimes &dots : lane.dots) {
        const int from = std::max(m_left, x(double(dots.from)) + px(7));
        m_marks.paintDots(painter, from, std::min(end, x(double(dots.to))), middle);
    }
    for (const LaneMark &mark : lane.marks) {
        const bool command = mark.mark == StripGeometry::Mark::CommandSent || mark.mark == StripGeometry::Mark::CommandRead;
        const int at = x(double(mark.at));
        if (at >= m_left - px(4) && at <= end + px(4) && (!command || m_options.commands))
            m_marks.paintMark(painter, mark.mark, at, row.top(), middle);
    }
    if (lane.endedAt > 0 && !lane.lastWord.isEmpty() && lane.dots.empty()) {
        const int from = x(double(lane.endedAt)) + px(8);
        if (from >= m_left && from < end) {
            painter.setFont(m_font);
            painter.setPen(tokens.dim);
            painter.drawText(QRect(from, row.top(), end - from, row.height()), Qt::AlignVCenter, lane.lastWord);
        }
    }
}

/// Buckets next to each other that look the same are painted as one.
template <typename Same, typename Paint> void LanePainter::eachRun(const FoldedLanes &lanes, Same same, Paint paint) const
{
    const int end = right();
    const auto place = [&](size_t bucket) { return x(double(lanes.from) + double(bucket) * double(lanes.bucketMs)); };
    const size_t size = lanes.buckets.size();
    const double before = (m_scale.from() - double(lanes.from)) / double(lanes.bucketMs);
    const size_t visible = before > 0 ? size_t(std::min(before, double(size))) : 0;
    for (size_t i = visible; i < size;) {
        size_t next = i + 1;
        while (next < size && same(lanes.buckets[i], lanes.buckets[next]))
            ++next;
        const int from = std::max(m_left, place(i));
        const int to = std::min(end, place(next));
        if (from >= end)
            return;
        if (from < to)
            paint(lanes.buckets[i], from, to);
        i = next;
    }
}

void LanePainter::paintGroup(QPainter &painter, const QRect &row, const FoldedLanes &lanes)
{
    const ThemeTokens &tokens = theme();
    const int full = std::min(px(15), row.height() - 4);
    const int bottom = row.top() + row.height() - (row.height() - full) / 2;
    const int edge = px(2);
    const QColor fill = blended(tokens.base, tokens.aliveTick, 0.6);
    const QColor unknown = blended(tokens.base, tokens.gone, 0.25);
    const auto heightOf = [full](const FoldedLanes::Bucket &bucket) {
        return bucket.there == 0 ? 0 : std::max(bucket.late < bucket.there ? 1 : 0, int(std::lround(bucket.received() * full)));
    };
    const auto isPaused = [](const FoldedLanes::Bucket &bucket) { return bucket.there > 0 && bucket.late * 2 >= bucket.there; };
    eachRun(
        lanes,
        [&](const FoldedLanes::Bucket &a, const FoldedLanes::Bucket &b) {
            return heightOf(a) == heightOf(b) && a.tone() == b.tone() && isPaused(a) == isPaused(b);
        },
        [&](const FoldedLanes::Bucket &bucket, int from, int to) {
            const LaneTone tone = bucket.tone();
            if (tone == LaneTone::None)
                return;
            if (tone == LaneTone::Unknown) {
                painter.fillRect(QRect(from, bottom - full, to - from, full), unknown);
                return;
            }
            const int height = heightOf(bucket);
            const bool lost = tone == LaneTone::Lost;
            // Half of them or more: what is missing is the message.
            if (isPaused(bucket))
                painter.fillRect(QRect(from, bottom - full, to - from, full), lost ? tokens.staleTint : tokens.lateTint);
            painter.fillRect(QRect(from, bottom - height, to - from, height), fill);
            if (lost || isPaused(bucket))
                painter.fillRect(QRect(from, bottom - edge, to - from, edge), lost ? tokens.stale : tokens.late);
        });
}

/// A hundred rows of a thousand places each: pixels are set, as rectangles would cost a frame.
void LanePainter::paintFold(QPainter &painter, const QRect &row, const FoldedLanes &lanes)
{
    const ThemeTokens &tokens = theme();
    const int width = right() - m_left;
    const int height = row.height() > 2 ? row.height() - 1 : row.height();
    if (width <= 0 || height <= 0)
        return;
    if (m_foldImage.size() != QSize(width, height))
        m_foldImage = QImage(width, height, QImage::Format_ARGB32_Premultiplied);
    const std::array<QRgb, 5> colours{0, blended(tokens.base, tokens.aliveTick, 0.6).rgb(),
                                      blended(tokens.base, tokens.gone, 0.35).rgb(), tokens.late.rgb(), tokens.stale.rgb()};
    auto *first = reinterpret_cast<QRgb *>(m_foldImage.scanLine(0));
    std::fill(first, first + width, colours[0]);
    eachRun(
        lanes, [](const FoldedLanes::Bucket &a, const FoldedLanes::Bucket &b) { return a.tone() == b.tone(); },
        [&](const FoldedLanes::Bucket &bucket, int from, int to) {
            std::fill(first + from - m_left, first + to - m_left, colours[size_t(bucket.tone())]);
        });
    for (int line = 1; line < height; ++line)
        std::copy(first, first + width, reinterpret_cast<QRgb *>(m_foldImage.scanLine(line)));
    painter.drawImage(m_left, row.top(), m_foldImage);
}

void LanePainter::paintDepth(QPainter &painter, const QRect &row, const std::vector<DepthStep> &steps, qint64 until, qint64 most)
{
    const ThemeTokens &tokens = theme();
    const QColor fill = blended(tokens.base, tokens.accent, 0.35);
    const int full = row.height() - 4;
    const double log = std::log1p(double(std::max<qint64>(1, most)));
    for (size_t i = 0; i < steps.size(); ++i) {
        const int from = std::max(m_left, x(double(steps[i].at)));
        const int to = std::min(right(), x(double(i + 1 < steps.size() ? steps[i + 1].at : until)));
        if (from >= to)
            continue;
        const int height = steps[i].waiting > 0 ? std::max(1, int(std::log1p(double(steps[i].waiting)) / log * full)) : 0;
        painter.fillRect(QRect(from, row.bottom() - 1 - height, to - from, height), fill);
        painter.fillRect(QRect(from, row.bottom() - 1 - height, to - from, 1), tokens.accent);
    }
}

void LanePainter::paintUnwatched(QPainter &painter, const QRect &rows, double from, double to)
{
    const int left = std::max(m_left, x(from));
    const int end = std::min(right(), x(to));
    if (left < end)
        m_marks.paintBlock(painter, QRect(left, rows.top(), end - left, rows.height()), StripGeometry::Block::Unknown);
}

void LanePainter::paintPause(QPainter &painter, const QRect &rows, double from, double to)
{
    const int begin = x(from);
    const int end = std::max(begin + 2, x(to));
    const QRect area(std::max(m_left, begin), rows.top(), std::min(right(), end) - std::max(m_left, begin), rows.height());
    if (area.width() <= 0)
        return;
    painter.drawTiledPixmap(area, m_pauseTile, QPointF(area.left() % pauseTileSide, 0));
    const QColor edge = blended(theme().base, theme().dim, 0.8);
    for (const int at : {begin, end}) {
        if (at >= m_left && at < right())
            painter.fillRect(QRect(at, rows.top(), 1, rows.height()), edge);
    }
}

} // namespace pulsedeck
