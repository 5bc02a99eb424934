// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator does on the Timing page beyond editing: review, apply, roll back, compare, files.
#include "models/core/format.h"
#include "models/timing/timingeffects.h"
#include "ui/fleet/fleetwords.h"
#include "ui/timing/comparedialog.h"
#include "ui/timing/conflictdialog.h"
#include "ui/timing/filedialog.h"
#include "ui/timing/timingpageprivate.h"
#include "ui/timing/timingwords.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMessageBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString versionName(const TimingProfile &profile)
{
    return profile.version > 0 ? TimingPage::tr("v%1").arg(profile.version) : profile.name;
}

} // namespace

void TimingPage::Private::takeProfile(SourceId source)
{
    const auto found = m_drafts.find(source);
    if (found == m_drafts.end())
        return;
    TimingDraft &draft = *found->second;
    const TimingProfile &live = m_context.store.timing(source);
    if (live == draft.base()) {
        draft.setLive(live);
        return;
    }
    // What was written by us is told at once, and by the source a moment later: until then it still says what was
    // before.
    if (live.version > 0 && live.version < draft.base().version)
        return;
    // A draft that is edited keeps what it began from: only its author decides what becomes of it.
    if (draft.isClean() || (draft.unreadable() == 0 && sameTiming(draft.profile(), live)))
        draft.begin(live);
    else
        draft.setLive(live);
}

QStringList TimingPage::Private::whatIfSentences(const TimingProfile &before, const TimingProfile &after) const
{
    QStringList sentences;
    const TimingEffects old = timingEffects(before, m_measured.workers, m_hubTiming.actors);
    const TimingEffects now = timingEffects(after, m_measured.workers, m_hubTiming.actors);
    if (old.hubDetectionWorstMs && now.hubDetectionWorstMs && *old.hubDetectionWorstMs != *now.hubDetectionWorstMs)
        sentences.append(tr("A dead peer of the hub is noticed after %1 at worst, today %2.")
                             .arg(fieldText(*now.hubDetectionWorstMs), fieldText(*old.hubDetectionWorstMs)));
    if (old.hubDetectionMeanMs && now.hubDetectionMeanMs && *old.hubDetectionMeanMs != *now.hubDetectionMeanMs)
        sentences.append(tr("A dead peer of the hub is noticed after %1 on average, today %2.")
                             .arg(fieldText(*now.hubDetectionMeanMs), fieldText(*old.hubDetectionMeanMs)));
    if (!m_draft->has(TimingId::WorkerKeyTtl)) {
        if (old.hubDetectionWorstMs == now.hubDetectionWorstMs && old.hubDetectionMeanMs == now.hubDetectionMeanMs)
            sentences.append(tr("When a dead peer is noticed does not change."));
        return sentences;
    }
    const std::shared_ptr<const WhatIf> whatIf = m_room.whatIf();
    if (whatIf && whatIf->workerCount() > 0) {
        const WhatIfAnswer was = whatIf->answer(before, m_whatIf->countsPauses());
        const WhatIfAnswer will = whatIf->answer(after, m_whatIf->countsPauses());
        if (will.deaths == 0) // Else it is a finding.
            sentences.append(tr("None of %1 recorded would have been declared dead; with today's values %2.")
                                 .arg(countedWord(will.workers, u"worker"_s), groupedNumber(was.deaths)));
        sentences.append(
            tr("%1 % of commands would have expired unread; with today's values %2 %.")
                .arg(QString::number(will.missedShare * 100, 'g', 2), QString::number(was.missedShare * 100, 'g', 2)));
        sentences.append(tr("This rests on %1.").arg(m_whatIf->restsOn()));
    } else {
        sentences.append(tr("Nothing is recorded: what this would have meant for the workers is not known."));
    }
    if (old.workerDetectionWorstMs && now.workerDetectionWorstMs && *old.workerDetectionWorstMs != *now.workerDetectionWorstMs)
        sentences.append(tr("A dead worker is noticed after %1 at worst, today %2.")
                             .arg(fieldText(*now.workerDetectionWorstMs), fieldText(*old.workerDetectionWorstMs)));
    if (now.workerMissed && now.workerMissed->marginMs < 0)
        sentences.append(tr("The first beat of a worker comes too late already: the key TTL is shorter than the interval."));
    else if (now.workerMissed)
        sentences.append(tr("A worker may miss %1, with %2 to spare.")
                             .arg(countedWord(now.workerMissed->beats, u"beat"_s), fieldText(now.workerMissed->marginMs)));
    return sentences;
}

