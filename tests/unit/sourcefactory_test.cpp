// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/protocols/allprotocols.h"
#include "app/sources/sourceprobe.h"
#include "tests/support/stepclock.h"
#include "tests/support/testprogram.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

SourceSettings settingsOfKind(SourceKind kind)
{
    return SourceSettings::ofKind(kind);
}

} // namespace

class SourceFactoryTest : public QObject
{
    Q_OBJECT

private slots:
    void everyKindIsRegisteredOnce()
    {
        QSet<int> kinds;
        for (const SourceFactory &factory : sourceFactories()) {
            kinds.insert(factory.kind.index());
            QCOMPARE(&sourceFactory(factory.kind), &factory);
        }
        QCOMPARE(kinds.size(), qsizetype(sourceFactories().size()));
        QVERIFY(kinds.contains(SourceKind::Redis.index()) && kinds.contains(SourceKind::Hub.index()));
    }

    void addressesSayTheirKind()
    {
        for (const SourceFactory &factory : sourceFactories()) {
            const SourceSettings settings = settingsOfKind(factory.kind);
            QCOMPARE(settings.kind, factory.kind);
            QCOMPARE(SourceSettings::kindOf(settings.address()), std::optional(factory.kind));
            QCOMPARE(SourceSettings::kindOf(settings.traits()->exampleAddress.toUpper()), std::optional(factory.kind));
            QCOMPARE(settings.port, settings.traits()->usualPort);
        }
        QVERIFY(!SourceSettings::kindOf(u"host:6379"_s));
        QVERIFY(!SourceSettings::kindOf(u"ftp://host"_s));
        QVERIFY(!SourceSettings::kindOf(u"://host"_s));
        QCOMPARE(SourceSettings::kindOf(u"  valkeys://host"_s), std::optional(SourceKind::Redis));
    }

    void sourcesTellTheTraitsOfTheirKindAndEnd()
    {
        const StepClock clock;
        SourceRequest look;
        look.once = true;
        look.timeoutMs = 100;
        for (const SourceFactory &factory : sourceFactories()) {
            const SourceSettings settings = settingsOfKind(factory.kind);
            const std::unique_ptr<FleetSource> source(factory.makeSource(7, settings, look, clock));
            SourceStatus told;
            connect(source.get(), &FleetSource::statusChanged, this, [&told](const SourceStatus &status) { told = status; });
            QSignalSpy ended(source.get(), &FleetSource::ended);
            source->start();
            QCOMPARE(told.source, SourceId(7));
            QVERIFY(told.traits == settings.traits());
            source->end();
            QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
            QCOMPARE(told.state, SourceState::Off);
        }
    }

    void testsHaveOneStepThatSignsIn()
    {
        for (const SourceFactory &factory : sourceFactories()) {
            const SourceSettings settings = settingsOfKind(factory.kind);
            const std::unique_ptr<SourceProbe> probe(factory.makeProbe(settings, {}));
            const QList<TestStep> steps = probe->steps();
            QCOMPARE(std::count_if(steps.begin(), steps.end(), [](const TestStep &step) { return step.signsIn; }), 1);
        }
    }
};

PULSEDECK_TEST(SourceFactoryTest, runWithEvents)
#include "sourcefactory_test.moc"
