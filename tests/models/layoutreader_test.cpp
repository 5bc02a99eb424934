// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layoutdocument.h"
#include "models/layouts/layoutreader.h"
#include "tests/models/problemtext.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// \a root with the value at \a path replaced by what \a change makes of it; undefined removes it.
QJsonValue changed(const QJsonValue &root, const QStringList &path, const std::function<QJsonValue(const QJsonValue &)> &change)
{
    if (path.isEmpty())
        return change(root);
    const QStringList rest = path.mid(1);
    if (root.isArray()) {
        QJsonArray array = root.toArray();
        const int index = path.constFirst().toInt();
        array.replace(index, changed(array.at(index), rest, change));
        return array;
    }
    QJsonObject object = root.toObject();
    const QJsonValue made = changed(object.value(path.constFirst()), rest, change);
    if (made.isUndefined())
        object.remove(path.constFirst());
    else
        object.insert(path.constFirst(), made);
    return object;
}

QString typeOf(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Object:
        return u"object"_s;
    case QJsonValue::Array:
        return u"array"_s;
    case QJsonValue::String:
        return u"string"_s;
    case QJsonValue::Bool:
        return u"boolean"_s;
    case QJsonValue::Double:
        return u"number"_s;
    default:
        return u"null"_s;
    }
}

/// Goes over a document by its schema.
class SchemaWalk
{
public:
    explicit SchemaWalk(const QJsonObject &schema)
        : m_schema(schema)
    { }

    /// A value, its path, and all parts of the schema that it may fit.
    using Visitor = std::function<void(const QJsonValue &, const QStringList &, const QList<QJsonObject> &)>;
    void visit(const QJsonValue &root, const Visitor &visitor) { look(root, {}, m_schema, visitor); }

    QSet<QString> seen; ///< Members, as "definition/name".

    QList<QJsonObject> choices(const QJsonObject &part) const
    {
        if (part.contains("$ref"_L1))
            return choices(m_schema["definitions"_L1][part["$ref"_L1].toString().section(u'/', -1)].toObject());
        QList<QJsonObject> list;
        for (const QJsonValue &one : part["anyOf"_L1].toArray())
            list += choices(one.toObject());
        return list.isEmpty() ? QList<QJsonObject>{part} : list;
    }

    static QStringList types(const QList<QJsonObject> &parts)
    {
        QStringList list;
        for (const QJsonObject &part : parts) {
            const QJsonValue type = part["type"_L1];
            for (const QJsonValue &one : type.toArray())
                list.append(one.toString());
            if (type.isString())
                list.append(type.toString().replace("integer"_L1, "number"_L1));
            for (const QJsonValue &one : part["enum"_L1].toArray())
                list.append(typeOf(one));
        }
        return list;
    }

private:
    void look(const QJsonValue &value, const QStringList &path, const QJsonObject &part, const Visitor &visitor)
    {
        const QList<QJsonObject> parts = choices(part);
        visitor(value, path, parts);
        for (const QJsonObject &one : parts) {
            if (!types({one}).contains(typeOf(value)))
                continue;
            const QJsonArray array = value.toArray();
            for (int i = 0; i < array.size(); ++i)
                look(array.at(i), path + QStringList(QString::number(i)), one["items"_L1].toObject(), visitor);
            const QJsonObject object = value.toObject();
            const QJsonObject known = one["properties"_L1].toObject();
            for (const QString &name : object.keys()) {
                seen.insert(QString::number(qHash(known.keys())) + u'/' + name);
                look(object.value(name), path + QStringList(name),
                     known.contains(name) ? known.value(name).toObject() : one["additionalProperties"_L1].toObject(), visitor);
            }
        }
    }

    QJsonObject m_schema;
};

} // namespace

/// Layout files are read strictly: what is wrong is reported with file, line and path, and nothing else is a layout.
class LayoutReaderTest : public QObject
{
    Q_OBJECT

private:
    QByteArray m_complete; ///< A file with every member that there is.
    QJsonObject m_schema;

    LayoutReading read(const QJsonValue &root) const
    {
        return LayoutReader::read(QJsonDocument(root.toObject()).toJson(), u"some.json"_s);
    }

