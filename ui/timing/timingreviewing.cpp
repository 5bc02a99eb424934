// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingreviewing.h"

#include "models/core/format.h"
#include "models/timing/timingeffects.h"
#include "ui/common/fleetwords.h"
#include "ui/common/selfdeleting.h"
#include "ui/timing/comparedialog.h"
#include "ui/timing/conflictdialog.h"
#include "ui/timing/draftstore.h"
#include "ui/timing/timingnotes.h"
#include "ui/timing/timingwords.h"
#include "ui/timing/whatifpanel.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString versionName(const TimingProfile &profile)
{
    return profile.version > 0 ? TimingReviewing::tr("v%1").arg(profile.version) : profile.name;
}

} // namespace

TimingReviewing::TimingReviewing(const TimingContext &context, const TimingSubject &subject, DraftStore &drafts,
                                 BeatRecorder &recorder, WhatIfPanel &whatIf, TimingNotes &notes, TimingFiles *files,
                                 QWidget &page)
    : QObject(&page)
    , m_context(context)
    , m_subject(subject)
    , m_drafts(drafts)
    , m_recorder(recorder)
    , m_whatIf(whatIf)
    , m_notes(notes)
    , m_files(files)
    , m_page(page)
{ }

void TimingReviewing::review()
{
    if (!m_subject.draft)
        return;
    m_notes.endTrouble();
    m_subject.draft->endTyping();
    TimingReview review;
    review.source = m_subject.source;
    review.before = m_subject.draft->base();
    review.after = m_subject.draft->profile();
    review.expectedVersion = m_subject.draft->base().version;
    review.check = m_subject.draft->check();
    for (const TimingId id : allTimings) {
        const TimingDraft::Field &field = m_subject.draft->field(id);
        if (!field.text.isEmpty())
            review.unreadable.append((!m_context.sources.settings(m_subject.source).traits()->has(SourceFact::SharedTiming)
                                          ? tr("%1: “%2” cannot be read: %3.")
                                          : tr("%1: “%2” cannot be read: %3. This blocks Apply."))
                                         .arg(m_subject.draft->library().parameter(id).label, field.text.trimmed(), field.error));
    }
    judge(review);
    openReview(review);
}

void TimingReviewing::rollBack(const TimingVersion &version)
{
    if (!m_subject.draft)
        return;
    m_notes.endTrouble();
    TimingReview review;
    review.source = m_subject.source;
    review.before = m_context.store.timing(m_subject.source);
    review.after = version.profile;
    review.expectedVersion = review.before.version;
    review.rollBackTo = version;
    review.check =
        checkTiming(version.profile, m_subject.draft->rules(), m_subject.draft->library().parameters, m_subject.draft->facts());
    judge(review);
    if (!m_subject.draft->isClean())
        review.whatIf.append(tr("Your draft is kept and will differ from the new version."));
    openReview(review);
}

void TimingReviewing::openReview(const TimingReview &review)
{
    if (m_reviewDialog)
        m_reviewDialog->close();
    auto *dialog = selfDeleting(new ReviewDialog(m_context, review, &m_page));
    m_reviewDialog = dialog;
    const SourceId source = review.source;
    connect(dialog, &ReviewDialog::applied, this, &TimingReviewing::settle);
    connect(dialog, &ReviewDialog::conflicted, this, [this, source](const TimingApplied &applied) {
        m_context.controller.refreshHistory(source);
        if (source == m_subject.source)
            resolve(applied.now);
    });
    dialog->open();
}

void TimingReviewing::judge(TimingReview &review) const
{
    review.whatIf = whatIfSentences(review.before, review.after);
    const std::shared_ptr<const WhatIf> whatIf = m_recorder.whatIf();
    if (!m_subject.draft->has(TimingId::WorkerKeyTtl) || !whatIf || whatIf->workerCount() == 0)
        return;
    const WhatIfAnswer will = whatIf->answer(review.after, m_whatIf.countsPauses());
    review.deaths = will.deaths;
    review.recordedWorkers = will.workers;
    review.deathsToday = whatIf->answer(review.before, m_whatIf.countsPauses()).deaths;
    review.safeTtlMs = will.safeTtlMs;
}