void TimingPage::Private::judge(TimingReview &review) const
{
    review.whatIf = whatIfSentences(review.before, review.after);
    const std::shared_ptr<const WhatIf> whatIf = m_room.whatIf();
    if (!m_draft->has(TimingId::WorkerKeyTtl) || !whatIf || whatIf->workerCount() == 0)
        return;
    const WhatIfAnswer will = whatIf->answer(review.after, m_whatIf->countsPauses());
    review.deaths = will.deaths;
    review.recordedWorkers = will.workers;
    review.deathsToday = whatIf->answer(review.before, m_whatIf->countsPauses()).deaths;
    review.safeTtlMs = will.safeTtlMs;
}

void TimingPage::Private::review()
{
    if (!m_draft)
        return;
    m_notes->endTrouble();
    m_draft->endTyping();
    TimingReview review;
    review.source = m_source;
    review.before = m_draft->base();
    review.after = m_draft->profile();
    review.expectedVersion = m_draft->base().version;
    review.check = m_draft->check();
    for (const TimingId id : allTimings) {
        const TimingDraft::Field &field = m_draft->field(id);
        if (!field.text.isEmpty())
            review.unreadable.append((m_context.sources.settings(m_source).isHub()
                                          ? tr("%1: “%2” cannot be read: %3.")
                                          : tr("%1: “%2” cannot be read: %3. This blocks Apply."))
                                         .arg(m_draft->library().parameter(id).label, field.text.trimmed(), field.error));
    }
    judge(review);
    openReview(review);
}

void TimingPage::Private::rollBack(const TimingVersion &version)
{
    if (!m_draft)
        return;
    m_notes->endTrouble();
    TimingReview review;
    review.source = m_source;
    review.before = m_context.store.timing(m_source);
    review.after = version.profile;
    review.expectedVersion = review.before.version;
    review.rollBackTo = version;
    review.check = checkTiming(version.profile, m_draft->rules(), m_draft->library().parameters, m_draft->facts());
    judge(review);
    if (!m_draft->isClean())
        review.whatIf.append(tr("Your draft stays, and will differ from the new version."));
    openReview(review);
}

void TimingPage::Private::openReview(const TimingReview &review)
{
    if (m_reviewDialog)
        m_reviewDialog->close();
    auto *dialog = new ReviewDialog(m_context, review, &q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_reviewDialog = dialog;
    const SourceId source = review.source;
    connect(dialog, &ReviewDialog::applied, this, &Private::settle);
    connect(dialog, &ReviewDialog::conflicted, this, [this, source](const TimingApplied &applied) {
        m_context.desk.refreshHistory(source);
        if (source == m_source)
            resolve(applied.now);
    });
    dialog->open();
}

void TimingPage::Private::settle(const TimingApplied &applied)
{
    const auto found = m_drafts.find(applied.source);
    if (found != m_drafts.end()) {
        TimingDraft &draft = *found->second;
        // What was applied may be an old version while a draft is edited: then the draft is still its author's.
        if (draft.isClean() || sameTiming(draft.profile(), applied.now.profile))
            draft.begin(applied.now.profile);
    }
    m_context.desk.refreshHistory(applied.source);
    if (applied.source != m_source)
        return;
    m_notes->setNote(TimingNotes::News, Glyph::Ok,
                     tr("%1 is written to %2.").arg(versionName(applied.now.profile), m_context.store.sourceName(applied.source)),
                     tr("Close"));
    reviewFleet();
    reviewHistory();
    reviewRollout();
}

void TimingPage::Private::resolve(const TimingVersion &theirs)
{
    auto *dialog =
        new ConflictDialog(m_draft->library(), m_draft->base(), theirs, m_draft->profile(), m_context.clock.nowMs(), &q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, theirs, source = m_source] {
        if (source != m_source)
            return;
        const TimingProfile merged = dialog->merged();
        const TimingProfile yours = m_draft->profile();
        m_draft->begin(theirs.profile);
        m_draft->load(yours, tr("Your draft")); // One step back from what was chosen are all of one's own values.
        m_draft->load(merged, tr("Bring together with v%1").arg(theirs.profile.version));
        reviewHistory();
    });
    dialog->open();
}

