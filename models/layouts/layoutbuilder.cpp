// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutbuilder.h"

#include "models/layouts/layoutdocument.h"
#include "models/layouts/layoutqueuebuilder.h"
#include "models/layouts/layouttimingreader.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto layoutClocks = std::to_array<std::pair<const char *, LayoutClock>>(
    {{"worker", LayoutClock::Worker}, {"redis", LayoutClock::Redis}, {"app", LayoutClock::App}});
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
constexpr auto watchKinds = std::to_array<std::pair<const char *, Layout::Watch>>(
    {{"prefix", Layout::Watch::Prefix}, {"tracking-read", Layout::Watch::TrackedReads}, {"sweep", Layout::Watch::Sweep}});
constexpr auto actScopes = std::to_array<std::pair<const char *, ActScope>>(
    {{"worker", ActScope::Worker}, {"queue", ActScope::Queue}, {"fleet", ActScope::Fleet}});
constexpr auto understandings = std::to_array<std::pair<const char *, Layout::Understood>>(
    {{"source", Layout::Understood::Source}, {"recorded", Layout::Understood::Recorded}, {"tested", Layout::Understood::Tested}});
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

std::optional<LayoutDetection> LayoutDiscovery::detection() const
{
    LayoutDetection detection;
    detection.pattern = key;
    switch (kind) {
    case Kind::Events:
        return std::nullopt;
    case Kind::Channels:
        detection.kind = LayoutDetection::Kind::Channels;
        return detection;
    case Kind::Clients:
        detection.kind = LayoutDetection::Kind::Clients;
        return detection;
    case Kind::Scan:
        detection.type = type;
        break;
    case Kind::Set:
        detection.type = LayoutKeyType::Set;
        break;
    case Kind::SortedSet:
        detection.type = LayoutKeyType::SortedSet;
        break;
    case Kind::Hash:
        detection.type = LayoutKeyType::Hash;
        break;
    case Kind::Stream:
        detection.type = LayoutKeyType::Stream;
        break;
    case Kind::Lock:
        break;
    }
    const bool scans = kind == Kind::Scan || kind == Kind::Stream || key.written().contains('*');
    detection.kind = scans ? LayoutDetection::Kind::Scan : LayoutDetection::Kind::Exists;
    return detection;
}

LayoutBuilder::LayoutBuilder(const QJsonObject &root)
    : m_root{root, {}}
{ }

Layout LayoutBuilder::build()
{
    const LayoutNode &root = m_root;
    m_layout.name = root.text("layout");
    m_layout.title = root.text("title");
    m_layout.versions = root.text("versions");
    m_layout.prefix = root.bytes("prefix");
    m_layout.code = root.text("code");
    m_layout.note = root.text("note");
    m_layout.killed = root.text("killed");
    m_layout.isTemplate = root.value("template").toBool();
    m_layout.understood = root.word("understood", understandings, Layout::Understood::Unsaid);
    const LayoutNode words = root.child("words");
    m_layout.worker = words.text("worker");
    m_layout.workers = words.text("workers");
    m_layout.unit = words.text("unit");
    if (m_layout.worker.isEmpty() != m_layout.workers.isEmpty())
        m_terms.fail(words.path, tr("Singular and plural of the worker belong together."));
    if (m_layout.code.isEmpty() && !root.has("discover"))
        m_terms.fail({}, tr("“%1” is missing.").arg("discover"_L1));
    if (m_layout.code.isEmpty() && !root.has("liveness"))
        m_terms.fail({}, tr("“%1” is missing.").arg("liveness"_L1));
    m_layout.idPattern = m_terms.regex(root, "idPattern");
    for (const QString &group : m_layout.idPattern.namedCaptureGroups()) {
        if (!group.isEmpty())
            m_groups.append(group.toUtf8());
    }
    for (const QByteArray &group : std::as_const(m_groups)) {
        if (!isUsable(group))
            m_terms.fail(root.at("idPattern"),
                         tr("The group “%1” needs a name of lower-case letters and digits.").arg(QString::fromUtf8(group)));
    }
    // What others refer to comes first.
    m_layout.record = record(root.child("record"));
    for (const LayoutNode &tier : root.children("tiers"))
        m_layout.tiers.push_back(record(tier.child("record")));
    m_layout.liveness = liveness(root.child("liveness"));
    for (const LayoutNode &tier : root.children("tiers"))
        m_layout.tierLiveness.push_back(tier.has("liveness") ? liveness(tier.child("liveness")) : m_layout.liveness);
    takeDetections(root);
    takeDiscoveries(root);
    if (!m_layout.isTemplate && m_layout.detect.empty()) {
        for (const LayoutDiscovery &discovery : m_layout.discover) {
            if (std::optional<LayoutDetection> detection = discovery.detection())
                m_layout.detect.push_back(std::move(*detection));
        }
    }
    takeIdentity(root);
    takeStatus(root);
    m_layout.queues = LayoutQueueBuilder(m_layout, m_terms).build(root);
    checkStatus(root);
    takeWatch(root);
    takeCommands(root);
    takeReap(root);
    LayoutTimingReader(root.child("timing").object, root.at("timing"), [this](const QString &path, const QString &text) {
        m_terms.fail(path, text);
    }).read(&m_layout);
    return m_layout;
}

