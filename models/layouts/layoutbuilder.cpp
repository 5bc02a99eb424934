// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutbuilder.h"

#include "models/layouts/layoutdocument.h"
#include "models/layouts/layouttimingreader.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto layoutUnits = std::to_array<std::pair<const char *, LayoutUnit>>({{"s", LayoutUnit::Seconds},
                                                                                 {"ms", LayoutUnit::Milliseconds},
                                                                                 {"ns", LayoutUnit::Nanoseconds},
                                                                                 {"iso8601", LayoutUnit::Iso8601},
                                                                                 {"ruby", LayoutUnit::Ruby},
                                                                                 {"auto", LayoutUnit::Auto}});
constexpr auto layoutClocks = std::to_array<std::pair<const char *, LayoutClock>>(
    {{"worker", LayoutClock::Worker}, {"redis", LayoutClock::Redis}, {"app", LayoutClock::App}});
constexpr auto layoutKeyTypes = std::to_array<std::pair<const char *, LayoutKeyType>>({{"string", LayoutKeyType::String},
                                                                                       {"hash", LayoutKeyType::Hash},
                                                                                       {"list", LayoutKeyType::List},
                                                                                       {"set", LayoutKeyType::Set},
                                                                                       {"zset", LayoutKeyType::SortedSet},
                                                                                       {"stream", LayoutKeyType::Stream}});
using Found = LayoutDiscovery::Kind;
constexpr auto discoveryKinds = std::to_array<std::pair<const char *, Found>>({{"scan", Found::Scan},
                                                                               {"set", Found::Set},
                                                                               {"zset", Found::SortedSet},
                                                                               {"hash", Found::Hash},
                                                                               {"lock", Found::Lock},
                                                                               {"channels", Found::Channels},
                                                                               {"clients", Found::Clients},
                                                                               {"stream", Found::Stream},
                                                                               {"events", Found::Events}});
constexpr auto scoreKinds = std::to_array<std::pair<const char *, LayoutDiscovery::Score>>(
    {{"beat", LayoutDiscovery::Score::Beat}, {"expiry", LayoutDiscovery::Score::Expiry}});
using RecordType = LayoutRecord::Type;
constexpr auto recordTypes = std::to_array<std::pair<const char *, RecordType>>({{"none", RecordType::None},
                                                                                 {"hash", RecordType::Hash},
                                                                                 {"string", RecordType::String},
                                                                                 {"json", RecordType::Json},
                                                                                 {"text", RecordType::Text},
                                                                                 {"protobuf", RecordType::Protobuf}});
using LivesBy = LayoutLiveness::By;
constexpr auto livenessKinds = std::to_array<std::pair<const char *, LivesBy>>({{"ttl", LivesBy::Ttl},
                                                                                {"stamp", LivesBy::Stamp},
                                                                                {"score", LivesBy::Score},
                                                                                {"expiry", LivesBy::Expiry},
                                                                                {"connection", LivesBy::Connection},
                                                                                {"events", LivesBy::Events}});
constexpr auto registries =
    std::to_array<std::pair<const char *, LayoutLiveness::Registry>>({{"none", LayoutLiveness::Registry::None},
                                                                      {"optional", LayoutLiveness::Registry::Optional},
                                                                      {"required", LayoutLiveness::Registry::Required}});
constexpr auto layoutStatusWords =
    std::to_array<std::pair<const char *, WorkerStatus>>({{"available", WorkerStatus::Available},
                                                          {"busy", WorkerStatus::Busy},
                                                          {"paused", WorkerStatus::Paused},
                                                          {"draining", WorkerStatus::Draining},
                                                          {"shutting-down", WorkerStatus::ShuttingDown},
                                                          {"unknown", WorkerStatus::Other}});
constexpr auto queueKinds = std::to_array<std::pair<const char *, LayoutQueues::Kind>>(
    {{"set", LayoutQueues::Kind::Set}, {"scan", LayoutQueues::Kind::Scan}, {"fields", LayoutQueues::Kind::Fields}});
constexpr auto watchKinds = std::to_array<std::pair<const char *, Layout::Watch>>(
    {{"prefix", Layout::Watch::Prefix}, {"tracking-read", Layout::Watch::TrackedReads}, {"sweep", Layout::Watch::Sweep}});
constexpr auto actScopes = std::to_array<std::pair<const char *, ActScope>>(
    {{"worker", ActScope::Worker}, {"queue", ActScope::Queue}, {"fleet", ActScope::Fleet}});
constexpr auto understandings = std::to_array<std::pair<const char *, Layout::Understood>>(
    {{"source", Layout::Understood::Source}, {"recorded", Layout::Understood::Recorded}, {"tested", Layout::Understood::Tested}});
using Counted = LayoutQueues::Count::How;
constexpr auto countKinds = std::to_array<std::pair<const char *, Counted>>({{"llen", Counted::LLen},
                                                                             {"zcard", Counted::ZCard},
                                                                             {"scard", Counted::SCard},
                                                                             {"hlen", Counted::HLen},
                                                                             {"get", Counted::Get},
                                                                             {"lag", Counted::StreamLag}});

/// What each write takes besides a key.
struct OpRow
{
    const char *name;
    LayoutOp::Kind kind;
    QByteArrayList needs;
    QByteArrayList mayHave;
};

const std::vector<OpRow> &opRows()
{
    using enum LayoutOp::Kind;
    static const std::vector<OpRow> rows{
        {"set", Set, {"key", "value"}, {"expire", "nx"}},
        {"del", Del, {"key"}, {}},
        {"lpush", LPush, {"key", "value"}, {"expire"}},
        {"rpush", RPush, {"key", "value"}, {"expire"}},
        {"lrem", LRem, {"key", "value"}, {"count"}},
        {"srem", SRem, {"key", "value"}, {}},
        {"zrem", ZRem, {"key", "value"}, {}},
        {"zadd", ZAdd, {"key", "score", "value"}, {"nx"}},
        {"hset", HSet, {"key", "field", "value"}, {"expire"}},
        {"hdel", HDel, {"key", "field"}, {}},
        {"publish", Publish, {"channel", "value"}, {}},
        {"xgroup-delconsumer", XGroupDelConsumer, {"key", "group", "value"}, {}},
    };
    return rows;
}

