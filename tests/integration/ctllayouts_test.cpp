// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/ctlprocess.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A small layout that is right.
QByteArray smallLayout(const QByteArray &name)
{
    return "{ \"layout\": \"" + name
           + "\", \"schema\": 1, \"title\": \"Mine\", \"discover\": [{ \"kind\": \"scan\", \"key\": \"w:*\" }],"
             " \"record\": { \"type\": \"string\", \"key\": \"w:{id}\" }, \"liveness\": { \"by\": \"ttl\" } }";
}

} // namespace

/// pulsedeckctl layouts: what there is, what is wrong with files, and the rights a layout needs, tried on a real server.
class CtlLayoutsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder; ///< The user's settings.

    QString put(const QString &name, const QByteArray &text)
    {
        const QString path = m_folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write a file of the test");
        return path;
    }

    std::unique_ptr<Ctl> layouts(const QStringList &arguments) const
    {
        auto ctl = std::make_unique<Ctl>(QStringList(u"layouts"_s) + arguments);
        ctl->with(u"XDG_CONFIG_HOME"_s, m_folder.path());
        return ctl;
    }

    /// The words of a line for redis-cli.
    static QByteArrayList wordsOf(const QByteArray &line)
    {
        QByteArrayList words{QByteArray()};
        bool quoted = false;
        for (qsizetype i = 0; i < line.size(); ++i) {
            if (line[i] == '"') {
                quoted = !quoted;
            } else if (line[i] == '\\' && quoted) {
                if (line[i + 1] == 'x') {
                    words.back() += QByteArray::fromHex(line.mid(i + 2, 2));
                    i += 3;
                } else {
                    words.back() += line[++i];
                }
            } else if (line[i] == ' ' && !quoted) {
                words.append(QByteArray());
            } else {
                words.back() += line[i];
            }
        }
        return words;
    }

    /// The line of "watch" or "command".
    QByteArray aclLine(const QString &name, const QString &which) const
    {
        const auto ctl = layouts({u"acl"_s, name, u"--json"_s, u"--user"_s, u"tester"_s});
        return ctl->run() == 0 ? ctl->object()[which].toString().toUtf8() : QByteArray();
    }

    static QByteArrayList beginning(const QByteArrayList &words, char c)
    {
        QByteArrayList found;
        for (const QByteArray &word : words) {
            if (word.startsWith(c))
                found.append(word.mid(1));
        }
        std::sort(found.begin(), found.end());
        return found;
    }