    /// The change makes it wrong, and one problem is at \a path, or within it.
    void isRefused(const QStringList &path, const std::function<QJsonValue(const QJsonValue &)> &change, const QString &what)
    {
        const QJsonValue wrong = changed(QJsonDocument::fromJson(m_complete).object(), path, change);
        const LayoutReading reading = LayoutReader::read(
            wrong.isArray() ? QJsonDocument(wrong.toArray()).toJson() : QJsonDocument(wrong.toObject()).toJson(), u"some.json"_s);
        const QString place = path.isEmpty() ? QString() : QString(u'/' + path.join(u'/'));
        QVERIFY2(!reading.layout, qPrintable(place + u": "_s + what));
        QVERIFY2(!reading.problems.empty(), qPrintable(place + u": "_s + what));
        const bool named = std::any_of(reading.problems.begin(), reading.problems.end(), [&](const LayoutProblem &problem) {
            return problem.path.startsWith(place) || place.startsWith(problem.path + u'/');
        });
        QVERIFY2(named, qPrintable(place + u": "_s + what + u'\n' + problemText(reading.problems)));
    }

private slots:
    void initTestCase()
    {
        m_complete = contents(QStringLiteral(PULSEDECK_LAYOUTS "/complete.json"));
        m_schema = QJsonDocument::fromJson(LayoutDocument::schema()).object();
        QVERIFY(!m_schema.isEmpty());
        const LayoutReading reading = LayoutReader::read(m_complete, u"complete.json"_s);
        QVERIFY2(reading.layout, qPrintable(problemText(reading.problems)));
    }

    /// Otherwise the tests below would miss some of it.
    void completeHasEveryMemberOfTheSchema()
    {
        SchemaWalk walk(m_schema);
        walk.visit(QJsonDocument::fromJson(m_complete).object(), [](auto &&...) {});
        QStringList missing;
        const std::function<void(const QJsonValue &)> look = [&](const QJsonValue &part) {
            const QJsonObject object = part.toObject();
            const QJsonObject known = object["properties"_L1].toObject();
            if (!known.isEmpty() && object.contains("type"_L1)) {
                for (const QString &name : known.keys()) {
                    if (!walk.seen.contains(QString::number(qHash(known.keys())) + u'/' + name))
                        missing.append(name);
                }
            }
            for (const QJsonValue &one : object)
                look(one);
            for (const QJsonValue &one : part.toArray())
                look(one);
        };
        look(m_schema);
        missing.sort();
        // Of queues and reap, where they stand instead of others that are there.
        QCOMPARE(missing, (QStringList{u"atWork"_s, u"doneByWorkers"_s, u"field"_s, u"record"_s, u"sets"_s, u"whyNot"_s}));
    }

    void eachMemberHasATitleForEditors()
    {
        const std::function<void(const QString &, const QJsonObject &)> look = [&](const QString &path, const QJsonObject &part) {
            const QJsonObject known = part["properties"_L1].toObject();
            for (const QString &name : known.keys())
                QVERIFY2(part["properties"_L1][name].toObject().contains("title"_L1), qPrintable(path + u'/' + name));
            for (const QString &name : part.keys())
                look(path + u'/' + name, part.value(name).toObject());
        };
        look({}, m_schema);
    }

    void eachRequiredMemberIsMissed()
    {
        SchemaWalk walk(m_schema);
        walk.visit(QJsonDocument::fromJson(m_complete).object(),
                   [&](const QJsonValue &value, const QStringList &path, auto parts) {
                       for (const QJsonObject &part : parts) {
                           for (const QJsonValue &name : part["required"_L1].toArray()) {
                               if (value.isObject() && value.toObject().contains(name.toString()))
                                   isRefused(
                                       path + QStringList(name.toString()),
                                       [](auto &&) { return QJsonValue(QJsonValue::Undefined); }, u"removed"_s);
                           }
                       }
                   });
    }

    void eachValueOfAnotherTypeIsRefused()
    {
        const QList<QJsonValue> others{QJsonValue(QJsonValue::Null), true, 7.5, u"zzz"_s, QJsonArray{1},
                                       QJsonObject{{u"zzz"_s, 1}}};
        SchemaWalk walk(m_schema);
        walk.visit(QJsonDocument::fromJson(m_complete).object(), [&](auto &&, const QStringList &path, auto parts) {
            const QStringList types = SchemaWalk::types(parts);
            for (const QJsonValue &other : others) {
                if (!types.contains(typeOf(other)) && !path.isEmpty())
                    isRefused(
                        path, [&other](auto &&) { return other; }, typeOf(other));
            }
        });
    }