/// A hostile id cannot keep the console busy with somebody's pattern.
QString bounded(const QString &pattern)
{
    return u"(*LIMIT_MATCH=100000)"_s + pattern;
}

qint64 msOf(const QJsonValue &seconds)
{
    return qRound64(seconds.toDouble() * 1000);
}

QString joined(const QByteArrayList &names)
{
    return QString::fromUtf8(names.join(", "));
}

bool isUsable(const QByteArray &group)
{
    return !group.isEmpty() && group[0] >= 'a' && group[0] <= 'z'
           && std::all_of(group.begin(), group.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

} // namespace

QByteArrayList LayoutPath::foundNames()
{
    return {"score", "name",    "addr",   "client", "age",     "idle",    "cmd",
            "flags", "blocked", "stream", "group",  "pending", "inactive"};
}

std::vector<LayoutBuilder::Node> LayoutBuilder::Node::children(const char *name) const
{
    const QJsonValue list = value(name);
    if (list.isObject())
        return {{list.toObject(), at(name)}};
    std::vector<Node> nodes;
    int index = 0;
    for (const QJsonValue &one : list.toArray())
        nodes.push_back({one.toObject(), at(name) + u'/' + QString::number(index++)});
    return nodes;
}

LayoutBuilder::LayoutBuilder(const QJsonObject &root)
    : m_root{root, {}}
{ }

void LayoutBuilder::fail(const QString &path, const QString &text)
{
    if (m_problems.size() < LayoutDocument::mostProblems)
        m_problems.push_back({{}, 0, path, text});
}

Layout LayoutBuilder::build()
{
    const Node &root = m_root;
    m_layout.name = root.text("layout");
    m_layout.title = root.text("title");
    m_layout.versions = root.text("versions");
    m_layout.prefix = root.bytes("prefix");
    m_layout.code = root.text("code");
    m_layout.note = root.text("note");
    m_layout.killed = root.text("killed");
    m_layout.isTemplate = root.value("template").toBool();
    m_layout.understood = word(root, "understood", understandings, Layout::Understood::Unsaid);
    const Node words = root.child("words");
    m_layout.worker = words.text("worker");
    m_layout.workers = words.text("workers");
    m_layout.unit = words.text("unit");
    if (m_layout.worker.isEmpty() != m_layout.workers.isEmpty())
        fail(words.path, tr("Singular and plural of the worker belong together."));
    if (m_layout.code.isEmpty() && !root.has("discover"))
        fail({}, tr("“%1” is missing.").arg("discover"_L1));
    if (m_layout.code.isEmpty() && !root.has("liveness"))
        fail({}, tr("“%1” is missing.").arg("liveness"_L1));
    m_layout.idPattern = regex(root, "idPattern");
    for (const QString &group : m_layout.idPattern.namedCaptureGroups()) {
        if (!group.isEmpty())
            m_groups.append(group.toUtf8());
    }
    for (const QByteArray &group : std::as_const(m_groups)) {
        if (!isUsable(group))
            fail(root.at("idPattern"),
                 tr("The group “%1” needs a name of lower-case letters and digits.").arg(QString::fromUtf8(group)));
    }
    // What others refer to comes first.
    m_layout.record = record(root.child("record"));
    for (const Node &tier : root.children("tiers"))
        m_layout.tiers.push_back(record(tier.child("record")));
    m_layout.liveness = liveness(root.child("liveness"));
    for (const Node &tier : root.children("tiers"))
        m_layout.tierLiveness.push_back(tier.has("liveness") ? liveness(tier.child("liveness")) : m_layout.liveness);
    takeDetections(root);
    takeDiscoveries(root);
    takeIdentity(root);
    takeStatus(root);
    takeQueues(root);
    takeWatch(root);
    takeCommands(root);
    takeReap(root);
    LayoutTimingReader(root.child("timing").object, root.at("timing"), [this](const QString &path, const QString &text) {
        fail(path, text);
    }).read(&m_layout);
    return m_layout;
}

LayoutText LayoutBuilder::text(const QString &written, const QString &path, Allowed allowed, bool hasTime)
{
    const LayoutText text(written.toUtf8());
    QByteArrayList known{"prefix"};
    if (allowed == Allowed::Member)
        known.append("member");
    if (allowed == Allowed::Queue || allowed == Allowed::Job)
        known += QByteArrayList{"queue", "key"};
    if (allowed == Allowed::Job)
        known.append("job");
    if (allowed == Allowed::WorkerQueue)
        known += QByteArrayList{"id", "queue"};
    if (allowed == Allowed::Worker || allowed == Allowed::WorkerInQueues)
        known += QByteArrayList{"id"} + m_groups;
    if (allowed == Allowed::WorkerInQueues)
        known.append("queue");
    if (hasTime)
        known += QByteArrayList{"now-s", "now-ms"};
    for (const QByteArray &name : text.variables()) {
        if (!known.contains(name))
            fail(path, tr("There is no variable {%1} here; there are: %2.").arg(QString::fromUtf8(name), joined(known)));
    }
    return text;
}

LayoutText LayoutBuilder::text(const Node &node, const char *name, Allowed allowed)
{
    return node.has(name) ? text(node.text(name), node.at(name), allowed) : LayoutText();
}

QRegularExpression LayoutBuilder::regex(const Node &node, const char *name, const char *group)
{
    if (!node.has(name))
        return {};
    const QString pattern = node.text(name);
    QRegularExpression plain(pattern);
    if (!plain.isValid()) {
        fail(node.at(name), tr("This is not a regular expression: %1, at character %2.")
                                .arg(plain.errorString(), QString::number(plain.patternErrorOffset() + 1)));
        return {};
    }
    if (group && !plain.namedCaptureGroups().contains(QLatin1StringView(group)))
        fail(node.at(name), tr("It has no group “%1”.").arg(QLatin1StringView(group)));
    return QRegularExpression(bounded(pattern));
}

std::optional<LayoutPath> LayoutBuilder::path(const QString &written, const QString &place, const LayoutRecord &record)
{
    LayoutPath path;
    const QByteArray name = written.mid(1).toUtf8();
    if (written.startsWith(u'@')) {
        path.from = name == "score" ? LayoutPath::From::Score : LayoutPath::From::Found;
        path.name = name;
        if (!LayoutPath::foundNames().contains(name))
            fail(place, tr("Discovery gives no “%1”; it gives: %2.").arg(written, joined(LayoutPath::foundNames())));
        return path;
    }
    if (written.startsWith(u'$')) {
        const bool isText = record.text.namedCaptureGroups().contains(QString::fromUtf8(name));
        path.from = isText && !m_groups.contains(name) ? LayoutPath::From::Text : LayoutPath::From::Group;
        path.name = name;
        if (!isText && !m_groups.contains(name))
            fail(place, tr("There is no named group “%1”.").arg(QString::fromUtf8(name)));
        return path;
    }
    const qsizetype mark = written.indexOf(u'#');
    path.name = written.left(mark < 0 ? written.size() : mark).toUtf8();
    const QString pointer = mark < 0 ? QString() : written.mid(mark + 1);
    if (!pointer.isEmpty()) {
        if (!pointer.startsWith(u'/')) {
            fail(place, tr("After # comes a JSON pointer, which begins with /."));
            return std::nullopt;
        }
        for (QString step : pointer.mid(1).split(u'/'))
            path.pointer.append(step.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1));
    }
    const bool hasFields = record.type == RecordType::Hash || record.type == RecordType::Protobuf;
    if (record.type == RecordType::None)
        fail(place, tr("There is no record that “%1” could be in.").arg(written));
    else if (hasFields && path.name.isEmpty())
        fail(place, tr("The name of a field is missing before #."));
    else if (!hasFields && !path.name.isEmpty())
        fail(place, tr("The record has no fields; # is its text, #/name a member of its JSON."));
    return path;
}

