// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/timingremote.h"

#include "app/ctl/ctljournal.h"
#include "app/ctl/timing/checkreport.h"
#include "app/ctl/timing/timinglocal.h"
#include "models/core/format.h"
#include "models/core/operatorname.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr SourceId only = 1;

QJsonObject versionJson(const TimingVersion &version)
{
    QJsonObject object = profileJson(version.profile);
    object[u"version"_s] = version.profile.version;
    object[u"updatedAt"_s] = version.at > 0 ? QJsonValue(version.at) : QJsonValue();
    object[u"updatedBy"_s] = version.by;
    object[u"reason"_s] = version.reason;
    return object;
}

/// Each value that differs.
QJsonArray changesJson(const TimingProfile &before, const TimingProfile &after)
{
    QJsonArray changes;
    for (const TimingId id : allTimings) {
        if (timingValue(before, id) != timingValue(after, id))
            changes.append(changeJson(id, timingValue(before, id), timingValue(after, id)));
    }
    return changes;
}

/// ", by ann@desk at 2026-11-02 14:03:11: calmer", as far as it is known.
QString origin(const TimingVersion &version)
{
    QString text;
    if (!version.by.isEmpty())
        text += u", by "_s + version.by;
    if (version.at > 0)
        text += u" at "_s + wallDateTimeText(version.at);
    return version.reason.isEmpty() ? text : QString(text + u": "_s + version.reason);
}

} // namespace

TimingRemote::TimingRemote(const TimingOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
    , m_store(m_clock)
{
    m_store.addSource(only, options.url.display());
    RedisSourceOptions sourceOptions;
    sourceOptions.connection.clientName = "pulsedeckctl-timing";
    sourceOptions.connection.reconnect = false;
    sourceOptions.connection.connectTimeoutMs = options.timeoutMs;
    sourceOptions.connection.replyTimeoutMs = options.timeoutMs;
    sourceOptions.push = false;
    m_source = std::make_unique<RedisSource>(only, options.url, sourceOptions, m_clock);
    m_controller = std::make_unique<TimingController>(m_store, m_clock);
    m_controller->setOperator(operatorName());
    connect(m_source.get(), &FleetSource::statusChanged, this, &TimingRemote::takeStatus);
    connect(m_source.get(), &FleetSource::timingHistoryRead, this, &TimingRemote::takeHistory);
    connect(m_source.get(), &FleetSource::timingApplied, m_controller.get(), &TimingController::takeApplied);
    connect(m_controller.get(), &TimingController::applyRequested, m_source.get(),
            [this](SourceId, const TimingApply &apply) { m_source->applyTiming(apply); });
    connect(m_controller.get(), &TimingController::applied, this, &TimingRemote::takeApplied);
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &TimingRemote::giveUp);
}

TimingRemote::~TimingRemote()
{
    m_controller->disconnect(this); // What the source still answers no longer matters.
    m_source->disconnect(this);
    m_source.reset();
    m_journal.reset(); // Closed with all that was written, before the controller that writes to it ends.
}

void TimingRemote::start()
{
    const bool writes = m_options.action == TimingOptions::Action::Apply || m_options.action == TimingOptions::Action::RollBack;
    if (writes) {
        m_journal = openJournal(m_options.journalFile);
        m_controller->setJournal(m_journal.get());
    }
    m_limit.start(m_options.timeoutMs);
    m_source->start();
    m_source->setWritable(writes);
}

void TimingRemote::takeStatus(const SourceStatus &status)
{
    m_status = status;
    m_store.applyStatus(status);
    const bool ready = status.state == SourceState::Live || status.state == SourceState::Sweeping;
    if (ready && !m_begun) {
        m_begun = true;
        // Not from inside the source's own work.
        QMetaObject::invokeMethod(this, &TimingRemote::goOn, Qt::QueuedConnection);
    } else if (!m_begun && (status.state == SourceState::Failed || status.state == SourceState::Waiting)) {
        QMetaObject::invokeMethod(this, &TimingRemote::giveUp, Qt::QueuedConnection);
    }
}

void TimingRemote::goOn()
{
    if (m_options.action == TimingOptions::Action::Apply)
        applyProfile();
    else
        m_source->readTimingHistory();
}

void TimingRemote::giveUp()
{
    if (isEnded())
        return;
    const QString why = !m_status.message.isEmpty() ? m_status.message : u"It did not answer in time; see --timeout."_s;
    Output::complain(m_status.hint.isEmpty() ? why : QString(why + u' ' + m_status.hint));
    end(CtlExit::NoConnection);
}

