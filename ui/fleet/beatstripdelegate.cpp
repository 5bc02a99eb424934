// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/beatstripdelegate.h"

#include "models/core/format.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

BeatStripDelegate::BeatStripDelegate(FleetLook &look, const FleetTableModel &model, QObject *parent)
    : CellDelegate(look, model, FleetColumnId::Strip, nullptr, parent)
{ }

QRect BeatStripDelegate::stripRect(const QRect &cell)
{
    return cell.adjusted(0, 0, -px(8), 0);
}

void BeatStripDelegate::paintCell(QPainter &painter, const FleetCell &cell) const
{
    const ThemeTokens &tokens = theme();
    const QRect strip = stripRect(cell.rect);
    if (strip.width() < 20)
        return;
    const StripScale scale{look().now(), stripSpanMs, strip.width()};
    const StripFacts facts = stripFacts(cell.store, cell.handle);
    layoutStrip(cell.store.beats(cell.handle), facts, scale, m_geometry);
    const int left = strip.left();
    const int middle = strip.top() + strip.height() / 2;
    painter.setClipRect(strip.adjusted(0, 0, px(5), 0));

    for (const int seconds : {90, 60, 30})
        painter.fillRect(QRect(left + strip.width() * (120 - seconds) / 120, strip.top(), 1, strip.height()), tokens.grid);

    const bool departed = cell.worker.liveness == Liveness::Departed;
    const QColor tick = departed ? tokens.gone : tokens.aliveTick;
    m_places.clear();
    m_marks.paintBeats(painter, m_geometry, strip, {px(16), px(12)}, tick);
    for (const StripGeometry::Place &place : m_geometry.marks)
        m_places.take({left + place.x - px(5), strip.top(), px(10), strip.height()});

    // What it is comes first; the length of its gaps where there is room left.
    if (m_geometry.dotsFrom < m_geometry.dotsTo) {
        const int from = left + m_geometry.dotsFrom + px(7);
        m_marks.paintDots(painter, from, left + m_geometry.dotsTo, middle);
        const QString text = !facts.ghost                                 ? tr("counters left")
                             : ageBasis(cell.worker) == BeatBasis::Events ? tr("bound, not heard")
                                                                          : tr("registered, no key");
        write(painter, {from, strip.top() - 1, left + m_geometry.dotsTo - from - px(6), middle - strip.top()}, text,
              tokens.zombie);
    }
    paintRareBeat(painter, cell, strip, facts);
    if (cell.worker.traits->registers() && m_geometry.ticks.empty() && m_geometry.spans.empty() && !departed
        && cell.worker.beatAt > 0) {
        // Renewals are minutes apart: an empty strip is no silence.
        const QString text = tr("renewed %1 ago").arg(spanText(cell.now - cell.worker.beatAt));
        write(painter, {left + px(6), strip.top() - 1, strip.width() - px(12), middle - strip.top()}, text, cell.dim());
    }
    labelSpans(painter, cell, strip);
    for (const StripGeometry::Place &place : m_geometry.marks)
        m_marks.paintMark(painter, place.mark, left + place.x, strip.top(), middle);
    painter.fillRect(QRect(strip.right() + 1, strip.top(), 1, strip.height() + 1), blended(tokens.base, tokens.dim, 0.8));
}

QString BeatStripDelegate::rareBeatText(const Worker &worker, qint64 now, qint64 interval)
{
    const qint64 age = worker.beatAgeAt(now);
    const bool living = (worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling) && !nobodyListens(worker);
    return living && age < interval ? tr("beat %1 ago, next in %2").arg(countText(age), countText(interval - age))
                                    : tr("beat %1 ago").arg(countText(age));
}

/// Beats farther apart than the strip is long: when the last one was, and when the next is due.
void BeatStripDelegate::paintRareBeat(QPainter &painter, const FleetCell &cell, const QRect &strip, const StripFacts &facts) const
{
    const Worker &worker = cell.worker;
    const bool listens = worker.flags.testFlag(WorkerFlag::Incomplete) && worker.ttlAtRead == -2;
    const bool rare =
        facts.limits.interval > stripSpanMs && worker.beatAt > 0 && !worker.flags.testFlag(WorkerFlag::StillWorking);
    if (facts.departed || worker.traits->registers() || !m_geometry.spans.empty() || (!rare && !listens))
        return;
    const QString text = listens ? tr("channel has a listener") : rareBeatText(worker, cell.now, facts.limits.interval);
    const int middle = strip.top() + strip.height() / 2;
    const int width = look().textWidth(FleetLook::Chart, text);
    const int first = m_geometry.ticks.empty() ? 0 : m_geometry.ticks.front();
    const int last = m_geometry.ticks.empty() ? 0 : m_geometry.ticks.back();
    // Behind the last tick, or before the first.
    const bool behind = strip.width() - last - px(12) > width;
    if (!behind && first - px(12) <= width)
        return;
    const QRect above(strip.left() + (behind ? last : 0) + px(6), strip.top() - 1,
                      (behind ? strip.width() - last : first) - px(12), middle - strip.top());
    write(painter, above, text, cell.dim());
}

/// How long each gap is, in its first block.
void BeatStripDelegate::labelSpans(QPainter &painter, const FleetCell &cell, const QRect &strip) const
{
    using Block = StripGeometry::Block;
    const int middle = strip.top() + strip.height() / 2;
    const int half = px(8);
    for (const StripGeometry::Span &span : m_geometry.spans) {
        const bool late = span.block == Block::Late && cell.frozen.isEmpty();
        if (span.gapMs <= 0 || (!late && span.block != Block::Lost))
            continue;
        // A late block is low: its label stands in it.
        const int top = late ? middle - px(2) - 2 : middle - half;
        const int high = late ? half + px(2) : 2 * half;
        write(painter, {strip.left() + span.left + 5, top, span.right - span.left - 8, high}, columnTime(span.gapMs),
              theme().text);
    }
}

void BeatStripDelegate::write(QPainter &painter, const QRect &room, const QString &text, const QColor &colour) const
{
    const int letters = QFontMetrics(look().font(FleetLook::Chart)).capHeight();
    const QRect place = m_places.place(room, look().textWidth(FleetLook::Chart, text), letters);
    if (!place.isNull())
        look().drawText(painter, FleetLook::Chart, {place.left(), room.top(), room.right() - place.left() + 1, room.height()},
                        text, colour);
}

} // namespace pulsedeck
