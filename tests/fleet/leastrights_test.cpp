// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutacl.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QTest>
#include <QUuid>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// An account with just the rights that a layout asks for watches the fleet of that system, and commands it.
class LeastRightsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<SourceWatch> m_watch;
    std::unique_ptr<FleetProcess> m_fleet;
    QList<CommandProgress> m_said;

    /// As the simulator places it: with a prefix that is not the usual one, where one has to be found.
    static Layout placed(const QString &system)
    {
        Layout layout = *LayoutCatalog::builtIn().find(system);
        if (system == "horizon"_L1)
            layout.prefix = "app_horizon:";
        return layout;
    }

    /// A worker that is asked for its queues may name others than the usual ones.
    static LayoutPlace place(const QString &system)
    {
        LayoutPlace place;
        if (system == "celery"_L1)
            place.queues = {"celery", "default", "mailers"};
        return place;
    }

    bool startFleet(const QString &system)
    {
        m_watch = std::make_unique<SourceWatch>();
        m_fleet = std::make_unique<FleetProcess>();
        m_said.clear();
        const Layout *const layout = LayoutCatalog::builtIn().find(system);
        if (!layout || !m_watch->startServer())
            return false;
        // The one that is always watched has its dialect already.
        if (!isAlwaysWatched(*layout))
            m_watch->options.dialects.clear();
        m_watch->options.layouts = {placed(system)};
        if (!m_fleet->startRegistered(
                m_watch->server, {u"--layout"_s, system, u"--workers"_s, u"3"_s, u"--sessions"_s, u"0"_s, u"--seed"_s, u"7"_s}))
            return false;
        m_fleet->ask("jobs 5");
        return true;
    }

    /// Redis' own words, if it does not take them.
    QByteArray addAccount(const LayoutRights &rights)
    {
        QByteArrayList words = rights.line("least").split(' ');
        for (QByteArray &word : words) {
            if (word.startsWith('"')) // No pattern of a built-in layout has a quote within.
                word = word.mid(1, word.size() - 2);
        }
        words.replace(words.indexOf(">PASSWORD"), ">s3cret");
        return m_watch->run(words).text;
    }

    void watchAsLeast()
    {
        RedisUrl url = m_watch->server.url();
        url.user = u"least"_s;
        url.password = u"s3cret"_s;
        m_watch->watch(url);
        QObject::connect(m_watch->source.get(), &FleetSource::commandsProgressed, this,
                         [this](const QList<CommandProgress> &news) { m_said += news; });
    }

    int workers() const
    {
        int count = 0;
        for (int handle = 0; handle < m_watch->store.capacity(); ++handle) {
            const Worker &worker = m_watch->store.worker(WorkerHandle(handle));
            count += worker.used && worker.endedAt == 0;
        }
        return count;
    }

    QByteArray anyWorker() const
    {
        for (int handle = 0; handle < m_watch->store.capacity(); ++handle) {
            const Worker &worker = m_watch->store.worker(WorkerHandle(handle));
            if (worker.used && worker.endedAt == 0)
                return worker.id;
        }
        return {};
    }

    /// What the server refused to the account: "command role", "key worker:1".
    QByteArrayList refused()
    {
        QByteArrayList list;
        for (const RedisValue &entry : m_watch->run({"ACL", "LOG"}).elements) {
            QHash<QByteArray, QByteArray> fields;
            for (size_t i = 0; i + 1 < entry.elements.size(); i += 2)
                fields.insert(entry.elements[i].text, entry.elements[i + 1].text);
            // That one shows the connections of everybody; without it push is proved in another way.
            const bool isAsked = fields.value("object") != "client|list";
            if (fields.value("username") == "least" && isAsked)
                list.append(fields.value("reason") + ' ' + fields.value("object"));
        }
        return list;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void cleanup()
    {
        if (m_watch)
            m_watch->source.reset();
        m_fleet.reset();
        m_watch.reset();
    }

    void watches_data()
    {
        QTest::addColumn<int>("count");
        for (const char *system : {"playwright", "sidekiq", "rq", "celery", "resque", "asynq", "saq", "dramatiq", "bullmq"})
            QTest::newRow(system) << 3;
        for (const char *system : {"arq", "redbeat", "resque-scheduler"})
            QTest::newRow(system) << 1;
        QTest::newRow("streams") << 2; // The third was given no entry yet.
        QTest::newRow("horizon") << 9; // A supervisor of each for each of two queues.
    }
    void watches()
    {
        QFETCH(int, count);
        const QString system = QString::fromLatin1(QTest::currentDataTag());
        QVERIFY(startFleet(system));
        QCOMPARE(addAccount(watchingRights(placed(system))), "OK");
        watchAsLeast();
        TRY_TRUE(m_watch->isWatching());
        const auto said = [this] { return m_watch->status.limits.join(u' '); };
        TRY_EQUAL(workers(), count);
        QVERIFY2(m_watch->status.limits.isEmpty(), qPrintable(said()));
        QVERIFY2(m_watch->status.limits.isEmpty(), qPrintable(said()));
        // Nothing was refused, as the server counts it.
        QCOMPARE(refused().join(", "), QByteArray());
    }

    void commands_data()
    {
        QTest::addColumn<int>("act");
        QTest::addColumn<bool>("toOne");
        QTest::newRow("sidekiq") << int(Act::Drain) << true;
        QTest::newRow("rq") << int(Act::Shutdown) << true;
        QTest::newRow("resque") << int(Act::PauseFleet) << false;
        QTest::newRow("playwright") << int(Act::Drain) << true;
        QTest::newRow("celery") << int(Act::Drain) << true;
        QTest::newRow("horizon") << int(Act::Drain) << true;
        QTest::newRow("asynq") << int(Act::PauseQueue) << false;
        QTest::newRow("bullmq") << int(Act::PauseQueue) << false;
    }
    void commands()
    {
        QFETCH(int, act);
        QFETCH(bool, toOne);
        const QString system = QString::fromLatin1(QTest::currentDataTag());
        QVERIFY(startFleet(system));
        QCOMPARE(addAccount(commandingRights(placed(system), place(system))), "OK");
        watchAsLeast();
        TRY_TRUE(m_watch->isWatching());
        TRY_TRUE(workers() >= 3);
        m_watch->source->setWritable(true);
        Command command;
        command.id = QUuid::createUuid();
        command.group = command.id;
        command.act = Act(act);
        command.source = 1;
        if (toOne) {
            command.worker = anyWorker();
        } else {
            command.scope = Act(act) == Act::PauseQueue ? ActScope::Queue : ActScope::Fleet;
            if (Act(act) == Act::PauseQueue)
                command.queue = "default";
            command.system = system;
        }
        m_watch->source->carryOut({command});
        TRY_TRUE(!m_said.isEmpty());
        const CommandProgress answer = m_said.first();
        using Outcome = CommandProgress::Outcome;
        QVERIFY2(answer.outcome == Outcome::Written || answer.outcome == Outcome::Done, qPrintable(answer.text));
        QCOMPARE(refused().join(", "), QByteArray());
    }
};

PULSEDECK_TEST(LeastRightsTest, runWithEvents)

#include "leastrights_test.moc"