    void eachUnknownMemberIsRefused()
    {
        SchemaWalk walk(m_schema);
        walk.visit(QJsonDocument::fromJson(m_complete).object(), [&](const QJsonValue &value, const QStringList &path, auto &&) {
            if (!value.isObject())
                return;
            isRefused(
                path,
                [](const QJsonValue &old) {
                    QJsonObject object = old.toObject();
                    object.insert(u"zzz"_s, 1); // Where any name may stand, a number may not.
                    return object;
                },
                u"an unknown member"_s);
        });
    }

    void eachLimitHolds()
    {
        SchemaWalk walk(m_schema);
        walk.visit(QJsonDocument::fromJson(m_complete).object(),
                   [&](const QJsonValue &value, const QStringList &path, auto parts) {
                       for (const QJsonObject &part : parts) {
                           if (!SchemaWalk::types({part}).contains(typeOf(value)))
                               continue;
                           const auto refuses = [&](const QJsonValue &other, const QString &what) {
                               isRefused(
                                   path, [&other](auto &&) { return other; }, what);
                           };
                           if (value.isDouble() && part.contains("minimum"_L1))
                               refuses(part["minimum"_L1].toDouble() - 1, u"too small"_s);
                           if (value.isDouble() && part.contains("maximum"_L1))
                               refuses(part["maximum"_L1].toDouble() + 1, u"too large"_s);
                           if (value.isString() && part.contains("maxLength"_L1))
                               refuses(QString(part["maxLength"_L1].toInt() + 1, u'x'), u"too long"_s);
                           if (value.isString() && part.contains("minLength"_L1))
                               refuses(QString(), u"empty"_s);
                           if (value.isString() && (part.contains("enum"_L1) || part.contains("pattern"_L1)))
                               refuses(u"Zzz ?"_s, u"another word"_s);
                           if (value.isArray() && part.contains("minItems"_L1))
                               refuses(QJsonArray(), u"too few"_s);
                           if (value.isArray() && part.contains("maxItems"_L1)) {
                               QJsonArray many;
                               while (many.size() <= part["maxItems"_L1].toInt())
                                   many.append(value.toArray().first());
                               refuses(many, u"too many"_s);
                           }
                       }
                   });
    }

    void placesAreNamed()
    {
        const QByteArray json = "{\n"
                                "  \"layout\": \"mine\",\n"
                                "  \"schema\": 1, \"title\": \"Mine\",\n"
                                "  \"discover\": [{ \"kind\": \"set\", \"key\": \"all\" }],\n"
                                "  \"liveness\": { \"by\": \"ttl\" },\n"
                                "  \"record\": { \"type\": \"hash\", \"key\": \"w:{id}\" },\n"
                                "  \"commands\": { \"drain\": {\n"
                                "    \"guard\": { \"alive\": true },\n"
                                "    \"ops\": [\n"
                                "      { \"op\": \"push\", \"key\": \"x\" }] } }\n"
                                "}\n";
        const LayoutReading reading = LayoutReader::read(json, u"mine.json"_s);
        QCOMPARE(reading.problems.size(), size_t(1));
        QVERIFY2(reading.problems[0].toString().startsWith(
                     u"mine.json:10: /commands/drain/ops/0/op: It must be one of: set, del, lpush, rpush"_s),
                 qPrintable(problemText(reading.problems)));
    }