QStringList TimingReviewing::whatIfSentences(const TimingProfile &before, const TimingProfile &after) const
{
    QStringList sentences;
    const TimingEffects old = timingEffects(before, m_subject.measured.workers, m_subject.hubs.actors);
    const TimingEffects now = timingEffects(after, m_subject.measured.workers, m_subject.hubs.actors);
    if (old.hubDetectionWorstMs && now.hubDetectionWorstMs && *old.hubDetectionWorstMs != *now.hubDetectionWorstMs)
        sentences.append(tr("A dead peer of the hub is noticed after %1 at worst, today %2.")
                             .arg(fieldText(*now.hubDetectionWorstMs), fieldText(*old.hubDetectionWorstMs)));
    if (old.hubDetectionMeanMs && now.hubDetectionMeanMs && *old.hubDetectionMeanMs != *now.hubDetectionMeanMs)
        sentences.append(tr("A dead peer of the hub is noticed after %1 on average, today %2.")
                             .arg(fieldText(*now.hubDetectionMeanMs), fieldText(*old.hubDetectionMeanMs)));
    if (!m_subject.draft->has(TimingId::WorkerKeyTtl)) {
        if (old.hubDetectionWorstMs == now.hubDetectionWorstMs && old.hubDetectionMeanMs == now.hubDetectionMeanMs)
            sentences.append(tr("The time until a dead peer is noticed does not change."));
        return sentences;
    }
    const std::shared_ptr<const WhatIf> whatIf = m_recorder.whatIf();
    if (whatIf && whatIf->workerCount() > 0) {
        const WhatIfAnswer was = whatIf->answer(before, m_whatIf.countsPauses());
        const WhatIfAnswer will = whatIf->answer(after, m_whatIf.countsPauses());
        if (will.deaths == 0) // Else it is a finding.
            sentences.append(
                tr("None of %Ln recorded worker(s) would have been declared dead; with today's values %1.", nullptr, will.workers)
                    .arg(groupedNumber(was.deaths)));
        sentences.append(
            tr("%1 % of commands would have expired unread; with today's values %2 %.")
                .arg(QString::number(will.missedShare * 100, 'g', 2), QString::number(was.missedShare * 100, 'g', 2)));
        sentences.append(tr("This is based on %1.").arg(m_whatIf.basis()));
    } else {
        sentences.append(tr("Nothing is recorded: the effect on the workers is not known."));
    }
    if (old.workerDetectionWorstMs && now.workerDetectionWorstMs && *old.workerDetectionWorstMs != *now.workerDetectionWorstMs)
        sentences.append(tr("A dead worker is noticed after %1 at worst, today %2.")
                             .arg(fieldText(*now.workerDetectionWorstMs), fieldText(*old.workerDetectionWorstMs)));
    if (now.workerMissed && now.workerMissed->marginMs < 0)
        sentences.append(tr("Even the first beat of a worker comes too late: the key TTL is shorter than the interval."));
    else if (now.workerMissed)
        sentences.append(tr("A worker may miss %Ln beat(s), with %1 to spare.", nullptr, int(now.workerMissed->beats))
                             .arg(fieldText(now.workerMissed->marginMs)));
    return sentences;
}

void TimingReviewing::settle(const TimingApplied &applied)
{
    m_drafts.settle(applied.source, applied.now.profile);
    m_context.controller.refreshHistory(applied.source);
    if (applied.source != m_subject.source)
        return;
    m_notes.setNote(TimingNotes::News, Glyph::Ok,
                    tr("%1 was written to %2.").arg(versionName(applied.now.profile), m_context.store.sourceName(applied.source)),
                    tr("Close"));
    emit changed();
}

void TimingReviewing::resolve(const TimingVersion &theirs)
{
    auto *dialog = selfDeleting(new ConflictDialog(m_subject.draft->library(), m_subject.draft->base(), theirs,
                                                   m_subject.draft->profile(), m_context.clock.nowMs(), &m_page));
    connect(dialog, &QDialog::accepted, this, [this, dialog, theirs, source = m_subject.source] {
        if (source != m_subject.source)
            return;
        const TimingProfile merged = dialog->merged();
        const TimingProfile yours = m_subject.draft->profile();
        m_subject.draft->begin(theirs.profile);
        m_subject.draft->load(yours, tr("Your draft")); // Undo leads from the merged values back to one's own.
        m_subject.draft->load(merged, tr("Merge with v%1").arg(theirs.profile.version));
        emit changed();
    });
    dialog->open();
}

void TimingReviewing::compare(const TimingProfile *chosen)
{
    if (!m_subject.draft)
        return;
    std::vector<CompareDialog::Choice> choices;
    const TimingProfile &live = m_context.store.timing(m_subject.source);
    choices.push_back({(m_context.past ? tr("In force then, %1") : tr("Live, %1")).arg(versionName(live)), live});
    choices.push_back({tr("Draft"), m_subject.draft->profile()});
    int left = 0;
    for (const TimingVersion &version : m_context.controller.history(m_subject.source).versions) {
        if (chosen && version.profile == *chosen)
            left = int(choices.size());
        QString name = versionName(version.profile);
        if (version.at > 0)
            name += QString(u", "_s + momentText(version.at, m_context.clock.wallNowMs()));
        choices.push_back({name, version.profile});
    }
    for (const TimingPreset &preset : m_subject.draft->library().presets) {
        // Values a preset does not name are those in force.
        TimingProfile profile = live;
        for (const TimingId id : preset.named)
            setTimingValue(profile, id, timingValue(preset.profile, id));
        choices.push_back({tr("Preset %1").arg(preset.name), profile});
    }
    auto *dialog = selfDeleting(new CompareDialog(m_subject.draft->library(), std::move(choices), left, 1, m_files, &m_page));
    dialog->open();
}

} // namespace pulsedeck