void LayoutBuilder::takeDetections(const LayoutNode &root)
{
    using Kind = LayoutDetection::Kind;
    for (const LayoutNode &node : root.children("detect")) {
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
            detection.pattern = m_terms.text(node, name, Allowed::Prefix);
        }
        detection.type = node.keyType();
        detection.without = m_terms.text(node, "without", Allowed::Queue);
        if (detection.without.variables().contains("queue")
            && (detection.kind != Kind::Scan || !root.child("queues").has("nameFrom")))
            m_terms.fail(node.at("without"),
                         tr("Which queue a key names is said by queues/nameFrom, of keys that are scanned for."));
        detection.like = m_terms.regex(node, "like");
        detection.holds = m_terms.regex(node, "holds");
        for (const QJsonValue &field : node.value("fields").toArray())
            detection.fields.append(field.toString().toUtf8());
        if (node.has("like") && detection.kind != Kind::Scan)
            m_terms.fail(node.at("like"), tr("Only keys that are scanned for are compared with it."));
        if (node.has("fields") && detection.type != LayoutKeyType::Hash)
            m_terms.fail(node.at("fields"), tr("They belong to the type %1.").arg("hash"_L1));
        if (node.has("holds") && detection.type != LayoutKeyType::String)
            m_terms.fail(node.at("holds"), tr("It belongs to the type %1.").arg("string"_L1));
        detection.findsPrefix = node.value("findsPrefix").toBool();
        if (detection.findsPrefix && !detection.pattern.written().startsWith('*'))
            m_terms.fail(node.at("findsPrefix"), tr("The pattern has to begin with *."));
        if (kinds != 1)
            m_terms.fail(node.path, tr("One of exists, scan, channels and clients is needed, and only one."));
        if (detection.type != LayoutKeyType::Any && (detection.kind == Kind::Channels || detection.kind == Kind::Clients))
            m_terms.fail(node.at("type"), tr("Channels and connections have no type."));
        m_layout.detect.push_back(detection);
    }
    if (m_layout.isTemplate && !m_layout.detect.empty())
        m_terms.fail(root.at("detect"), tr("A template is never detected by itself."));
}