void TimingRemote::show(const TimingHistory &history)
{
    TimingVersion now{m_status.timing, 0, {}, {}};
    // The history has the author; without it the values are shown alone.
    for (const TimingVersion &version : history.versions) {
        if (now.profile.version > 0 && version.profile.version == now.profile.version)
            now = {m_status.timing, version.at, version.by, version.reason};
    }
    for (const QString &problem : std::as_const(m_status.timingProblems))
        Output::complain(problem);
    QByteArray out;
    if (m_options.json) {
        out = QJsonDocument(versionJson(now)).toJson();
    } else {
        QString text = now.profile.version > 0 ? u"fleet:timing, version %1%2\n"_s.arg(now.profile.version).arg(origin(now))
                                               : u"There is no shared record. These are the defaults.\n"_s;
        for (const TimingId id : allTimings)
            text += u"%1  %2\n"_s.arg(QString::fromLatin1(timingName(id)), -22).arg(timingText(timingValue(now.profile, id)));
        out = text.toUtf8();
    }
    endWith(out, CtlExit::Done);
}

void TimingRemote::takeHistory(const TimingHistory &history)
{
    if (isEnded())
        return;
    if (m_options.action == TimingOptions::Action::Show) {
        show(history);
        return;
    }
    if (!history.known) {
        Output::complain(u"The history cannot be read: "_s + history.text);
        end(CtlExit::NoConnection);
        return;
    }
    if (!history.text.isEmpty())
        Output::complain(history.text);
    if (m_options.action == TimingOptions::Action::RollBack)
        rollBack(history);
    else
        tellHistory(history);
}

void TimingRemote::tellHistory(const TimingHistory &history)
{
    if (m_options.json) {
        QJsonArray versions;
        for (const TimingVersion &version : history.versions)
            versions.append(versionJson(version));
        endWith(QJsonDocument(versions).toJson(), CtlExit::Done);
        return;
    }
    QString text;
    for (qsizetype i = 0; i < history.versions.size(); ++i) {
        const TimingVersion &version = history.versions.at(i);
        const QString when = version.at > 0 ? wallDateTimeText(version.at) : u"–"_s;
        text += u"v%1  %2  %3  %4\n"_s.arg(version.profile.version).arg(when, version.by, version.reason);
        if (i + 1 < history.versions.size())
            text += u"    %1\n"_s.arg(
                timingChangesText(history.versions.at(i + 1).profile, version.profile, m_controller->library()));
    }
    endWith(text.isEmpty() ? "There is no history.\n" : text.toUtf8(), CtlExit::Done);
}

/// False, after reporting why, if a must is broken, or a recommendation that was not acknowledged.
bool TimingRemote::mayApply(const TimingProfile &profile, QString *acknowledged)
{
    TimingLibrary library = m_controller->library();
    const TimingRuleSet *rules = chosenRules(m_options, &library);
    if (!rules) {
        end(CtlExit::Usage);
        return false;
    }
    ProfileInput input;
    input.profile = profile;
    input.given.fill(true);
    TimingFacts facts;
    facts.actors = m_options.actors;
    const CheckReport report{input, *rules, library, checkTiming(profile, *rules, library.parameters, facts)};
    QStringList broken;
    for (const TimingFinding &finding : report.check.findings) {
        if (!finding.applies || finding.holds || finding.severity == TimingSeverity::Advice)
            continue;
        Output::complain(u"%1 %2: %3"_s.arg(severityName(finding.severity), finding.rule, report.sentence(finding)));
        if (finding.severity == TimingSeverity::Recommended)
            broken.append(finding.rule);
    }
    for (const TimingFieldProblem &field : report.check.fields)
        Output::complain(u"%1: %2"_s.arg(library.parameter(field.id).label, field.text));
    if (!report.check.mayApply() || (!broken.isEmpty() && !m_options.acknowledged)) {
        Output::complain(report.check.mayApply() ? u"Nothing was changed. To apply it anyway, add --acknowledge."_s
                                                 : u"Nothing was changed."_s);
        end(CtlExit::Findings);
        return false;
    }
    if (!broken.isEmpty())
        *acknowledged = u" (acknowledged: %1)"_s.arg(broken.join(u", "_s));
    return true;
}

void TimingRemote::applyProfile()
{
    ProfileInput input;
    input.profile = m_status.timing;
    for (const ProfileSpec &spec : m_options.profiles)
        takeProfile(m_options, spec, m_controller->library(), &input);
    for (const ProfileInput::Problem &problem : input.problems)
        Output::complain(placeText(problem.file, problem.line) + problem.text);
    if (!input.isReadable()) {
        end(CtlExit::Usage);
        return;
    }
    for (const TimingChange &change : m_options.changes)
        setTimingValue(input.profile, change.id, change.ms);
    if (isInForce(input.profile))
        return;
    QString acknowledged;
    if (mayApply(input.profile, &acknowledged)) {
        m_wanted = input.profile;
        m_controller->apply(only, input.profile, m_options.expected >= 0 ? m_options.expected : m_status.timing.version,
                            QString(m_options.reason + acknowledged));
    }
}

