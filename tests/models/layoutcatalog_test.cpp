// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/models/problemtext.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// A small layout that is right.
QByteArray smallLayout(const QByteArray &name, const QByteArray &title)
{
    return R"({ "layout": ")" + name + R"(", "schema": 1, "title": ")" + title + R"(",
        "discover": [{ "kind": "scan", "key": "w:*" }], "record": { "type": "string", "key": "w:{id}" }, "liveness": { "by": "ttl" } })";
}

void writeLayout(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

const Layout &built(QStringView name)
{
    const Layout *layout = LayoutCatalog::builtIn().find(name);
    static const Layout none;
    return layout ? *layout : none;
}

} // namespace

/// The layouts that are built in are as the systems have them; files of the user come on top and take none away.
class LayoutCatalogTest : public QObject
{
    Q_OBJECT

private slots:
    void builtInFilesAreRight()
    {
        const LayoutCatalog &catalog = LayoutCatalog::builtIn();
        QCOMPARE(problemText(catalog.problems()), QString());
        QCOMPARE(problemText(catalog.notes()), QString());
        QStringList names;
        for (const Layout &layout : catalog.layouts()) {
            names.append(layout.name);
            QVERIFY(layout.builtIn);
            QVERIFY(!layout.json.isEmpty());
            // What lives there is not found by a pattern of somebody's own.
            QCOMPARE(layout.detect.empty(), layout.isTemplate);
        }
        QCOMPARE(names, QStringList({u"arq"_s,
                                     u"asynq"_s,
                                     u"bull"_s,
                                     u"bullmq"_s,
                                     u"celery"_s,
                                     u"dramatiq"_s,
                                     u"gocraft"_s,
                                     u"hangfire"_s,
                                     u"horizon"_s,
                                     u"playwright"_s,
                                     u"redbeat"_s,
                                     u"resque"_s,
                                     u"resque-scheduler"_s,
                                     u"rq"_s,
                                     u"saq"_s,
                                     u"sidekiq"_s,
                                     u"streams"_s,
                                     u"expiry-set"_s,
                                     u"hash-fields"_s,
                                     u"heartbeat-keys"_s,
                                     u"last-seen"_s,
                                     u"lock-holder"_s,
                                     u"set-and-keys"_s,
                                     u"worker-hashes"_s}));
    }

