// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandwords.h"
#include "ui/commands/commandtable.h"
#include "ui/common/commandtexts.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What stands in one cell: a mark, then words.
struct Rung
{
    std::optional<Glyph> glyph;
    QColor glyphColour; ///< Not valid: the mark's own.
    QColor colour;
};

bool waits(const CommandEntry &entry)
{
    return entry.stage == CommandStage::Written || entry.stage == CommandStage::Announced;
}

Rung open(const CommandEntry &entry)
{
    // A rung that will not come any more is left empty.
    if (isEnd(entry.stage))
        return {std::nullopt, {}, theme().faint};
    return {Glyph::RungOpen, {}, theme().faint};
}

Rung sentRung(const CommandEntry &entry)
{
    if (entry.writtenAt > 0)
        return {Glyph::Rung, {}, theme().text};
    if (entry.stage == CommandStage::Requested)
        return {Glyph::RungNow, {}, theme().accent};
    return open(entry);
}

Rung deliveredRung(const CommandEntry &entry)
{
    if (entry.isAnswered())
        return entry.writtenAt > 0 ? Rung{Glyph::Rung, {}, theme().text} : open(entry);
    if (entry.pickedUpAt > 0)
        return {Glyph::Rung, {}, theme().text};
    if (entry.stage == CommandStage::ExpiredUnread)
        return {Glyph::ExpiredUnseen, theme().stale, theme().stale};
    if (waits(entry) && isShutdown(entry.command.act))
        return {Glyph::RungNow, {}, theme().accent};
    return open(entry);
}

Rung drainingRung(const CommandEntry &entry, qint64 now)
{
    if (awaitsAnswer(entry, now))
        return {Glyph::RungNow, {}, theme().accent};
    // Only the actor could say whether it was handled.
    if (entry.stage == CommandStage::Delivered)
        return {Glyph::Unknown, {}, theme().dim};
    if (entry.stage == CommandStage::Overdue || entry.overdueAt > 0 || entry.sessionsCut > 0)
        return {Glyph::Late, {}, theme().text};
    if (entry.stage == CommandStage::Emptying || entry.stage == CommandStage::PickedUp)
        return {Glyph::RungNow, {}, theme().accent};
    if (entry.stage == CommandStage::Forgotten)
        return {Glyph::Warning, {}, theme().late};
    if (entry.command.act == Act::Drain && waits(entry))
        return {Glyph::Draining, {}, theme().drain};
    if (entry.pickedUpAt > 0)
        return {Glyph::Rung, {}, theme().text};
    return open(entry);
}

Rung goneRung(const CommandEntry &entry)
{
    if (isSuccess(entry.stage))
        return {stageGlyph(entry), {}, theme().text};
    if (entry.stage == CommandStage::Lost)
        return {Glyph::Zombie, {}, theme().zombie};
    return open(entry);
}

Rung rungOf(const CommandEntry &entry, CommandColumn column, bool selected, qint64 now)
{
    const QColor faint = selected ? theme().dim : theme().faint;
    switch (column) {
    case CommandColumn::Sent:
        return sentRung(entry);
    case CommandColumn::Delivered:
        return deliveredRung(entry);
    case CommandColumn::Draining:
        return drainingRung(entry, now);
    case CommandColumn::Gone:
        return goneRung(entry);
    case CommandColumn::Worker:
        return {stageGlyph(entry), entry.stage == CommandStage::ExpiredUnread ? theme().stale : QColor(),
                entry.stage == CommandStage::Queued ? faint : theme().text};
    case CommandColumn::Note: {
        const Tone tone = stageTone(entry.stage);
        const bool loud = tone == Tone::Stale || tone == Tone::Late || tone == Tone::Zombie;
        return {std::nullopt, {}, entry.sessionsCut > 0 ? theme().late : loud ? toneColour(tone) : theme().dim};
    }
    case CommandColumn::Act:
        return {std::nullopt, {}, theme().text};
    default:
        return {std::nullopt, {}, theme().dim};
    }
}

/// The model's words, shorter where there is a mark next to them.
QString textOf(const CommandEntry &entry, const QModelIndex &index, const std::optional<Glyph> &glyph, qint64 now)
{
    const auto column = CommandColumn(index.column());
    if (column == CommandColumn::Note)
        return awaitsAnswer(entry, now) ? CommandTable::tr("waiting for its answer") : noteText(entry);
    if (column == CommandColumn::Act && !entry.traits->hasOwnActs())
        return shortAct(entry.isAnswered() && entry.command.act == Act::ShutdownNow ? Act::Shutdown : entry.command.act);
    // A rung that has not come is empty, unless it cannot be known whether it has.
    const bool unknown = entry.stage == CommandStage::Unknown && column == CommandColumn::Sent;
    return glyph == Glyph::RungOpen && column != CommandColumn::Worker && !unknown ? QString()
                                                                                   : index.data(Qt::DisplayRole).toString();
}

void paintButton(QPainter &painter, const QRect &rect, const QString &text, bool over)
{
    stylepaint::box(&painter, rect, over ? theme().hover : theme().raised, over ? theme().accent : theme().line);
    painter.setFont(Theme::instance().smallFont());
    painter.setPen(theme().text);
    painter.drawText(rect, Qt::AlignCenter, text);
}

} // namespace

void LadderDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const CommandEntry *entry = m_table.commands().entryAt(index.row());
    if (!entry)
        return;
    const Theme &t = Theme::instance();
    painter->save();
    painter->setClipRect(option.rect);
    const auto column = CommandColumn(index.column());
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (column == CommandColumn::Worker && (entry->stage == CommandStage::ExpiredUnread || entry->stage == CommandStage::Refused))
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), theme().stale);
    const Rung rung = rungOf(*entry, column, selected, m_table.now());
    const bool small = column == CommandColumn::Note || column == CommandColumn::By || column == CommandColumn::Reason;
    const bool right = column == CommandColumn::Sessions || column == CommandColumn::Note;
    Cell cell = cellOf(option, index);
    cell.text = textOf(*entry, index, rung.glyph, m_table.now());
    cell.font = column == CommandColumn::Worker ? t.idFont() : small ? t.smallFont() : t.bodyFont();
    cell.colour = rung.colour;
    cell.alignment = right ? Qt::AlignRight : Qt::AlignLeft;
    // Addresses differ at their ends.
    cell.elide = column == CommandColumn::Worker && !entry->traits->ids.typed ? Qt::ElideMiddle : Qt::ElideRight;
    cell.glyph = rung.glyph;
    cell.glyphColour = rung.glyphColour;
    paintGlyphOf(*painter, cell);
    if (column == CommandColumn::Note) {
        for (const auto &[button, rect] : m_table.buttonsOf(index.row())) {
            paintButton(*painter, rect, CommandTable::buttonText(button), m_table.isPressed(index.row(), button));
            cell.rect.setRight(rect.left() - px(8));
        }
    }
    paintTextOf(*painter, cell);
    if (column == CommandColumn::Worker && entry->theirs) {
        QRect rest = cell.rect;
        rest.setLeft(rest.left() + painter->fontMetrics().horizontalAdvance(cell.text) + px(8));
        painter->setFont(t.smallFont());
        painter->setPen(theme().accent);
        painter->drawText(rest, Qt::AlignVCenter, CommandTable::tr("theirs"));
    }
    painter->restore();
}

} // namespace pulsedeck