LayoutPaths LayoutBuilder::paths(const QJsonValue &value, const QString &place, const LayoutRecord &record)
{
    LayoutPaths list;
    const QJsonArray several = value.toArray();
    for (int i = 0; i < several.size(); ++i) {
        if (const auto one = path(several.at(i).toString(), place + u'/' + QString::number(i), record))
            list.push_back(*one);
    }
    if (value.isString()) {
        if (const auto one = path(value.toString(), place, record))
            list.push_back(*one);
    }
    return list;
}

QByteArray LayoutBuilder::field(const QString &name, const QString &place)
{
    const QByteArray field = name.toUtf8();
    bool known = m_layout.record.paths(field);
    for (const LayoutRecord &tier : m_layout.tiers)
        known = known || tier.paths(field);
    // A reader in the program has fields of its own, unless the file says which.
    const bool isInCode = !m_layout.code.isEmpty() && m_layout.record.fields.empty();
    if (!known && !isInCode)
        fail(place, tr("The record has no field “%1”.").arg(name.left(80)));
    return field;
}

qint64 LayoutBuilder::duration(const Node &node, const char *name, qint64 intervalMs)
{
    const QJsonValue value = node.value(name);
    if (!value.isString())
        return msOf(value);
    const double factor = value.toString().section(u' ', 0, 0).toDouble();
    if (intervalMs == 0)
        fail(node.at(name), tr("No interval is given that it could be a multiple of."));
    return qRound64(std::min(factor, 1'000'000.0) * double(intervalMs));
}

template <typename Enum, size_t size>
Enum LayoutBuilder::word(const Node &node, const char *name, const std::array<std::pair<const char *, Enum>, size> &words,
                         Enum otherwise)
{
    const QString written = node.text(name);
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&written](const auto &word) { return written == QLatin1StringView(word.first); });
    return found == words.end() ? otherwise : found->second;
}

LayoutKeyType LayoutBuilder::keyType(const Node &node)
{
    return word(node, "type", layoutKeyTypes, LayoutKeyType::Any);
}

void LayoutBuilder::takeDetections(const Node &root)
{
    using Kind = LayoutDetection::Kind;
    for (const Node &node : root.children("detect")) {
        LayoutDetection detection;
        int kinds = 0;
        for (const auto &[name, kind] : {std::pair{"exists", Kind::Exists},
                                         {"scan", Kind::Scan},
                                         {"channels", Kind::Channels},
                                         {"clients", Kind::Clients}}) {
            if (!node.has(name))
                continue;
            ++kinds;
            detection.kind = kind;
            detection.pattern = text(node, name, Allowed::Prefix);
        }
        detection.type = keyType(node);
        detection.without = text(node, "without", Allowed::Prefix);
        detection.findsPrefix = node.value("findsPrefix").toBool();
        if (detection.findsPrefix && !detection.pattern.written().startsWith('*'))
            fail(node.at("findsPrefix"), tr("The pattern has to begin with *."));
        if (kinds != 1)
            fail(node.path, tr("One of exists, scan, channels and clients is needed, and only one."));
        if (detection.type != LayoutKeyType::Any && (detection.kind == Kind::Channels || detection.kind == Kind::Clients))
            fail(node.at("type"), tr("Channels and connections have no type."));
        m_layout.detect.push_back(detection);
    }
    if (m_layout.isTemplate && !m_layout.detect.empty())
        fail(root.at("detect"), tr("A template is never detected by itself."));
}

