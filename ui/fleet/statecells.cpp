// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/statecells.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/common/commandtexts.h"
#include "ui/common/fleetwords.h"
#include "ui/common/latestcommands.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void paintGlyphCell(QPainter &painter, FleetLook &, const FleetCell &cell)
{
    const Glyph glyph = shownGlyph(cell.store, cell.handle);
    const QColor colour = glyph == Glyph::Gone || glyph == Glyph::Unknown ? cell.faint() : QColor();
    paintGlyph(painter, QRectF(cell.rect).center(), px(12), glyph, colour);
}

void paintWorkerCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    QRect rect = cell.inner();
    if (cell.worker.child) {
        // It hangs under the row above.
        const int stem = rect.left() + px(4);
        const int middle = rect.center().y();
        painter.fillRect(QRect(stem, cell.rect.top(), 1, middle - cell.rect.top()), theme().line);
        painter.fillRect(QRect(stem, middle, px(8), 1), theme().line);
        rect.setLeft(rect.left() + px(16));
    }
    // Ids without a type are shown whole: they are long, and may begin alike.
    const int used = look.drawText(painter, FleetLook::Id, rect, workerName(cell.store, cell.handle), cell.text(), Qt::AlignLeft,
                                   cell.worker.traits->ids.typed ? Qt::ElideRight : Qt::ElideMiddle);
    rect.setLeft(rect.left() + used + px(8));
    if (const ActorFacts *facts = cell.store.actor(cell.handle)) {
        if (rect.width() > px(32))
            look.drawText(painter, FleetLook::Small, rect, facts->displayName, cell.dim());
        return;
    }
    if (look.hasHostColumn())
        return;
    const QByteArray &host = cell.worker.host;
    QString text = QString::fromUtf8(host);
    if (look.textWidth(FleetLook::Small, u"10.42.217.117:31310"_s) > rect.width()) {
        // Without room for the port only the host is shown, in all rows alike.
        const qsizetype colon = host.lastIndexOf(':');
        text = QString::fromUtf8(colon > 0 ? host.left(colon) : host);
        if (look.textWidth(FleetLook::Small, u"10.42.217.117"_s) > rect.width())
            return; // The host has given way to the strip: a piece of it names nothing.
    }
    look.drawText(painter, FleetLook::Small, rect, text, cell.dim());
}

void paintStatusCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    StatusWords words = statusWords(cell.store, cell.handle, cell.now, look.source(cell.worker.source).drainTimeout, cell.frozen);
    QRect rect = cell.inner();
    if (!words.badge.isEmpty()) {
        const int gap = px(6);
        const int room = rect.width() - gap - look.textWidth(FleetLook::Body, words.text);
        if (!cell.frozen.isEmpty() && look.textWidth(FleetLook::Small, words.badge) > room)
            words.badge = words.badge.section(u' ', -1); // Only the time; the line above the table says the rest.
        int width = look.textWidth(FleetLook::Small, words.badge);
        look.drawText(painter, FleetLook::Small, rect, words.badge, cell.tone(words.badgeTone), Qt::AlignRight);
        if (words.clockBadge) {
            const int size = px(12);
            paintGlyph(painter, QPointF(rect.right() + 1 - width - px(3) - size / 2.0, QRectF(rect).center().y()), size,
                       Glyph::ClockSkew, cell.tone(words.badgeTone));
            width += size + px(3);
        }
        rect.setRight(rect.right() - width - gap);
        // Without room for both, only the badge of an ordinary status is shown: half a word next to it says nothing.
        if (words.textTone == Tone::Ordinary && look.textWidth(FleetLook::Body, words.text) > rect.width())
            return;
    }
    look.drawText(painter, FleetLook::Body, rect, words.text, cell.tone(words.textTone));
}

