// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutacl.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Bytes that mean themselves in a pattern of Redis.
QByteArray escaped(QByteArrayView text)
{
    QByteArray pattern;
    for (const char c : text) {
        if (QByteArrayView("*?[]\\").contains(c))
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

/// A pattern of Redis that all ids match: of "^(?<host>.+):(?<pid>[0-9]+)$" it is "*:*". What is not that plain is "*".
QByteArray patternOfIds(const QRegularExpression &ids)
{
    QString written = ids.pattern();
    if (written.startsWith("(*LIMIT_MATCH"_L1)) // The reader puts it there.
        written = written.section(u')', 1);
    if (!written.startsWith(u'^') || !written.endsWith(u'$'))
        return "*";
    written.remove(0, 1);
    QByteArray pattern;
    for (qsizetype i = 0; i < written.size() - 1; ++i) {
        const QChar c = written.at(i);
        if (c == u'(') {
            int depth = 0;
            bool inClass = false;
            for (; i < written.size(); ++i) {
                const QChar inner = written.at(i);
                if (inner == u'\\')
                    ++i;
                else if (inner == u'[')
                    inClass = true;
                else if (inner == u']')
                    inClass = false;
                else if (!inClass && (inner == u'(' || inner == u')') && (depth += inner == u'(' ? 1 : -1) == 0)
                    break;
            }
            // An optional part, or an alternative behind it.
            const QChar next = i + 1 < written.size() ? written.at(i + 1) : QChar();
            if (QStringView(u"?*+{|").contains(next))
                return "*";
            pattern += '*';
        } else if (QStringView(u".[]{}?*+|\\").contains(c)) {
            return "*";
        } else {
            pattern += QString(c).toUtf8();
        }
    }
    return pattern;
}

class RightsMaker
{
public:
    RightsMaker(const Layout &layout, const LayoutPlace &place)
        : m_layout(layout)
        , m_place(place)
    {
        const QByteArray prefix = escaped(layout.prefix);
        m_values = {{"prefix", prefix}, {"id", patternOfIds(layout.idPattern)}, {"queue", "*"}, {"key", "*"}, {"member", "*"},
                    {"job", "*"}};
        for (const QString &group : layout.idPattern.namedCaptureGroups()) {
            if (!group.isEmpty() && group != "queue"_L1)
                m_values.insert(group.toUtf8(), "*");
        }
        // What stands for the member or key that was found.
        if (layout.queues.kind == LayoutQueues::Kind::Scan)
            m_values.insert("key", patternOf(layout.queues.key));
    }

    void addWatching()
    {
        for (const char *command : {"ping", "time", "client|id", "client|setname", "info", "role", "type", "pttl"})
            add(command);
        // First, as it says whether single keys are enough.
        addRecord(m_layout.record);
        for (const LayoutRecord &tier : m_layout.tiers)
            addRecord(tier);
        for (const LayoutDetection &one : m_layout.detect) {
            using enum LayoutDetection::Kind;
            if (one.kind == Exists)
                read(one.pattern);
            else
                add(one.kind == Scan ? "scan" : one.kind == Channels ? "pubsub|channels" : "client|list");
            if (one.looksInside()) {
                add(one.fields.isEmpty() ? "getrange" : "hmget");
                if (!m_namesWorkers)
                    read(one.pattern);
            }
            if (one.isByQueue()) {
                add("exists");
                read(one.without);
            }
        }
        for (const LayoutDiscovery &one : m_layout.discover)
            addDiscovery(one);
        if (!m_layout.liveness.listener.isEmpty())
            add("pubsub|numsub");
        for (const LayoutStatusRule &rule : m_layout.status)
            addConditions(rule.when, {});
        addQueues();
        // Also where nothing is announced: a source asks once for all its systems.
        for (const char *command : {"client|tracking", "subscribe"})
            add(command);
        rights.channels.append("__redis__:invalidate");
    }

    void addCommanding()
    {
        m_inScripts = true;
        add("eval");
        if (std::any_of(m_layout.commands.begin(), m_layout.commands.end(),
                        [](const LayoutCommand &command) { return command.whyNot.isEmpty(); })) {
            addRecord(m_layout.record);
            for (const LayoutRecord &tier : m_layout.tiers)
                addRecord(tier);
        }
        for (const LayoutCommand &command : m_layout.commands) {
            if (!command.whyNot.isEmpty())
                continue;
            addConditions(command.guard, command.ops);
            for (const LayoutConditions *proof : {&command.pickedUp, &command.draining, &command.emptied, &command.gone})
                addConditions(*proof, command.ops);
            for (const LayoutOp &op : command.ops)
                addOp(op);
            for (const LayoutOp &op : command.undo)
                addOp(op);
            // Whether it is still there is looked at before it is withdrawn.
            if (!command.undo.empty() && command.undo.front().kind == LayoutOp::Kind::LRem)
                add("lrange");
        }
    }

    LayoutRights rights;

    void tidy()
    {
        // A key that is written is read as well, and what a pattern covers need not be named.
        for (QByteArrayList *list : {&rights.keys, &rights.readKeys, &rights.channels, &rights.commands}) {
            std::sort(list->begin(), list->end());
            list->erase(std::unique(list->begin(), list->end()), list->end());
        }
        const LayoutRights all = rights;
        dropCovered(&rights.keys, all.keys, false);
        dropCovered(&rights.readKeys, all.readKeys, false);
        dropCovered(&rights.readKeys, all.keys, true);
        dropCovered(&rights.channels, all.channels, false);
    }

private:
    void add(const char *command) { rights.commands.append(command); }
    /// EVAL wants to read and write each key that it names.
    void read(const LayoutText &key)
    {
        if (!key.isEmpty())
            (m_inScripts ? rights.keys : rights.readKeys).append(patternOf(key));
    }
    /// Of a queue. Where only its name is in the key, the pattern would be all keys: then it is for certain names.
    void readQueue(const LayoutText &key)
    {
        const QByteArrayList names = !m_place.queues.isEmpty() ? m_place.queues : m_layout.queues.usual;
        if (names.isEmpty() || !isAnyKey(key)) {
            read(key);
            return;
        }
        for (const QByteArray &name : names) {
            LayoutVariables values = m_values;
            values.insert("queue", escaped(name));
            if (isOfStreams())
                values.insert("key", escaped(name));
            rights.readKeys.append(plainPattern(key.resolve(values)));
        }
    }
    /// Streams are found by their type: any key may be one, unless they are named.
    bool isOfStreams() const { return m_layout.findsOnly(LayoutDiscovery::Kind::Stream); }
    bool namesStreams() const { return isOfStreams() && !m_place.queues.isEmpty(); }
    /// Of a worker or of a key that is one. Where a worker is a queue, and queues are named, it is for these.
    void readWorker(const LayoutText &key)
    {
        static const QRegularExpression onlyQueue(u"\\^\\(\\?<queue>[^()]*\\)\\$$"_s);
        if (m_place.queues.isEmpty() || !key.variables().contains("id")
            || !onlyQueue.match(m_layout.idPattern.pattern()).hasMatch()) {
            read(key);
            return;
        }
        m_namesWorkers = true;
        for (const QByteArray &name : m_place.queues) {
            LayoutVariables values = m_values;
            values.insert("id", escaped(name));
            (m_inScripts ? rights.keys : rights.readKeys).append(key.resolve(values));
        }
    }
    /// A key that is nothing but the name of a queue, with or without a prefix, or with bytes that are no text behind it.
    bool isAnyKey(const LayoutText &key) const
    {
        LayoutVariables open = m_values;
        open.insert("prefix", {});
        QByteArray pattern = key.resolve(open);
        pattern.removeIf([](char c) { return c < ' ' || (c >= '0' && c <= '9'); });
        return pattern == "*";
    }
    /// Bytes that a terminal does not show are any byte.
    static QByteArray plainPattern(QByteArray pattern)
    {
        std::transform(pattern.begin(), pattern.end(), pattern.begin(), [](char c) { return c >= 0 && c < ' ' ? '?' : c; });
        return pattern;
    }
    void write(const LayoutText &key)
    {
        if (!namesStreams() || !isAnyKey(key)) {
            rights.keys.append(patternOf(key));
            return;
        }
        for (const QByteArray &name : m_place.queues)
            rights.keys.append(escaped(name));
    }

    /// Patterns in a file stay patterns; two stars next to each other are one.
    QByteArray patternOf(const LayoutText &key) const
    {
        QByteArray pattern = key.resolve(m_values);
        while (pattern.contains("**"))
            pattern.replace("**", "*");
        return pattern;
    }

    static bool covers(const QByteArray &wide, const QByteArray &narrow)
    {
        const qsizetype star = wide.indexOf('*');
        return star == wide.size() - 1 && star >= 0 && !wide.contains('\\') && narrow.startsWith(wide.first(star));
    }

    /// Those that another one of \a by covers; \a same: and those that are in it.
    static void dropCovered(QByteArrayList *list, const QByteArrayList &by, bool same)
    {
        list->removeIf([&](const QByteArray &one) {
            return std::any_of(by.begin(), by.end(),
                               [&](const QByteArray &other) { return other == one ? same : covers(other, one); });
        });
    }

    void addDiscovery(const LayoutDiscovery &one)
    {
        using enum LayoutDiscovery::Kind;
        const auto reads = [&](std::initializer_list<const char *> commands) {
            for (const char *command : commands)
                add(command);
            read(one.key);
        };
        switch (one.kind) {
        case Scan:
            if (!m_namesWorkers)
                return reads({"scan"});
            add("scan"); // Of the records that were named.
            return;
        case Set:
            return reads({"smembers", "sscan", "scard"});
        case SortedSet:
            return reads({"zrange", "zscan", "zcard"});
        case Hash:
            return reads({"hgetall", "hscan", "hlen"});
        case Lock:
            return reads({"mget", "exists"});
        case Stream:
            for (const QByteArray &name : m_place.queues)
                rights.readKeys.append(escaped(name));
            for (const char *command : {"scan", "xinfo|groups", "xinfo|consumers"})
                add(command);
            if (m_place.queues.isEmpty())
                read(one.key);
            return;
        case Channels:
            add("pubsub|channels");
            return;
        case Clients:
            add("client|list");
            addConditions(one.unless, {});
            return;
        case Events:
            add("psubscribe");
            return;
        }
    }

    void addRecord(const LayoutRecord &record)
    {
        if (record.type == LayoutRecord::Type::None)
            return;
        readWorker(record.key);
        add("pttl");
        if (record.type == LayoutRecord::Type::Hash) {
            add("hmget");
            add("hstrlen");
        } else {
            add("mget");
            add("strlen");
        }
        if (record.isSecret)
            add("eval_ro");
    }

    void addQueues()
    {
        const LayoutQueues &queues = m_layout.queues;
        if (queues.kind == LayoutQueues::Kind::None)
            return;
        if (!namesStreams())
            read(queues.key);
        if (queues.kind == LayoutQueues::Kind::Set) {
            add("smembers");
            add("scard");
        }
        if (queues.kind == LayoutQueues::Kind::Scan)
            add("scan");
        const LayoutQueues::Whole &whole = queues.whole;
        for (const auto *counts : {&queues.depth, &queues.atWork, &queues.delayed, &queues.failed, &queues.done, &queues.added,
                                   &whole.atWork, &whole.reserved, &whole.delayed, &whole.failed, &whole.done}) {
            for (const LayoutQueues::Count &count : *counts) {
                using enum LayoutQueues::Count::How;
                add(count.how == LLen    ? "llen"
                    : count.how == ZCard ? "zcard"
                    : count.how == SCard ? "scard"
                    : count.how == HLen  ? "hlen"
                    : count.how == Get   ? "get"
                                         : "xinfo|groups");
                readQueue(count.key);
            }
        }
        for (const LayoutQueues::Oldest &oldest : queues.oldest) {
            using enum LayoutQueues::Oldest::How;
            readQueue(oldest.key);
            if (oldest.how == Record)
                read(oldest.job);
            add(oldest.how == Score ? "zrange" : oldest.how == Record ? "lindex" : "eval_ro");
            if (oldest.how == Record)
                add("hget");
        }
        for (const LayoutText &key : queues.working.keys) {
            read(key);
            using enum LayoutQueues::Working::How;
            add(queues.working.how == Sets ? "scard" : queues.working.how == Records ? "hget" : "eval_ro");
        }
        // A script needs the rights of what it calls as well.
        if (queues.usesScript()) {
            for (const char *command : {"lindex", "hlen", "hvals"})
                add(command);
        }
        addConditions(queues.unless, {});
        addConditions(queues.paused, {});
        addConditions(queues.allPaused, {});
        if (!queues.beat.isEmpty()) {
            add("pttl");
            read(queues.beat);
        }
    }

    /// \a ops: what is written with it says what type a key has.
    void addConditions(const LayoutConditions &conditions, const std::vector<LayoutOp> &ops)
    {
        for (const LayoutCondition &condition : conditions) {
            using enum LayoutCondition::Kind;
            switch (condition.kind) {
            case Alive:
                add("exists");
                addRegistry();
                break;
            case EmptyKey:
                add(countOf(condition.key, ops));
                read(condition.key);
                break;
            case AbsentKey:
            case PresentKey:
                add("exists");
                read(condition.key);
                break;
            case LastingKey:
                add("pttl");
                read(condition.key);
                break;
            case Member:
            case NotMember:
                add(memberCommand(condition.key));
                read(condition.key);
                break;
            case Fresh:
            case Unmoved:
                add("time");
                addRegistry();
                break;
            case Listening:
                add("pubsub|numsub");
                break;
            case KeyEqual:
            case KeyBegins:
            case KeyHasField:
                add(condition.field.isEmpty() ? "mget" : "hmget");
                add(condition.field.isEmpty() ? "get" : "hexists");
                read(condition.key);
                break;
            case Equal:
            case Exists:
            case Missing:
            case Gone:
                break; // Of the record, which is read anyway.
            }
        }
    }

    const char *countOf(const LayoutText &key, const std::vector<LayoutOp> &ops) const
    {
        for (const LayoutOp &op : ops) {
            if (op.key == key && (op.kind == LayoutOp::Kind::ZAdd || op.kind == LayoutOp::Kind::ZRem))
                return "zcard";
            if (op.key == key && op.kind == LayoutOp::Kind::HSet)
                return "hlen";
        }
        return "llen";
    }

    const char *memberCommand(const LayoutText &key) const
    {
        for (const LayoutDiscovery &one : m_layout.discover) {
            if (one.key == key && one.kind == LayoutDiscovery::Kind::SortedSet)
                return "zscore";
            if (one.key == key && one.kind == LayoutDiscovery::Kind::Hash)
                return "hexists";
        }
        return "sismember";
    }

    void addRegistry()
    {
        for (const LayoutDiscovery &one : m_layout.discover) {
            const bool isSet = one.kind == LayoutDiscovery::Kind::Set || one.kind == LayoutDiscovery::Kind::SortedSet
                               || one.kind == LayoutDiscovery::Kind::Hash;
            if (isSet && (one.registry || one.score != LayoutDiscovery::Score::None)) {
                add(one.kind == LayoutDiscovery::Kind::Hash ? "hmget" : memberCommand(one.key));
                read(one.key);
            }
        }
    }

    void addOp(const LayoutOp &op)
    {
        using enum LayoutOp::Kind;
        if (op.kind == Publish) {
            add("publish");
            rights.channels.append(patternOf(op.key));
            return;
        }
        static const std::vector<std::pair<LayoutOp::Kind, const char *>> words{{Set, "set"},
                                                                                {Del, "del"},
                                                                                {LPush, "lpush"},
                                                                                {RPush, "rpush"},
                                                                                {LRem, "lrem"},
                                                                                {SRem, "srem"},
                                                                                {ZRem, "zrem"},
                                                                                {ZAdd, "zadd"},
                                                                                {HSet, "hset"},
                                                                                {HDel, "hdel"},
                                                                                {XGroupDelConsumer, "xgroup|delconsumer"},
                                                                                {Rename, "renamenx"}};
        for (const auto &[kind, word] : words) {
            if (op.kind == kind)
                add(word);
        }
        if (op.kind == XGroupDelConsumer)
            add("xpending"); // It is deleted only if it has no entries left.
        if (op.expireS > 0 && op.kind != Set)
            add("expire");
        write(op.key);
        if (op.kind == Rename)
            write(op.value);
        addConditions(op.when, {});
        if (!op.ifAny.empty() || op.kind == Rename)
            add("exists");
        for (const LayoutText &key : op.ifAny)
            read(key);
    }

    const Layout &m_layout;
    const LayoutPlace &m_place;
    LayoutVariables m_values;
    bool m_inScripts = false; ///< Rights are added for commands.
    bool m_namesWorkers = false; ///< Workers are queues that were named.
};

/// Of a system that the program reads by code: what that code does is in no file. In keys and channels {prefix} and {db} stand
/// for what they are.
struct CodeRights
{
    const char *code;
    bool fileCounts; ///< What the file says is read as well; else it only says where things are.
    LayoutRights watching;
    LayoutRights commanding; ///< Besides.
};

const CodeRights *codeRights(const QString &code)
{
    static const std::vector<CodeRights> rows{
        {"playwright",
         false,
         {{"worker:*", "cluster:*", "fleet:*"},
          {},
          {"__redis__:invalidate"},
          {"ping", "scan", "hscan", "hgetall", "hmget", "mget", "pttl", "type", "time", "info", "role", "exists", "hlen",
           "pubsub|numsub", "pubsub|channels", "client|id", "client|setname", "client|tracking", "subscribe"}},
         {{}, {"worker:*", "cluster:*"}, {"worker:cmd:*"}, {"eval", "set", "publish", "del", "hset", "hdel"}}},
        // Redis wants exactly the pattern that is subscribed to; the number is that of the database.
        {"celery",
         true,
         {{}, {}, {"{prefix}/{db}.celeryev/worker.*"}, {"psubscribe"}},
         {{},
          {"{prefix}_kombu.binding.celery.pidbox", "{prefix}_kombu.binding.reply.celery.pidbox", "{prefix}*.reply.celery.pidbox"},
          {"{prefix}/{db}.celery.pidbox"},
          {"publish", "sadd", "srem", "lpop", "del"}}},
    };
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&code](const CodeRights &one) { return code == QLatin1StringView(one.code); });
    return row == rows.end() ? nullptr : &*row;
}