void LayoutBuilder::takeDiscoveries(const Node &root)
{
    using Kind = LayoutDiscovery::Kind;
    for (const Node &node : root.children("discover")) {
        LayoutDiscovery discovery;
        discovery.kind = word(node, "kind", discoveryKinds, Kind::Scan);
        discovery.key = text(node, "key", Allowed::Prefix);
        discovery.type = keyType(node);
        discovery.score = word(node, "score", scoreKinds, LayoutDiscovery::Score::None);
        discovery.unit = word(node, "unit", layoutUnits, LayoutUnit::Seconds);
        discovery.clock = word(node, "clock", layoutClocks, LayoutClock::Worker);
        discovery.reader = node.text("reader");
        discovery.tier = node.value("tier").toInt();
        discovery.registry = node.value("registry").toBool();
        discovery.base64 = node.bytes("base64");
        discovery.idFrom = regex(node, "idFrom");
        const bool isNamed = discovery.kind == Kind::Channels || discovery.kind == Kind::Clients;
        const bool hasScore = discovery.kind == Kind::SortedSet || discovery.kind == Kind::Hash;
        const QStringList groups = discovery.idFrom.namedCaptureGroups();
        if (discovery.kind == Kind::Events) {
            if (discovery.reader.isEmpty())
                fail(node.path, tr("“%1” is missing.").arg("reader"_L1));
        } else if (!node.has("key")) {
            fail(node.path, tr("“%1” is missing.").arg("key"_L1));
        }
        const auto onlyFor = [&](const char *name, bool fits) {
            if (node.has(name) && !fits)
                fail(node.at(name), tr("It is not for discovery by %1.").arg(node.text("kind")));
        };
        onlyFor("reader", discovery.kind == Kind::Events);
        onlyFor("type", discovery.kind == Kind::Scan);
        onlyFor("idFrom", isNamed);
        onlyFor("base64", isNamed);
        onlyFor("score", hasScore);
        onlyFor("unit", hasScore);
        onlyFor("clock", hasScore || discovery.kind == Kind::Events);
        if (discovery.tier > int(m_layout.tiers.size()))
            fail(node.at("tier"), tr("There is no such tier."));
        if (!discovery.base64.isEmpty() && !groups.contains(QString::fromUtf8(discovery.base64)))
            fail(node.at("base64"), tr("There is no named group “%1”.").arg(node.text("base64")));
        const QString memberIs = node.text("memberIs");
        const bool hasId = !node.has("idFrom") || groups.contains("id"_L1) || !memberIs.isEmpty();
        if (!hasId)
            fail(node.at("idFrom"), tr("It has no group “%1”.").arg("id"_L1));
        discovery.memberIsKey = memberIs == "key"_L1;
        const LayoutRecord &record = discovery.tier > 0 && discovery.tier <= int(m_layout.tiers.size())
                                         ? m_layout.tiers[size_t(discovery.tier - 1)]
                                         : m_layout.record;
        const bool needsKey = discovery.memberIsKey || discovery.kind == Kind::Scan;
        if (needsKey && !record.key.variables().contains("id"))
            fail(node.path, tr("The record needs a key with {id}, which says what of a key is the id."));
        if (!discovery.memberIsKey && !memberIs.isEmpty() && memberIs != "id"_L1) {
            // Connections and consumers have more parts than a member.
            const LayoutText template_(memberIs.toUtf8());
            QByteArrayList known{"prefix", "member"};
            if (discovery.kind == Kind::Clients)
                known += QByteArrayList{"addr", "client"};
            if (discovery.kind == Kind::Stream)
                known += QByteArrayList{"stream", "group"};
            for (const QString &group : groups) {
                if (!group.isEmpty())
                    known.append(group.toUtf8());
            }
            for (const QByteArray &name : template_.variables()) {
                if (!known.contains(name))
                    fail(node.at("memberIs"),
                         tr("There is no variable {%1} here; there are: %2.").arg(QString::fromUtf8(name), joined(known)));
            }
            if (template_.variables().isEmpty())
                fail(node.at("memberIs"), tr("It is “key”, “id”, or a text with {member}."));
            discovery.memberIs = template_;
        }
        m_layout.discover.push_back(discovery);
    }
    const auto has = [this](auto fits) { return std::any_of(m_layout.discover.begin(), m_layout.discover.end(), fits); };
    for (const auto kind : {Kind::Stream, Kind::Lock}) {
        if (has([kind](const auto &one) { return one.kind == kind; }) && !m_layout.findsOnly(kind))
            fail(root.at("discover"), tr("Streams and locks cannot be joined with other ways to find workers."));
    }
    const LivesBy by = m_layout.liveness.by;
    using Score = LayoutDiscovery::Score;
    if (m_layout.code.isEmpty() && by == LivesBy::Score
        && !has([](const auto &one) { return one.score == Score::Beat || one.kind == Kind::Stream; }))
        fail(root.at("liveness") + u"/by", tr("Nothing that is discovered has the score “beat”."));
    if (m_layout.code.isEmpty() && by == LivesBy::Expiry && !has([](const auto &one) { return one.score == Score::Expiry; }))
        fail(root.at("liveness") + u"/by", tr("Nothing that is discovered has the score “expiry”."));
    if (m_layout.liveness.registry == LayoutLiveness::Registry::Required && m_layout.code.isEmpty()
        && !has([](const auto &one) { return one.registry; }))
        fail(root.at("liveness") + u"/registry", tr("Nothing that is discovered is a registry."));
}