void LayoutBuilder::takeDiscoveries(const LayoutNode &root)
{
    using Kind = LayoutDiscovery::Kind;
    for (const LayoutNode &node : root.children("discover")) {
        LayoutDiscovery discovery;
        discovery.kind = node.word("kind", discoveryKinds, Kind::Scan);
        discovery.key = m_terms.text(node, "key", Allowed::Prefix);
        discovery.type = node.keyType();
        discovery.score = node.word("score", scoreKinds, LayoutDiscovery::Score::None);
        discovery.unit = node.unit("unit", LayoutUnit::Seconds);
        discovery.clock = node.word("clock", layoutClocks, LayoutClock::Worker);
        discovery.reader = node.text("reader");
        discovery.tier = node.value("tier").toInt();
        discovery.registry = node.value("registry").toBool();
        discovery.base64 = node.bytes("base64");
        discovery.idFrom = m_terms.regex(node, "idFrom");
        const bool isNamed = discovery.kind == Kind::Channels || discovery.kind == Kind::Clients;
        const bool hasScore = discovery.kind == Kind::SortedSet || discovery.kind == Kind::Hash;
        const QStringList groups = discovery.idFrom.namedCaptureGroups();
        if (discovery.kind == Kind::Events) {
            if (discovery.reader.isEmpty())
                m_terms.fail(node.path, tr("“%1” is missing.").arg("reader"_L1));
        } else if (!node.has("key")) {
            m_terms.fail(node.path, tr("“%1” is missing.").arg("key"_L1));
        }
        const auto onlyFor = [&](const char *name, bool fits) {
            if (node.has(name) && !fits)
                m_terms.fail(node.at(name), tr("It is not for discovery by %1.").arg(node.text("kind")));
        };
        onlyFor("reader", discovery.kind == Kind::Events);
        onlyFor("type", discovery.kind == Kind::Scan);
        onlyFor("idFrom", isNamed);
        onlyFor("base64", isNamed);
        onlyFor("unless", discovery.kind == Kind::Clients);
        onlyFor("score", hasScore);
        onlyFor("unit", hasScore);
        onlyFor("clock", hasScore || discovery.kind == Kind::Events);
        discovery.unless = m_terms.unless(node);
        if (!discovery.unless.empty() && !groups.contains("queue"_L1))
            m_terms.fail(node.at("unless"), tr("There is no named group “%1”.").arg("queue"_L1));
        if (discovery.tier > int(m_layout.tiers.size()))
            m_terms.fail(node.at("tier"), tr("There is no such tier."));
        if (!discovery.base64.isEmpty() && !groups.contains(QString::fromUtf8(discovery.base64)))
            m_terms.fail(node.at("base64"), tr("There is no named group “%1”.").arg(node.text("base64")));
        const QString memberIs = node.text("memberIs");
        const bool hasId = !node.has("idFrom") || groups.contains("id"_L1) || !memberIs.isEmpty();
        if (!hasId)
            m_terms.fail(node.at("idFrom"), tr("It has no group “%1”.").arg("id"_L1));
        discovery.memberIsKey = memberIs == "key"_L1;
        const LayoutRecord &record = discovery.tier > 0 && discovery.tier <= int(m_layout.tiers.size())
                                         ? m_layout.tiers[size_t(discovery.tier - 1)]
                                         : m_layout.record;
        const bool needsKey = discovery.memberIsKey || discovery.kind == Kind::Scan;
        if (needsKey && !record.key.variables().contains("id"))
            m_terms.fail(node.path, tr("The record needs a key with {id}, which says what of a key is the id."));
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
                    m_terms.fail(
                        node.at("memberIs"),
                        tr("There is no variable {%1} here; there are: %2.").arg(QString::fromUtf8(name), m_terms.joined(known)));
            }
            if (template_.variables().isEmpty())
                m_terms.fail(node.at("memberIs"), tr("It is “key”, “id”, or a text with {member}."));
            discovery.memberIs = template_;
        }
        m_layout.discover.push_back(discovery);
    }
    const auto has = [this](auto fits) { return std::any_of(m_layout.discover.begin(), m_layout.discover.end(), fits); };
    for (const auto kind : {Kind::Stream, Kind::Lock}) {
        if (has([kind](const auto &one) { return one.kind == kind; }) && !m_layout.findsOnly(kind))
            m_terms.fail(root.at("discover"), tr("Streams and locks cannot be joined with other ways to find workers."));
    }
    const LivesBy by = m_layout.liveness.by;
    using Score = LayoutDiscovery::Score;
    if (m_layout.code.isEmpty() && by == LivesBy::Score
        && !has([](const auto &one) { return one.score == Score::Beat || one.kind == Kind::Stream; }))
        m_terms.fail(root.at("liveness") + u"/by", tr("Nothing that is discovered has the score “beat”."));
    if (m_layout.code.isEmpty() && by == LivesBy::Expiry && !has([](const auto &one) { return one.score == Score::Expiry; }))
        m_terms.fail(root.at("liveness") + u"/by", tr("Nothing that is discovered has the score “expiry”."));
    // Where there is one list only, it is the registry.
    const auto isList = [](const LayoutDiscovery &one) {
        return one.kind == Kind::Set || one.kind == Kind::SortedSet || one.kind == Kind::Hash;
    };
    if (m_layout.liveness.registry == LayoutLiveness::Registry::Required && m_layout.discover.size() == 1
        && isList(m_layout.discover.front()))
        m_layout.discover.front().registry = true;
    if (m_layout.liveness.registry == LayoutLiveness::Registry::Required && m_layout.code.isEmpty()
        && !has([](const auto &one) { return one.registry; }))
        m_terms.fail(root.at("liveness") + u"/registry", tr("Nothing that is discovered is a registry."));
}

