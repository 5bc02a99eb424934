// SPDX-License-Identifier: GPL-3.0-or-later
// What the question says: every line is made anew from the draft.
#include "ui/commands/capacitybars.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/commandwords.h"
#include "ui/commands/questionfigures.h"
#include "ui/commands/strategybox.h"
#include "ui/commands/workerchips.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int reasonLines = 8; ///< Of those left out, before the rest is counted.
constexpr int namesPerReason = 6;
constexpr qsizetype fullBars = 3; ///< So many types are seen at once; more scroll.

} // namespace

void CommandQuestion::review()
{
    const bool small = m_draft.picks().size() == 1 && friction() == Friction::Plain;
    const bool formIsNew = small != m_small || !m_shown;
    m_small = small;
    showHead();
    showCapacity();
    showCommand();
    m_reason->setPlaceholderText(asksReason() ? tr("Why? Asked for, and kept in the journal") : tr("Optional, kept in the journal"));
    m_workers->setVisible(m_draft.picks().size() > 1);
    if (m_draft.picks().size() > 1) {
        const auto actors = std::count_if(m_draft.picks().begin(), m_draft.picks().end(), [this](const auto &pick) {
            return m_context.store.worker(pick.handle).actor;
        });
        const bool only = actors == std::ptrdiff_t(m_draft.picks().size());
        m_workersTitle->setText(actors == 0 ? tr("Workers") : only ? tr("Actors") : tr("Workers and actors"));
        m_chipsNote->setText(only ? tr("click one to leave it out") : tr("active sessions behind each, click one to leave it out"));
        m_chips->showDraft(m_context.store, m_draft);
    }
    showLeftOut();
    showConfirm();
    showFooter();
    if (formIsNew && m_shown)
        emit formChanged();
}

void CommandQuestion::showHead()
{
    const CommandPreview &preview = m_draft.preview();
    m_title->setText(actQuestion(m_draft.act(), qint64(preview.acting.size()), m_draft.sharedType(), m_draft.sharedSource(),
                                 preview.actors));
    const auto picked = qint64(m_draft.picks().size());
    const auto actors = std::count_if(m_draft.picks().begin(), m_draft.picks().end(), [this](const CommandDraft::Pick &pick) {
        return m_context.store.worker(pick.handle).actor;
    });
    // Nobody is left to act on: it is still said of those who were chosen.
    QString meaning = preview.acting.empty() ? actMeaning(m_draft.act(), int(picked), int(actors))
                                             : actMeaning(m_draft.act(), int(preview.acting.size()), preview.actors);
    if (preview.acting.size() == 1 || m_draft.picks().size() == 1) {
        const WorkerHandle handle = preview.acting.empty() ? m_draft.picks().front().handle : preview.acting.front();
        const Worker &worker = m_context.store.worker(handle);
        m_title->setText(QString(actQuestion(m_draft.act(), 1, m_draft.sharedType(), m_draft.sharedSource(),
                                             worker.actor ? 1 : 0)
                                     .chopped(1)
                                 + u": "_s + shortId(worker.id) + u'?'));
    }
    if (!isShutdown(m_draft.act()) && !preview.undoText.isEmpty() && !meaning.contains("cannot be undone"_L1))
        meaning += u' ' + preview.undoText;
    m_subtitle->setText(meaning);
}

void CommandQuestion::showCapacity()
{
    const CommandPreview &preview = m_draft.preview();
    const bool shown = changesCapacity(m_draft.act()) && !m_small;
    m_figures->setVisible(shown);
    m_barArea->setVisible(shown && !preview.capacity.empty());
    if (shown) {
        m_figures->showDraft(m_draft);
        m_bars->setCapacity(preview.capacity, m_draft.floorPercent(), preview.sources.size() > 1);
        const qsizetype types = qsizetype(preview.capacity.size());
        const int block = types > 0 ? m_bars->sizeHint().height() / int(types) : 0;
        m_barArea->setFixedHeight(int(qMin(types, fullBars)) * block + (types > fullBars ? block / 2 : 0));
    }
    const bool ends = isShutdown(m_draft.act()) && !m_small && (preview.sessions > 0 || preview.sessionsUnknown > 0);
    m_sessionsNote->setVisible(ends);
    if (ends) {
        m_sessionsNote->setText(tr("Sessions that have not ended %1 after the command is read are cut by the worker.")
                                    .arg(thresholdText(preview.drainTimeoutMs)));
    }

    const bool floor = shown && m_draft.act() != Act::Resume;
    const bool several = isShutdown(m_draft.act()) && preview.acting.size() > 1;
    m_strategyTitle->setVisible(floor && several);
    m_strategy->setVisible(floor);
    m_strategy->setStrategiesShown(several);
    if (!several)
        return;
    if (preview.withKey() == 0) {
        m_strategy->setEstimates(tr("sent at once"), tr("as fast as they go"));
        return;
    }
    const qint64 read = m_draft.act() == Act::ShutdownNow ? 0 : preview.intervalMs > 0 ? preview.intervalMs
                                                                                        : m_draft.configuredInterval();
    const qint64 each = read + 2'000 + (preview.idle == int(preview.acting.size()) ? 0 : preview.drainTimeoutMs);
    const RollingOptions options = m_strategy->options();
    const qint64 rounds = (qint64(preview.acting.size()) + options.atATime - 1) / options.atATime;
    m_strategy->setEstimates(tr("done in %1 at most").arg(estimateText(each)),
                             options.replacement == RollingOptions::Replacement::None
                                 ? tr("done in %1 at most").arg(estimateText(each * rounds))
                                 : tr("%1 and the replacements' starts").arg(estimateText(each * rounds)));
}

