// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/writeaccess.h"
#include "models/fleet/sourcelistmodel.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

struct WriteAccessScene
{
    ModelFleet fleet;
    SourceListModel sources{fleet.store};
    WriteAccess access{fleet.store, sources, fleet.clock};

    WriteAccessScene() { add(1, u"prod"_s); }

    void add(SourceId id, const QString &name, bool readOnly = false, bool demo = false)
    {
        SourceSettings settings;
        settings.id = id;
        settings.name = name;
        settings.readOnly = readOnly;
        settings.demo = demo;
        sources.setSource(settings);
    }
};

} // namespace

class WriteAccessTest : public QObject
{
    Q_OBJECT

private slots:
    void isLockedAtFirst()
    {
        WriteAccessScene scene;
        QVERIFY(!scene.access.isUnlocked());
        QVERIFY(!scene.access.allows(1));
        QCOMPARE(scene.access.msLeft(), qint64(-1));
        QCOMPARE(scene.access.whyNot(1, Act::Drain), u"Writing is locked. Unlock it first."_s);
        scene.access.touch(1); // Acting does not unlock.
        QVERIFY(!scene.access.isUnlocked());
    }

    void unlockingTellsTheSources()
    {
        WriteAccessScene scene;
        scene.add(2, u"archive"_s, true);
        QSignalSpy told(&scene.access, &WriteAccess::sourceWritable);
        QSignalSpy changed(&scene.access, &WriteAccess::changed);
        scene.access.unlock();
        QCOMPARE(told.size(), 1); // The read-only one stays as it is.
        QCOMPARE(told[0][0].value<SourceId>(), SourceId(1));
        QCOMPARE(told[0][1].toBool(), true);
        QCOMPARE(changed.size(), 1);
        QVERIFY(scene.access.allows(1));
        QVERIFY(!scene.access.allows(2));
        QVERIFY(!scene.access.allows(9));
        QCOMPARE(scene.access.whyNot(1, Act::Drain), QString());
        QCOMPARE(scene.access.whyNot(2, Act::Drain), u"archive is set read-only."_s);
        QCOMPARE(scene.access.msLeft(), WriteAccess::openForMs);
        scene.access.lock();
        QCOMPARE(told.size(), 2);
        QCOMPARE(told[1][1].toBool(), false);
        QVERIFY(!scene.access.allows(1));
    }

    void locksByItselfAndCountsAnewWithEachCommand()
    {
        WriteAccessScene scene;
        scene.access.unlock();
        scene.fleet.clock.step(WriteAccess::openForMs - 1'000);
        QCOMPARE(scene.access.msLeft(), qint64(1'000));
        scene.access.touch(1);
        QCOMPARE(scene.access.msLeft(), WriteAccess::openForMs);
        scene.fleet.clock.step(WriteAccess::openForMs);
        QVERIFY(!scene.access.allows(1)); // At once, whatever the timer does.
        scene.access.touch(1); // Too late.
        QVERIFY(!scene.access.allows(1));
        QSignalSpy told(&scene.access, &WriteAccess::sourceWritable);
        QTRY_VERIFY_WITH_TIMEOUT(!scene.access.isUnlocked(), 10'000);
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][1].toBool(), false);
    }

    void locksWhileTheMachineSleeps()
    {
        WriteAccessScene scene;
        scene.access.unlock();
        QVERIFY(scene.access.allows(1));
        scene.fleet.clock.sleep(8 * 3'600'000);
        // Before any timer has fired.
        QVERIFY(!scene.access.allows(1));
        QCOMPARE(scene.access.msLeft(), 0);
        scene.access.touch(1); // Whoever was about to give a command gets no new time.
        QVERIFY(!scene.access.allows(1));
        // Setting the machine's clock back gives none either.
        scene.access.unlock();
        scene.fleet.clock.setWall(-3'600'000);
        scene.fleet.clock.step(WriteAccess::openForMs);
        QVERIFY(!scene.access.allows(1));
    }

    void isHeldOpenAndGetsItsTimeBack()
    {
        WriteAccessScene scene;
        scene.access.unlock();
        scene.access.hold(1);
        scene.access.hold(1);
        QCOMPARE(scene.access.msLeft(), qint64(-1));
        scene.fleet.clock.step(10 * WriteAccess::openForMs);
        QVERIFY(scene.access.allows(1));
        scene.access.letGo(1);
        QVERIFY(scene.access.isHeld());
        QVERIFY(scene.access.allows(1));
        scene.access.letGo(1);
        QVERIFY(!scene.access.isHeld());
        QCOMPARE(scene.access.msLeft(), WriteAccess::openForMs);
        scene.access.letGo(1); // Once too often does no harm.
        QVERIFY(!scene.access.isHeld());
        scene.access.hold(1);
        scene.access.lock(); // An operator's lock counts more than a hold.
        QVERIFY(!scene.access.allows(1));
        scene.access.letGo(1);
        QVERIFY(!scene.access.isUnlocked());
    }

    void forbiddenIsForGood()
    {
        WriteAccessScene scene;
        scene.add(3, u"demo"_s, false, true);
        scene.access.unlock();
        scene.access.setForbidden(true);
        QVERIFY(!scene.access.isUnlocked());
        QVERIFY(!scene.access.allows(1));
        QVERIFY(!scene.access.allows(3));
        scene.access.unlock();
        QVERIFY(!scene.access.isUnlocked());
        QVERIFY(scene.access.whyNot(3, Act::Reap).contains(u"--read-only"_s));
        QVERIFY(scene.access.isReadOnly(3));
    }

    void theDemoIsAlwaysOpen()
    {
        WriteAccessScene scene;
        QSignalSpy told(&scene.access, &WriteAccess::sourceWritable);
        scene.add(3, u"demo"_s, false, true);
        QVERIFY(scene.access.allows(3));
        QCOMPARE(told.last()[0].value<SourceId>(), SourceId(3));
        QCOMPARE(told.last()[1].toBool(), true);
        QVERIFY(!scene.access.allows(1));
    }

    void newSettingsAreToldAtOnce()
    {
        WriteAccessScene scene;
        scene.access.unlock();
        QSignalSpy told(&scene.access, &WriteAccess::sourceWritable);
        scene.add(1, u"prod"_s, true);
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][1].toBool(), false);
        scene.access.review(); // A source made again knows nothing: everything is told again.
        QCOMPARE(told.size(), 2);
        scene.add(1, u"prod"_s, false);
        QCOMPARE(told.last()[1].toBool(), true);
    }