LayoutRecord LayoutBuilder::record(const LayoutNode &node)
{
    LayoutRecord record;
    record.type = node.word("type", recordTypes, RecordType::None);
    record.key = m_terms.text(node, "key", Allowed::Worker);
    record.text = m_terms.regex(node, "text");
    record.schema = node.text("schema");
    const bool hasKey = record.type != RecordType::None;
    if (!node.object.isEmpty() && hasKey != node.has("key"))
        m_terms.fail(node.path, hasKey ? tr("“%1” is missing.").arg("key"_L1) : tr("A record without a type has no key."));
    if (node.has("text") != (record.type == RecordType::Text))
        m_terms.fail(node.path, tr("“text” belongs to records of the type text, and they need it."));
    if (node.has("schema") != (record.type == RecordType::Protobuf))
        m_terms.fail(node.path, tr("“schema” belongs to records of the type protobuf, and they need it."));
    const LayoutNode fields = node.child("fields");
    for (auto it = fields.object.constBegin(); it != fields.object.constEnd(); ++it) {
        const QString place = fields.path + u'/' + LayoutDocument::step(it.key());
        static const QStringList taken{u"alive"_s,   u"gone"_s,  u"listening"_s, u"unmoved"_s, u"fresh"_s,  u"exists"_s,
                                       u"missing"_s, u"empty"_s, u"absent"_s,    u"present"_s, u"member"_s, u"notMember"_s,
                                       u"noTtl"_s,   u"value"_s, u"not"_s,       u"because"_s};
        if (taken.contains(it.key()))
            m_terms.fail(place, tr("A field cannot be called “%1”: in rules the word means something else.").arg(it.key()));
        record.fields.emplace_back(it.key().toUtf8(), m_terms.paths(it.value(), place, record));
    }
    record.isSecret = node.value("secret").toBool();
    if (record.isSecret && record.type != RecordType::Json)
        m_terms.fail(node.at("secret"), tr("Only of records of the type json members can be taken."));
    for (const auto &[name, paths] : record.fields) {
        const bool inner = std::any_of(paths.begin(), paths.end(), [](const LayoutPath &path) {
            return path.from == LayoutPath::From::Field && path.pointer.size() != 1;
        });
        if (record.isSecret && inner)
            m_terms.fail(fields.at(name.constData()),
                         tr("Of a secret record only members of the outermost object can be taken."));
    }
    const LayoutNode units = node.child("units");
    for (const QString &name : units.object.keys()) {
        if (!record.paths(name.toUtf8()))
            m_terms.fail(units.path + u'/' + LayoutDocument::step(name), tr("The record has no field “%1”.").arg(name.left(80)));
        record.units.emplace_back(name.toUtf8(), units.unit(name.toUtf8().constData(), LayoutUnit::Seconds));
    }
    return record;
}

