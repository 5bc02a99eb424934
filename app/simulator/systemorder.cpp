// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/systemorder.h"

namespace pulsedeck::fleet {

namespace {

constexpr double longestOrderSeconds = 20.0 * 24 * 3600;
constexpr int mostJobs = 100'000;

QByteArrayList sharedVerbs()
{
    return {"quiet", "stop", "kill", "hang", "restart", "work", "lose", "jobs", "flush", "outage", "status", "quit"};
}

/// How many words at most follow the verb.
qsizetype mostValues(const QByteArray &verb)
{
    if (verb == "flush" || verb == "status" || verb == "quit")
        return 0;
    return verb == "outage" ? 1 : 2;
}

} // namespace

SystemOrder SystemOrder::parse(const QByteArray &line, const QByteArrayList &ownVerbs)
{
    SystemOrder order;
    const QByteArrayList words = line.simplified().split(' ');
    const QByteArray &verb = words.first();
    if (verb.isEmpty() || verb.startsWith('#'))
        return order;
    order.verb = verb;
    const QByteArrayList known = ownVerbs + sharedVerbs();
    if (!known.contains(verb)) {
        order.problem = "“" + verb + "” is none of " + known.join(", ");
        return order;
    }
    if (words.size() - 1 > mostValues(verb)) {
        order.problem = verb + " takes no more than " + QByteArray::number(mostValues(verb)) + " values";
        return order;
    }
    if (verb == "jobs") {
        bool ok = false;
        order.count = words.value(1, "1").toInt(&ok);
        order.queue = words.value(2);
        if (!ok || order.count < 1 || order.count > mostJobs)
            order.problem = "jobs takes a number of jobs, and a queue";
        return order;
    }
    const bool isOutage = verb == "outage";
    order.target = isOutage ? QByteArray() : words.value(1);
    const QByteArray text = words.value(isOutage ? 1 : 2);
    if (text.isEmpty())
        return order;
    bool ok = false;
    order.seconds = text.toDouble(&ok);
    if (!ok || !(*order.seconds > 0) || *order.seconds > longestOrderSeconds)
        order.problem = "“" + text + "” is not a number of seconds";
    return order;
}

} // namespace pulsedeck::fleet