LayoutRecord LayoutBuilder::record(const Node &node)
{
    LayoutRecord record;
    record.type = word(node, "type", recordTypes, RecordType::None);
    record.key = text(node, "key", Allowed::Worker);
    record.text = regex(node, "text");
    record.schema = node.text("schema");
    const bool hasKey = record.type != RecordType::None;
    if (!node.object.isEmpty() && hasKey != node.has("key"))
        fail(node.path, hasKey ? tr("“%1” is missing.").arg("key"_L1) : tr("A record without a type has no key."));
    if (node.has("text") != (record.type == RecordType::Text))
        fail(node.path, tr("“text” belongs to records of the type text, and they need it."));
    if (node.has("schema") != (record.type == RecordType::Protobuf))
        fail(node.path, tr("“schema” belongs to records of the type protobuf, and they need it."));
    const Node fields = node.child("fields");
    for (auto it = fields.object.constBegin(); it != fields.object.constEnd(); ++it) {
        const QString place = fields.path + u'/' + LayoutDocument::step(it.key());
        static const QStringList taken{u"alive"_s,  u"gone"_s,      u"listening"_s, u"unmoved"_s, u"fresh"_s,
                                       u"exists"_s, u"missing"_s,   u"empty"_s,     u"absent"_s,  u"present"_s,
                                       u"member"_s, u"notMember"_s, u"value"_s,     u"not"_s,     u"because"_s};
        if (taken.contains(it.key()))
            fail(place, tr("A field cannot be called “%1”: in rules the word means something else.").arg(it.key()));
        record.fields.emplace_back(it.key().toUtf8(), paths(it.value(), place, record));
    }
    const Node units = node.child("units");
    for (const QString &name : units.object.keys()) {
        if (!record.paths(name.toUtf8()))
            fail(units.path + u'/' + LayoutDocument::step(name), tr("The record has no field “%1”.").arg(name.left(80)));
        record.units.emplace_back(name.toUtf8(), word(units, name.toUtf8().constData(), layoutUnits, LayoutUnit::Seconds));
    }
    return record;
}

void LayoutBuilder::takeIdentity(const Node &root)
{
    const Node node = root.child("identity");
    const auto take = [&](const char *name) { return paths(node.value(name), node.at(name), m_layout.record); };
    m_layout.host = take("host");
    m_layout.pid = take("pid");
    m_layout.group = take("group");
    m_layout.label = take("label");
    m_layout.parent = text(node, "parent", Allowed::Worker);
    if (!m_layout.parent.isEmpty() && m_layout.tiers.empty())
        fail(node.at("parent"), tr("There are no tiers."));
}

LayoutPace LayoutBuilder::pace(const Node &node, const LayoutPace &otherwise)
{
    LayoutPace pace = otherwise;
    if (node.has("interval"))
        pace = {msOf(node.value("interval")), 0, 0};
    if (node.has("lateAfter"))
        pace.lateMs = duration(node, "lateAfter", pace.intervalMs);
    if (node.has("staleAfter"))
        pace.staleMs = duration(node, "staleAfter", pace.intervalMs);
    if (pace.lateMs > 0 && pace.staleMs > 0 && pace.lateMs > pace.staleMs)
        fail(node.at("staleAfter"), tr("“staleAfter” is shorter than “lateAfter”."));
    return pace;
}

LayoutLiveness LayoutBuilder::liveness(const Node &node)
{
    LayoutLiveness liveness;
    liveness.by = word(node, "by", livenessKinds, LivesBy::Ttl);
    liveness.registry = word(node, "registry", registries, LayoutLiveness::Registry::None);
    for (const QJsonValue &one : node.value("fullTtl").toArray())
        liveness.fullTtlMs.push_back(msOf(one));
    for (const QJsonValue &one : node.value("interval").toArray())
        liveness.intervalsMs.push_back(msOf(one));
    LayoutPace usual;
    for (const qint64 interval : liveness.intervalsMs)
        usual.intervalMs = std::max(usual.intervalMs, interval);
    // The list is not the number of seconds that pace() takes.
    Node limits = node;
    limits.object.remove("interval"_L1);
    usual = pace(limits, usual);
    liveness.idle = node.has("idle") ? pace(node.child("idle"), usual) : usual;
    liveness.busy = node.has("busy") ? pace(node.child("busy"), usual) : liveness.idle;
    const Node stamp = node.child("stamp");
    if (node.has("stamp"))
        liveness.stamp = field(stamp.text("field"), stamp.at("field"));
    liveness.stampUnit = word(stamp, "unit", layoutUnits, LayoutUnit::Seconds);
    liveness.stampClock = word(stamp, "clock", layoutClocks, LayoutClock::Worker);
    const Node gone = node.child("goneIf");
    if (node.has("goneIf"))
        liveness.goneIf = field(gone.text("exists"), gone.at("exists"));
    liveness.listener = text(node, "listener", Allowed::Worker);
    liveness.hideAfterMs = msOf(node.value("hideAfter"));
    const QJsonArray complete = node.value("complete").toArray();
    for (int i = 0; i < complete.size(); ++i)
        liveness.complete.append(field(complete.at(i).toString(), node.at("complete") + u'/' + QString::number(i)));
    if (liveness.by == LivesBy::Stamp && liveness.stamp.isEmpty())
        fail(node.path, tr("“%1” is missing.").arg("stamp"_L1));
    if (liveness.by == LivesBy::Ttl && !node.object.isEmpty() && m_layout.record.key.isEmpty() && m_layout.code.isEmpty())
        fail(node.at("by"), tr("There is no record whose TTL could be read."));
    return liveness;
}

void LayoutBuilder::takeStatus(const Node &root)
{
    const std::vector<Node> nodes = root.children("status");
    for (size_t i = 0; i < nodes.size(); ++i) {
        const Node &node = nodes[i];
        LayoutStatusRule rule;
        rule.word = node.text("word");
        const bool isElse = node.has("else");
        if (isElse == node.has("if") || node.has("if") != node.has("is"))
            fail(node.path, tr("A rule has “if” and “is”, or “else”."));
        if (isElse && i + 1 < nodes.size())
            fail(node.at("else"), tr("Rules after it would never count."));
        rule.when = conditions(node, "if", Allowed::Worker);
        rule.status = word(node, isElse ? "else" : "is", layoutStatusWords, WorkerStatus::Available);
        if (rule.status == WorkerStatus::Other && rule.word.isEmpty())
            rule.word = u"unknown"_s; // untranslated: as a word of the file
        m_layout.status.push_back(rule);
    }
}