void LayoutBuilder::takeIdentity(const LayoutNode &root)
{
    const LayoutNode node = root.child("identity");
    const auto take = [&](const char *name) { return m_terms.paths(node.value(name), node.at(name), m_layout.record); };
    m_layout.host = take("host");
    m_layout.pid = take("pid");
    m_layout.group = take("group");
    m_layout.label = take("label");
    m_layout.parent = m_terms.text(node, "parent", Allowed::Worker);
    if (!m_layout.parent.isEmpty() && m_layout.tiers.empty())
        m_terms.fail(node.at("parent"), tr("There are no tiers."));
}

LayoutPace LayoutBuilder::pace(const LayoutNode &node, const LayoutPace &otherwise)
{
    LayoutPace pace = otherwise;
    if (node.has("interval"))
        pace = {node.seconds("interval"), 0, 0};
    if (node.has("lateAfter"))
        pace.lateMs = m_terms.duration(node, "lateAfter", pace.intervalMs);
    if (node.has("staleAfter"))
        pace.staleMs = m_terms.duration(node, "staleAfter", pace.intervalMs);
    if (pace.lateMs > 0 && pace.staleMs > 0 && pace.lateMs > pace.staleMs)
        m_terms.fail(node.at("staleAfter"), tr("“staleAfter” is shorter than “lateAfter”."));
    return pace;
}

LayoutLiveness LayoutBuilder::liveness(const LayoutNode &node)
{
    LayoutLiveness liveness;
    liveness.by = node.word("by", livenessKinds, LivesBy::Ttl);
    liveness.registry = node.word("registry", registries, LayoutLiveness::Registry::None);
    for (const QJsonValue &one : node.value("fullTtl").toArray())
        liveness.fullTtlMs.push_back(LayoutNode::msOf(one));
    for (const QJsonValue &one : node.value("interval").toArray())
        liveness.intervalsMs.push_back(LayoutNode::msOf(one));
    LayoutPace usual;
    for (const qint64 interval : liveness.intervalsMs)
        usual.intervalMs = std::max(usual.intervalMs, interval);
    // The list is not the number of seconds that pace() takes.
    LayoutNode limits = node;
    limits.object.remove("interval"_L1);
    usual = pace(limits, usual);
    liveness.idle = node.has("idle") ? pace(node.child("idle"), usual) : usual;
    liveness.busy = node.has("busy") ? pace(node.child("busy"), usual) : liveness.idle;
    liveness.paused = node.has("paused") ? pace(node.child("paused"), usual) : liveness.idle;
    const LayoutNode stamp = node.child("stamp");
    if (node.has("stamp"))
        liveness.stamp = m_terms.field(stamp.text("field"), stamp.at("field"));
    liveness.stampUnit = stamp.unit("unit", LayoutUnit::Seconds);
    liveness.stampClock = stamp.word("clock", layoutClocks, LayoutClock::Worker);
    const LayoutNode gone = node.child("goneIf");
    if (node.has("goneIf"))
        liveness.goneIf = m_terms.field(gone.text("exists"), gone.at("exists"));
    liveness.listener = m_terms.text(node, "listener", Allowed::Worker);
    liveness.hideAfterMs = node.seconds("hideAfter");
    const QJsonArray complete = node.value("complete").toArray();
    for (int i = 0; i < complete.size(); ++i)
        liveness.complete.append(m_terms.field(complete.at(i).toString(), node.at("complete") + u'/' + QString::number(i)));
    if (liveness.by == LivesBy::Stamp && liveness.stamp.isEmpty())
        m_terms.fail(node.path, tr("“%1” is missing.").arg("stamp"_L1));
    if (liveness.by == LivesBy::Ttl && !node.object.isEmpty() && m_layout.record.key.isEmpty() && m_layout.code.isEmpty())
        m_terms.fail(node.at("by"), tr("There is no record whose TTL could be read."));
    return liveness;
}