void CommandQuestion::showCommand()
{
    const CommandPreview &preview = m_draft.preview();
    m_command->setVisible(isShutdown(m_draft.act()));
    if (!isShutdown(m_draft.act()))
        return;
    const bool keys = preview.withKey() > 0 || preview.acting.empty();
    m_forKeys->setVisible(keys);
    if (!keys) {
        m_commandTitle->setText(tr("Message"));
        m_undo->setText(tr("worker:shutdown, sent at once. The hub tells whether it was delivered; whether it is obeyed only the "
                           "actor's answer or the end of its registration can show. ")
                        + preview.undoText);
        return;
    }
    m_commandTitle->setText(preview.actors == 0 ? tr("Shutdown command")
                                                : tr("Shutdown command for %1; actors are sent a message at once")
                                                      .arg(workersText(preview.withKey(), 0)));
    const TtlFinding finding = checkCommandTtl(m_ttl->value() * 1000LL, preview, m_draft.configuredInterval());
    m_ttlMark->setGlyph(finding.level == TtlFinding::Level::Ok        ? Glyph::Ok
                        : finding.level == TtlFinding::Level::Warning ? Glyph::Warning
                                                                      : Glyph::Error);
    QString text = finding.text;
    if (preview.slowestBeatMs > 0 && finding.level == TtlFinding::Level::Ok)
        text += tr(" · slowest beat of %1: %2").arg(countedWord(preview.measuredOn, u"worker"_s), columnTime(preview.slowestBeatMs));
    m_ttlText->setText(text);
    setInvalid(m_ttl, finding.level == TtlFinding::Level::Error);
    m_ttlFix->setVisible(finding.level != TtlFinding::Level::Ok && finding.betterMs > 0);
    m_ttlFix->setText(tr("Use %1 s").arg((finding.betterMs + 999) / 1000));
    m_undo->setText(preview.undoText);
}

void CommandQuestion::showLeftOut()
{
    const CommandPreview &preview = m_draft.preview();
    const int lost = m_draft.lostMeanwhile();
    const int back = m_draft.cameBack();
    QStringList since;
    if (lost > 0) {
        since.append(lost == 1 ? tr("1 died or went since this was opened, and is left out.")
                               : tr("%1 died or went since this was opened, and are left out.").arg(groupedNumber(lost)));
    }
    if (back > 0) {
        since.append(back == 1 ? tr("1 came back while you were asked, and is not included.")
                               : tr("%1 came back while you were asked, and are not included.").arg(groupedNumber(back)));
    }
    if (const int unseen = preview.unseenDrains; unseen > 0) {
        since.append(tr("The drain began before this console looked, so that nobody can prove that it stands. If the worker was told to shut "
                        "down since, its new sessions are cut."));
    }
    m_lost->setVisible(!since.isEmpty());
    m_lost->setText(since.join(u' '));
    const qint64 out = qint64(m_draft.picks().size()) - qint64(preview.acting.size());
    m_leftOutButton->setVisible(out > 0);
    m_leftOutButton->setText(tr("%1 left out").arg(groupedNumber(out)));
    m_leftOutButton->setIcon(glyphIcon(m_leftOutButton->isChecked() ? Glyph::ChevronDown : Glyph::ChevronRight, theme().dim));
    const bool open = out > 0 && (m_leftOutButton->isChecked() || preview.acting.empty());
    m_leftOutList->setVisible(open);
    if (!open)
        return;
    std::map<QString, std::vector<quint32>> byReason;
    for (const CommandDraft::Pick &pick : m_draft.picks()) {
        if (m_draft.isActing(pick.serial))
            continue;
        const QString why = m_draft.whyNot(pick.serial);
        byReason[why.isEmpty() ? tr("left out by you") : why].push_back(pick.serial);
    }
    QStringList lines;
    for (const auto &[why, serials] : byReason) {
        if (lines.size() == reasonLines) {
            lines.append(tr("and for %1 further reasons").arg(byReason.size() - reasonLines));
            break;
        }
        QStringList names;
        for (size_t i = 0; i < serials.size() && i < namesPerReason; ++i) {
            const WorkerHandle handle = m_context.store.findSerial(serials[i]);
            if (handle != noWorker)
                names.append(shortId(m_context.store.worker(handle).id));
        }
        if (serials.size() > namesPerReason)
            names.append(tr("and %1 more").arg(groupedNumber(qint64(serials.size() - namesPerReason))));
        lines.append(QString(groupedNumber(qint64(serials.size())) + u" · "_s + why
                             + (names.isEmpty() ? QString() : QString(u": "_s + names.join(u", "_s)))));
    }
    m_leftOutList->setText(lines.join(u'\n'));
}