    void eachSourceIsUnlockedByItself()
    {
        WriteAccessScene scene;
        scene.add(2, u"staging"_s);
        scene.add(3, u"archive"_s, true);
        scene.access.unlock({2, 3, 9});
        QVERIFY(!scene.access.allows(1));
        QVERIFY(scene.access.allows(2));
        QVERIFY(!scene.access.allows(3));
        QCOMPARE(scene.access.unlocked(), QList<SourceId>{2});
        QVERIFY(scene.access.canUnlock(1) && !scene.access.canUnlock(2) && !scene.access.canUnlock(3));
        QCOMPARE(scene.access.whyNot(1, Act::Drain), u"Writing to prod is locked. Unlock it first."_s);
        // What is added meanwhile stays locked, and what is unlocked besides does not close the first.
        scene.add(4, u"new"_s);
        QVERIFY(!scene.access.allows(4));
        scene.fleet.clock.step(60'000);
        scene.access.unlock({4});
        QVERIFY(scene.access.allows(2) && scene.access.allows(4) && !scene.access.allows(1));
        // Each has its own time: a command to one keeps only that one open.
        QCOMPARE(scene.access.msLeft(), WriteAccess::openForMs - 60'000);
        scene.access.touch(4);
        scene.fleet.clock.step(WriteAccess::openForMs - 60'000);
        QVERIFY(!scene.access.allows(2));
        QVERIFY(scene.access.allows(4));
        QTRY_COMPARE_WITH_TIMEOUT(scene.access.unlocked(), QList<SourceId>{4}, 10'000);
        scene.access.lock();
        QVERIFY(!scene.access.isUnlocked());
    }

    void aRollHoldsItsOwnSourcesOnly()
    {
        WriteAccessScene scene;
        scene.add(2, u"staging"_s);
        scene.access.unlock({1, 2});
        scene.access.hold(2);
        scene.fleet.clock.step(WriteAccess::openForMs);
        QVERIFY(!scene.access.allows(1));
        QVERIFY(scene.access.allows(2));
        QTRY_COMPARE_WITH_TIMEOUT(scene.access.unlocked(), QList<SourceId>{2}, 10'000);
        QCOMPARE(scene.access.msLeft(), qint64(-1));
    }

    /// What was unlocked is one server in one environment: another server under the same name is not.
    void whatBecomesAnotherSourceIsLocked()
    {
        WriteAccessScene scene;
        SourceSettings settings = scene.sources.settings(1);
        settings.environment = SourceEnvironment::Staging;
        scene.sources.setSource(settings);
        scene.access.unlock({1});
        QSignalSpy told(&scene.access, &WriteAccess::sourceWritable);
        settings.name = u"renamed"_s;
        scene.sources.setSource(settings);
        QVERIFY(scene.access.allows(1));
        settings.environment = SourceEnvironment::Production;
        scene.sources.setSource(settings);
        QVERIFY(!scene.access.allows(1));
        QCOMPARE(told.last()[1].toBool(), false);
        scene.access.unlock({1});
        QVERIFY(scene.access.allows(1));
        settings.host = u"10.0.0.9"_s;
        scene.sources.setSource(settings);
        QVERIFY(!scene.access.allows(1));
        scene.access.unlock({1});
        scene.sources.removeSource(1);
        QVERIFY(!scene.access.isUnlocked());
        scene.add(1, u"prod"_s);
        QVERIFY(!scene.access.allows(1));
    }

    void saysWhatElseIsMissing()
    {
        WriteAccessScene scene;
        scene.access.unlock();
        QSignalSpy changed(&scene.access, &WriteAccess::changed);
        scene.fleet.status.rights.known = true;
        scene.fleet.status.rights.denied[size_t(Act::Reap)] = u"EVAL is not permitted"_s;
        scene.fleet.setState(SourceState::Live);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(scene.access.whyNot(1, Act::Reap), u"prod: EVAL is not permitted"_s);
        QCOMPARE(scene.access.whyNot(1, Act::Shutdown), QString());
        scene.fleet.setState(SourceState::Live); // The same again is no news.
        QCOMPARE(changed.size(), 1);
        scene.fleet.setState(SourceState::Waiting);
        QCOMPARE(changed.size(), 2);
        QCOMPARE(scene.access.whyNot(1, Act::Shutdown), u"prod is not connected."_s);
    }
};

PULSEDECK_TEST(WriteAccessTest, runWithEvents)
#include "writeaccess_test.moc"
