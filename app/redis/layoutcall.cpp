// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutcall.h"

#include <QUuid>

#include <algorithm>
#include <array>

namespace pulsedeck {

namespace {

using ConditionKind = LayoutCondition::Kind;
using OpKind = LayoutOp::Kind;

/// What a registry calls a worker: the opposite of LayoutDiscovery::memberIs.
QByteArray memberFor(const LayoutDiscovery &registry, const LayoutVariables &values)
{
    if (registry.memberIsKey)
        return values.value("key");
    const QByteArray id = values.value("id");
    if (registry.memberIs.isEmpty())
        return id;
    const QByteArray place = QUuid::createUuid().toByteArray();
    LayoutVariables marked = values;
    marked.insert("member", place);
    const QByteArray made = registry.memberIs.resolve(marked);
    const qsizetype at = made.indexOf(place);
    if (at < 0)
        return id;
    const QByteArray before = made.first(at);
    const QByteArray after = made.sliced(at + place.size());
    const bool fits = id.size() >= before.size() + after.size() && id.startsWith(before) && id.endsWith(after);
    return fits ? id.sliced(before.size(), id.size() - before.size() - after.size()) : id;
}

QByteArray memberWord(LayoutDiscovery::Kind kind)
{
    if (kind == LayoutDiscovery::Kind::SortedSet)
        return "ZSCORE";
    return kind == LayoutDiscovery::Kind::Hash ? "HEXISTS" : "SISMEMBER";
}

QByteArray unitWord(LayoutUnit unit)
{
    static constexpr std::array words{"s", "ms", "iso", "iso", "auto", "auto"}; // No stamp is in nanoseconds.
    return words[size_t(unit)];
}

bool isRegistry(LayoutDiscovery::Kind kind)
{
    using DiscoveryKind = LayoutDiscovery::Kind;
    return kind == DiscoveryKind::Set || kind == DiscoveryKind::SortedSet || kind == DiscoveryKind::Hash;
}

bool isPush(OpKind kind)
{
    return kind == OpKind::LPush || kind == OpKind::RPush;
}

} // namespace

const LayoutDiscovery *registryOf(const Layout &layout, int tier)
{
    const LayoutDiscovery *best = nullptr;
    for (const LayoutDiscovery &one : layout.discover) {
        if (one.tier == tier && isRegistry(one.kind) && (!best || (one.registry && !best->registry)))
            best = &one;
    }
    return best;
}

namespace {

/// Where the times of beats stand: next to the registry there may be a hash or a sorted set for them alone.
const LayoutDiscovery *scoresOf(const Layout &layout, int tier)
{
    const auto found = std::find_if(layout.discover.begin(), layout.discover.end(), [tier](const LayoutDiscovery &one) {
        return one.tier == tier && isRegistry(one.kind) && one.score != LayoutDiscovery::Score::None;
    });
    return found == layout.discover.end() ? registryOf(layout, tier) : &*found;
}

const LayoutLiveness &livenessOf(const Layout &layout, int tier)
{
    return tier > 0 && size_t(tier) <= layout.tierLiveness.size() ? layout.tierLiveness[size_t(tier) - 1] : layout.liveness;
}

} // namespace

LayoutCall::LayoutCall(const Layout &layout, int tier, const LayoutVariables &values, qint64 lastBeat)
    : m_layout(layout)
    , m_tier(tier)
    , m_record(recordOf(layout, tier))
    , m_values(values)
    , m_lastBeat(lastBeat)
{ }

const LayoutRecord &LayoutCall::recordOf(const Layout &layout, int tier)
{
    return tier > 0 && size_t(tier) <= layout.tiers.size() ? layout.tiers[size_t(tier) - 1] : layout.record;
}

LayoutVariables LayoutCall::valuesFor(const Layout &layout, int tier, const QByteArray &prefix, const QByteArray &id)
{
    LayoutVariables values = idVariables(layout.idPattern, id, layout.escapesIds());
    values.insert("prefix", prefix);
    values.insert("key", recordOf(layout, tier).key.resolve(values));
    const LayoutDiscovery *registry = registryOf(layout, tier);
    values.insert("member", registry ? memberFor(*registry, values) : id);
    return values;
}

// Writing arguments ---------------------------------------------------------------------------------------------------

void LayoutCall::addKey(const QByteArray &key)
{
    if (key.isEmpty()) {
        addCount(0);
        return;
    }
    const auto found = std::find(m_keys.begin(), m_keys.end(), key);
    const qsizetype place = found - m_keys.begin() + 1;
    if (found == m_keys.end())
        m_keys.push_back(key);
    addCount(place);
}

void LayoutCall::addHead(const char *kind, bool negated, const char *code, const QByteArray &about)
{
    add(kind);
    add(negated ? "1" : "0");
    add(code);
    // A sentence of the layout's own stands in the place of what it is about.
    add(m_because.isEmpty() ? about : '!' + m_because);
    m_because.clear();
}

void LayoutCall::addPath(const QByteArray &from, const QByteArray &key, const QByteArray &name, const QStringList &steps)
{
    add(from);
    addKey(key);
    add(name);
    addCount(steps.size());
    for (const QString &step : steps)
        add(step.toUtf8());
    if (!key.isEmpty())
        needRead(from, key);
}

void LayoutCall::addPaths(const LayoutPaths &paths)
{
    const LayoutDiscovery *registry = scoresOf(m_layout, m_tier);
    const QByteArray record = resolve(m_record.key);
    addCount(qsizetype(paths.size()));
    for (const LayoutPath &path : paths) {
        if (path.from == LayoutPath::From::Group) {
            addPath("literal", {}, m_values.value(path.name), path.pointer);
        } else if (path.from == LayoutPath::From::Score && registry) {
            const bool hash = registry->kind == LayoutDiscovery::Kind::Hash;
            addPath(hash ? "HMGET" : "ZSCORE", resolve(registry->key), m_values.value("member"), path.pointer);
        } else if (path.from == LayoutPath::From::Field && m_record.type == LayoutRecord::Type::Hash) {
            addPath("HMGET", record, path.name, path.pointer);
        } else if (path.from == LayoutPath::From::Field && m_record.type == LayoutRecord::Type::Json) {
            // A field of a text that is JSON is a member of it.
            const QStringList first = path.name.isEmpty() ? QStringList() : QStringList(QString::fromUtf8(path.name));
            addPath("MGET", record, {}, first + path.pointer);
        } else if (path.from == LayoutPath::From::Field && m_record.type == LayoutRecord::Type::String) {
            addPath("MGET", record, {}, path.pointer);
        } else {
            addPath("unreadable", {}, path.name); // The script has no patterns: what rests on one cannot be a guard.
        }
    }
}

void LayoutCall::addField(const QByteArray &field)
{
    const LayoutPaths *paths = m_record.paths(field);
    addPaths(paths ? *paths : LayoutPaths{{LayoutPath::From::Field, field, {}}});
}

void LayoutCall::addStamp(const LayoutCondition &condition, qint64 argument)
{
    const LayoutDiscovery *registry = condition.key.isEmpty() ? scoresOf(m_layout, m_tier) : discoveryOf(condition.key);
    const bool scored = registry && registry->score != LayoutDiscovery::Score::None;
    const bool stamped = condition.key.isEmpty() && !livenessOf(m_layout, m_tier).stamp.isEmpty();
    add(unitWord(stamped ? livenessOf(m_layout, m_tier).stampUnit : registry ? registry->unit : LayoutUnit::Auto));
    addCount(argument);
    if (stamped) {
        addField(livenessOf(m_layout, m_tier).stamp);
    } else if (!condition.key.isEmpty()) {
        addCount(1);
        const QByteArray member = condition.member.isEmpty() ? m_values.value("member") : resolve(condition.member);
        const bool hash = registry && registry->kind == LayoutDiscovery::Kind::Hash;
        addPath(hash ? "HMGET" : "ZSCORE", resolve(condition.key), member);
    } else {
        addPaths(scored ? LayoutPaths{{LayoutPath::From::Score, {}, {}}} : LayoutPaths());
    }
}

void LayoutCall::addText(const LayoutText &text)
{
    const QByteArrayList names = text.variables();
    if (!names.contains("now-s") && !names.contains("now-ms")) {
        addCount(1);
        add("t");
        add(resolve(text));
        return;
    }
    // Whatever the other values are, they cannot hold what nobody knew before.
    const QByteArray mark = QUuid::createUuid().toByteArray();
    LayoutVariables marked = m_values;
    marked.insert("now-s", mark + 's');
    marked.insert("now-ms", mark + 'm');
    std::vector<std::pair<const char *, QByteArray>> parts;
    QByteArray rest = text.resolve(marked);
    for (qsizetype at = rest.indexOf(mark); at >= 0; at = rest.indexOf(mark)) {
        if (at > 0)
            parts.emplace_back("t", rest.first(at));
        parts.emplace_back(rest[at + mark.size()] == 's' ? "s" : "ms", QByteArray());
        rest = rest.sliced(at + mark.size() + 1);
    }
    if (!rest.isEmpty())
        parts.emplace_back("t", rest);
    addCount(qsizetype(parts.size()));
    for (const auto &[kind, bytes] : parts) {
        add(kind);
        if (*kind == 't')
            add(bytes);
    }
    needRead("TIME", {});
}

// Guards --------------------------------------------------------------------------------------------------------------

const LayoutDiscovery *LayoutCall::discoveryOf(const LayoutText &key) const
{
    const auto found = std::find_if(m_layout.discover.begin(), m_layout.discover.end(),
                                    [&key](const LayoutDiscovery &one) { return one.key == key && isRegistry(one.kind); });
    return found == m_layout.discover.end() ? nullptr : &*found;
}

/// What counts the entries of a key, by what the layout's commands do with it.
QByteArray LayoutCall::countWordOf(const LayoutText &key) const
{
    if (const LayoutDiscovery *registry = discoveryOf(key)) {
        return registry->kind == LayoutDiscovery::Kind::SortedSet ? "ZCARD"
               : registry->kind == LayoutDiscovery::Kind::Hash    ? "HLEN"
                                                                  : "SCARD";
    }
    for (const LayoutCommand &command : m_layout.commands) {
        for (const LayoutOp &op : command.ops) {
            if (!(op.key == key))
                continue;
            if (op.kind == OpKind::ZAdd || op.kind == OpKind::ZRem)
                return "ZCARD";
            if (op.kind == OpKind::HSet || op.kind == OpKind::HDel)
                return "HLEN";
            if (op.kind == OpKind::SRem)
                return "SCARD";
            if (op.kind == OpKind::Set || op.kind == OpKind::Del)
                return "EXISTS";
        }
    }
    return "LLEN";
}

void LayoutCall::addAlive(bool negated)
{
    const bool hasRecord = m_record.type != LayoutRecord::Type::None && !m_record.key.isEmpty();
    const LayoutDiscovery *registry = registryOf(m_layout, m_tier);
    const bool asksRegistry =
        registry && (livenessOf(m_layout, m_tier).registry == LayoutLiveness::Registry::Required || !hasRecord);
    const QByteArray record = hasRecord ? resolve(m_record.key) : QByteArray();
    addHead("alive", negated, negated ? "back" : "gone");
    addKey(record);
    if (hasRecord)
        needRead("EXISTS", record);
    const QByteArray word = asksRegistry ? memberWord(registry->kind) : QByteArray();
    const QByteArray key = asksRegistry ? resolve(registry->key) : QByteArray();
    add(word);
    addKey(key);
    add(asksRegistry ? m_values.value("member") : QByteArray());
    if (asksRegistry)
        needRead(word, key);
    if (livenessOf(m_layout, m_tier).goneIf.isEmpty())
        addPaths({});
    else
        addField(livenessOf(m_layout, m_tier).goneIf);
}

const LayoutOp *LayoutCall::deletionFor(const LayoutCondition &condition) const
{
    const LayoutPaths *paths = m_record.paths(condition.field);
    const bool pending = paths && paths->size() == 1 && paths->front().from == LayoutPath::From::Found
                         && paths->front().name == "pending" && condition.value == "0";
    if (!pending || condition.kind != ConditionKind::Equal || !m_layout.reap)
        return nullptr;
    const std::vector<LayoutOp> &ops = m_layout.reap->ops;
    const auto found =
        std::find_if(ops.begin(), ops.end(), [](const LayoutOp &op) { return op.kind == OpKind::XGroupDelConsumer; });
    return found == ops.end() ? nullptr : &*found;
}

void LayoutCall::addGuard(const LayoutCondition &condition)
{
    const bool negated = condition.negated;
    const QByteArray key = resolve(condition.key);
    m_because = condition.because.toUtf8();
    switch (condition.kind) {
    case ConditionKind::Equal:
        if (const LayoutOp *deletion = deletionFor(condition)) {
            const QByteArray stream = resolve(deletion->key);
            addHead("pending", negated, "field", condition.field);
            addKey(stream);
            add(resolve(deletion->field));
            add(resolve(deletion->value));
            needRead("XPENDING", stream);
            return;
        }
        addHead("equal", negated, "field", condition.field);
        addCount(1 + condition.others.size());
        add(condition.value);
        for (const QByteArray &other : condition.others)
            add(other);
        addField(condition.field);
        return;
    case ConditionKind::Exists:
    case ConditionKind::Missing:
        addHead("exists", negated != (condition.kind == ConditionKind::Missing), "field", condition.field);
        addField(condition.field);
        return;
    case ConditionKind::Alive:
    case ConditionKind::Gone:
        addAlive(negated != (condition.kind == ConditionKind::Gone));
        return;
    case ConditionKind::EmptyKey: {
        const QByteArray word = countWordOf(condition.key);
        addHead("count", negated, "waiting", key);
        add(word);
        addKey(key);
        add("0");
        needRead(word, key);
        return;
    }
    case ConditionKind::AbsentKey:
    case ConditionKind::PresentKey: {
        const bool present = (condition.kind == ConditionKind::PresentKey) != negated;
        addHead("count", false, present ? "absent" : "present", key);
        add("EXISTS");
        addKey(key);
        add(present ? "1" : "0");
        needRead("EXISTS", key);
        return;
    }
    case ConditionKind::LastingKey:
        addHead("lasting", negated, "has-ttl", key);
        addKey(key);
        needRead("PTTL", key);
        return;
    case ConditionKind::Member:
    case ConditionKind::NotMember: {
        const LayoutDiscovery *registry = discoveryOf(condition.key);
        const QByteArray word = registry ? memberWord(registry->kind) : QByteArray("SISMEMBER");
        const bool member = (condition.kind == ConditionKind::Member) != negated;
        addHead("member", !member, member ? "unregistered" : "member", key);
        add(word);
        addKey(key);
        add(!condition.member.isEmpty() ? resolve(condition.member) : m_values.value(registry ? "member" : "id"));
        needRead(word, key);
        return;
    }
    case ConditionKind::Fresh:
        addHead("fresh", negated, "old", livenessOf(m_layout, m_tier).stamp);
        addStamp(condition, condition.ms);
        needRead("TIME", {});
        return;
    case ConditionKind::Unmoved:
        addHead("unmoved", negated, "moved");
        addStamp(condition, m_lastBeat);
        return;
    case ConditionKind::KeyEqual:
    case ConditionKind::KeyBegins:
        addHead(condition.kind == ConditionKind::KeyEqual ? "equal" : "begins", negated, "field", key);
        addCount(1 + condition.others.size());
        add(condition.value);
        for (const QByteArray &other : condition.others)
            add(other);
        addCount(1);
        addPath(condition.field.isEmpty() ? "MGET" : "HMGET", key, condition.field);
        return;
    case ConditionKind::KeyHasField:
        addHead("exists", negated, "field", key);
        addCount(1);
        addPath("HMGET", key, condition.field);
        return;
    case ConditionKind::Listening: {
        const QByteArray channel = key.isEmpty() ? resolve(livenessOf(m_layout, m_tier).listener) : key;
        addHead("listening", negated, negated ? "listening" : "deaf");
        add(channel);
        m_needs.push_back({"PUBSUB", channel, true});
        return;
    }
    }
}

void LayoutCall::addGuards(const LayoutConditions &conditions, const LayoutConditions &once)
{
    addCount(qsizetype(conditions.size()) + (once.empty() ? 0 : 1));
    for (const LayoutCondition &condition : conditions)
        addGuard(condition);
    if (once.empty())
        return;
    addHead("all", true, "once");
    addCount(qsizetype(once.size()));
    for (const LayoutCondition &condition : once)
        addGuard(condition);
}

void LayoutCall::addWritten(const std::vector<LayoutOp> &ops)
{
    const auto timed = [](const LayoutText &text) {
        const QByteArrayList names = text.variables();
        return names.contains("now-s") || names.contains("now-ms");
    };
    // What is renamed, if anything is, shows nothing that the other writes do not.
    const auto renames = std::count_if(ops.begin(), ops.end(), [](const LayoutOp &op) { return op.kind == OpKind::Rename; });
    const bool nothing = size_t(renames) == ops.size();
    addCount(nothing ? 1 : qsizetype(ops.size()) - renames);
    if (nothing)
        addHead("exists", false, "written");
    if (nothing)
        addPaths({}); // Nothing there shows it.
    for (const LayoutOp &op : ops) {
        if (op.kind == OpKind::Rename)
            continue;
        const QByteArray key = resolve(op.key);
        if (isPush(op.kind) && !timed(op.value)) {
            addHead("contains", false, "written");
            addKey(key);
            add(resolve(op.value));
            needRead("LRANGE", key);
        } else if ((op.kind == OpKind::Set || op.kind == OpKind::HSet) && !timed(op.value)) {
            addHead("equal", false, "written");
            addCount(1);
            add(resolve(op.value));
            addCount(1);
            addPath(op.kind == OpKind::Set ? "MGET" : "HMGET", key, resolve(op.field));
        } else if (op.kind == OpKind::Del || op.kind == OpKind::Set) {
            addHead("count", false, "written");
            add("EXISTS");
            addKey(key);
            add(op.kind == OpKind::Del ? "0" : "1");
            needRead("EXISTS", key);
        } else {
            addHead("exists", false, "written");
            addPaths({});
        }
    }
}

// Writes --------------------------------------------------------------------------------------------------------------

void LayoutCall::addOps(const std::vector<LayoutOp> &ops)
{
    const std::vector<LayoutWrite> writes = writesOf(ops);
    addCount(qsizetype(writes.size()));
    for (const LayoutWrite &write : writes) {
        static constexpr std::array kinds{"plain", "new", "expire", "publish", "rename"};
        if (!write.when.empty()) {
            add("when");
            addGuards(write.when);
        }
        if (!write.ifAny.empty()) {
            add("if");
            addCount(qsizetype(write.ifAny.size()));
        }
        for (const LayoutText &one : write.ifAny) {
            addKey(resolve(one));
            needRead("EXISTS", resolve(one));
        }
        add(kinds[size_t(write.kind)]);
        addCount(qsizetype(write.words.size()));
        for (const LayoutWrite::Word &word : write.words) {
            add(word.key ? "k" : "t");
            if (word.key)
                addKey(resolve(word.text));
            else
                addText(word.text);
        }
        const QByteArray command = write.words.front().text.written();
        if (write.kind == LayoutWrite::Kind::Publish)
            m_needs.push_back({command, resolve(write.words[1].text), true, true});
        for (const LayoutWrite::Word &word : write.words) {
            if (word.key)
                m_needs.push_back({command, resolve(word.text), false, true});
        }
    }
}

} // namespace pulsedeck