void LayoutBuilder::takeStatus(const LayoutNode &root)
{
    const std::vector<LayoutNode> nodes = root.children("status");
    for (size_t i = 0; i < nodes.size(); ++i) {
        const LayoutNode &node = nodes[i];
        LayoutStatusRule rule;
        rule.word = node.text("word");
        const bool isElse = node.has("else");
        if (isElse == node.has("if") || node.has("if") != node.has("is"))
            m_terms.fail(node.path, tr("A rule has “if” and “is”, or “else”."));
        if (isElse && i + 1 < nodes.size())
            m_terms.fail(node.at("else"), tr("Rules after it would never count."));
        rule.when = m_terms.conditions(node, "if", Allowed::Worker);
        rule.status = node.word(isElse ? "else" : "is", layoutStatusWords, WorkerStatus::Available);
        if (rule.status == WorkerStatus::Other && rule.word.isEmpty())
            rule.word = u"unknown"_s; // untranslated: as a word of the file
        m_layout.status.push_back(rule);
    }
}

/// Rules are asked of a worker's record. Of other keys only that is read which says that all workers are paused.
void LayoutBuilder::checkStatus(const LayoutNode &root)
{
    using Kind = LayoutCondition::Kind;
    const LayoutConditions &all = m_layout.queues.allPaused;
    for (size_t i = 0; i < m_layout.status.size(); ++i) {
        for (const LayoutCondition &condition : m_layout.status[i].when) {
            const bool ofRecord =
                condition.kind == Kind::Equal || condition.kind == Kind::Exists || condition.kind == Kind::Missing;
            const bool ofAll = !all.empty() && condition.asksSame(all.front());
            if (!ofRecord && !ofAll)
                m_terms.fail(root.at("status") + u'/' + QString::number(i),
                             tr("A status is judged by the record. Another key can only be that of queues/allPaused."));
        }
    }
}

void LayoutBuilder::takeWatch(const LayoutNode &root)
{
    m_layout.watch = root.word("watch", watchKinds, Layout::Watch::Sweep);
    if (root.has("sweepEvery"))
        m_layout.sweepMs = std::max(Layout::leastSweepMs, root.seconds("sweepEvery"));
    const bool isPrefix = m_layout.watch == Layout::Watch::Prefix;
    if (isPrefix != root.has("watched"))
        m_terms.fail(isPrefix ? QString() : root.at("watched"),
                     isPrefix ? tr("“%1” is missing.").arg("watched"_L1) : tr("It belongs to watching by prefix."));
    const LayoutVariables values{{"prefix", m_layout.prefix}};
    const QJsonArray watched = root.value("watched").toArray();
    QByteArrayList before;
    for (int i = 0; i < watched.size(); ++i) {
        const QString place = root.at("watched") + u'/' + QString::number(i);
        const LayoutText one = m_terms.text(watched.at(i).toString(), place, Allowed::Prefix);
        const QByteArray prefix = one.resolve(values);
        if (prefix.isEmpty() && !m_layout.isTemplate)
            m_terms.fail(place, tr("Every key begins with it."));
        for (const QByteArray &other : std::as_const(before)) {
            // Redis refuses such prefixes.
            if (prefix.startsWith(other) || other.startsWith(prefix))
                m_terms.fail(place, tr("“%1” and “%2” overlap: one begins with the other.")
                                        .arg(QString::fromUtf8(other), QString::fromUtf8(prefix)));
        }
        before.append(prefix);
        m_layout.watched.push_back(one);
    }
}

void LayoutBuilder::takeCommands(const LayoutNode &root)
{
    const LayoutNode node = root.child("commands");
    for (const QString &name : node.object.keys()) {
        const std::optional<Act> act = name == "stop"_L1 ? Act::Shutdown : actFromName(name);
        if (!act)
            continue; // The schema has the same names.
        std::vector<int> tiers;
        for (const LayoutNode &one : node.children(name.toUtf8().constData())) {
            m_layout.commands.push_back(command(one, *act));
            const int tier = m_layout.commands.back().tier;
            if (std::any_of(tiers.begin(), tiers.end(), [tier](int other) { return other == tier || other < 0 || tier < 0; }))
                m_terms.fail(one.path, tr("There are two of this command for one tier."));
            tiers.push_back(tier);
        }
    }
}

