// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sourcefactory.h"
#include "app/sources/sourceprobe.h"
#include "models/core/clock.h"

#include <QFile>
#include <QHash>
#include <QTimer>

namespace pulsedeck {

/// A third protocol, for tests: a text file with a line for each job, its name and when it was last seen in Unix milliseconds. A
/// job whose line is gone has left. It takes no commands.
class TimesProtocol final : public SourceProtocol
{
public:
    static QString fileOf(const SourceSettings &settings) { return settings.own.value(QStringLiteral("file")); }

    QString name() const override { return QStringLiteral("times"); }
    SourceFields fields() const override { return {}; }
    TraitsRef traits() const override
    {
        SourceTraits traits;
        traits.system = QStringLiteral("Times file");
        traits.layout = name();
        traits.worker = QStringLiteral("job");
        traits.workers = QStringLiteral("jobs");
        traits.records = QStringLiteral("lines");
        traits.counting = QStringLiteral("%Ln jobs");
        traits.secret.clear();
        traits.schemes = {name()};
        traits.exampleAddress = QStringLiteral("times:///run/jobs.txt");
        traits.recordPrefix.clear();
        traits.ids = {false, {}, {}, {}};
        traits.copyId = QStringLiteral("Copy Job");
        traits.emptyTitle = QStringLiteral("No jobs stand in %1");
        traits.emptyText = QStringLiteral("The file has no lines.");
        traits.glyph = QStringLiteral("connections");
        traits.facts = {};
        traits.basis = BeatBasis::Stamp;
        for (ActTraits &act : traits.acts)
            act.whyNot = QStringLiteral("a job takes no commands");
        return TraitsRef::of(traits);
    }
    QList<OwnSetting> ownSettings() const override
    {
        return {{QStringLiteral("file"), QStringLiteral("&File"), QStringLiteral("/run/jobs.txt"), true}};
    }
    QString ownProblem(const SourceSettings &settings, const QString &) const override
    {
        return fileOf(settings).startsWith(u'/') ? QString() : QStringLiteral("The file's name begins with /.");
    }
    std::optional<SourceSettings> read(const QString &address, QString *error) const override
    {
        SourceSettings settings;
        settings.own.insert(QStringLiteral("file"), address.trimmed().section(QStringLiteral("://"), -1));
        *error = ownProblem(settings, {});
        return error->isEmpty() ? std::optional(settings) : std::nullopt;
    }
    std::optional<SourceSettings> fromEnvironment(const QProcessEnvironment &variables, QString *error) const override
    {
        const QString file = variables.value(QStringLiteral("TIMES_FILE"));
        return file.isEmpty() ? std::nullopt : read(file, error);
    }
    QString unlockedText() const override { return QStringLiteral("Nothing can be done to jobs."); }
    QString address(const SourceSettings &settings) const override { return QStringLiteral("times://") + fileOf(settings); }
};

/// Name and time of each job, or what is wrong.
struct TimesContent
{
    QHash<QByteArray, qint64> jobs;
    SourceFailure failure;

    explicit TimesContent(const SourceSettings &settings)
    {
        QFile file(TimesProtocol::fileOf(settings));
        if (!file.open(QIODevice::ReadOnly)) {
            failure = {SourceTrouble::Unreachable, file.errorString(), QStringLiteral("Check the file's name.")};
            return;
        }
        for (const QByteArray &line : file.readAll().split('\n')) {
            if (const qsizetype blank = line.indexOf(' '); blank > 0)
                jobs.insert(line.left(blank), line.mid(blank + 1).toLongLong());
        }
    }
};

class TimesSource final : public FleetSource
{
public:
    TimesSource(SourceId id, const SourceSettings &settings, const Clock &clock)
        : m_settings(settings)
        , m_clock(clock)
        , m_poll(new QTimer(this))
    {
        m_status.source = id;
        m_status.traits = settings.traits();
        m_status.sweepEveryMs = 100;
        connect(m_poll, &QTimer::timeout, this, [this] { poll(); });
    }