void CommandQuestion::showConfirm()
{
    const CommandPreview &preview = m_draft.preview();
    const bool asked = friction() == Friction::TypeName;
    m_confirm->setVisible(asked);
    m_reduce->setVisible(false);
    if (!asked)
        return;
    const auto worst = std::find_if(preview.capacity.begin(), preview.capacity.end(),
                                    [](const CapacityChange &change) { return change.underFloor(); });
    if (worst != preview.capacity.end()) {
        const int percent = worst->before > 0 ? int(std::floor(100.0 * worst->after / worst->before)) : 0;
        m_confirmText->setText(tr("%1 would fall to %2 of %3 available, %4 %. The floor is %5 % (%6).")
                                   .arg(worst->type.isEmpty() ? tr("What has no type") : worst->type,
                                        groupedNumber(worst->after), groupedNumber(worst->before), QString::number(percent),
                                        QString::number(m_draft.floorPercent()), groupedNumber(worst->floor)));
    }
    m_confirmWord->setText(m_draft.confirmWord());
    m_confirmField->setAccessibleName(tr("Type %1 to go on").arg(m_draft.confirmWord()));
    m_useRolling->setVisible(isShutdown(m_draft.act()) && preview.acting.size() > 1);
    const int keep = int(preview.acting.size()) - preview.overFloor;
    m_reduce->setVisible(preview.overFloor > 0 && keep > 0);
    const bool onlyActors = preview.actors == int(preview.acting.size());
    m_reduce->setText(tr("Reduce to %1").arg(workersText(keep, onlyActors ? keep : 0)));
}

CommandQuestion::Verdict CommandQuestion::verdict() const
{
    const CommandPreview &preview = m_draft.preview();
    if (preview.acting.empty())
        return {false, Glyph::Info, tr("Nothing to command: all are left out")};
    for (const SourceId source : preview.sources) {
        if (!m_context.access.allows(source))
            return {false, Glyph::Lock, tr("Writing is locked")};
    }
    if (isShutdown(m_draft.act()) && preview.withKey() > 0) {
        const TtlFinding finding = checkCommandTtl(m_ttl->value() * 1000LL, preview, m_draft.configuredInterval());
        if (finding.level == TtlFinding::Level::Error)
            return {false, Glyph::Error, tr("The command could expire before it is read")};
    }
    if (friction() == Friction::TypeName && m_confirmField->text().trimmed() != m_draft.confirmWord())
        return {false, Glyph::Error, tr("Under the floor: type %1").arg(m_draft.confirmWord())};
    if (asksReason() && m_reason->text().trimmed().isEmpty())
        return {false, Glyph::Info, tr("A reason is asked for")};
    if (m_movedOn)
        return {true, Glyph::Warning, tr("The fleet has just changed: look again")};
    if (m_draft.act() == Act::Reap || m_draft.act() == Act::RemoveKey)
        return {true, Glyph::Warning, tr("Cannot be undone")};
    if (m_small && preview.actors > 0)
        return {true, Glyph::Info, tr("A message cannot be taken back")};
    if (m_draft.act() == Act::Resume || m_small)
        return {true, Glyph::Ok, m_draft.act() == Act::ShutdownNow ? tr("Cannot be taken back") : tr("No session ends")};
    if (rolling())
        return {true, Glyph::Ok, tr("Waits rather than go under the %1 % floor").arg(m_draft.floorPercent())};
    if (friction() == Friction::TypeName)
        return {true, Glyph::Warning, tr("Confirmed: goes under the floor")};
    return {true, Glyph::Ok, tr("Stays above the %1 % floor").arg(m_draft.floorPercent())};
}

void CommandQuestion::showFooter()
{
    const Verdict now = verdict();
    m_stateMark->setGlyph(now.glyph);
    m_state->setText(now.text);
    m_unlock->setVisible(now.glyph == Glyph::Lock);
    const auto acting = qint64(m_draft.preview().acting.size());
    m_act->setText(acting == 0 ? shortAct(m_draft.act()) : actButtonText(m_draft.act(), acting, m_draft.preview().actors));
    m_act->setEnabled(now.ready);
    const bool dangerous = isShutdown(m_draft.act()) || m_draft.act() == Act::Reap || m_draft.act() == Act::RemoveKey;
    const ButtonRole role = !dangerous ? ButtonRole::Primary : m_small ? ButtonRole::Danger : ButtonRole::Act;
    if (buttonRole(m_act) != role)
        setButtonRole(m_act, role);
}

} // namespace pulsedeck
