// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingcontroller.h"
#include "tests/source/sourcewatch.h"

#include <QTest>

namespace pulsedeck {

/// A second source on a test's Redis, writable, and what it answers to timing changes: a console of one's own.
struct TimingWriter
{
    SystemClock clock;
    RedisSourceOptions options;
    std::unique_ptr<RedisSource> source;
    SourceStatus status;
    QList<TimingApplied> answers;
    QList<TimingHistory> histories;

    TimingWriter()
    {
        options.connection.backoffFirstMs = 20;
        options.connection.backoffCapMs = 100;
        options.sweepMs = 150;
    }

    ~TimingWriter() { source.reset(); } // It answers what is under way as it goes.

    bool open(const RedisUrl &url, bool writable = true)
    {
        source = std::make_unique<RedisSource>(1, url, options, clock);
        QObject::connect(source.get(), &FleetSource::statusChanged, source.get(),
                         [this](const SourceStatus &now) { status = now; });
        QObject::connect(source.get(), &FleetSource::timingApplied, source.get(),
                         [this](const TimingApplied &applied) { answers.append(applied); });
        QObject::connect(source.get(), &FleetSource::timingHistoryRead, source.get(),
                         [this](const TimingHistory &history) { histories.append(history); });
        source->start();
        source->setWritable(writable);
        return QTest::qWaitFor([this] { return status.state == SourceState::Live || status.state == SourceState::Sweeping; },
                               20'000);
    }

    TimingApply change(qint64 expected, qint64 intervalMs) const
    {
        TimingApply apply;
        apply.id = QUuid::createUuid();
        apply.source = 1;
        apply.profile.heartbeatInterval = intervalMs;
        apply.expectedVersion = expected;
        apply.by = QStringLiteral("ann@desk");
        apply.reason = QStringLiteral("a test");
        apply.at = clock.nowMs();
        return apply;
    }

    TimingApplied apply(const TimingApply &change)
    {
        source->applyTiming(change);
        return answerTo(change.id);
    }

    TimingApplied answerTo(const QUuid &id)
    {
        const auto find = [&] {
            return std::find_if(answers.cbegin(), answers.cend(), [&id](const TimingApplied &answer) { return answer.id == id; });
        };
        if (!QTest::qWaitFor([&] { return find() != answers.cend(); }, 20'000))
            return {};
        return *find();
    }

    TimingHistory history()
    {
        const qsizetype before = histories.size();
        source->readTimingHistory();
        if (!QTest::qWaitFor([&] { return histories.size() > before; }, 20'000))
            return {};
        return histories.last();
    }
};

} // namespace pulsedeck