    void commandsAreExactBytes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("act");
        QTest::addColumn<int>("tier");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("expire");
        const auto row = [](const char *name, const char *act, int tier, const char *key, const char *value, int expire = 0) {
            QTest::addRow("%s %s %d", name, act, tier) << QString::fromLatin1(name) << QString::fromLatin1(act) << tier
                                                       << QByteArray(key) << QByteArray(value) << expire;
        };
        row("sidekiq", "drain", 0, "ID-signals", "TSTP", 60);
        row("sidekiq", "stop", 0, "ID-signals", "TERM", 60);
        row("sidekiq", "dump", 0, "ID-signals", "TTIN", 60);
        row("rq", "stop", 0, "rq:pubsub:ID", R"({"command": "shutdown"})");
        row("rq", "kill-job", 0, "rq:pubsub:ID", R"({"command": "kill-horse"})");
        row("rq", "pause-fleet", 0, "rq:suspended", "1");
        row("rq", "resume-fleet", 0, "rq:suspended", "");
        row("horizon", "drain", 0, "horizon:commands:master:ID",
            R"({"command":"Laravel\\Horizon\\SupervisorCommands\\Pause","options":[]})");
        row("horizon", "resume", 1, "horizon:commands:ID",
            R"({"command":"Laravel\\Horizon\\SupervisorCommands\\ContinueWorking","options":[]})");
        row("horizon", "stop", 0, "horizon:commands:master:ID",
            R"({"command":"Laravel\\Horizon\\SupervisorCommands\\Terminate","options":[]})");
        row("horizon", "stop", 1, "horizon:commands:ID",
            R"({"command":"Laravel\\Horizon\\SupervisorCommands\\Terminate","options":{"status":0}})");
        row("resque", "pause-fleet", 0, "resque:pause-all-workers", "true");
        row("asynq", "pause-queue", 0, "asynq:{emails}:paused", "1700000000");
        row("gocraft", "pause-queue", 0, "work:jobs:emails:paused", "1");
        row("bullmq", "pause-queue", 0, "bull:emails:wait", "bull:emails:paused");
        row("bull", "resume-queue", 0, "bull:emails:paused", "bull:emails:wait");
    }

    void commandsAreExactBytes()
    {
        QFETCH(QString, name);
        QFETCH(QString, act);
        QFETCH(int, tier);
        const Layout &layout = built(name);
        const std::optional<Act> id = act == u"stop" ? Act::Shutdown : actFromName(act);
        QVERIFY(id);
        const LayoutCommand *command = layout.command(*id, tier);
        QVERIFY(command);
        const LayoutVariables values{{"prefix", layout.prefix}, {"id", "ID"}, {"queue", "emails"}, {"now-s", "1700000000"}};
        const LayoutOp &op = command->ops.at(0);
        QTEST(op.key.resolve(values), "key");
        QTEST(op.value.resolve(values), "value");
        QTEST(op.expireS, "expire");
        // Nothing is written without a guard.
        QVERIFY(!command->guard.empty());
        if (!command->undo.empty()) {
            QCOMPARE(command->undo.at(0).key.resolve(values), op.key.resolve(values));
            QCOMPARE(command->undo.at(0).value.resolve(values), op.value.resolve(values));
        }
    }

    void everyWriteHasAGuard()
    {
        for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
            for (const LayoutCommand &command : layout.commands)
                QVERIFY2(command.ops.empty() || !command.guard.empty(), qPrintable(layout.name + u' ' + actName(command.act)));
        }
    }

    void sidekiqIsAsTheSystemHasIt()
    {
        const Layout &layout = built(u"sidekiq");
        QCOMPARE(layout.record.key.resolve({{"prefix", ""}, {"id", "host:1:abc"}}), "host:1:abc");
        QCOMPARE(layout.record.key.resolve({{"prefix", "ns:"}, {"id", "host:1:abc"}}), "ns:host:1:abc");
        QCOMPARE(layout.liveness.fullTtlMs, std::vector<qint64>{60'000});
        QCOMPARE(layout.liveness.intervalsMs, (std::vector<qint64>{5'000, 10'000}));
        QCOMPARE(layout.liveness.idle.lateMs, 20'000);
        QCOMPARE(layout.liveness.idle.staleMs, 60'000);
        QCOMPARE(layout.liveness.registry, LayoutLiveness::Registry::Required);
        QCOMPARE(layout.watch, Layout::Watch::TrackedReads);
        const LayoutPaths *capacity = layout.record.paths("capacity");
        QVERIFY(capacity);
        QVERIFY(*capacity
                == (LayoutPaths{{LayoutPath::From::Field, "concurrency", {}},
                                {LayoutPath::From::Field, "info", {u"concurrency"_s}}}));
        const auto match = layout.idPattern.match(u"web-1.example:77:0123456789ab"_s);
        QVERIFY(match.hasMatch());
        QCOMPARE(match.captured(u"host"_s), u"web-1.example"_s);
        QCOMPARE(match.captured(u"pid"_s), u"77"_s);
        QVERIFY(!layout.idPattern.match(u"no process"_s).hasMatch());
        const LayoutCommand *drain = layout.command(Act::Drain);
        QCOMPARE(drain->pickedUpMs, 10'000);
        QCOMPARE(drain->drainingMs, 20'000);
        QCOMPARE(drain->guard.size(), size_t(3));
        QVERIFY(drain->guard.at(2).negated);
        QCOMPARE(drain->guard.at(2).field, "embedded");
        QVERIFY(!drain->guard.at(2).because.isEmpty());
        QCOMPARE(layout.command(Act::Shutdown)->overdueMs, 40'000);
        QVERIFY(layout.reap);
        QCOMPARE(layout.reap->guard.at(0).kind, LayoutCondition::Kind::AbsentKey);
        QCOMPARE(layout.command(Act::Reap)->ops.size(), size_t(1));
    }

    void othersAreAsTheSystemsHaveThem()
    {
        QCOMPARE(built(u"rq").liveness.idle.lateMs, 420'000);
        QCOMPARE(built(u"rq").liveness.busy.staleMs, 90'000);
        QVERIFY(built(u"rq").command(Act::Shutdown)->once);
        QCOMPARE(built(u"rq").discover.size(), size_t(3));
        QCOMPARE(built(u"rq").queues.nameFrom.match(u"rq:queue:high"_s).captured(u"queue"_s), u"high"_s);
        const Layout &horizon = built(u"horizon");
        QCOMPARE(horizon.tiers.size(), size_t(1));
        QCOMPARE(horizon.liveness.fullTtlMs, std::vector<qint64>{15'000});
        QCOMPARE(horizon.tierLiveness.at(0).fullTtlMs, std::vector<qint64>{30'000});
        QCOMPARE(horizon.tierLiveness.at(0).idle.lateMs, 29'000);
        const auto supervisor = horizon.idPattern.match(u"web-1-a1B2:supervisor-1"_s);
        QCOMPARE(supervisor.captured(u"machine"_s), u"web-1"_s);
        QCOMPARE(supervisor.captured(u"pool"_s), u"supervisor-1"_s);
        QCOMPARE(horizon.parent.resolve({{"machine", "web-1"}, {"start", "a1B2"}}), "web-1-a1B2");
        QCOMPARE(built(u"asynq").record.key.resolve({{"prefix", "asynq:"}, {"id", "h:1:u"}}), "asynq:servers:{h:1:u}");
        QCOMPARE(built(u"celery").queues.depth.at(1).key.resolve({{"prefix", ""}, {"queue", "q"}}),
                 QByteArray("q\x06\x16") + '3');
        QCOMPARE(built(u"celery").reap->ops.at(0).value.resolve({{"prefix", ""}, {"id", "w1@h"}}),
                 QByteArray("\x06\x16\x06\x16") + "w1@h.celery.pidbox");
        const QRegularExpression &celery = built(u"celery").queues.nameFrom;
        QCOMPARE(celery.match(u"_kombu.binding.emails"_s).captured(u"queue"_s), u"emails"_s);
        for (const QString &other :
             {u"_kombu.binding.celery.pidbox"_s, u"_kombu.binding.reply.celery.pidbox"_s, u"_kombu.binding.celeryev"_s})
            QVERIFY2(!celery.match(other).hasMatch(), qPrintable(other));
        const LayoutDiscovery &bullmq = built(u"bullmq").discover.at(0);
        const auto mailer = bullmq.idFrom.match(u"bull:ZW1haWxz:w:mailer"_s);
        QCOMPARE(mailer.captured(u"queue"_s), u"ZW1haWxz"_s);
        QCOMPARE(mailer.captured(u"name"_s), u"mailer"_s);
        const LayoutDiscovery &unnamed = built(u"bullmq").discover.at(1);
        QCOMPARE(unnamed.idFrom.match(u"my:bull:ZW1haWxz"_s).captured(u"queue"_s), u"ZW1haWxz"_s);
        for (const LayoutDiscovery *one : {&bullmq, &unnamed})
            QVERIFY(!one->idFrom.match(u"bull:ZW1haWxz:qe"_s).hasMatch()); // It listens for the queue's events.
        QCOMPARE(built(u"bullmq").queues.nameFrom.match(u"bull:emails:meta"_s).captured(u"queue"_s), u"emails"_s);
        QCOMPARE(built(u"resque").liveness.idle.staleMs, 300'000);
        QVERIFY(built(u"arq")
                    .record.text.match(u"Nov-28 23:21:26 j_complete=0 j_failed=0 j_retried=0 j_ongoing=1 queued=1"_s)
                    .hasMatch());
    }

    /// What is asked of a job is never what it was given: arguments are not read.
    void noLayoutReadsArguments()
    {
        for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
            for (const char *word : {"payload", "\"args\"", "#/args", "#/data", "kwargs"})
                QVERIFY2(!layout.json.contains(word), qPrintable(layout.name));
        }
    }

    void traitsOfLayouts()
    {
        const SourceTraits sidekiq = makeTraits(built(u"sidekiq"));
        QCOMPARE(sidekiq.system, u"Sidekiq"_s);
        QCOMPARE(sidekiq.layout, u"sidekiq"_s);
        QCOMPARE(sidekiq.counted(12), u"12 processes"_s);
        QCOMPARE(sidekiq.counted(1), u"1 process"_s);
        Layout people = built(u"sidekiq"); // The words of a file of somebody's own are in no catalogue.
        people.worker = u"person"_s;
        people.workers = u"people"_s;
        QCOMPARE(makeTraits(people).counted(1), u"1 person"_s);
        QCOMPARE(makeTraits(people).counted(2), u"2 people"_s);
        people.workers = u"persons"_s;
        QCOMPARE(makeTraits(people).counted(1), u"1 person"_s);
        QCOMPARE(makeTraits(people).counted(2), u"2 persons"_s);
        QCOMPARE(sidekiq.basis, BeatBasis::KeyTtl);
        QCOMPARE(sidekiq.actTitle(Act::Drain), u"Quiet"_s);
        QVERIFY(sidekiq.of(Act::Drain).withdrawable);
        QVERIFY(!sidekiq.of(Act::Drain).undoable);
        QCOMPARE(sidekiq.of(Act::Drain).proof, ActProof::PickUp);
        QCOMPARE(sidekiq.of(Act::Drain).pickedUpMs, 10'000);
        QCOMPARE(sidekiq.of(Act::Shutdown).overdueMs, 40'000);
        QCOMPARE(sidekiq.of(Act::Reap).proof, ActProof::Absence);
        QVERIFY(sidekiq.offers(Act::Cancel));
        QVERIFY(!sidekiq.offers(Act::Resume));
        QVERIFY(sidekiq.whyNot(Act::Resume).contains(u"cannot undo quiet"_s));
        QVERIFY(sidekiq.offers(Act::RemoveKey)); // If it has no TTL.
        QVERIFY(sidekiq.has(SourceFact::Ttl) && sidekiq.has(SourceFact::Capacity) && sidekiq.has(SourceFact::Queues));
        QVERIFY(!sidekiq.has(SourceFact::Counters) && !sidekiq.has(SourceFact::SharedTiming));
        QVERIFY(sidekiq.idlePace == (BeatPace{10'000, 20'000, 60'000}));

        const SourceTraits rq = makeTraits(built(u"rq"));
        QCOMPARE(rq.recordPrefix, "rq:worker:");
        QVERIFY(rq.of(Act::Shutdown).once);
        QVERIFY(!rq.offers(Act::Cancel));
        QVERIFY(rq.busyPace == (BeatPace{30'000, 60'000, 90'000}));
        QVERIFY(rq.pausedPace == (BeatPace{1'000, 60'000, 480'000}));
        QVERIFY(rq.has(SourceFact::Listeners));
        const SourceTraits resque = makeTraits(built(u"resque"));
        QCOMPARE(resque.basis, BeatBasis::Score);
        QCOMPARE(resque.whyNot(Act::Drain), u"Resque has no command for a single worker; all workers can be paused."_s);
        QVERIFY(!resque.offers(Act::ShutdownNow));
        QCOMPARE(makeTraits(built(u"bullmq")).records, u"connections"_s);
        QVERIFY(makeTraits(built(u"asynq")).recordPrefix.isEmpty()); // A brace stands behind the id.
        const SourceTraits horizon = makeTraits(built(u"horizon"));
        QCOMPARE(horizon.recordName("web-1-abcd", false).toString(), u"horizon:master:web-1-abcd"_s);
        QCOMPARE(horizon.recordName("web-1-abcd:pool", true).toString(), u"horizon:supervisor:web-1-abcd:pool"_s);
        QCOMPARE(makeTraits(built(u"expiry-set")).basis, BeatBasis::Score);
        QVERIFY(traitsOf(built(u"playwright")) == TraitsRef());
        QVERIFY(traitsOf(built(u"rq")) == traitsOf(built(u"rq")));
        QVERIFY(!(traitsOf(built(u"rq")) == traitsOf(built(u"sidekiq"))));
    }

    /// One sentence, for each act that a system lacks.
    void whatIsMissingIsExplained()
    {
        for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
            const SourceTraits traits = makeTraits(layout);
            for (const Act act : allActs) {
                if (traits.offers(act) || layout.code == u"playwright")
                    continue;
                QVERIFY2(traits.whyNot(act).endsWith(u'.'), qPrintable(layout.name + u' ' + actName(act)));
                QVERIFY2(!traits.whyNot(act).contains(u". "_s), qPrintable(traits.whyNot(act)));
            }
        }
    }

    void filesOfTheUserComeOnTop()
    {
        QTemporaryDir folder;
        writeLayout(folder.filePath(u"mine.json"_s), smallLayout("mine", "Mine"));
        writeLayout(folder.filePath(u"sidekiq.json"_s), smallLayout("sidekiq", "Our Sidekiq"));
        writeLayout(folder.filePath(u"layout.schema.json"_s), "no layout");
        writeLayout(folder.filePath(u"notes.txt"_s), "no layout");
        const LayoutCatalog catalog = LayoutCatalog::load(folder.path());
        QCOMPARE(problemText(catalog.problems()), QString());
        QVERIFY(catalog.find(u"mine"));
        QVERIFY(!catalog.find(u"mine")->builtIn);
        QCOMPARE(catalog.find(u"mine")->file, folder.filePath(u"mine.json"_s));
        QCOMPARE(catalog.find(u"sidekiq")->title, u"Our Sidekiq"_s);
        QCOMPARE(catalog.notes().size(), size_t(1));
        QVERIFY(catalog.notes().at(0).toString().contains(u"replaces the built-in layout “sidekiq”"_s));
        QCOMPARE(catalog.layouts().size(), LayoutCatalog::builtIn().layouts().size() + 1);
        QVERIFY(catalog.layouts().back().isTemplate); // Templates stay last.
    }

    void aWrongFileTakesNothingAway()
    {
        QTemporaryDir folder;
        writeLayout(folder.filePath(u"sidekiq.json"_s), R"({ "layout": "sidekiq", "schema": 1, "title": 5 })");
        writeLayout(folder.filePath(u"broken.json"_s), "{");
        const LayoutCatalog catalog = LayoutCatalog::load(folder.path(), {folder.filePath(u"missing.json"_s)});
        QCOMPARE(catalog.find(u"sidekiq")->title, u"Sidekiq"_s);
        QVERIFY(catalog.find(u"sidekiq")->builtIn);
        QCOMPARE(catalog.layouts().size(), LayoutCatalog::builtIn().layouts().size());
        const QString text = problemText(catalog.problems());
        for (const QString &file : {u"sidekiq.json:1: /title"_s, u"broken.json:1"_s, u"missing.json"_s})
            QVERIFY2(text.contains(file), qPrintable(text));
    }

    /// What the documentation shows is a layout.
    void theExampleIsRight()
    {
        QFile file(QStringLiteral(PULSEDECK_DOCS "/layouts.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        const qsizetype from = text.indexOf("```json\n") + 8;
        const LayoutReading reading = LayoutReader::read(text.mid(from, text.indexOf("```", from) - from), u"layouts.md"_s);
        QVERIFY2(reading.layout, qPrintable(problemText(reading.problems)));
        QCOMPARE(reading.layout->name, u"jobs"_s);
        QCOMPARE(reading.layout->command(Act::Drain)->pickedUpMs, 10'000);
        QVERIFY(makeTraits(*reading.layout).of(Act::Drain).withdrawable);
        for (const Layout &layout : LayoutCatalog::builtIn().layouts())
            QVERIFY2(text.contains(QByteArray('`' + layout.name.toUtf8() + '`')) || layout.name == u"playwright",
                     qPrintable(layout.name));
    }

    void twoFilesOfOneNameAreReported()
    {
        QTemporaryDir folder;
        writeLayout(folder.filePath(u"a.json"_s), smallLayout("mine", "First"));
        writeLayout(folder.filePath(u"b.json"_s), smallLayout("mine", "Second"));
        QTemporaryDir elsewhere;
        writeLayout(elsewhere.filePath(u"c.json"_s), smallLayout("mine", "Named"));
        const LayoutCatalog found = LayoutCatalog::load(folder.path());
        QCOMPARE(found.find(u"mine")->title, u"First"_s);
        QCOMPARE(found.problems().size(), size_t(1));
        const QString text = problemText(found.problems());
        QVERIFY2(text.contains(u"b.json: /layout: There is another layout “mine”, in "_s + folder.filePath(u"a.json"_s)),
                 qPrintable(text));
        // What was named goes first.
        const LayoutCatalog named = LayoutCatalog::load(folder.path(), {elsewhere.filePath(u"c.json"_s)});
        QCOMPARE(named.find(u"mine")->title, u"Named"_s);
        QCOMPARE(named.problems().size(), size_t(2));
        QVERIFY(LayoutCatalog::load(folder.filePath(u"not there"_s)).problems().empty());
        QVERIFY(LayoutCatalog::load({}).problems().empty());
    }
};

PULSEDECK_TEST(LayoutCatalogTest, runWithEvents)
#include "layoutcatalog_test.moc"
