// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/whatifpanel.h"

#include "ui/fleet/fleetwords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"
#include "ui/timing/deathchips.h"
#include "ui/timing/deathcurve.h"
#include "ui/timing/effecttable.h"
#include "ui/timing/presetlist.h"
#include "ui/timing/timingwords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString shareText(int index)
{
    static const std::array<const char *, 3> shares{
        QT_TRANSLATE_NOOP("timing", "0 %"), QT_TRANSLATE_NOOP("timing", "0.1 %"), QT_TRANSLATE_NOOP("timing", "1 %")};
    return QCoreApplication::translate("timing", shares[size_t(index)]);
}

/// What a field of whole seconds can hold.
qint64 wholeSeconds(qint64 ms)
{
    return (ms + 999) / 1'000 * 1'000;
}

} // namespace

void WhatIfPanel::setDraft(TimingDraft *draft)
{
    if (m_draft == draft)
        return;
    if (m_draft)
        disconnect(m_draft, nullptr, this, nullptr);
    m_draft = draft;
    if (m_draft)
        connect(m_draft, &TimingDraft::changed, this, &WhatIfPanel::review);
    m_presets->setDraft(draft);
    review();
}

void WhatIfPanel::rebuildPresets()
{
    m_presets->rebuild();
}

void WhatIfPanel::setFleet(const TimingProfile &live, int workers, int actors, const QString &why)
{
    if (m_live == live && m_workers == workers && m_actors == actors && m_why == why)
        return;
    m_live = live;
    m_workers = workers;
    m_actors = actors;
    m_why = why;
    review();
}

bool WhatIfPanel::countsPauses() const
{
    return m_countPauses->isChecked();
}

