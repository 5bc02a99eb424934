// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutqueuebuilder.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto queueKinds = std::to_array<std::pair<const char *, LayoutQueues::Kind>>(
    {{"set", LayoutQueues::Kind::Set}, {"scan", LayoutQueues::Kind::Scan}, {"fields", LayoutQueues::Kind::Fields}});
using Counted = LayoutQueues::Count::How;
constexpr auto countKinds = std::to_array<std::pair<const char *, Counted>>({{"llen", Counted::LLen},
                                                                             {"zcard", Counted::ZCard},
                                                                             {"scard", Counted::SCard},
                                                                             {"hlen", Counted::HLen},
                                                                             {"get", Counted::Get},
                                                                             {"lag", Counted::StreamLag}});

} // namespace

std::vector<LayoutQueues::Count> LayoutQueueBuilder::counts(const LayoutNode &node, const char *name, Allowed allowed)
{
    std::vector<LayoutQueues::Count> list;
    for (const LayoutNode &one : node.children(name)) {
        for (const auto &[how, kind] : countKinds) {
            if (one.has(how))
                list.push_back({kind, m_terms.text(one, how, allowed)});
        }
    }
    return list;
}

/// One of zset and list, and of a list one of the two ways to the time.
LayoutQueues::Oldest LayoutQueueBuilder::oldest(const LayoutNode &node)
{
    using How = LayoutQueues::Oldest::How;
    LayoutQueues::Oldest oldest;
    const bool isList = node.has("list");
    oldest.key = m_terms.text(node, isList ? "list" : "zset", Allowed::Queue);
    oldest.last = node.text("end") == "last"_L1;
    oldest.unit = node.unit("unit", LayoutUnit::Auto);
    if (isList == node.has("zset"))
        m_terms.fail(node.path, tr("One of %1 is needed, and not both.").arg("zset, list"_L1));
    if (!isList) {
        for (const char *name : {"end", "record", "member"}) {
            if (node.has(name))
                m_terms.fail(node.at(name), tr("It belongs to a list."));
        }
        return oldest;
    }
    if (!node.has("end"))
        m_terms.fail(node.path, tr("“%1” is missing.").arg("end"_L1));
    if (node.has("record") == node.has("member"))
        m_terms.fail(node.path, tr("One of %1 is needed, and not both.").arg("record, member"_L1));
    const LayoutNode record = node.child("record");
    oldest.how = node.has("record") ? How::Record : How::Member;
    oldest.job = m_terms.text(record, "key", Allowed::Job);
    oldest.field = node.has("record") ? record.bytes("field") : node.bytes("member");
    if (node.has("record") && !oldest.job.variables().contains("job"))
        m_terms.fail(record.at("key"), tr("Without {job} it is one key for all jobs."));
    return oldest;
}

LayoutQueues::Working LayoutQueueBuilder::working(const LayoutNode &node)
{
    using How = LayoutQueues::Working::How;
    LayoutQueues::Working working;
    const int ways = int(node.has("field")) + int(node.has("hashes")) + int(node.has("sets"));
    if (ways != 1) {
        m_terms.fail(node.path, tr("One of %1 is needed, and no other.").arg("field, hashes, sets"_L1));
        return working;
    }
    if (node.has("hashes") != node.has("member"))
        m_terms.fail(node.path, tr("“hashes” and “member” belong together."));
    if (node.has("record") && !node.has("field"))
        m_terms.fail(node.at("record"), tr("“record” needs “field”, which has the id of the job."));
    if (node.has("field")) {
        working.how = node.has("record") ? How::Records : How::Field;
        working.field = m_terms.field(node.text("field"), node.at("field"));
        if (node.has("record")) {
            const LayoutNode record = node.child("record");
            working.keys.push_back(m_terms.text(record, "key", Allowed::Job));
            working.jobField = record.bytes("field");
            if (!working.keys.front().variables().contains("job"))
                m_terms.fail(record.at("key"), tr("Without {job} it is one key for all jobs."));
        }
        return working;
    }
    working.how = node.has("hashes") ? How::Hashes : How::Sets;
    working.field = node.bytes("member");
    const char *list = node.has("hashes") ? "hashes" : "sets";
    const QJsonArray keys = node.value(list).toArray();
    for (int i = 0; i < keys.size(); ++i) {
        const QString place = node.at(list) + u'/' + QString::number(i);
        const LayoutText key = m_terms.text(keys.at(i).toString(), place, Allowed::WorkerQueue);
        const bool ofQueue = key.variables().contains("queue");
        if (!key.variables().contains("id") || ofQueue != (working.how == How::Sets))
            m_terms.fail(place, working.how == How::Sets
                                    ? tr("Such a set is of a worker and a queue: {id} and {queue} are needed.")
                                    : tr("Such a hash is of a worker: {id} is needed, and {queue} is not."));
        working.keys.push_back(key);
    }
    return working;
}