/// "7 of 10" and a bar of the same.
static void paintBusy(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    const QRect rect = cell.inner();
    const qint64 active = cell.worker.activeSessions;
    const qint64 capacity = cell.worker.capacity;
    const bool frozen = !cell.frozen.isEmpty();
    const int used = look.drawText(painter, FleetLook::Body, rect, busyText(cell.worker),
                                   active == 0 || frozen ? cell.faint() : cell.text(), Qt::AlignRight);
    const int width = qMin(px(20), rect.width() - used - px(6));
    if (width < px(12))
        return;
    const int height = px(4);
    const QRect bar(rect.left(), rect.center().y() - height / 2 + 1, width, height);
    painter.fillRect(bar, theme().line);
    if (active > 0)
        painter.fillRect(QRect(bar.left(), bar.top(), qBound(1, int(qMin(active, capacity) * width / capacity), width), height),
                         frozen ? theme().line : cell.dim());
}

void paintSessionsCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    constexpr int maxBars = 6;
    const QRect rect = cell.inner();
    const qint32 active = cell.worker.activeSessions;
    const bool zombie = cell.worker.liveness == Liveness::Zombie;
    if (active == unknownValue) {
        if (cell.worker.liveness != Liveness::Departed)
            look.drawText(painter, FleetLook::Body, rect, u"–"_s, cell.faint(), Qt::AlignRight);
        return;
    }
    if (cell.worker.capacity > 0 && active >= 0) {
        paintBusy(painter, look, cell);
        return;
    }
    const QColor colour = active < 0 ? theme().late : zombie ? theme().zombie : active == 0 ? cell.faint() : cell.dim();
    const QString number = active < 0 ? QString(u"−"_s + QString::number(-qint64(active))) : groupedNumber(active);
    const int used = look.drawText(painter, FleetLook::Body, rect, number, colour, Qt::AlignRight);
    const int barWidth = px(4);
    const int pitch = px(6);
    const int height = px(9);
    const int top = rect.center().y() - height / 2 + 1;
    const int room = (rect.width() - used - px(6)) / pitch;
    const int bars = qMin(qMin(active, maxBars), room);
    for (int i = 0; i < bars; ++i) {
        const QRect bar(rect.left() + i * pitch, top, barWidth, height);
        if (zombie) {
            painter.setPen(theme().zombie);
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(bar.adjusted(0, 0, -1, -1));
        } else {
            painter.fillRect(bar, cell.dim());
        }
    }
    if (bars <= 0 && room > 0)
        painter.fillRect(QRect(rect.left(), rect.center().y(), qMin(4, room) * pitch - 2, 1), theme().line);
}

void paintCommandCell(QPainter &painter, FleetLook &look, const FleetCell &cell)
{
    const Worker &worker = cell.worker;
    const CommandEntry *entry = look.latest() ? look.latest()->of(cell.handle, cell.now) : nullptr;
    if (worker.command == CommandState::None && !entry)
        return;
    QRect rect = cell.inner();
    const int size = px(12);
    const QPointF place(rect.left() + size / 2.0, QRectF(rect).center().y());
    rect.setLeft(rect.left() + size + px(4));
    if (entry) {
        // What the ledger knows goes further than what the key says.
        const bool read = entry->stage == CommandStage::PickedUp || entry->stage == CommandStage::Emptying;
        const Tone tone = stageTone(entry->stage);
        paintGlyph(painter, place, size, read && isShutdown(entry->command.act) ? Glyph::Ok : stageGlyph(*entry));
        look.drawText(painter, FleetLook::Small, rect, shortStage(*entry, cell.now),
                      tone == Tone::Drain ? cell.dim() : cell.tone(tone));
        return;
    }
    const auto show = [&](Glyph glyph, const QString &text, const QColor &colour, const QColor &mark = {}) {
        paintGlyph(painter, place, size, glyph, mark);
        look.drawText(painter, FleetLook::Small, rect, text, colour);
    };
    const QColor accent = theme().accent;
    if (worker.command == CommandState::Other)
        show(Glyph::Warning, FleetLook::tr("no command"), theme().late);
    else if (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown || worker.endedAt > 0)
        show(Glyph::Ok, FleetLook::tr("read"), cell.dim());
    else if (const qint64 left = worker.commandUntil - cell.now; left > 0)
        show(Glyph::Command, FleetLook::tr("%1 left").arg(secondsLeft(left)), accent, accent);
    else
        show(Glyph::Command, FleetLook::tr("shutdown"), accent, accent);
}

} // namespace pulsedeck