    void severalProblemsAreReportedAtOnce()
    {
        const QByteArray json = R"({ "layout": "Mine", "schema": 2, "title": 5, "colour": "red",
            "discover": [{ "kind": "sets", "key": "all" }, { "kind": "set", "key": 1 }] })";
        const QString text = problemText(LayoutReader::read(json, u"a.json"_s).problems);
        for (const QString &place :
             {u"/layout:"_s, u"/schema:"_s, u"/title:"_s, u"/colour:"_s, u"a.json:2: /discover/0/kind:"_s, u"/discover/1/key:"_s})
            QVERIFY2(text.contains(place), qPrintable(text));
        QByteArray many = R"({ "layout": "mine", "schema": 1, "title": "Mine")";
        for (int i = 0; i < 100; ++i)
            many += ", \"x" + QByteArray::number(i) + "\": 1";
        QCOMPARE(LayoutReader::read(many + '}', {}).problems.size(), LayoutDocument::mostProblems);
    }

    /// How much is read is the console's to say: a file can only make it less.
    void noFileMakesSweepsFaster()
    {
        const auto sweepOf = [](const QByteArray &more) {
            const LayoutReading reading = LayoutReader::read(R"({ "layout": "mine", "schema": 1, "title": "Mine",
                "discover": [{ "kind": "zset", "key": "all", "score": "beat" }], "liveness": { "by": "score" })"
                                                                 + more + " }",
                                                             u"mine.json"_s);
            return reading.layout ? reading.layout->sweepMs : -1;
        };
        QCOMPARE(sweepOf(""), Layout::leastSweepMs);
        QCOMPARE(sweepOf(R"(, "sweepEvery": 0.5)"), Layout::leastSweepMs);
        QCOMPARE(sweepOf(R"(, "sweepEvery": 7)"), 7'000);
        for (const Layout &layout : LayoutCatalog::builtIn().layouts())
            QVERIFY2(layout.sweepMs >= Layout::leastSweepMs, qPrintable(layout.name));
    }

    /// Both forms of "reap" mean the same: whatever guard is written, wherever, has to hold before anything is removed.
    void reapIsAnObjectOrAListOfWrites()
    {
        const auto fileWith = [](const QByteArray &reap, const QByteArray &guardOfOp = {}) -> QByteArray {
            return R"({ "layout": "pool", "schema": 1, "title": "Pool", "versions": "2 to 4", "prefix": "",
                "detect": [{ "exists": "{prefix}members", "type": "set" }],
                "discover": [{ "kind": "set", "key": "{prefix}members", "memberIs": "key" }],
                "idPattern": "^(?<host>.+):(?<pid>[0-9]+):(?<start>[0-9a-f]+)$",
                "record": { "key": "{prefix}{id}", "type": "hash",
                            "fields": { "busy": "busy", "resting": "resting", "at": "at", "inside": "about#/inside",
                                        "capacity": ["threads", "about#/threads"], "queues": "about#/queues" } },
                "identity": { "host": "$host", "pid": "$pid", "group": "about#/tag" },
                "liveness": { "by": "ttl", "fullTtl": [60], "registry": "required", "interval": [5, 10],
                              "lateAfter": "2 intervals", "stamp": { "field": "at", "unit": "s", "clock": "worker" } },
                "status": [{ "if": { "resting": "true" }, "is": "draining" }, { "else": "available" }],
                "queues": { "kind": "set", "key": "{prefix}lists", "depth": [{ "llen": "{prefix}list:{queue}" }] },
                "watch": "tracking-read",
                "commands": {
                  "drain": { "scope": "worker", "ops": [{ "op": "lpush", "key": "{prefix}{id}-orders", "value": "REST", "expire": 60)"
                   + guardOfOp + R"( }],
                    "guard": [{ "alive": true }, { "empty": "{prefix}{id}-orders" }, { "not": { "inside": "true" } }],
                    "undo": [{ "op": "lrem", "key": "{prefix}{id}-orders", "value": "REST" }],
                    "proof": { "pickedUp": { "empty": "{prefix}{id}-orders" }, "draining": { "resting": "true" }, "emptied": { "busy": "0" } },
                    "expect": { "pickedUp": "1 interval", "draining": "2 intervals" }, "reversible": false },
                  "stop": { "scope": "worker", "ops": [{ "op": "lpush", "key": "{prefix}{id}-orders", "value": "END", "expire": 60 }],
                    "guard": [{ "alive": true }, { "empty": "{prefix}{id}-orders" }],
                    "proof": { "gone": { "notMember": "{prefix}members" } }, "overdueAfter": 40 } },
                "reap": )"
                   + reap + " }";
        };
        const QByteArray srem = R"("op": "srem", "key": "{prefix}members", "value": "{id}")";
        const QByteArray absent = R"("guard": { "absent": "{prefix}{id}" })";
        const LayoutReading object = LayoutReader::read(fileWith("{ \"ops\": [{ " + srem + " }], " + absent + " }"), u"a.json"_s);
        const LayoutReading list = LayoutReader::read(fileWith("[{ " + srem + ", " + absent + " }]"), u"b.json"_s);
        for (const LayoutReading *reading : {&object, &list}) {
            QVERIFY2(reading->layout, qPrintable(problemText(reading->problems)));
            QVERIFY(reading->layout->reap);
            QCOMPARE(reading->layout->reap->ops.size(), size_t(1));
            QCOMPARE(reading->layout->reap->ops[0].kind, LayoutOp::Kind::SRem);
            QCOMPARE(reading->layout->reap->guard.size(), size_t(1));
            QCOMPARE(reading->layout->reap->guard[0].kind, LayoutCondition::Kind::AbsentKey);
            QCOMPARE(reading->layout->reap->guard[0].key.written(), "{prefix}{id}");
            // What is sent is made of the command.
            const LayoutCommand &command = reading->layout->commands.back();
            QCOMPARE(command.act, Act::Reap);
            QCOMPARE(command.guard.size(), size_t(1));
            QVERIFY(reading->layout->discover[0].registry); // The only list is the registry.
        }
        const QByteArray del = R"("op": "del", "key": "{prefix}{id}-orders")";
        for (const QByteArray &reap :
             QByteArrayList{"[{ " + srem + ", " + absent + " }, { " + del + R"(, "guard": { "gone": true } }])",
                            "{ \"ops\": [{ " + srem + " }, { " + del + R"(, "guard": { "gone": true } }], )" + absent + " }"}) {
            const LayoutReading several = LayoutReader::read(fileWith(reap), u"c.json"_s);
            QVERIFY2(several.layout, qPrintable(problemText(several.problems)));
            QCOMPARE(several.layout->reap->ops.size(), size_t(2));
            QCOMPARE(several.layout->reap->guard.size(), size_t(2));
        }
        // Without any guard it is refused, and a write of another command has none.
        const LayoutReading open = LayoutReader::read(fileWith("[{ " + srem + " }]"), u"d.json"_s);
        QVERIFY(!open.layout);
        QVERIFY2(problemText(open.problems).contains(u"/reap"_s), qPrintable(problemText(open.problems)));
        const LayoutReading other =
            LayoutReader::read(fileWith("[{ " + srem + ", " + absent + " }]", R"(, "guard": { "alive": true })"), u"e.json"_s);
        QVERIFY(!other.layout);
        QVERIFY2(problemText(other.problems).contains(u"/commands/drain/ops/0/guard"_s), qPrintable(problemText(other.problems)));
    }

    /// Without "detect" a system is detected by what its workers are discovered by; a template and messages never are.
    void detectionFollowsDiscovery()
    {
        const auto detectionOf = [](const QByteArray &discover, const QByteArray &more = {}) {
            const LayoutReading reading =
                LayoutReader::read(R"({ "layout": "mine", "schema": 1, "title": "Mine", "prefix": "w:",)" + more
                                       + R"( "discover": [)" + discover + R"(], "liveness": { "by": "ttl" },
 "record": { "type": "hash", "key": "{prefix}{id}" } })",
                                   u"mine.json"_s);
            return reading.layout ? reading.layout->detect : std::vector<LayoutDetection>();
        };
        const auto keys = detectionOf(R"({ "kind": "scan", "key": "{prefix}*", "type": "hash" })");
        QCOMPARE(keys.size(), 1u);
        QVERIFY(keys[0].kind == LayoutDetection::Kind::Scan && keys[0].type == LayoutKeyType::Hash);
        QCOMPARE(keys[0].pattern.written(), "{prefix}*"_ba);
        const auto set = detectionOf(R"({ "kind": "set", "key": "{prefix}all" }, { "kind": "channels", "key": "{prefix}*" })");
        QCOMPARE(set.size(), 2u);
        QVERIFY(set[0].kind == LayoutDetection::Kind::Exists && set[0].type == LayoutKeyType::Set);
        QVERIFY(set[1].kind == LayoutDetection::Kind::Channels);
        QVERIFY(detectionOf(R"({ "kind": "set", "key": "{prefix}all" })", R"( "template": true,)").empty());
        const auto said = detectionOf(R"({ "kind": "set", "key": "{prefix}all" })", R"( "detect": [{ "exists": "other" }],)");
        QCOMPARE(said.size(), 1u);
        QCOMPARE(said[0].pattern.written(), "other"_ba);
    }

    void streamsAndLocksStandAlone_data()
    {
        QTest::addColumn<QByteArray>("discover");
        QTest::addColumn<bool>("sound");
        QTest::newRow("streams") << QByteArray(R"({"kind": "stream", "key": "a*"}, {"kind": "stream", "key": "b*"})") << true;
        QTest::newRow("a stream and a set") << QByteArray(R"({"kind": "stream", "key": "a*"}, {"kind": "set", "key": "b"})")
                                            << false;
        QTest::newRow("a lock and a stream")
            << QByteArray(R"({"kind": "lock", "key": "a"}, {"kind": "stream", "key": "b*"})") << false;
    }
    void streamsAndLocksStandAlone()
    {
        QFETCH(QByteArray, discover);
        QFETCH(bool, sound);
        const LayoutReading reading =
            LayoutReader::read(R"({"layout": "own", "schema": 1, "title": "Own", "discover": [)" + discover
                                   + R"(], "record": {"type": "none"}, "liveness": {"by": "score"}})",
                               u"own.json"_s);
        QCOMPARE(reading.layout.has_value(), sound);
        QVERIFY2(sound || problemText(reading.problems).contains(u"/discover: Streams and locks cannot be joined"_s),
                 qPrintable(problemText(reading.problems)));
    }

    void queuesAreChecked_data()
    {
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<QString>("said"); // Empty: it is sound.
        const auto row = [](const char *part, const char *said) {
            QTest::newRow(part) << QByteArray(part) << QString::fromUtf8(said);
        };
        row(R"("done": [{"get": "n:{queue}"}], "added": [{"get": "i:{queue}"}])", "");
        row(R"("done": [{"get": "n:{id}"}])", "/queues/done/0/get: There is no variable {id}");
        row(R"("done": [{"get": "a", "llen": "b"}])", "/queues/done/0");
        row(R"("doneByWorkers": true)", "");
        row(R"("doneByWorkers": true, "done": [{"get": "n"}])", "/queues/doneByWorkers");
        row(R"("oldest": [{"zset": "z:{queue}"}])", "");
        row(R"("oldest": [{"zset": "z:{queue}", "end": "last"}])", "/queues/oldest/0/end");
        row(R"("oldest": [{"unit": "s"}])", "/queues/oldest/0: One of zset, list");
        row(R"("oldest": [{"zset": "z", "list": "l", "end": "last", "member": "at"}])", "/queues/oldest/0: One of zset, list");
        row(R"("oldest": [{"list": "l:{queue}", "end": "last", "member": "at"}])", "");
        row(R"("oldest": [{"list": "l:{queue}", "member": "at"}])", "/queues/oldest/0: “end” is missing");
        row(R"("oldest": [{"list": "l:{queue}", "end": "first"}])", "/queues/oldest/0: One of record, member");
        row(R"("oldest": [{"list": "l", "end": "first", "record": {"key": "j:{job}", "field": "at"}}])", "");
        row(R"("oldest": [{"list": "l", "end": "first", "record": {"key": "j:{queue}", "field": "at"}}])",
            "/queues/oldest/0/record/key: Without {job}");
        row(R"("oldest": [{"list": "l:{job}", "end": "first", "member": "at"}])", "There is no variable {job}");
        row(R"("working": {"field": "job"})", "");
        row(R"("working": {"field": "jobs"})", "/queues/working/field");
        row(R"("working": {"field": "job"}, "atWork": [{"llen": "a:{queue}"}])", "/queues/working: “atWork”");
        row(R"("working": {"hashes": ["{id}:work"], "member": "queue"})", "");
        row(R"("working": {"hashes": ["{id}:work"]})", "/queues/working: “hashes” and “member”");
        row(R"("working": {"hashes": ["{id}:{queue}"], "member": "queue"})", "/queues/working/hashes/0");
        row(R"("working": {"sets": ["acks:{id}:{queue}"]})", "");
        row(R"("working": {"sets": ["acks:{id}"]})", "/queues/working/sets/0");
        row(R"("working": {"sets": ["acks:{id}:{queue}"], "field": "job"})", "/queues/working: One of field, hashes, sets");
        row(R"("whole": {"done": [{"get": "done"}]})", "");
        row(R"("whole": {"done": [{"get": "done:{queue}"}]})", "/queues/whole/done/0/get: There is no variable {queue}");
    }
    void queuesAreChecked()
    {
        QFETCH(QByteArray, part);
        QFETCH(QString, said);
        const LayoutReading reading =
            LayoutReader::read(R"({"layout": "own", "schema": 1, "title": "Own", "discover": [{"kind": "set", "key": "all"}],
                "record": {"type": "hash", "key": "w:{id}", "fields": {"job": "job", "processed": "done"}},
                "liveness": {"by": "ttl"}, "queues": {"kind": "set", "key": "queues", )"
                                   + part + "}}",
                               u"own.json"_s);
        QCOMPARE(reading.layout.has_value(), said.isEmpty());
        QVERIFY2(problemText(reading.problems).contains(said), qPrintable(problemText(reading.problems)));
    }

    void mistakes_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("word");
        const auto row = [](const char *name, const char *before, const char *after, const QString &path, const QString &word) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << path << word;
        };
        row("no JSON", "{ \"layout\"", "{ layout", {}, u"not JSON"_s);
        row("a comma too many", "\"title\": \"Mine\",", "\"title\": \"Mine\",,", {}, u"not JSON"_s);
        row("twice", "\"title\": \"Mine\",", "\"title\": \"Mine\", \"title\": \"Mine\",", u"/title"_s, u"twice"_s);
        row("bytes that are no UTF-8", "Mine", "M\xFFine", {}, u"not JSON"_s);
        row("regular expression", "(?<host>.+):", "(?<host>.+:", u"/idPattern"_s, u"regular expression"_s);
        row("variable", "w:{id}", "w:{ids}", u"/record/key"_s, u"{ids}"_s);
        row("variable of a command", "c:{id}", "c:{queue}", u"/commands/drain/ops/0/key"_s, u"{queue}"_s);
        row("a list of one value", "\"busy\": \"0\"", "\"busy\": [\"0\"]", u"/commands/drain/proof/emptied/busy"_s, u"2"_s);
        row("members of a hash", "\"type\": \"hash\",", "\"type\": \"hash\", \"secret\": true,", u"/record/secret"_s, u"json"_s);
        row("group", "$host", "$hots", u"/identity/host"_s, u"hots"_s);
        row("field of a rule", "\"state\": \"off\"", "\"stat\": \"off\"", u"/status/0/if/stat"_s, u"stat"_s);
        row("field of a guard", "\"missing\": \"ended\"", "\"missing\": \"ende\"", u"/commands/drain/guard/1/missing"_s,
            u"ende"_s);
        row("field of a proof", "\"busy\": \"0\"", "\"busi\": \"0\"", u"/commands/drain/proof/emptied/busi"_s, u"busi"_s);
        row("field of a path", "\"info#/v\"", "\"info#v\"", u"/record/fields/version"_s, u"JSON pointer"_s);
        row("watched prefixes", "\"w:\", \"c:\"", "\"w:\", \"w:x\"", u"/watched/1"_s, u"overlap"_s);
        row("all keys watched", "\"w:\", \"c:\"", "\"{prefix}\"", u"/watched/0"_s, u"Every key"_s);
        row("no guard", "\"guard\": [{ \"alive\": true }, { \"missing\": \"ended\" }],", "", u"/commands/drain"_s, u"guard"_s);
        row("once without proof", "\"pickedUp\": { \"empty\": \"c:{id}\" },", "", u"/commands/drain/once"_s, u"pickedUp"_s);
        row("an op's field", "\"value\": \"TSTP\"", "\"value\": \"TSTP\", \"field\": \"x\"", u"/commands/drain/ops/0/field"_s,
            u"lpush"_s);
        row("another key in a status", "{ \"state\": \"off\" }", "{ \"present\": \"c:{id}\" }", u"/status/0"_s, u"record"_s);
        row("an op's missing field", ", \"value\": \"TSTP\"", "", u"/commands/drain/ops/0"_s, u"value"_s);
        row("reserved field", "\"state\": \"state\",", "\"state\": \"state\", \"alive\": \"alive\",", u"/record/fields/alive"_s,
            u"alive"_s);
        row("interval without one", "\"interval\": [5]", "\"interval\": []", u"/commands/drain/expect/pickedUp"_s, u"interval"_s);
        row("else not last", "{ \"else\": \"available\" }", "{ \"else\": \"available\" }, { \"else\": \"busy\" }",
            u"/status/1/else"_s, u"never"_s);
        row("listener", "{ \"alive\": true }", "{ \"listening\": true }", u"/commands/drain/guard/0/listening"_s, u"channel"_s);
    }

    void mistakes()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, path);
        QFETCH(QString, word);
        const QByteArray good = R"({ "layout": "mine", "schema": 1, "title": "Mine",
            "discover": [{ "kind": "set", "key": "all", "memberIs": "id" }],
            "idPattern": "^(?<host>.+):(?<pid>[0-9]+)$",
            "record": { "type": "hash", "key": "w:{id}",
                "fields": { "state": "state", "busy": "busy", "ended": "ended", "version": "info#/v" } },
            "identity": { "host": "$host" },
            "liveness": { "by": "ttl", "interval": [5] },
            "status": [{ "if": { "state": "off" }, "is": "paused" }, { "else": "available" }],
            "watch": "prefix", "watched": ["w:", "c:"],
            "commands": { "drain": { "ops": [{ "op": "lpush", "key": "c:{id}", "value": "TSTP" }],
                "guard": [{ "alive": true }, { "missing": "ended" }],
                "proof": { "pickedUp": { "empty": "c:{id}" }, "emptied": { "busy": "0" } },
                "expect": { "pickedUp": "1 interval" }, "once": true } } })";
        const LayoutReading right = LayoutReader::read(good, {});
        QVERIFY2(right.layout, qPrintable(problemText(right.problems)));
        QVERIFY(good.contains(before));
        QByteArray bad = good;
        const LayoutReading reading = LayoutReader::read(bad.replace(before, after), u"mine.json"_s);
        QVERIFY(!reading.layout);
        const auto found = std::find_if(reading.problems.begin(), reading.problems.end(),
                                        [&](const LayoutProblem &problem) { return problem.path == path; });
        QVERIFY2(found != reading.problems.end(), qPrintable(problemText(reading.problems)));
        QVERIFY2(found->text.contains(word), qPrintable(problemText(reading.problems)));
        QCOMPARE(found->file, u"mine.json"_s);
        QVERIFY(found->line >= 1);
    }

    void limits()
    {
        QByteArray large = m_complete;
        large.append(QByteArray(LayoutDocument::mostBytes, ' '));
        QVERIFY(problemText(LayoutReader::read(large, u"a.json"_s).problems).contains(u"256 KiB"_s));
        // Without a limit this would end the stack.
        QVERIFY(problemText(LayoutReader::read(QByteArray(200'000, '['), u"a.json"_s).problems).contains(u"24 levels"_s));
        QVERIFY(!LayoutReader::read({}, {}).layout);
        QVERIFY(!LayoutReader::read("[]", {}).layout);
        QVERIFY(!LayoutReader::read("null", {}).layout);
        QVERIFY(LayoutReader::read("\xEF\xBB\xBF" + m_complete, {}).layout); // Some editors begin a file with a mark.
        QTemporaryDir folder;
        QVERIFY(problemText(LayoutReader::readFile(folder.filePath(u"none.json"_s)).problems).contains(u"no such file"_s));
        QVERIFY(problemText(LayoutReader::readFile(folder.path()).problems).contains(u"not a file"_s));
    }

    /// Bytes of others: whatever stands in a file, it is a layout or there is a message.
    void fuzz()
    {
        QRandomGenerator random(20261129);
        const QByteArrayList tokens{
            "\"",      "{",       "}",   "[",    "]",        ",",  ":", "null", "true",     "-1",       "1e999",
            "\\u0000", "\\ud800", "(?<", "{id}", "{prefix}", "{{", "*", "\xFF", "\"type\"", "\"kind\"", "9999999999999999999",
            "$",       "@",       "#/"};
        QByteArrayList files;
        QDir folder(u":/layouts"_s);
        for (const QString &name : folder.entryList())
            files.append(contents(folder.filePath(name)));
        files.append(m_complete);
        int read = 0;
        for (int i = 0; i < 1'500; ++i) {
            QByteArray json = files.at(random.bounded(files.size()));
            const int changes = 1 + random.bounded(3);
            for (int change = 0; change < changes; ++change) {
                const qsizetype at = random.bounded(json.size());
                switch (random.bounded(4)) {
                case 0:
                    json[at] = char(random.bounded(256));
                    break;
                case 1:
                    json.remove(at, 1 + random.bounded(40));
                    break;
                case 2:
                    json.insert(at, json.mid(random.bounded(json.size()), random.bounded(60)));
                    break;
                default:
                    json.insert(at, tokens.at(random.bounded(tokens.size())));
                }
            }
            const LayoutReading reading = LayoutReader::read(json, u"fuzz.json"_s);
            QCOMPARE(reading.layout.has_value(), reading.problems.empty());
            QVERIFY(reading.problems.size() <= LayoutDocument::mostProblems);
            read += reading.layout.has_value();
            for (const LayoutProblem &problem : reading.problems) {
                QVERIFY(!problem.text.isEmpty());
                QVERIFY(problem.line >= 1 && problem.line <= 1 + json.count('\n'));
            }
        }
        QVERIFY(read > 0); // Some changes are harmless: within a text.
    }
};

PULSEDECK_TEST(LayoutReaderTest, runWithEvents)
#include "layoutreader_test.moc"