LayoutCommand LayoutBuilder::command(const LayoutNode &node, Act act)
{
    LayoutCommand command;
    command.act = act;
    command.title = node.text("title");
    command.means = node.text("means");
    command.whyNot = node.text("whyNot");
    command.scope = node.word("scope", actScopes, ActScope::Worker);
    command.tier = node.has("tier") ? node.value("tier").toInt() : -1;
    if (command.tier > int(m_layout.tiers.size()))
        m_terms.fail(node.at("tier"), tr("There is no such tier."));
    const Allowed allowed = command.scope == ActScope::Worker  ? Allowed::Worker
                            : command.scope == ActScope::Queue ? Allowed::Queue
                                                               : Allowed::Prefix;
    command.ops = m_terms.ops(node, "ops", allowed);
    command.guard = m_terms.conditions(node, "guard", allowed);
    command.undo = m_terms.ops(node, "undo", allowed);
    const LayoutNode proof = node.child("proof");
    command.pickedUp = m_terms.conditions(proof, "pickedUp", allowed);
    command.draining = m_terms.conditions(proof, "draining", allowed);
    command.emptied = m_terms.conditions(proof, "emptied", allowed);
    command.gone = m_terms.conditions(proof, "gone", allowed);
    const qint64 interval = m_layout.liveness.idle.intervalMs;
    const LayoutNode expect = node.child("expect");
    command.pickedUpMs = m_terms.duration(expect, "pickedUp", interval);
    command.drainingMs = m_terms.duration(expect, "draining", interval);
    command.overdueMs = m_terms.duration(node, "overdueAfter", interval);
    command.once = node.value("once").toBool();
    command.reversible = node.value("reversible").toBool();
    const bool inCode = !m_layout.code.isEmpty();
    if (node.has("whyNot")) {
        for (const QString &name : node.object.keys()) {
            if (name != "whyNot"_L1 && name != "tier"_L1 && name != "title"_L1)
                m_terms.fail(node.path + u'/' + name, tr("There is no such command, so it says nothing."));
        }
    } else if (command.ops.empty() && !inCode) {
        m_terms.fail(node.path, tr("“%1” is missing.").arg("ops"_L1));
    } else if (command.scope == ActScope::Worker && command.guard.empty() && !inCode) {
        m_terms.fail(node.path, tr("A command to a worker needs a guard: nothing is written for one that is gone."));
    }
    if (command.once && command.pickedUp.empty())
        m_terms.fail(node.at("once"), tr("Without the proof “pickedUp” it is not known whether it was sent."));
    return command;
}

void LayoutBuilder::takeReap(const LayoutNode &root)
{
    if (!root.has("reap"))
        return;
    const LayoutNode node = root.child("reap");
    const Allowed allowed = m_layout.queues.kind == LayoutQueues::Kind::None ? Allowed::Worker : Allowed::WorkerInQueues;
    Layout::Reap reap;
    reap.means = node.text("means");
    // The guards of single writes hold for all of them: either everything is removed or nothing.
    reap.guard = m_terms.conditions(node, "guard", Allowed::Worker);
    const bool isList = root.value("reap").isArray();
    reap.ops = m_terms.ops(isList ? root : node, isList ? "reap" : "ops", allowed, &reap.guard);
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
            m_terms.fail(node.path, tr("There is no such command, so it says nothing."));
        return;
    }
    if (m_layout.code.isEmpty() && (reap.ops.empty() || reap.guard.empty()))
        m_terms.fail(node.path, tr("“ops” and “guard” are needed: nothing is removed of a worker that lives."));
    m_layout.reap = reap;
}

} // namespace pulsedeck