/// What is there already is not written once more, so that a CI may apply the same file each time.
bool TimingRemote::isInForce(const TimingProfile &profile)
{
    const qint64 version = m_status.timing.version;
    const bool expected = m_options.expected < 0 || m_options.expected == version;
    const bool same = std::all_of(allTimings.begin(), allTimings.end(),
                                  [&](TimingId id) { return timingValue(profile, id) == timingValue(m_status.timing, id); });
    if (version == 0 || !expected || !same)
        return false;
    const QByteArray out = m_options.json
                               ? QJsonDocument(versionJson({m_status.timing, 0, {}, {}})).toJson()
                               : u"Version %1 already has these values. Nothing was written.\n"_s.arg(version).toUtf8();
    endWith(out, CtlExit::Done);
    return true;
}

/// "Worker key TTL  30 s → 20 s", a line for each value that changes: what was typed may have been read as something
/// else.
QStringList TimingRemote::changeLines() const
{
    QStringList lines;
    for (const TimingId id : allTimings) {
        const qint64 before = timingValue(m_status.timing, id);
        const qint64 after = timingValue(m_wanted, id);
        if (before != after)
            lines.append(u"%1  %2 → %3"_s.arg(m_controller->library().parameter(id).label, -24)
                             .arg(timingText(before), timingText(after)));
    }
    return lines;
}

/// The three versions of each value that differs.
void TimingRemote::tellThree(const TimingProfile &theirs)
{
    for (const TimingId id : allTimings) {
        const qint64 began = timingValue(m_status.timing, id);
        const qint64 their = timingValue(theirs, id);
        const qint64 your = timingValue(m_wanted, id);
        if (began != their || began != your)
            Output::complain(u"  %1  was %2, theirs %3, yours %4"_s.arg(QString::fromLatin1(timingName(id)), -22)
                                 .arg(timingText(began), timingText(their), timingText(your)));
    }
}

void TimingRemote::rollBack(const TimingHistory &history)
{
    const auto to = std::find_if(history.versions.begin(), history.versions.end(),
                                 [this](const TimingVersion &version) { return version.profile.version == m_options.toVersion; });
    if (to == history.versions.end()) {
        Output::complain(u"There is no version %1 in the history."_s.arg(m_options.toVersion));
        end(CtlExit::Findings);
        return;
    }
    if (isInForce(to->profile))
        return;
    QString acknowledged;
    if (!mayApply(to->profile, &acknowledged))
        return;
    m_wanted = to->profile;
    m_controller->rollBack(only, *to, m_options.expected >= 0 ? m_options.expected : m_status.timing.version,
                           QString(m_options.reason + acknowledged));
}

void TimingRemote::takeApplied(const TimingApplied &applied)
{
    if (isEnded())
        return;
    using Outcome = TimingApplied::Outcome;
    const qint64 version = applied.now.profile.version;
    switch (applied.outcome) {
    case Outcome::Applied: {
        if (!applied.text.isEmpty())
            Output::complain(applied.text);
        QJsonObject object = versionJson(applied.now);
        object[u"changes"_s] = changesJson(m_status.timing, m_wanted);
        const QString text = changeLines().join(u'\n') + u"\nVersion %1 is in force.\n"_s.arg(version);
        const QByteArray out = m_options.json ? QJsonDocument(object).toJson() : text.trimmed().append(u'\n').toUtf8();
        endWith(out, CtlExit::Done);
        return;
    }
    case Outcome::Conflict: {
        Output::complain(
            u"Somebody else changed the record: it is at version %1 by %2 (%3). Nothing was changed."_s.arg(version).arg(
                applied.now.by.isEmpty() ? u"somebody"_s : applied.now.by, applied.now.reason));
        tellThree(applied.now.profile);
        break;
    }
    case Outcome::Refused:
        Output::complain(u"Refused: %1%2"_s.arg(refusalText(applied.refusal),
                                                applied.text.isEmpty() ? QString() : QString(u": "_s + applied.text)));
        break;
    case Outcome::Unknown:
        Output::complain(
            u"There was no answer: the record may have been written or not. See timing show. %1"_s.arg(applied.text));
        for (const QString &line : changeLines())
            Output::complain(u"  "_s + line);
        break;
    }
    end(applied.outcome == Outcome::Unknown ? CtlExit::NoConnection : CtlExit::Findings);
}

} // namespace pulsedeck