void TimingPage::Private::compare(const TimingProfile *chosen)
{
    if (!m_draft)
        return;
    std::vector<CompareDialog::Choice> choices;
    const TimingProfile &live = m_context.store.timing(m_source);
    choices.push_back({tr("Live, %1").arg(versionName(live)), live});
    choices.push_back({tr("Draft"), m_draft->profile()});
    int left = 0;
    for (const TimingVersion &version : m_context.desk.history(m_source).versions) {
        if (chosen && version.profile == *chosen)
            left = int(choices.size());
        QString name = versionName(version.profile);
        if (version.at > 0)
            name += QString(u", "_s + momentText(version.at, m_context.clock.wallNowMs()));
        choices.push_back({name, version.profile});
    }
    for (const TimingPreset &preset : m_draft->library().presets) {
        // A preset says nothing of what it does not name: there the values in force stand.
        TimingProfile profile = live;
        for (const TimingId id : preset.named)
            setTimingValue(profile, id, timingValue(preset.profile, id));
        choices.push_back({tr("Preset %1").arg(preset.name), profile});
    }
    auto *dialog = new CompareDialog(m_draft->library(), std::move(choices), left, 1, m_files, &q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TimingPage::Private::exportTo(const QString &kind)
{
    if (!m_files || !m_draft)
        return;
    m_notes->endTrouble();
    auto *dialog = new QFileDialog(
        &q, tr("Choose the %1 to change").arg(kind == u"wrangler.toml"_s ? tr("wrangler file") : tr(".env file")));
    dialog->setObjectName(u"exportTimingDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot); // .env is a hidden file.
    dialog->setNameFilter(kind == u"wrangler.toml"_s ? tr("Wrangler (*.toml *.jsonc *.json);;All files (*)")
                                                     : tr("Environment (*.env .env*);;All files (*)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_notes->endTrouble();
        if (m_draft)
            m_proposeToken = m_files->propose(path, m_draft->profile());
    });
    dialog->open();
}

void TimingPage::Private::readFrom()
{
    if (!m_files || !m_draft)
        return;
    m_notes->endTrouble();
    auto *dialog = new QFileDialog(&q, tr("Read timing values"));
    dialog->setObjectName(u"readTimingDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_notes->endTrouble();
        m_readToken = m_files->read(path);
    });
    dialog->open();
}

QString TimingPage::Private::whyNotExport(const TimingFileAnswer &proposal) const
{
    if (m_draft->unreadable() > 0)
        return tr("A value of the draft cannot be read: nothing is written.");
    TimingFacts facts = m_draft->facts();
    facts.destination = TimingDestination::Files;
    const TimingCheck check = checkTiming(m_draft->profile(), m_draft->rules(), m_draft->library().parameters, facts);
    for (const TimingFieldProblem &problem : check.fields) {
        const std::vector<TimingFileText::Value> values = proposal.file.inForce(proposal.environment);
        const bool held =
            std::any_of(values.begin(), values.end(), [&](const TimingFileText::Value &value) { return value.id == problem.id; });
        if (held)
            return tr("%1: %2. Nothing is written.").arg(m_draft->library().parameter(problem.id).label, problem.text);
    }
    for (const TimingFinding &finding : check.findings) {
        if (finding.applies && !finding.holds && finding.severity == TimingSeverity::Must)
            return tr("%1 Nothing is written.").arg(findingSentence(finding, m_draft->library()));
    }
    return {};
}

void TimingPage::Private::takeFile(const TimingFileAnswer &answer)
{
    if (!m_draft || answer.token == 0 || (answer.token != m_proposeToken && answer.token != m_readToken))
        return;
    const bool proposed = answer.token == m_proposeToken;
    (proposed ? m_proposeToken : m_readToken) = 0;
    if (!answer.ok) {
        m_notes->setNote(TimingNotes::News, Glyph::Error, answer.error, tr("Close"));
        return;
    }
    m_notes->endTrouble();
    if (!proposed) {
        chooseProfile(answer);
        return;
    }
    auto *dialog = new FileDialog(
        *m_files, answer, m_draft->profile(), [this](const TimingFileAnswer &one) { return whyNotExport(one); }, &q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &FileDialog::written, this, [this](const QString &path, const QString &backup) {
        m_notes->setNote(
            TimingNotes::News, Glyph::Ok,
            tr("%1 is written; the old one is kept as %2.").arg(QFileInfo(path).fileName(), QFileInfo(backup).fileName()),
            tr("Close"));
    });
    dialog->open();
}

/// Of several profiles in a file one becomes the draft: which, only the operator knows.
void TimingPage::Private::chooseProfile(const TimingFileAnswer &answer)
{
    const QStringList profiles = answer.file.profiles();
    if (profiles.size() == 1) {
        readProfile(answer, profiles.constFirst());
        return;
    }
    QStringList names;
    for (const QString &name : profiles)
        names.append(name.isEmpty() ? tr("Top level") : tr("Environment %1").arg(name));
    auto *dialog = new QInputDialog(&q);
    dialog->setObjectName(u"profileChoice"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Read %1").arg(QFileInfo(answer.path).fileName()));
    dialog->setLabelText(tr("This file has several profiles. Which one is to be read?"));
    dialog->setComboBoxItems(names);
    dialog->setOkButtonText(tr("Read it"));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, answer, names, profiles, source = m_source](const QString &chosen) {
                if (const qsizetype at = names.indexOf(chosen); at >= 0 && m_draft && source == m_source)
                    readProfile(answer, profiles.at(at));
            });
    dialog->open();
}

void TimingPage::Private::readProfile(const TimingFileAnswer &answer, const QString &environment)
{
    const QString file = QFileInfo(answer.path).fileName();
    const QString name = environment.isEmpty() ? file : tr("%1, environment %2").arg(file, environment);
    std::vector<TimingChange> changes;
    for (const TimingFileText::Value &value : answer.file.inForce(environment))
        changes.push_back({value.id, value.ms});
    if (!changes.empty())
        m_draft->change(changes, tr("Values of %1").arg(name));
    QString text = changes.empty()       ? tr("%1 sets no timing value.").arg(name)
                   : changes.size() == 1 ? tr("1 value was read from %1.").arg(name)
                                         : tr("%1 values were read from %2.").arg(changes.size()).arg(name);
    bool all = true;
    for (const TimingFileText::Problem &problem : answer.file.problems) {
        if (problem.environment != environment)
            continue;
        text += u' ' + timingProblemText(problem);
        all = false;
    }
    m_notes->setNote(TimingNotes::News, all && !changes.empty() ? Glyph::Info : Glyph::Warning, text, tr("Close"));
}

void TimingPage::Private::showConstants()
{
    if (!m_draft)
        return;
    QStringList lines;
    for (const TimingParameter &parameter : m_draft->library().parameters) {
        if (parameter.variables.empty())
            lines.append(constantText(parameter, m_draft->field(parameter.id).ms));
    }
    auto *box = new QMessageBox(
        QMessageBox::NoIcon, tr("Constants in code"),
        tr("No file sets these; where the record in Redis is not read, the code has to be changed:\n\n%1").arg(lines.join(u'\n')),
        QMessageBox::Close, &q);
    box->setObjectName(u"constantsBox"_s);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void TimingPage::Private::chooseSet(const QString &id)
{
    m_context.settings.setValue(u"timing/rules"_s, id);
    for (const auto &one : m_drafts)
        one.second->setRules(id);
    orderTabs(); // The ladder's rows are new.
}

void TimingPage::Private::chooseRules()
{
    m_notes->endTrouble();
    auto *dialog = new QFileDialog(&q, tr("Read rules and presets"), {}, tr("JSON (*.json);;All files (*)"));
    dialog->setObjectName(u"rulesDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &Private::readRules);
    dialog->open();
}

void TimingPage::Private::readRules(const QString &path)
{
    QStringList before;
    for (const TimingRuleSet &set : m_context.desk.library().ruleSets)
        before.append(set.id);
    QString error;
    if (!m_context.desk.extendLibrary(path, &error)) {
        m_notes->setNote(TimingNotes::News, Glyph::Error, tr("%1. The rules stay as they are.").arg(error), tr("Close"));
        return;
    }
    QString chosen;
    for (const TimingRuleSet &set : m_context.desk.library().ruleSets) {
        if (!before.contains(set.id) && chosen.isEmpty()) {
            chooseSet(set.id);
            chosen = tr(" “%1” is checked now.").arg(set.name);
        }
    }
    m_notes->setNote(TimingNotes::News, Glyph::Ok,
                     tr("%1 is read, until the program ends.%2").arg(QFileInfo(path).fileName(), chosen), tr("Close"));
}

void TimingPage::Private::requestWorker(const QByteArray &id)
{
    const WorkerHandle handle = m_context.store.find(m_source, id);
    if (handle != noWorker)
        emit q.workerRequested(handle);
    else
        m_notes->setNote(TimingNotes::News, Glyph::Info, tr("%1 is not in the fleet any more.").arg(QString::fromUtf8(id)),
                         tr("Close"));
}

QString TimingPage::Private::sourceTerm() const
{
    if (m_context.sources.rowCount() < 2)
        return {};
    const QString name = m_context.store.sourceName(m_source);
    return name.contains(u' ') ? QString(u" \"source:"_s + name + u'"') : QString(u" source:"_s + name);
}

void TimingPage::Private::showBehind()
{
    // A few are named: their medians take long to follow, so that drift alone would show those too that have followed.
    constexpr size_t mostNamed = 40;
    const TimingRollout &rollout = m_context.desk.rollout(m_source);
    QStringList ids;
    for (const WorkerHandle handle : rollout.behind) {
        if (m_context.store.worker(handle).used)
            ids.append(plainId(m_context.store.worker(handle).id));
    }
    const bool named = !ids.isEmpty() && size_t(ids.size()) <= mostNamed;
    emit q.filterRequested(QString((named ? QString(u"id:"_s + ids.join(u',')) : u"drift:any"_s) + sourceTerm()));
}

void TimingPage::Private::noteButton(int kind)
{
    switch (kind) {
    case TimingNotes::Newer: {
        // The history knows who it was; without it at least what is there.
        TimingVersion theirs{m_context.store.timing(m_source), 0, {}, {}};
        for (const TimingVersion &version : m_context.desk.history(m_source).versions) {
            if (version.profile.version == theirs.profile.version)
                theirs = version;
        }
        resolve(theirs);
        break;
    }
    case TimingNotes::Rollout:
        showBehind();
        break;
    case TimingNotes::News:
        m_notes->setNote(TimingNotes::News, Glyph::Info, {});
        break;
    default:
        break;
    }
}

} // namespace pulsedeck
