// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/probethread.h"
#include "models/sources/hubprotocol.h"

#include <QTest>

namespace pulsedeck {

inline constexpr int patienceMs = 40'000;

/// One test from start to end.
struct Run
{
    Run(ConnectionTester &tester, const SourceSettings &settings)
        : test(tester.start(settings, &owner))
    {
        if (!QTest::qWaitFor([this] { return test->isOver(); }, patienceMs))
            qFatal("a test was not over in time");
        for (const TestStep &step : test->steps())
            all += step.name + QStringLiteral(": ") + step.text + QStringLiteral(" | ") + step.hint + QChar(u'\n');
    }
    const TestStep *step(const QString &name) const
    {
        for (const TestStep &each : test->steps()) {
            if (each.name == name)
                return &each;
        }
        return nullptr;
    }
    bool has(const QString &name, TestStep::State state) const { return step(name) && step(name)->state == state; }

    QObject owner;
    ConnectionTest *test;
    QString all;
};

inline SourceSettings redis(const RedisUrl &url)
{
    return SourceSettings::fromUrl(url);
}

inline SourceSettings hubAt(int port)
{
    HubAddress address;
    address.port = port;
    return hubSettings(address);
}

} // namespace pulsedeck
