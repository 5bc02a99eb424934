// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutdialect.h"
#include "models/layouts/layoutreader.h"
#include "tests/source/sourcewatch.h"

#include <QTest>

#include <algorithm>
#include <vector>

namespace pulsedeck {

inline TraitsRef traitsNamed(const QString &layout, BeatBasis basis, BeatPace pace)
{
    SourceTraits traits;
    traits.layout = layout;
    traits.worker = QStringLiteral("process");
    traits.workers = QStringLiteral("processes");
    traits.facts = SourceFact::Ttl | SourceFact::Sessions | SourceFact::StatusWord | SourceFact::Push;
    traits.basis = basis;
    traits.idlePace = traits.busyPace = pace;
    return TraitsRef::of(traits);
}

inline void layoutModes()
{
    QTest::addColumn<bool>("push");
    QTest::newRow("push") << true;
    QTest::newRow("sweep") << false;
}

inline Layout layoutFrom(const QByteArray &json)
{
    const LayoutReading reading = LayoutReader::read(json, QStringLiteral("test.json"));
    for (const LayoutProblem &problem : reading.problems)
        qWarning("%s", qPrintable(problem.toString()));
    return reading.layout.value_or(Layout());
}

inline Layout builtInLayout(const QString &name)
{
    const LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/") + name + QStringLiteral(".json"));
    for (const LayoutProblem &problem : reading.problems)
        qWarning("%s", qPrintable(problem.toString()));
    return reading.layout.value_or(Layout());
}

inline bool beginLayouts(SourceWatch &watch, const std::vector<Layout> &layouts)
{
    QFETCH(bool, push);
    watch.options.push = push;
    // Those a test writes by hand do not beat, and are not to be called dead for it.
    watch.options.timing.reaperStaleThreshold = 60'000;
    watch.options.dialects.clear();
    for (const Layout &layout : layouts) {
        if (layout.isNull())
            return false;
        watch.options.dialects.push_back([layout](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, layout,
                                                   std::vector{traitsNamed(layout.name, BeatBasis::KeyTtl, {400, 600, 60'000})});
        });
    }
    return true;
}

inline bool isLayoutSeen(SourceWatch &watch)
{
    watch.watch();
    return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000);
}

inline void sidekiqProcess(SourceWatch &watch, const QByteArray &id, const QByteArray &quiet = "false",
                           const QByteArray &busy = "1")
{
    const QByteArray info = R"({"hostname":"app-1","pid":18412,"started_at":1764240000.5,"tag":"shop","concurrency":10,)"
                            R"("queues":["critical","default"],"labels":[],"identity":"x","version":"7.3.9","embedded":false})";
    const QByteArray beat = QByteArray::number(double(watch.clock.nowMs()) / 1000.0, 'f', 6);
    watch.run({"SADD", "processes", id});
    watch.run({"HSET", id, "info", info, "busy", busy, "beat", beat, "quiet", quiet, "rss", "2048", "rtt_us", "200"});
    watch.run({"EXPIRE", id, "60"});
}

inline void registerRqWorker(SourceWatch &watch, const QByteArray &name)
{
    const QByteArray key = "rq:worker:" + name;
    watch.run({"HSET", key, "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
    watch.run({"EXPIRE", key, "480"});
    watch.run({"SADD", "rq:workers", key});
}

inline bool beatIsSeen(SourceWatch &watch, const QByteArray &id)
{
    const qint64 at = watch.clock.nowMs() + 250;
    watch.run({"HSET", id, "beat", QByteArray::number(double(at) / 1000, 'f', 3)});
    return QTest::qWaitFor([&watch, &id, at] { return qAbs(watch.worker(id).lastHeartbeat - at) <= 1; }, 20'000);
}

/// The number of the connection whose reads are announced one by one; empty while there is none.
inline QByteArray trackedClient(SourceWatch &watch)
{
    const QByteArrayList lines = watch.run({"CLIENT", "LIST"}).text.split('\n');
    for (const QByteArray &line : lines) {
        const QByteArrayList words = line.split(' ');
        const auto flags = std::find_if(words.begin(), words.end(), [](const auto &word) { return word.startsWith("flags="); });
        // t: it tracks; B: by prefix.
        if (flags != words.end() && flags->contains('t') && !flags->contains('B'))
            return words.first().mid(3);
    }
    return {};
}

} // namespace pulsedeck
