// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutterms.h"

#include "models/layouts/layoutdocument.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

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
        {"rename", Rename, {"key", "to"}, {"when"}},
    };
    return rows;
}

/// A hostile id cannot keep the console busy with a pattern of a file.
QString bounded(const QString &pattern)
{
    return u"(*LIMIT_MATCH=100000)"_s + pattern;
}

} // namespace

QString LayoutTerms::joined(const QByteArrayList &names)
{
    return QString::fromUtf8(names.join(", "));
}

void LayoutTerms::fail(const QString &path, const QString &text)
{
    if (m_problems.size() < LayoutDocument::mostProblems)
        m_problems.push_back({{}, 0, path, text});
}

LayoutText LayoutTerms::text(const QString &written, const QString &path, Allowed allowed, bool hasTime)
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

LayoutText LayoutTerms::text(const LayoutNode &node, const char *name, Allowed allowed)
{
    return node.has(name) ? text(node.text(name), node.at(name), allowed) : LayoutText();
}

QRegularExpression LayoutTerms::regex(const LayoutNode &node, const char *name, const char *group)
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

std::optional<LayoutPath> LayoutTerms::path(const QString &written, const QString &place, const LayoutRecord &record)
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
    const bool hasFields = record.type == LayoutRecord::Type::Hash || record.type == LayoutRecord::Type::Protobuf;
    if (record.type == LayoutRecord::Type::None)
        fail(place, tr("There is no record that “%1” could be in.").arg(written));
    else if (hasFields && path.name.isEmpty())
        fail(place, tr("The name of a field is missing before #."));
    else if (!hasFields && !path.name.isEmpty())
        fail(place, tr("The record has no fields; # is its text, #/name a member of its JSON."));
    return path;
}

LayoutPaths LayoutTerms::paths(const QJsonValue &value, const QString &place, const LayoutRecord &record)
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

QByteArray LayoutTerms::field(const QString &name, const QString &place)
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

qint64 LayoutTerms::duration(const LayoutNode &node, const char *name, qint64 intervalMs)
{
    const QJsonValue value = node.value(name);
    if (!value.isString())
        return LayoutNode::msOf(value);
    const double factor = value.toString().section(u' ', 0, 0).toDouble();
    if (intervalMs == 0)
        fail(node.at(name), tr("No interval is given that it could be a multiple of."));
    return qRound64(std::min(factor, 1'000'000.0) * double(intervalMs));
}

LayoutConditions LayoutTerms::conditions(const LayoutNode &node, const char *name, Allowed allowed)
{
    LayoutConditions list;
    for (const LayoutNode &one : node.children(name))
        addConditions(&list, one, allowed, false);
    return list;
}

LayoutConditions LayoutTerms::unless(const LayoutNode &node)
{
    using Kind = LayoutCondition::Kind;
    const LayoutConditions list = conditions(node, "unless", Allowed::Queue);
    for (const LayoutCondition &condition : list) {
        const bool isOfQueue = (condition.kind == Kind::PresentKey || condition.kind == Kind::AbsentKey)
                               && condition.key.variables().contains("queue") && !condition.key.variables().contains("key");
        if (!isOfQueue)
            fail(node.at("unless"), tr("It is “present” or “absent”, of a key with {queue}."));
    }
    return list;
}

void LayoutTerms::addConditions(LayoutConditions *list, const LayoutNode &node, Allowed allowed, bool negated)
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

bool LayoutTerms::takeCondition(LayoutCondition *condition, const LayoutNode &node, const QString &name, Allowed allowed)
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
                                                     {"noTtl", Kind::LastingKey, Row::Key},
                                                     {"member", Kind::Member, Row::Set},
                                                     {"notMember", Kind::NotMember, Row::Set}});
    if (name == "value"_L1) {
        const LayoutNode value = node.child("value");
        const bool is = value.has("is");
        const bool begins = value.has("begins");
        condition->kind = is ? Kind::KeyEqual : begins ? Kind::KeyBegins : Kind::KeyHasField;
        condition->key = text(value, "key", allowed);
        condition->field = value.bytes("field");
        for (const QJsonValue &one : value.value("begins").toArray())
            condition->others.append(one.toString().toUtf8());
        condition->value = is                            ? value.bytes("is")
                           : condition->others.isEmpty() ? value.bytes("begins")
                                                         : condition->others.takeFirst();
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
        const QJsonValue value = node.value(key.constData());
        for (const QJsonValue &one : value.toArray())
            condition->others.append(one.toString().toUtf8());
        condition->value = condition->others.isEmpty() ? value.toString().toUtf8() : condition->others.takeFirst();
        return true;
    }
    condition->kind = row->kind;
    switch (row->takes) {
    case Row::Flag:
        condition->ms = row->kind == Kind::Fresh ? LayoutNode::msOf(node.value(row->name)) : 0;
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
        const LayoutNode set = node.child(row->name);
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

std::vector<LayoutOp> LayoutTerms::ops(const LayoutNode &node, const char *name, Allowed allowed, LayoutConditions *guards)
{
    std::vector<LayoutOp> list;
    for (const LayoutNode &one : node.children(name))
        list.push_back(op(one, allowed, guards));
    // Whether the keys may be asked about is known before anything is written.
    for (size_t i = 1; i < list.size(); ++i) {
        const bool first = list[i - 1].kind == LayoutOp::Kind::Rename;
        if (!list[i].ifAny.empty() && list[i - 1].ifAny.empty() && !first)
            fail(node.at(name) + u'/' + QString::number(i) + u"/ifAny"_s, tr("It has to stand before writes without it."));
        // Its new name may be taken, and then nothing is to be written at all.
        if (list[i].kind == LayoutOp::Kind::Rename)
            fail(node.at(name) + u'/' + QString::number(i), tr("It has to stand before all other writes."));
    }
    return list;
}

LayoutOp LayoutTerms::op(const LayoutNode &node, Allowed allowed, LayoutConditions *guards)
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
        if (guards && taken == "guard") {
            const LayoutConditions own = conditions(node, "guard", Allowed::Worker);
            guards->insert(guards->end(), own.begin(), own.end());
            continue;
        }
        if (taken != "op" && taken != "ifAny" && !row->needs.contains(taken) && !row->mayHave.contains(taken))
            fail(node.path + u'/' + member, tr("%1 does not take it.").arg(QString::fromUtf8(name)));
    }
    const auto take = [&](const char *member) {
        return node.has(member) ? text(node.text(member), node.at(member), allowed, true) : LayoutText();
    };
    op.kind = row->kind;
    op.key = text(node, node.has("channel") ? "channel" : "key", allowed);
    op.field = take(node.has("score") ? "score" : node.has("group") ? "group" : "field");
    op.value = op.kind == LayoutOp::Kind::Rename ? text(node, "to", allowed) : take("value");
    op.expireS = node.value("expire").toInt();
    op.count = node.value("count").toInt();
    op.onlyNew = node.value("nx").toBool();
    if (node.has("when"))
        op.when = conditions(node, "when", allowed);
    for (const LayoutCondition &one : op.when) {
        if (one.kind != LayoutCondition::Kind::KeyBegins || one.negated)
            fail(node.at("when"), tr("Only what the value of a key begins with can be asked here."));
    }
    const QJsonArray keys = node.value("ifAny").toArray();
    for (int i = 0; i < keys.size(); ++i)
        op.ifAny.push_back(text(keys.at(i).toString(), node.at("ifAny") + u'/' + QString::number(i), allowed));
    return op;
}

} // namespace pulsedeck