std::vector<LayoutQueues::Count> LayoutBuilder::counts(const Node &node, const char *name, Allowed allowed)
{
    std::vector<LayoutQueues::Count> list;
    for (const Node &one : node.children(name)) {
        for (const auto &[how, kind] : countKinds) {
            if (one.has(how))
                list.push_back({kind, text(one, how, allowed)});
        }
    }
    return list;
}

/// One of zset and list, and of a list one of the two ways to the time.
LayoutQueues::Oldest LayoutBuilder::oldest(const Node &node)
{
    using How = LayoutQueues::Oldest::How;
    LayoutQueues::Oldest oldest;
    const bool isList = node.has("list");
    oldest.key = text(node, isList ? "list" : "zset", Allowed::Queue);
    oldest.last = node.text("end") == "last"_L1;
    oldest.unit = word(node, "unit", layoutUnits, LayoutUnit::Auto);
    if (isList == node.has("zset"))
        fail(node.path, tr("One of %1 is needed, and not both.").arg("zset, list"_L1));
    if (!isList) {
        for (const char *name : {"end", "record", "member"}) {
            if (node.has(name))
                fail(node.at(name), tr("It belongs to a list."));
        }
        return oldest;
    }
    if (!node.has("end"))
        fail(node.path, tr("“%1” is missing.").arg("end"_L1));
    if (node.has("record") == node.has("member"))
        fail(node.path, tr("One of %1 is needed, and not both.").arg("record, member"_L1));
    const Node record = node.child("record");
    oldest.how = node.has("record") ? How::Record : How::Member;
    oldest.job = text(record, "key", Allowed::Job);
    oldest.field = node.has("record") ? record.bytes("field") : node.bytes("member");
    if (node.has("record") && !oldest.job.variables().contains("job"))
        fail(record.at("key"), tr("Without {job} it is one key for all jobs."));
    return oldest;
}

LayoutQueues::Working LayoutBuilder::working(const Node &node)
{
    using How = LayoutQueues::Working::How;
    LayoutQueues::Working working;
    const int ways = int(node.has("field")) + int(node.has("hashes")) + int(node.has("sets"));
    if (ways != 1) {
        fail(node.path, tr("One of %1 is needed, and no other.").arg("field, hashes, sets"_L1));
        return working;
    }
    if (node.has("hashes") != node.has("member"))
        fail(node.path, tr("“hashes” and “member” belong together."));
    if (node.has("field")) {
        working.how = How::Field;
        working.field = field(node.text("field"), node.at("field"));
        return working;
    }
    working.how = node.has("hashes") ? How::Hashes : How::Sets;
    working.field = node.bytes("member");
    const char *list = node.has("hashes") ? "hashes" : "sets";
    const QJsonArray keys = node.value(list).toArray();
    for (int i = 0; i < keys.size(); ++i) {
        const QString place = node.at(list) + u'/' + QString::number(i);
        const LayoutText key = text(keys.at(i).toString(), place, Allowed::WorkerQueue);
        const bool ofQueue = key.variables().contains("queue");
        if (!key.variables().contains("id") || ofQueue != (working.how == How::Sets))
            fail(place, working.how == How::Sets ? tr("Such a set is of a worker and a queue: {id} and {queue} are needed.")
                                                 : tr("Such a hash is of a worker: {id} is needed, and {queue} is not."));
        working.keys.push_back(key);
    }
    return working;
}

void LayoutBuilder::takeQueues(const Node &root)
{
    if (!root.has("queues"))
        return;
    const Node node = root.child("queues");
    LayoutQueues &queues = m_layout.queues;
    queues.kind = word(node, "kind", queueKinds, LayoutQueues::Kind::None);
    queues.key = text(node, "key", Allowed::Prefix);
    queues.type = keyType(node);
    queues.nameFrom = regex(node, "nameFrom", "queue");
    queues.depth = counts(node, "depth");
    queues.atWork = counts(node, "atWork");
    queues.delayed = counts(node, "delayed");
    queues.failed = counts(node, "failed");
    queues.done = counts(node, "done");
    queues.added = counts(node, "added");
    queues.doneByWorkers = node.value("doneByWorkers").toBool();
    if (queues.doneByWorkers && m_layout.code.isEmpty())
        field(u"processed"_s, node.at("doneByWorkers"));
    if (queues.doneByWorkers && !queues.done.empty())
        fail(node.at("doneByWorkers"), tr("“%1” counts them already.").arg("done"_L1));
    for (const Node &one : node.children("oldest"))
        queues.oldest.push_back(oldest(one));
    if (node.has("working")) {
        queues.working = working(node.child("working"));
        if (!queues.atWork.empty())
            fail(node.at("working"), tr("“%1” counts them already.").arg("atWork"_L1));
    }
    const Node whole = node.child("whole");
    queues.whole = {counts(whole, "atWork", Allowed::Prefix), counts(whole, "reserved", Allowed::Prefix),
                    counts(whole, "delayed", Allowed::Prefix), counts(whole, "failed", Allowed::Prefix),
                    counts(whole, "done", Allowed::Prefix)};
    queues.paused = conditions(node, "paused", Allowed::Queue);
    const Node beat = node.child("beat");
    queues.beat = text(beat, "key", Allowed::Queue);
    queues.beatGraceMs = msOf(beat.value("grace"));
    for (const QJsonValue &name : node.value("usual").toArray())
        queues.usual.append(name.toString().toUtf8());
    const bool isFields = queues.kind == LayoutQueues::Kind::Fields;
    if (isFields == node.has("key"))
        fail(node.path, isFields ? tr("Queues that workers name have no key.") : tr("“%1” is missing.").arg("key"_L1));
    if (isFields)
        field(u"queues"_s, node.at("kind"));
    if (node.has("type") && queues.kind != LayoutQueues::Kind::Scan)
        fail(node.at("type"), tr("Only what is scanned for has a type."));
}