    void start() override
    {
        ++m_status.generation;
        m_poll->start(m_status.sweepEveryMs);
        poll();
    }
    void stop() override
    {
        m_poll->stop();
        setState(SourceState::Off, {});
    }
    void retryNow() override { poll(); }
    void setWritable(bool) override { }
    void carryOut(const QList<Command> &commands) override
    {
        QList<CommandProgress> answers;
        for (const Command &command : commands) {
            CommandProgress answer;
            answer.command = command.id;
            answer.source = m_status.source;
            answer.at = m_clock.nowMs();
            answer.outcome = CommandProgress::Outcome::Refused;
            answer.refusal = Refusal::ReadOnlySource;
            answers.append(answer);
        }
        emit commandsProgressed(answers);
    }
    void lookUp(const QList<Command> &commands) override { carryOut(commands); }
    void applyTiming(const TimingApply &) override { }
    void readTimingHistory() override { }

private:
    void setState(SourceState state, const SourceFailure &failure)
    {
        if (m_status.state != state)
            m_status.since = m_clock.nowMs();
        m_status.state = state;
        m_status.setTrouble(failure);
        emit statusChanged(m_status);
    }
    void poll()
    {
        const TimesContent content(m_settings);
        if (content.failure.kind != SourceTrouble::None) {
            setState(SourceState::Waiting, content.failure);
            return;
        }
        FleetBatch batch;
        batch.source = m_status.source;
        batch.generation = m_status.generation;
        batch.at = m_clock.nowMs();
        const QHash<QByteArray, qint64> before = std::exchange(m_seen, content.jobs);
        for (auto job = m_seen.begin(); job != m_seen.end(); ++job) {
            if (!m_numbers.contains(job.key())) {
                WorkerText text;
                text.number = m_numbers[job.key()] = m_next++;
                text.id = job.key();
                batch.texts.append(text);
            }
            batch.samples.append(sample(job.key(), *job, true, before.value(job.key(), *job) != *job));
        }
        for (auto job = before.begin(); job != before.end(); ++job) {
            if (m_seen.contains(job.key()))
                continue;
            batch.samples.append(sample(job.key(), *job, false, false));
            batch.removed.append(m_numbers.take(job.key()));
        }
        emit batchReady(batch);
        setState(SourceState::Sweeping, {});
    }
    WorkerSample sample(const QByteArray &id, qint64 seenAt, bool present, bool beat) const
    {
        WorkerSample sample;
        sample.number = m_numbers.value(id);
        sample.readAt = m_clock.nowMs();
        sample.beatAt = seenAt;
        sample.status = WorkerStatus::Available;
        sample.keyPresent = present;
        sample.newBeat = beat;
        sample.end = present ? WorkerEnd::None : WorkerEnd::Left;
        return sample;
    }

    const SourceSettings m_settings;
    const Clock &m_clock;
    QTimer *m_poll;
    SourceStatus m_status;
    QHash<QByteArray, qint64> m_seen;
    QHash<QByteArray, WorkerNumber> m_numbers;
    WorkerNumber m_next = 0;
};

class TimesProbe final : public SourceProbe
{
public:
    explicit TimesProbe(const SourceSettings &settings)
        : SourceProbe(settings, {QStringLiteral("File")}, {})
        , m_settings(settings)
    { }

protected:
    void begin() override { arrive(); }
    void reached() override
    {
        enter();
        const TimesContent content(m_settings);
        if (content.failure.kind != SourceTrouble::None) {
            fail(content.failure);
            return;
        }
        pass(m_settings.traits()->counted(content.jobs.size()));
        enter();
        skip(QStringLiteral("a file asks for no login"));
        finish();
    }

private:
    const SourceSettings m_settings;
};

inline SourceFactory timesFactory()
{
    static const TimesProtocol protocol;
    return {SourceKind::add(protocol),
            [](SourceId id, const SourceSettings &settings, const SourceRequest &, const Clock &clock) -> FleetSource * {
                return new TimesSource(id, settings, clock);
            },
            [](const SourceSettings &settings, const QString &) -> SourceProbe * { return new TimesProbe(settings); }};
}

} // namespace pulsedeck