QString WhatIfPanel::restsOn() const
{
    const qint64 minutes = m_answer.spanMs / 60'000;
    const QString span =
        minutes < 2 ? tr("%1 seconds").arg(m_answer.spanMs / 1'000) : tr("%1 minutes").arg(groupedNumber(minutes));
    return tr("%1 and %2 of record").arg(countedWord(m_answer.workers, u"worker"_s), span);
}

void WhatIfPanel::review()
{
    if (!m_draft)
        return;
    const std::shared_ptr<const WhatIf> whatIf = m_room.whatIf();
    const bool workers = m_draft->has(TimingId::WorkerKeyTtl);
    const bool any = workers && whatIf && whatIf->workerCount() > 0;
    m_recorded->setVisible(any);
    m_empty->setVisible(!any);
    if (any) {
        const bool pauses = m_countPauses->isChecked();
        m_answer = whatIf->answer(m_draft->profile(), pauses);
        m_today = whatIf->answer(m_live, pauses);
        reviewHeadline();
        reviewCurve();
        reviewSafe();
    } else {
        m_answer = {};
        m_today = {};
        m_empty->setText(!workers ? tr("Nothing is judged on recorded beats here: when an actor renews its registration is "
                                       "its own choice, and polling sees it late.")
                         : m_room.isLoaded() ? tr("The recording holds no worker with two beats.")
                                             : m_why);
    }
    const auto share = [any](const WhatIfAnswer &answer) {
        return any ? std::optional<double>(answer.missedShare) : std::nullopt;
    };
    m_effects->setHubOnly(!workers);
    m_effects->showSides({m_live, m_workers, m_actors, share(m_today)},
                         {m_draft->profile(), m_workers, m_actors, share(m_answer)});
    reviewChanges();
    reviewBanner();
    emit answered();
    const int unreadable = m_draft->unreadable();
    m_trouble->setVisible(unreadable > 0);
    m_trouble->setText(unreadable == 1
                           ? tr("One value cannot be read: its last readable one is used here.")
                           : tr("%1 values cannot be read: their last readable ones are used here.").arg(unreadable));
}

void WhatIfPanel::reviewHeadline()
{
    m_figure->setText(groupedNumber(m_answer.deaths));
    m_figure->setTone(m_answer.deaths > 0 ? ToneLabel::Tone::Stale : ToneLabel::Tone::Alive);
    m_headline->setText(tr("of %1 would have been declared dead").arg(countedWord(m_answer.workers, u"worker"_s)));
    const QString window = m_window->currentData().toLongLong() > 0 ? tr("in the %1").arg(m_window->currentText())
                                                                    : tr("in all that is recorded");
    m_subline->setText(tr("%1. With today's values: %2.").arg(window, groupedNumber(m_today.deaths)));
    QString rests = tr("Rests on %1; %2 intervals.").arg(restsOn(), groupedNumber(m_answer.gaps));
    if (m_answer.unknownGaps > 0)
        rests += tr(" %1 left out: the console was not connected for %2.")
                     .arg(groupedNumber(m_answer.unknownGaps), sinceText(m_answer.unknownMs));
    m_rests->setText(rests);
    m_chips->showDeaths(m_answer);

    const std::vector<WhatIf::Pause> &pauses = m_room.whatIf()->pauses();
    m_pauseLine->setVisible(!pauses.empty());
    if (!pauses.empty()) {
        const QString at = clockText(pauses.back().from).left(5);
        m_countPauses->setText(pauses.size() == 1
                                   ? tr("Count the source pause at %1").arg(at)
                                   : tr("Count %1 source pauses, last at %2").arg(pauses.size()).arg(at));
        m_pauseNote->setVisible(m_answer.paused > 0);
        m_pauseNote->setText(tr("%1 more would be dead").arg(groupedNumber(m_answer.paused)));
    }
}

void WhatIfPanel::reviewCurve()
{
    const TimingProfile &draft = m_draft->profile();
    const bool pauses = m_countPauses->isChecked();
    // From a little below the interval, where everybody would be dead, to where both lines and the safe value are seen.
    qint64 from = qMax<qint64>(0, wholeSeconds(draft.heartbeatInterval * 9 / 10) - 1'000);
    if (draft.workerKeyTtl > 0)
        from = qMin(from, draft.workerKeyTtl * 8 / 10);
    const qint64 to = std::max({qint64(5'000), m_live.workerKeyTtl * 7 / 6, m_answer.safeTtlMs * 11 / 10,
                                draft.workerKeyTtl * 11 / 10, from + 5'000});
    // At the interval itself everybody would be dead: the scale is for what comes after, unless the draft's line stands
    // there.
    qint64 scaleFrom = draft.heartbeatInterval * 23 / 20;
    if (draft.workerKeyTtl > 0)
        scaleFrom = qMin(scaleFrom, draft.workerKeyTtl);
    m_curve->setCurve(m_room.whatIf()->curve(draft, from, to, pauses), from, to, scaleFrom);
    m_curve->setLines(
        {draft.workerKeyTtl, m_answer.deaths},
        {m_live.workerKeyTtl, m_room.whatIf()->deathsAt(draft.heartbeatInterval, m_live.workerKeyTtl, pauses)});
}

void WhatIfPanel::reviewSafe()
{
    const std::array<qint64, 3> values{m_answer.safeTtlMs, m_answer.safeTtl01Ms, m_answer.safeTtl1Ms};
    for (size_t i = 0; i < m_safe.size(); ++i) {
        Safe &safe = m_safe[i];
        safe.ms = wholeSeconds(values[i]);
        safe.value->setText(fieldText(safe.ms));
        safe.value->setToolTip(tr("Exactly %1, in whole seconds").arg(measuredText(values[i])));
        const bool there = m_draft->profile().workerKeyTtl == safe.ms;
        safe.set->setEnabled(!there);
        safe.set->setAccessibleName(
            tr("Set worker key TTL to %1, at most %2 dead").arg(fieldText(safe.ms), shareText(int(i))));
    }
}

void WhatIfPanel::reviewChanges()
{
    int shown = 0;
    for (const TimingId id : allTimings) {
        const bool changed = m_draft->has(id) && m_draft->isChanged(id);
        Change &change = m_changes[size_t(id)];
        change.line->setVisible(changed);
        if (!changed)
            continue;
        ++shown;
        const TimingDraft::Field &field = m_draft->field(id);
        change.text->setText(QString(fieldText(timingValue(m_draft->base(), id)) + u" → "_s
                                     + (field.text.isEmpty() ? fieldText(field.ms) : tr("unreadable"))));
    }
    m_changesHead->setVisible(shown > 0);
}

void WhatIfPanel::reviewBanner()
{
    const std::shared_ptr<const BeatRecording> recording = m_room.recording();
    m_banner->setVisible(m_room.isLoaded() && recording);
    if (!m_room.isLoaded() || !recording)
        return;
    m_bannerText->setText(tr("Recording of %1, %2, %3")
                              .arg(momentText(m_clock.toWall(recording->to), m_clock.wallNowMs()), recording->source,
                                   countedWord(qint64(recording->workers.size()), u"worker"_s)));
}

} // namespace pulsedeck