void LayoutBuilder::takeWatch(const Node &root)
{
    m_layout.watch = word(root, "watch", watchKinds, Layout::Watch::Sweep);
    if (root.has("sweepEvery"))
        m_layout.sweepMs = msOf(root.value("sweepEvery"));
    const bool isPrefix = m_layout.watch == Layout::Watch::Prefix;
    if (isPrefix != root.has("watched"))
        fail(isPrefix ? QString() : root.at("watched"),
             isPrefix ? tr("“%1” is missing.").arg("watched"_L1) : tr("It belongs to watching by prefix."));
    const LayoutVariables values{{"prefix", m_layout.prefix}};
    const QJsonArray watched = root.value("watched").toArray();
    QByteArrayList before;
    for (int i = 0; i < watched.size(); ++i) {
        const QString place = root.at("watched") + u'/' + QString::number(i);
        const LayoutText one = text(watched.at(i).toString(), place, Allowed::Prefix);
        const QByteArray prefix = one.resolve(values);
        if (prefix.isEmpty() && !m_layout.isTemplate)
            fail(place, tr("Every key begins with it."));
        for (const QByteArray &other : std::as_const(before)) {
            // Redis refuses such prefixes.
            if (prefix.startsWith(other) || other.startsWith(prefix))
                fail(place, tr("“%1” and “%2” overlap: one begins with the other.")
                                .arg(QString::fromUtf8(other), QString::fromUtf8(prefix)));
        }
        before.append(prefix);
        m_layout.watched.push_back(one);
    }
}

LayoutConditions LayoutBuilder::conditions(const Node &node, const char *name, Allowed allowed)
{
    LayoutConditions list;
    for (const Node &one : node.children(name))
        addConditions(&list, one, allowed, false);
    return list;
}

void LayoutBuilder::addConditions(LayoutConditions *list, const Node &node, Allowed allowed, bool negated)
{
    const QString because = node.text("because");
    QStringList names = node.object.keys();
    names.removeOne("because"_L1);
    if (names.isEmpty())
        fail(node.path, tr("It says no condition."));
    if (negated && names.size() > 1)
        fail(node.path, tr("“not” takes one condition."));
    for (const QString &name : std::as_const(names)) {
        if (name == "not"_L1) {
            if (negated)
                fail(node.at("not"), tr("“not” takes one condition."));
            const size_t from = list->size();
            addConditions(list, node.child("not"), allowed, !negated);
            for (size_t i = from; i < list->size(); ++i)
                (*list)[i].because = because;
            continue;
        }
        LayoutCondition condition;
        condition.negated = negated;
        condition.because = because;
        if (takeCondition(&condition, node, name, allowed))
            list->push_back(condition);
    }
}

bool LayoutBuilder::takeCondition(LayoutCondition *condition, const Node &node, const QString &name, Allowed allowed)
{
    using Kind = LayoutCondition::Kind;
    const QByteArray key = name.toUtf8();
    const QString place = node.path + u'/' + LayoutDocument::step(name);
    struct Row
    {
        const char *name;
        Kind kind;
        enum { Flag, Field, Key, Set } takes;
    };
    static constexpr auto rows = std::to_array<Row>({{"alive", Kind::Alive, Row::Flag},
                                                     {"gone", Kind::Gone, Row::Flag},
                                                     {"listening", Kind::Listening, Row::Flag},
                                                     {"unmoved", Kind::Unmoved, Row::Flag},
                                                     {"fresh", Kind::Fresh, Row::Flag},
                                                     {"exists", Kind::Exists, Row::Field},
                                                     {"missing", Kind::Missing, Row::Field},
                                                     {"empty", Kind::EmptyKey, Row::Key},
                                                     {"absent", Kind::AbsentKey, Row::Key},
                                                     {"present", Kind::PresentKey, Row::Key},
                                                     {"member", Kind::Member, Row::Set},
                                                     {"notMember", Kind::NotMember, Row::Set}});
    if (name == "value"_L1) {
        const Node value = node.child("value");
        const bool is = value.has("is");
        const bool begins = value.has("begins");
        condition->kind = is ? Kind::KeyEqual : begins ? Kind::KeyBegins : Kind::KeyHasField;
        condition->key = text(value, "key", allowed);
        condition->field = value.bytes("field");
        condition->value = is ? value.bytes("is") : value.bytes("begins");
        if (is && begins)
            fail(value.path, tr("One of is and begins is needed, not both."));
        if (!is && !begins && !value.has("field"))
            fail(value.path, tr("It says no condition."));
        return true;
    }
    const auto row = std::find_if(rows.begin(), rows.end(), [&key](const Row &one) { return key == one.name; });
    const bool isOfWorker = row == rows.end() || row->takes == Row::Flag || row->takes == Row::Field;
    if (isOfWorker && allowed != Allowed::Worker) {
        fail(place, tr("There is no worker here that it could be asked of."));
        return false;
    }
    if (row == rows.end()) {
        condition->kind = Kind::Equal;
        condition->field = field(name, place);
        condition->value = node.text(key.constData()).toUtf8();
        return true;
    }
    condition->kind = row->kind;
    switch (row->takes) {
    case Row::Flag:
        condition->ms = row->kind == Kind::Fresh ? msOf(node.value(row->name)) : 0;
        if (row->kind == Kind::Listening && m_layout.liveness.listener.isEmpty() && m_layout.code.isEmpty())
            fail(place, tr("No channel is given that each worker listens on."));
        break;
    case Row::Field:
        condition->field = field(node.text(row->name), place);
        break;
    case Row::Key:
        condition->key = text(node, row->name, allowed);
        break;
    case Row::Set: {
        const Node set = node.child(row->name);
        const bool isText = node.value(row->name).isString();
        condition->key = isText ? text(node, row->name, allowed) : text(set, "key", allowed);
        condition->member = isText ? LayoutText() : text(set, "member", allowed);
        if (isText && allowed != Allowed::Worker)
            fail(place, tr("“%1” is missing.").arg("member"_L1));
        break;
    }
    }
    return true;
}