private slots:
    void cleanup() { QDir(m_folder.filePath(u"pulsedeck"_s)).removeRecursively(); }

    void listsWhatThereIs()
    {
        put(u"pulsedeck/layouts/mine.json"_s, smallLayout("mine"));
        const QString named = put(u"named.json"_s, smallLayout("named"));
        const auto table = layouts({u"list"_s, u"--layout"_s, named});
        QCOMPARE(table->run(), 0);
        for (const char *text : {"NAME", "sidekiq", "5 to 8", "built in", "pattern: needs a prefix", "mine.json", "named.json"})
            QVERIFY2(table->out.contains(text), table->out.constData());
        QCOMPARE(table->err, QByteArray());
        const auto json = layouts({u"list"_s, u"--json"_s});
        QCOMPARE(json->run(), 0);
        const QJsonArray all = QJsonDocument::fromJson(json->out).array();
        QCOMPARE(all.size(), 25);
        QHash<QString, QJsonObject> byName;
        for (const QJsonValue &one : all)
            byName.insert(one[u"layout"_s].toString(), one.toObject());
        QCOMPARE(byName[u"rq"_s][u"title"_s].toString(), u"RQ"_s);
        QCOMPARE(byName[u"rq"_s][u"from"_s].toString(), u"built-in"_s);
        QVERIFY(byName[u"rq"_s][u"commands"_s].toArray().contains(u"kill-job"_s));
        QVERIFY(byName[u"lock-holder"_s][u"template"_s].toBool());
        QVERIFY(byName[u"mine"_s][u"from"_s].toString().endsWith(u"layouts/mine.json"_s));
    }

    void aWrongFileIsReportedAndTakesNothingAway()
    {
        put(u"pulsedeck/layouts/sidekiq.json"_s, R"({ "layout": "sidekiq", "schema": 2, "title": "x" })");
        const auto ctl = layouts({u"list"_s});
        QCOMPARE(ctl->run(), 1);
        QVERIFY2(ctl->err.contains("sidekiq.json:1: /schema: It must be 1."), ctl->err.constData());
        QVERIFY(ctl->out.contains("Sidekiq"));
        // One that is right replaces it, which is reported.
        put(u"pulsedeck/layouts/sidekiq.json"_s, smallLayout("sidekiq"));
        const auto replaced = layouts({u"show"_s, u"sidekiq"_s});
        QCOMPARE(replaced->run(), 0);
        QVERIFY2(replaced->err.contains("replaces the built-in layout"), replaced->err.constData());
        QVERIFY(replaced->out.contains("\"Mine\""));
    }

    /// A layout that was named and is not used would leave its workers out.
    void aNamedFileHasToBeRight()
    {
        Ctl ctl({u"list"_s, u"--layout"_s, put(u"bad.json"_s, "{"), u"redis://127.0.0.1:1"_s});
        ctl.with(u"XDG_CONFIG_HOME"_s, m_folder.path());
        QCOMPARE(ctl.run(), 2);
        QVERIFY2(ctl.err.contains("bad.json:1: This is not JSON"), ctl.err.constData());
    }

    void showsAFile()
    {
        const auto ctl = layouts({u"show"_s, u"celery"_s});
        QCOMPARE(ctl->run(), 0);
        QCOMPARE(ctl->object()[u"layout"_s].toString(), u"celery"_s);
        const auto none = layouts({u"show"_s, u"nothing"_s});
        QCOMPARE(none->run(), 2);
        QVERIFY2(none->err.contains("There is no layout"), none->err.constData());
        QCOMPARE(layouts({u"show"_s})->run(), 2);
    }

    /// As an editor needs it, next to the files, which are read without it.
    void printsTheSchema()
    {
        const auto ctl = layouts({u"schema"_s});
        QCOMPARE(ctl->run(), 0);
        QCOMPARE(ctl->err, QByteArray());
        const QJsonObject schema = ctl->object();
        QVERIFY(schema.contains(u"$schema"_s));
        const QJsonObject members = schema[u"properties"_s].toObject();
        for (const char *name : {"$schema", "layout", "discover", "liveness", "commands", "timing"})
            QVERIFY2(members.contains(QLatin1StringView(name)), name);
        put(u"pulsedeck/layouts/mine.json"_s, smallLayout("mine"));
        put(u"pulsedeck/layouts/layout.schema.json"_s, ctl->out);
        const auto list = layouts({u"list"_s});
        QCOMPARE(list->run(), 0);
        QVERIFY2(list->out.contains("mine.json") && list->err.isEmpty(), list->err.constData());
        QCOMPARE(layouts({u"schema"_s, u"rq"_s})->run(), 2);
    }

    void checksFiles()
    {
        const QString good = put(u"good.json"_s, smallLayout("good"));
        const QString bad = put(u"bad.json"_s, "{ \"layout\": \"bad\",\n \"schema\": 1, \"title\": 5 }");
        const auto right = layouts({u"check"_s, good});
        QCOMPARE(right->run(), 0);
        QVERIFY2(right->out.contains("no mistake"), right->out.constData());
        const auto wrong = layouts({u"check"_s, good, bad});
        QCOMPARE(wrong->run(), 1);
        QVERIFY2(wrong->out.contains("bad.json:2: /title: Expected a text."), wrong->out.constData());
        const auto json = layouts({u"check"_s, u"--json"_s, bad});
        QCOMPARE(json->run(), 1);
        const QJsonObject first = QJsonDocument::fromJson(json->out).array().first().toObject();
        QCOMPARE(first[u"line"_s].toInt(), 2);
        QCOMPARE(first[u"path"_s].toString(), u"/title"_s);
        // Two of one name.
        QCOMPARE(layouts({u"check"_s, good, put(u"again.json"_s, smallLayout("good"))})->run(), 1);
        QCOMPARE(layouts({u"check"_s, m_folder.filePath(u"not there"_s)})->run(), 2);
        QCOMPARE(layouts({u"check"_s})->run(), 2);
        QCOMPARE(layouts({u"check"_s, u"--user"_s, u"x"_s, good})->run(), 2);
    }

    void rightsAreTheLeast_data()
    {
        QTest::addColumn<QString>("which");
        QTest::addColumn<QList<QByteArrayList>>("may");
        QTest::addColumn<QList<QByteArrayList>>("mayNot");
        const QByteArray id = "web-1:77:0123456789ab";
        const QList<QByteArrayList> sidekiqReads{{"SMEMBERS", "processes"},
                                                 {"SSCAN", "processes", "0"},
                                                 {"HMGET", id, "info", "busy", "beat"},
                                                 {"PTTL", id},
                                                 {"SMEMBERS", "queues"},
                                                 {"LLEN", "queue:default"},
                                                 {"TYPE", "processes"},
                                                 {"CLIENT", "TRACKING", "ON"},
                                                 {"SUBSCRIBE", "__redis__:invalidate"},
                                                 {"TIME"},
                                                 {"PING"}};
        const QList<QByteArrayList> sidekiqWrites{
            {"LPUSH", id + "-signals", "TSTP"}, {"EXPIRE", id + "-signals", "60"}, {"LREM", id + "-signals", "1", "TSTP"},
            {"LLEN", id + "-signals"},          {"SISMEMBER", "processes", id},    {"EXISTS", id},
            {"EVAL", "return 1", "0"},          {"SREM", "processes", id}};
        const QList<QByteArrayList> never{{"FLUSHALL"},       {"KEYS", "*"},   {"CONFIG", "GET", "*"},
                                          {"GET", "session"}, {"DEL", id},     {"HSET", id, "quiet", "true"},
                                          {"SET", "x", "1"},  {"ACL", "LIST"}, {"LRANGE", "queue:default", "0", "1", "x"}};
        QTest::newRow("sidekiq watch") << u"watch"_s << sidekiqReads << never + sidekiqWrites.first(4).mid(0, 3);
        // A record that never expires can be removed.
        QTest::newRow("sidekiq command") << u"command"_s << sidekiqReads + sidekiqWrites + QList<QByteArrayList>{{"DEL", id}}
                                         << QList<QByteArrayList>{{"FLUSHALL"},
                                                                  {"KEYS", "*"},
                                                                  {"DEL", "queue:default"},
                                                                  {"SET", "x", "1"},
                                                                  {"HSET", id, "quiet", "true"},
                                                                  {"LPUSH", "queue:default", "x"},
                                                                  {"SREM", "queues", "default"}};
        const QList<QByteArrayList> rqReads{{"SMEMBERS", "rq:workers"},
                                            {"SCAN", "0", "MATCH", "rq:worker:*"},
                                            {"HMGET", "rq:worker:a", "state"},
                                            {"PTTL", "rq:worker:a"},
                                            {"LLEN", "rq:queue:default"},
                                            {"ZCARD", "rq:wip:default"},
                                            {"PUBSUB", "CHANNELS", "rq:pubsub:*"},
                                            {"PUBSUB", "NUMSUB", "rq:pubsub:a"}};
        const QList<QByteArrayList> rqWrites{{"PUBLISH", "rq:pubsub:a", "{}"},
                                             {"SET", "rq:suspended", "1"},
                                             {"DEL", "rq:suspended"},
                                             {"SREM", "rq:workers", "rq:worker:a"},
                                             {"SREM", "rq:workers:default", "rq:worker:a"}};
        QTest::newRow("rq watch") << u"watch"_s << rqReads << rqWrites + QList<QByteArrayList>{{"GET", "rq:job:1"}, {"FLUSHDB"}};
        // A key that a script reads has to be named as written, too; a hash is still not written to.
        QTest::newRow("rq command") << u"command"_s << rqReads + rqWrites
                                    << QList<QByteArrayList>{{"PUBLISH", "other", "x"},  {"HSET", "rq:worker:a", "state", "x"},
                                                             {"SET", "rq:job:1", "x"},   {"HGETALL", "rq:job:1"},
                                                             {"SREM", "rq:queues", "x"}, {"FLUSHDB"}};
        const QList<QByteArrayList> streamReads{{"SCAN", "0", "MATCH", "*", "TYPE", "stream"},
                                                {"XINFO", "GROUPS", "stream:orders"},
                                                {"XINFO", "CONSUMERS", "stream:orders", "g"}};
        const QList<QByteArrayList> streamWrites{{"XPENDING", "stream:orders", "g", "-", "+", "1", "c"},
                                                 {"XGROUP", "DELCONSUMER", "stream:orders", "g", "c"},
                                                 {"EVAL", "return 1", "0"}};
        const QList<QByteArrayList> streamNever{{"XRANGE", "stream:orders", "-", "+"},
                                                {"XGROUP", "DESTROY", "stream:orders", "g"},
                                                {"XACK", "stream:orders", "g", "1-1"},
                                                {"DEL", "stream:orders"}};
        QTest::newRow("streams watch") << u"watch"_s << streamReads << streamNever + streamWrites;
        QTest::newRow("streams command") << u"command"_s << streamReads + streamWrites << streamNever;
        const QList<QByteArrayList> lockReads{{"MGET", "redbeat::lock"}, {"PTTL", "redbeat::lock"}, {"EXISTS", "redbeat::lock"}};
        QTest::newRow("redbeat watch") << u"watch"_s << lockReads
                                       << QList<QByteArrayList>{
                                              {"DEL", "redbeat::lock"}, {"MGET", "other"}, {"EVAL", "return 1", "0"}};
        QTest::newRow("rq=jobs: watch") << u"watch"_s
                                        << QList<QByteArrayList>{{"HMGET", "jobs:worker:a", "state"},
                                                                 {"SMEMBERS", "jobs:workers"}}
                                        << QList<QByteArrayList>{{"HMGET", "rq:worker:a", "state"}, {"SMEMBERS", "rq:workers"}};
        QTest::newRow("rq=jobs: command") << u"command"_s << QList<QByteArrayList>{{"PUBLISH", "jobs:pubsub:a", "x"}}
                                          << QList<QByteArrayList>{{"PUBLISH", "rq:pubsub:a", "x"}};
        // Neither reads all keys: Horizon's lists of jobs have a name in common, and Celery's queues are named.
        QTest::newRow("horizon watch") << u"watch"_s
                                       << QList<QByteArrayList>{{"LLEN", "shop_database_queues:default"},
                                                                {"ZCARD", "shop_database_queues:default:reserved"},
                                                                {"HMGET", "horizon:master:a", "pid"}}
                                       << QList<QByteArrayList>{{"LLEN", "session"}, {"HMGET", "session", "x"}};
        QTest::newRow("celery command") << u"command"_s
                                        << QList<QByteArrayList>{{"LLEN", "celery"},
                                                                 {"LLEN", "celery\x06\x16"
                                                                          "3"},
                                                                 {"SMEMBERS", "_kombu.binding.celery.pidbox"},
                                                                 {"PUBLISH", "/0.celery.pidbox", "x"}}
                                        << QList<QByteArrayList>{{"LLEN", "session"}, {"EVAL", "return 1", "0"}};
        QTest::newRow("celery=app1: watch") << u"watch"_s
                                            << QList<QByteArrayList>{{"SMEMBERS", "app1:_kombu.binding.celery.pidbox"},
                                                                     {"LLEN", "app1:celery"}}
                                            << QList<QByteArrayList>{{"SMEMBERS", "_kombu.binding.celery.pidbox"},
                                                                     {"LLEN", "celery"}};
    }

    void rightsAreTheLeast()
    {
        if (!RedisServer::isInstalled())
            QSKIP("there is no redis-server");
        QFETCH(QString, which);
        QFETCH(QList<QByteArrayList>, may);
        QFETCH(QList<QByteArrayList>, mayNot);
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        const QString name = QString::fromLatin1(QTest::currentDataTag()).section(u' ', 0, 0);
        const QByteArrayList words = wordsOf(aclLine(name, which));
        QVERIFY(words.size() > 7);
        const RedisValue made = server.command(words);
        QVERIFY2(made.ok(), made.text.constData());
        const auto tried = [&server](const QByteArrayList &command) {
            return server.command(QByteArrayList{"ACL", "DRYRUN", "tester"} + command);
        };
        for (const QByteArrayList &command : may) {
            const RedisValue answer = tried(command);
            QVERIFY2(answer.ok() && answer.text == "OK", QByteArray(command.join(' ') + ": " + answer.text).constData());
        }
        for (const QByteArrayList &command : mayNot) {
            const RedisValue answer = tried(command);
            QVERIFY2(!answer.ok() || answer.text != "OK", command.join(' ').constData());
        }
    }

    /// docs/fleets.md has the lines that the program prints.
    void theDocumentationHasTheSameLines()
    {
        QFile file(QStringLiteral(PULSEDECK_DOCS "/fleets.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray document = file.readAll();
        const auto list = layouts({u"list"_s, u"--json"_s});
        QCOMPARE(list->run(), 0);
        for (const QJsonValue &one : QJsonDocument::fromJson(list->out).array()) {
            const QString name = one[u"layout"_s].toString();
            const auto ctl = layouts({u"acl"_s, name, u"--json"_s});
            QCOMPARE(ctl->run(), 0);
            const QByteArray watch = ctl->object()[u"watch"_s].toString().toUtf8();
            const QByteArray command = ctl->object()[u"command"_s].toString().toUtf8();
            const QByteArray head = "# " + name.toUtf8() + ", to watch";
            QVERIFY2(document.contains(QByteArray(head + '\n' + watch + '\n')), watch.constData());
            if (!command.isEmpty())
                QVERIFY2(document.contains(QByteArray(head + " and to command\n" + command + '\n')), command.constData());
        }
    }

    /// Whatever a layout is made of, Redis takes its lines, and none gives everything.
    void everyLineIsTaken()
    {
        if (!RedisServer::isInstalled())
            QSKIP("there is no redis-server");
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        const auto list = layouts({u"list"_s, u"--json"_s});
        QCOMPARE(list->run(), 0);
        for (const QJsonValue &one : QJsonDocument::fromJson(list->out).array()) {
            const QString name = one[u"layout"_s].toString();
            QStringList arguments{u"acl"_s, name, u"--json"_s, u"--user"_s, u"tester"_s};
            if (name == u"streams"_s) // Any key may be one: they have to be named.
                arguments += {u"--queue"_s, u"orders"_s};
            const auto ctl = layouts(arguments);
            QCOMPARE(ctl->run(), 0);
            for (const QString &which : {u"watch"_s, u"command"_s}) {
                const QByteArray line = ctl->object()[which].toString().toUtf8();
                QCOMPARE(line.isEmpty(), which == u"command" && one[u"commands"_s].toArray().isEmpty());
                if (line.isEmpty())
                    continue;
                const QByteArrayList words = wordsOf(line);
                const RedisValue made = server.command(words);
                QVERIFY2(made.ok(), QByteArray(line + ": " + made.text).constData());
                QVERIFY2(!words.contains("~*") && !words.contains("%R~*"), line.constData());
                const QByteArrayList commands = beginning(words, '+');
                QVERIFY(!commands.empty());
                for (const QByteArray &command : commands)
                    QVERIFY2(command[0] != '@', command.constData());
                if (which == u"watch") {
                    QVERIFY2(beginning(words, '~').empty(), line.constData());
                    for (const char *write : {"eval", "set", "del", "publish", "lpush", "hset"})
                        QVERIFY2(!commands.contains(write), line.constData());
                }
            }
        }
    }

    /// Where keys of queues have nothing in common, those that are named are all that may be read or written.
    void namedQueuesOnly_data()
    {
        QTest::addColumn<QString>("which");
        QTest::addColumn<QList<QByteArrayList>>("may");
        QTest::addColumn<QList<QByteArrayList>>("mayNot");
        const QList<QByteArrayList> arq{{"ZCARD", "q1"},
                                        {"ZRANGE", "q2", "0", "0"},
                                        {"MGET", "q1:health-check"},
                                        {"PTTL", "q2:health-check"},
                                        {"GETRANGE", "q1:health-check", "0", "255"}};
        QTest::newRow("arq watch") << u"watch"_s << arq
                                   << QList<QByteArrayList>{{"ZCARD", "q3"}, {"MGET", "q3:health-check"}, {"MGET", "session"}};
        const QList<QByteArrayList> reads{{"XINFO", "GROUPS", "q1"}, {"XINFO", "CONSUMERS", "q2", "g"}, {"TYPE", "q1"}};
        const QList<QByteArrayList> writes{{"XGROUP", "DELCONSUMER", "q1", "g", "c"},
                                           {"XPENDING", "q2", "g", "-", "+", "1", "c"}};
        const QList<QByteArrayList> others{
            {"XINFO", "GROUPS", "q3"}, {"XGROUP", "DELCONSUMER", "q3", "g", "c"}, {"TYPE", "session"}};
        QTest::newRow("streams watch") << u"watch"_s << reads << others + writes;
        QTest::newRow("streams command") << u"command"_s << reads + writes << others;
    }

    void namedQueuesOnly()
    {
        if (!RedisServer::isInstalled())
            QSKIP("there is no redis-server");
        QFETCH(QString, which);
        QFETCH(QList<QByteArrayList>, may);
        QFETCH(QList<QByteArrayList>, mayNot);
        const QString name = QString::fromLatin1(QTest::currentDataTag()).section(u' ', 0, 0);
        const auto ctl =
            layouts({u"acl"_s, name, u"--json"_s, u"--user"_s, u"tester"_s, u"--queue"_s, u"q1"_s, u"--queue"_s, u"q2"_s});
        QCOMPARE(ctl->run(), 0);
        const QByteArrayList words = wordsOf(ctl->object()[which].toString().toUtf8());
        QVERIFY(words.size() > 7);
        QVERIFY2(!words.contains("~*") && !words.contains("%R~*"), words.join(' ').constData());
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        QVERIFY(server.command(words).ok());
        for (const auto &[commands, allowed] : {std::pair(may, true), std::pair(mayNot, false)}) {
            for (const QByteArrayList &command : commands) {
                const RedisValue answer = server.command(QByteArrayList{"ACL", "DRYRUN", "tester"} + command);
                QVERIFY2((answer.ok() && answer.text == "OK") == allowed,
                         QByteArray(command.join(' ') + ": " + answer.text).constData());
            }
        }
    }

    void printsLinesForPeople()
    {
        const auto ctl = layouts({u"acl"_s, u"resque"_s});
        QCOMPARE(ctl->run(), 0);
        QVERIFY2(ctl->out.startsWith("# to watch\nACL SETUSER pulsedeck on >PASSWORD resetkeys resetchannels -@all "),
                 ctl->out.constData());
        QVERIFY2(ctl->out.contains("# to watch and to command (pause-fleet, resume-fleet, reap)\n"), ctl->out.constData());
        const auto none = layouts({u"acl"_s, u"saq"_s});
        QCOMPARE(none->run(), 0);
        QVERIFY2(none->out.contains("# SAQ has no commands."), none->out.constData());
        QCOMPARE(layouts({u"acl"_s, u"rq"_s, u"--user"_s, u"two words"_s})->run(), 2);
    }

    /// Which systems live in a real Redis, by its address or by the environment; keys of the operator's own are named.
    void detectsWhatLivesThere()
    {
        RedisServer server;
        QVERIFY(server.start());
        const QString url = u"unix://"_s + server.url().path;
        const auto empty = layouts({u"detect"_s, url});
        QCOMPARE(empty->run(), 1);
        QVERIFY2(empty->out.startsWith("No system"), empty->out.constData());
        QVERIFY2(empty->out.contains("--system celery"), empty->out.constData()); // What may be there unseen.
        server.command({"SADD", "processes", "app-1:1:abc"});
        server.command({"SADD", "queues", "default", "low"});
        server.command({"SADD", "jobs:workers", "jobs:worker:one", "jobs:worker:two"});
        const auto table = layouts({u"detect"_s, url});
        QCOMPARE(table->run(), 0);
        QVERIFY2(table->out.contains("sidekiq") && table->out.contains("key processes"), table->out.constData());
        QVERIFY2(table->out.contains(" commands, ") && table->out.contains("no KEYS"), table->out.constData());
        QVERIFY(!table->out.contains("rq "));

        server.command({"ZADD", "myapp:beats", "1764240000", "web-1"});
        const auto json = layouts({u"detect"_s, u"--json"_s, u"--system"_s, u"rq=jobs:"_s, u"--system"_s, u"horizon"_s});
        json->with(u"REDIS_URL"_s, url);
        QCOMPARE(json->run(), 1);
        const QJsonArray systems = json->object()[u"systems"_s].toArray();
        QCOMPARE(systems.size(), 1);
        QCOMPARE(systems[0][u"system"_s].toString(), u"rq"_s);
        QCOMPARE(systems[0][u"prefix"_s].toString(), u"jobs:"_s);
        QCOMPARE(systems[0][u"workers"_s].toInt(), 2);
        QCOMPARE(systems[0][u"watched"_s].toBool(), true);
        QCOMPARE(systems[0][u"by"_s].toString(), u"key"_s);
        QCOMPARE(json->object()[u"unknown"_s][0][u"pattern"_s].toString(), u"last-seen"_s);
        // What is to be given to see them is in the text.
        const auto hint = layouts({u"detect"_s, url});
        hint->run();
        QVERIFY2(hint->out.contains("--system last-seen=myapp:beats lists them"), hint->out.constData());
        QVERIFY(json->object()[u"commands"_s].toInt() <= 200);
        // Without it nothing is left.
        const auto without = layouts({u"detect"_s, url, u"--json"_s, u"--without"_s, u"sidekiq"_s});
        QCOMPARE(without->run(), 1);
        QVERIFY(without->object()[u"systems"_s].toArray().isEmpty());
    }

    void detectRefusesWhatMakesNoSense()
    {
        QCOMPARE(layouts({u"detect"_s})->run(), 2);
        QCOMPARE(layouts({u"detect"_s, u"redis://a"_s, u"redis://b"_s})->run(), 2);
        QCOMPARE(layouts({u"detect"_s, u"ws://localhost:1"_s})->run(), 2);
        QCOMPARE(layouts({u"detect"_s, u"redis://127.0.0.1:1"_s})->run(), 3);
        for (const QStringList &wrong : {QStringList{u"--system"_s, u"nothing"_s}, QStringList{u"--without"_s, u"nothing"_s},
                                         QStringList{u"--system"_s, u"rq="_s}, QStringList{u"--system"_s, u"last-seen"_s},
                                         QStringList{u"--system"_s, u"playwright=x:"_s}}) {
            const auto ctl = layouts(QStringList{u"detect"_s, u"redis://127.0.0.1:1"_s} + wrong);
            QCOMPARE(ctl->run(), 2);
            QVERIFY2(ctl->err.contains("pulsedeckctl: "), ctl->err.constData());
            QVERIFY(!ctl->err.contains("Nothing listens"));
        }
    }

    /// The same options for the fleet: one system only, with another prefix, or all but one.
    void theFleetOfChosenSystems()
    {
        RedisServer server;
        QVERIFY(server.start());
        QVERIFY(addWorker(server, soundWorker));
        QVERIFY(tellTiming(server));
        server.command({"SADD", "jobs:workers", "jobs:worker:one"});
        server.command(
            {"HSET", "jobs:worker:one", "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        server.command({"EXPIRE", "jobs:worker:one", "480"});
        const QString url = u"unix://"_s + server.url().path;
        const auto idsOf = [&](const QStringList &options) {
            Ctl ctl(QStringList{u"list"_s, u"--json"_s, u"--settle"_s, u"0"_s, url} + options);
            ctl.with(u"XDG_CONFIG_HOME"_s, m_folder.path());
            ctl.run();
            QStringList ids;
            const QJsonArray all = QJsonDocument::fromJson(ctl.out).array();
            for (const QJsonValue &one : all)
                ids.append(one[u"system"_s].toString());
            ids.sort();
            return ids;
        };
        QCOMPARE(idsOf({}), QStringList{u"playwright"_s});
        QCOMPARE(idsOf({u"--system"_s, u"rq=jobs:"_s}), QStringList{u"rq"_s});
        QCOMPARE(idsOf({u"--system"_s, u"rq=jobs:"_s, u"--system"_s, u"playwright"_s}), (QStringList{u"playwright"_s, u"rq"_s}));
        QCOMPARE(idsOf({u"--without"_s, u"playwright"_s}), QStringList());
    }

    /// A layout that does not say how its system is detected is found by what it discovers.
    void aLayoutWithoutDetection()
    {
        RedisServer server;
        QVERIFY(server.start());
        const QString url = u"unix://"_s + server.url().path;
        const QString file = put(u"small.json"_s, smallLayout("mine"));
        const auto none = layouts({u"detect"_s, url, u"--json"_s, u"--layout"_s, file});
        none->run();
        QVERIFY(none->object()[u"systems"_s].toArray().isEmpty());
        server.command({"SET", "w:one", "here", "EX", "60"});
        const auto found = layouts({u"detect"_s, url, u"--json"_s, u"--layout"_s, file});
        QCOMPARE(found->run(), 0);
        QCOMPARE(found->object()[u"systems"_s][0][u"system"_s].toString(), u"mine"_s);
        Ctl list({u"list"_s, u"--json"_s, u"--settle"_s, u"0"_s, u"--layout"_s, file, url});
        list.with(u"XDG_CONFIG_HOME"_s, m_folder.path());
        list.run();
        const QJsonValue worker = QJsonDocument::fromJson(list.out).array()[0];
        QCOMPARE(worker[u"id"_s].toString(), u"one"_s);
        QCOMPARE(worker[u"system"_s].toString(), u"mine"_s);
    }

    /// Two systems of one Redis have a worker each under one id: both are listed, and the bare id names neither.
    void workersOfTwoSystemsWithOneId()
    {
        RedisServer server;
        QVERIFY(server.start());
        const QString url = u"unix://"_s + server.url().path;
        const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        server.command({"ZADD", "seen", now, "worker-1"});
        server.command({"HSET", "beats", "worker-1", now});
        const QStringList systems{u"--system"_s, u"last-seen=seen"_s, u"--system"_s, u"hash-fields=beats"_s};
        Ctl list(QStringList{u"list"_s, u"--json"_s, u"--settle"_s, u"0"_s, url} + systems);
        list.run();
        QStringList both;
        const QJsonArray workers = QJsonDocument::fromJson(list.out).array();
        for (const QJsonValue &worker : workers)
            both.append(worker[u"id"_s].toString() + u' ' + worker[u"system"_s].toString());
        both.sort();
        QCOMPARE(both, (QStringList{u"worker-1 hash-fields"_s, u"worker-1 last-seen"_s}));
        Ctl reap(QStringList{u"reap"_s, u"worker-1"_s, u"--url"_s, url, u"--reason"_s, u"test"_s} + systems);
        reap.with(u"XDG_DATA_HOME"_s, m_folder.path());
        QVERIFY(reap.run() != 0);
        QVERIFY2(reap.err.contains("worker-1 on ") && reap.err.contains("(hash-fields)") && reap.err.contains("(last-seen)"),
                 reap.err.constData());
        QVERIFY(server.command({"HEXISTS", "beats", "worker-1"}).integer == 1 && server.command({"ZCARD", "seen"}).integer == 1);
    }

    void anEmptyListSaysSo()
    {
        RedisServer server;
        QVERIFY(server.start());
        Ctl list({u"list"_s, u"unix://"_s + server.url().path});
        list.run();
        QVERIFY2(list.err.contains("No workers."), list.err.constData());
        QVERIFY(list.out.startsWith("ID "));
    }
};

PULSEDECK_TEST(CtlLayoutsTest, runWithEvents)
#include "ctllayouts_test.moc"