void addCode(const LayoutRights &more, const Layout &layout, int database, LayoutRights *rights)
{
    const auto placed = [&](QByteArrayList patterns) {
        for (QByteArray &pattern : patterns) {
            pattern.replace("{prefix}", escaped(layout.prefix));
            pattern.replace("{db}", QByteArray::number(database));
        }
        return patterns;
    };
    rights->readKeys += placed(more.readKeys);
    rights->keys += placed(more.keys);
    rights->channels += placed(more.channels);
    rights->commands += more.commands;
}

LayoutRights rightsOf(const Layout &layout, bool commands, const LayoutPlace &place)
{
    RightsMaker maker(layout, place);
    const CodeRights *const code = codeRights(layout.code);
    if (!code || code->fileCounts)
        maker.addWatching();
    // Commands that are done in code are no scripts, and have no guards of a file.
    if (commands && !code)
        maker.addCommanding();
    if (code) {
        addCode(code->watching, layout, place.database, &maker.rights);
        if (commands)
            addCode(code->commanding, layout, place.database, &maker.rights);
    }
    maker.tidy();
    return maker.rights;
}

} // namespace

QByteArray LayoutRights::line(const QByteArray &user) const
{
    QByteArrayList words{"ACL SETUSER", user, "on", ">PASSWORD", "resetkeys", "resetchannels", "-@all"};
    // Quotes keep a blank, and bytes that a terminal would not show, in one word.
    const auto quoted = [](const QByteArray &word) {
        const bool isPlain =
            std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\''; });
        if (isPlain)
            return word;
        QByteArray text = "\"";
        for (const char c : word) {
            if (c == '"' || c == '\\')
                text += QByteArray("\\") + c;
            else if (c >= ' ' && c < 0x7f)
                text += c;
            else
                text += "\\x" + QByteArray(1, c).toHex();
        }
        return QByteArray(text + '"');
    };
    for (const QByteArray &key : keys)
        words.append(quoted("~" + key));
    for (const QByteArray &key : readKeys)
        words.append(quoted("%R~" + key));
    for (const QByteArray &channel : channels)
        words.append(quoted("&" + channel));
    for (const QByteArray &command : commands)
        words.append("+" + command);
    return words.join(' ');
}

LayoutRights watchingRights(const Layout &layout, const LayoutPlace &place)
{
    return rightsOf(layout, false, place);
}

LayoutRights commandingRights(const Layout &layout, const LayoutPlace &place)
{
    return rightsOf(layout, true, place);
}

} // namespace pulsedeck