std::vector<LayoutOp> LayoutBuilder::ops(const Node &node, const char *name, Allowed allowed)
{
    std::vector<LayoutOp> list;
    for (const Node &one : node.children(name))
        list.push_back(op(one, allowed));
    return list;
}

LayoutOp LayoutBuilder::op(const Node &node, Allowed allowed)
{
    const QByteArray name = node.bytes("op");
    const auto row = std::find_if(opRows().begin(), opRows().end(), [&name](const OpRow &one) { return name == one.name; });
    LayoutOp op;
    if (row == opRows().end())
        return op; // The schema has the same names.
    for (const QByteArray &needed : row->needs) {
        if (!node.has(needed.constData()))
            fail(node.path, tr("“%1” is missing.").arg(QString::fromUtf8(needed)));
    }
    for (const QString &member : node.object.keys()) {
        const QByteArray taken = member.toUtf8();
        if (taken != "op" && !row->needs.contains(taken) && !row->mayHave.contains(taken))
            fail(node.path + u'/' + member, tr("%1 does not take it.").arg(QString::fromUtf8(name)));
    }
    const auto take = [&](const char *member) {
        return node.has(member) ? text(node.text(member), node.at(member), allowed, true) : LayoutText();
    };
    op.kind = row->kind;
    op.key = text(node, node.has("channel") ? "channel" : "key", allowed);
    op.field = take(node.has("score") ? "score" : node.has("group") ? "group" : "field");
    op.value = take("value");
    op.expireS = node.value("expire").toInt();
    op.count = node.value("count").toInt();
    op.onlyNew = node.value("nx").toBool();
    return op;
}

void LayoutBuilder::takeCommands(const Node &root)
{
    const Node node = root.child("commands");
    for (const QString &name : node.object.keys()) {
        const std::optional<Act> act = name == "stop"_L1 ? Act::Shutdown : actFromName(name);
        if (!act)
            continue; // The schema has the same names.
        std::vector<int> tiers;
        for (const Node &one : node.children(name.toUtf8().constData())) {
            m_layout.commands.push_back(command(one, *act));
            const int tier = m_layout.commands.back().tier;
            if (std::any_of(tiers.begin(), tiers.end(), [tier](int other) { return other == tier || other < 0 || tier < 0; }))
                fail(one.path, tr("There are two of this command for one tier."));
            tiers.push_back(tier);
        }
    }
}

LayoutCommand LayoutBuilder::command(const Node &node, Act act)
{
    LayoutCommand command;
    command.act = act;
    command.title = node.text("title");
    command.means = node.text("means");
    command.whyNot = node.text("whyNot");
    command.scope = word(node, "scope", actScopes, ActScope::Worker);
    command.tier = node.has("tier") ? node.value("tier").toInt() : -1;
    if (command.tier > int(m_layout.tiers.size()))
        fail(node.at("tier"), tr("There is no such tier."));
    const Allowed allowed = command.scope == ActScope::Worker  ? Allowed::Worker
                            : command.scope == ActScope::Queue ? Allowed::Queue
                                                               : Allowed::Prefix;
    command.ops = ops(node, "ops", allowed);
    command.guard = conditions(node, "guard", allowed);
    command.undo = ops(node, "undo", allowed);
    const Node proof = node.child("proof");
    command.pickedUp = conditions(proof, "pickedUp", allowed);
    command.draining = conditions(proof, "draining", allowed);
    command.emptied = conditions(proof, "emptied", allowed);
    command.gone = conditions(proof, "gone", allowed);
    const qint64 interval = m_layout.liveness.idle.intervalMs;
    const Node expect = node.child("expect");
    command.pickedUpMs = duration(expect, "pickedUp", interval);
    command.drainingMs = duration(expect, "draining", interval);
    command.overdueMs = duration(node, "overdueAfter", interval);
    command.once = node.value("once").toBool();
    command.reversible = node.value("reversible").toBool();
    const bool inCode = !m_layout.code.isEmpty();
    if (node.has("whyNot")) {
        for (const QString &name : node.object.keys()) {
            if (name != "whyNot"_L1 && name != "tier"_L1 && name != "title"_L1)
                fail(node.path + u'/' + name, tr("There is no such command, so it says nothing."));
        }
    } else if (command.ops.empty() && !inCode) {
        fail(node.path, tr("“%1” is missing.").arg("ops"_L1));
    } else if (command.scope == ActScope::Worker && command.guard.empty() && !inCode) {
        fail(node.path, tr("A command to a worker needs a guard: nothing is written for one that is gone."));
    }
    if (command.once && command.pickedUp.empty())
        fail(node.at("once"), tr("Without the proof “pickedUp” it is not known whether it was sent."));
    return command;
}

void LayoutBuilder::takeReap(const Node &root)
{
    if (!root.has("reap"))
        return;
    const Node node = root.child("reap");
    Layout::Reap reap;
    reap.means = node.text("means");
    reap.ops = ops(node, "ops", m_layout.queues.kind == LayoutQueues::Kind::None ? Allowed::Worker : Allowed::WorkerInQueues);
    reap.guard = conditions(node, "guard", Allowed::Worker);
    LayoutCommand command;
    command.act = Act::Reap;
    command.title = node.text("title");
    command.means = reap.means;
    command.whyNot = node.text("whyNot");
    command.ops = reap.ops;
    command.guard = reap.guard;
    m_layout.commands.push_back(command);
    if (!command.whyNot.isEmpty()) {
        if (node.has("ops") || node.has("guard") || node.has("means"))
            fail(node.path, tr("There is no such command, so it says nothing."));
        return;
    }
    if (m_layout.code.isEmpty() && (reap.ops.empty() || reap.guard.empty()))
        fail(node.path, tr("“ops” and “guard” are needed: nothing is removed of a worker that lives."));
    m_layout.reap = reap;
}

} // namespace pulsedeck