LayoutQueues LayoutQueueBuilder::build(const LayoutNode &root)
{
    LayoutQueues queues;
    if (!root.has("queues"))
        return queues;
    const LayoutNode node = root.child("queues");
    queues.kind = node.word("kind", queueKinds, LayoutQueues::Kind::None);
    queues.key = m_terms.text(node, "key", Allowed::Prefix);
    queues.type = node.keyType();
    queues.nameFrom = m_terms.regex(node, "nameFrom", "queue");
    queues.unless = m_terms.unless(node);
    queues.depth = counts(node, "depth");
    queues.atWork = counts(node, "atWork");
    queues.delayed = counts(node, "delayed");
    queues.failed = counts(node, "failed");
    queues.done = counts(node, "done");
    queues.added = counts(node, "added");
    queues.doneByWorkers = node.value("doneByWorkers").toBool();
    if (queues.doneByWorkers && m_layout.code.isEmpty())
        m_terms.field(u"processed"_s, node.at("doneByWorkers"));
    if (queues.doneByWorkers && !queues.done.empty())
        m_terms.fail(node.at("doneByWorkers"), tr("“%1” counts them already.").arg("done"_L1));
    for (const LayoutNode &one : node.children("oldest"))
        queues.oldest.push_back(oldest(one));
    if (node.has("working")) {
        queues.working = working(node.child("working"));
        if (!queues.atWork.empty() && queues.working.how != LayoutQueues::Working::How::Records)
            m_terms.fail(node.at("working"), tr("“%1” counts them already.").arg("atWork"_L1));
    }
    const LayoutNode whole = node.child("whole");
    queues.whole = {counts(whole, "atWork", Allowed::Prefix), counts(whole, "reserved", Allowed::Prefix),
                    counts(whole, "delayed", Allowed::Prefix), counts(whole, "failed", Allowed::Prefix),
                    counts(whole, "done", Allowed::Prefix)};
    queues.paused = m_terms.conditions(node, "paused", Allowed::Queue);
    if (node.has("allPaused")) {
        const LayoutNode all = node.child("allPaused");
        queues.allPaused = m_terms.conditions(all, "if", Allowed::Prefix);
        queues.allPausedWord = all.text("word");
        using Kind = LayoutCondition::Kind;
        const bool isOneKey =
            queues.allPaused.size() == 1 && !queues.allPaused.front().negated
            && (queues.allPaused.front().kind == Kind::PresentKey
                || (queues.allPaused.front().kind == Kind::KeyEqual && queues.allPaused.front().field.isEmpty()));
        if (!isOneKey)
            m_terms.fail(all.at("if"), tr("It is one key: “present”, or “value” with “is”."));
    }
    const LayoutNode beat = node.child("beat");
    queues.beat = m_terms.text(beat, "key", Allowed::Queue);
    queues.beatGraceMs = beat.seconds("grace");
    for (const QJsonValue &name : node.value("usual").toArray())
        queues.usual.append(name.toString().toUtf8());
    const bool isFields = queues.kind == LayoutQueues::Kind::Fields;
    if (isFields == node.has("key"))
        m_terms.fail(node.path, isFields ? tr("Queues that workers name have no key.") : tr("“%1” is missing.").arg("key"_L1));
    if (isFields)
        m_terms.field(u"queues"_s, node.at("kind"));
    if (node.has("unless") && queues.kind != LayoutQueues::Kind::Scan)
        m_terms.fail(node.at("unless"), tr("Only what is scanned for may be another system's."));
    if (node.has("type") && queues.kind != LayoutQueues::Kind::Scan)
        m_terms.fail(node.at("type"), tr("Only what is scanned for has a type."));
    return queues;
}

} // namespace pulsedeck
