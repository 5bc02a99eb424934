// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/timecells.h"

#include "models/core/format.h"
#include "ui/common/stripgeometry.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

static Glyph basisGlyph(const Worker &worker)
{
    switch (ageBasis(worker)) {
    case BeatBasis::Stamp:
    case BeatBasis::Score:
        return Glyph::ByClock;
    case BeatBasis::Events:
        return Glyph::ByEvents;
    case BeatBasis::Connection:
    case BeatBasis::Calls:
        return Glyph::ByConnection;
    case BeatBasis::KeyTtl:
    case BeatBasis::Registration:
        break;
    }
    return Glyph::ByTtl;
}

void paintAgeCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    const Worker &worker = cell.worker;
    if (look.hasOtherSystems() && worker.endedAt == 0 && !worker.traits->registers() && worker.liveness != Liveness::Ghost)
        paintGlyph(painter, QPointF(cell.inner().left() + px(5), QRectF(cell.inner()).center().y()), px(10), basisGlyph(worker),
                   cell.faint());
    if (worker.beatAt == 0) {
        look.drawText(painter, FleetLook::Body, cell.inner(), u"–"_s, cell.faint(), Qt::AlignRight);
        return;
    }
    const qint64 age = worker.beatAgeAt(cell.now);
    QColor colour = cell.text();
    if (!cell.frozen.isEmpty())
        colour = cell.faint();
    else if (worker.liveness == Liveness::Late || worker.liveness == Liveness::Stale || worker.liveness == Liveness::Crashed
             || worker.liveness == Liveness::Hung || worker.liveness == Liveness::Zombie || worker.liveness == Liveness::Ghost)
        colour = cell.tone(stateTone(worker));
    else if (worker.flags.testFlag(WorkerFlag::ClockSkew))
        colour = theme().late;
    // About: no beat was seen yet, and nothing else proves the age.
    const QString about = worker.isAgeProven() || worker.endedAt > 0 ? QString() : u"~"_s;
    if (!about.isEmpty())
        colour = cell.faint();
    look.drawText(painter, FleetLook::Body, cell.inner(), about + (age >= 100'000 ? countText(age) : columnTime(age)), colour,
                  Qt::AlignRight);
}

void paintIntervalCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    const Worker &worker = cell.worker;
    QRect rect = cell.inner();
    const int gap = px(3);
    if (worker.interval == unknownValue) {
        const QString text = worker.beatCount == 1 ? FleetLook::tr("%Ln beat(s)", nullptr, 1) : u"–"_s;
        look.drawText(painter, FleetLook::Small, rect, text, cell.faint(), Qt::AlignRight);
        return;
    }
    const bool few = worker.beatCount < 3;
    const QString second = few                             ? FleetLook::tr("· %Ln beat(s)", nullptr, int(worker.beatCount))
                           : worker.jitter != unknownValue ? QString(u"±"_s + secondsNumber(worker.jitter, 2))
                                                           : QString();
    // Where the column has given way to the strip the median stands alone, in all rows alike.
    const int both = look.textWidth(FleetLook::Body, u"10.02"_s) + gap + look.textWidth(FleetLook::Small, u"±0.04"_s);
    if (both <= rect.width()) {
        const int used = look.drawText(painter, FleetLook::Small, rect, second, cell.dim(), Qt::AlignRight);
        rect.setRight(rect.right() - used - gap);
    }
    look.drawText(painter, FleetLook::Body, rect,
                  secondsNumber(worker.interval, !few                         ? 2
                                                 : worker.interval >= 100'000 ? 0
                                                                              : 1),
                  cell.text(), Qt::AlignRight);
}

void paintTtlCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    const Worker &worker = cell.worker;
    const QRect rect = cell.inner();
    const qint32 left = worker.ttlLeftAt(cell.now);
    if (!worker.traits->has(SourceFact::Ttl) && !worker.traits->registers() && (left < 0 || worker.endedAt > 0)) {
        look.drawText(painter, FleetLook::Body, rect, u"–"_s, cell.faint(), Qt::AlignRight);
        return;
    }
    if (left < 0 || worker.endedAt > 0) {
        const bool zombie = worker.liveness == Liveness::Zombie;
        if (left > 0) // It left, and its key is there until it expires.
            look.drawText(painter, FleetLook::Small, rect, durationText(left), cell.faint());
        else if (worker.endedAt > 0)
            look.drawText(painter, FleetLook::Small, rect,
                          worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed || zombie
                              ? FleetLook::tr("expired")
                              : FleetLook::tr("gone"),
                          zombie ? theme().zombie : cell.faint());
        else if (worker.liveness == Liveness::Ghost)
            look.drawText(painter, FleetLook::Small, rect, FleetLook::tr("expired"), theme().zombie);
        else if (worker.flags.testFlag(WorkerFlag::Incomplete) && left == -2)
            look.drawText(painter, FleetLook::Small, rect, FleetLook::tr("no key"), theme().late);
        else if (left == -1 && worker.traits->has(SourceFact::Ttl))
            look.drawText(painter, FleetLook::Small, rect, livenessLabel(Liveness::NoTtl), theme().late);
        else
            look.drawText(painter, FleetLook::Body, rect, u"–"_s, cell.faint(), Qt::AlignRight);
        return;
    }
    const FleetLook::Source &source = look.source(worker.source);
    const qint64 full = qMax<qint64>(1, worker.learntTtl > 0 ? worker.learntTtl : qMax<qint64>(source.ttl, worker.ttlAtRead));
    const qint64 expected = cell.store.thresholds(cell.handle).interval;
    const bool registers = worker.traits->registers();
    // Where idle workers beat otherwise than busy ones, what was measured may be of the other.
    const bool measured = worker.interval > 0 && !worker.traits->changesPace();
    const qint64 interval = measured ? worker.interval : registers ? full / 2 : expected;
    // The key of a worker that is shutting down is meant to expire; nothing renews it any more.
    const bool leaving = worker.status == WorkerStatus::ShuttingDown;
    const qint64 notch = interval > 0 && (registers || worker.isAgeProven()) ? full - interval : 0;
    QColor colour = cell.dim();
    QColor text = cell.text();
    if (!cell.frozen.isEmpty()) {
        colour = theme().line;
        text = cell.faint();
    } else if (registers) {
        // Only the actor knows when it will renew: its liveness says what is late.
        if (worker.liveness == Liveness::Late || worker.liveness == Liveness::Stale)
            colour = text = worker.liveness == Liveness::Late ? theme().late : theme().stale;
    } else if (!leaving && notch > 0 && left < notch - gapTolerance(interval)) {
        colour = left < interval ? theme().stale : theme().late;
        text = colour;
    }
    const int value = look.drawText(painter, FleetLook::Body, rect, columnTime(left), text, Qt::AlignRight);
    const int width = qMin(px(32), rect.width() - value - px(6));
    if (width < px(12))
        return;
    const int height = px(4);
    const QRect bar(rect.left(), rect.center().y() - height / 2 + 1, width, height);
    painter.fillRect(bar, theme().line);
    painter.fillRect(QRect(bar.left(), bar.top(), qBound(1, int(left * width / full), width), height), colour);
    if (notch > 0 && notch < full && !leaving) {
        const int x = bar.left() + int(notch * width / full);
        painter.fillRect(QRect(x, bar.top() - px(3), 1, height + 2 * px(3)), cell.dim());
    }
}

} // namespace pulsedeck
