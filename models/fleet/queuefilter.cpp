// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/queuefilter.h"

#include "models/fleet/filterterms.h"

#include <QRegularExpression>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QStringList &queueStateWords()
{
    static const QStringList words{u"active"_s, u"paused"_s, u"unserved"_s, u"growing"_s, u"idle"_s};
    return words;
}

/// A number, or with \a duration milliseconds: "10s", "5m", "2h", "1d".
std::optional<double> readBound(const QString &text, bool duration)
{
    static const QRegularExpression shape(u"^([0-9]{1,12}(?:\\.[0-9]{1,3})?)(ms|s|m|min|h|d)?$"_s);
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch() || match.captured(2).isEmpty() == duration)
        return std::nullopt;
    const QString unit = match.captured(2);
    const double factor = unit == "s"_L1                       ? 1e3
                          : unit == "m"_L1 || unit == "min"_L1 ? 60e3
                          : unit == "h"_L1                     ? 3'600e3
                          : unit == "d"_L1                     ? 86'400e3
                                                               : 1;
    return match.captured(1).toDouble() * factor;
}

} // namespace

const std::vector<QueueFilter::KeyName> &QueueFilter::keyNames()
{
    static const std::vector<KeyName> names{
        {"queue", Key::Queue, false},    {"system", Key::System, false},  {"source", Key::Source, false},
        {"state", Key::State, false},    {"waiting", Key::Waiting, true}, {"working", Key::Working, true},
        {"delayed", Key::Delayed, true}, {"oldest", Key::Oldest, true},   {"in", Key::In, true},
        {"out", Key::Out, true},         {"workers", Key::Workers, true},
    };
    return names;
}

QueueFilter QueueFilter::parse(const QString &text)
{
    QueueFilter filter;
    filter.m_text = text;
    for (const FilterTerm &term : filterTerms(text))
        filter.add(term.text, term.negated);
    return filter;
}

void QueueFilter::add(const QString &term, bool negated)
{
    static const QRegularExpression shape(u"^([a-z]+)(:|<=|>=|<|>|=)(.*)$"_s,
                                          QRegularExpression::CaseInsensitiveOption
                                              | QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = shape.match(term);
    const QString name = match.captured(1).toLower();
    const auto known = std::find_if(keyNames().begin(), keyNames().end(),
                                    [&name](const KeyName &one) { return name == QLatin1StringView(one.name); });
    Test test;
    test.negated = negated;
    if (known == keyNames().end()) { // Also names of queues have colons.
        test.words = {term.toLower()};
        m_tests.push_back(test);
        return;
    }
    test.key = known->key;
    test.operation = match.captured(2);
    const QString value = match.captured(3).toLower();
    if (known->number) {
        const bool duration = test.key == Key::Oldest;
        const auto bound = readBound(value, duration);
        if (test.operation == u":")
            m_problems.append(tr("%1: write %2>10, with <, >, <=, >= or =").arg(term, name));
        else if (!bound)
            m_problems.append(duration ? tr("%1: a duration such as 10s is expected").arg(term)
                                       : tr("%1: a number is expected").arg(term));
        test.bound = bound.value_or(0);
    } else {
        test.words = value.split(u',', Qt::SkipEmptyParts);
        if (test.operation != u":" || test.words.isEmpty())
            m_problems.append(tr("%1: a colon and a word are expected after %2").arg(term, name));
        for (QString &word : test.words) {
            if (test.key != Key::State || queueStateWords().contains(word))
                continue;
            // Still being typed.
            const auto longer = std::find_if(queueStateWords().begin(), queueStateWords().end(),
                                             [&word](const QString &one) { return one.startsWith(word); });
            if (longer != queueStateWords().end())
                word = *longer;
            else
                m_problems.append(tr("%1: the states are %2").arg(term, queueStateWords().join(u", "_s)));
        }
    }
    m_tests.push_back(test);
}

bool QueueFilter::holds(const Test &test, const QueueFacts &queue)
{
    const auto any = [&test](auto &&fits) { return std::any_of(test.words.begin(), test.words.end(), fits); };
    const auto compare = [&test](double value) {
        if (value < 0)
            return false;
        return test.operation == "<"_L1    ? value < test.bound
               : test.operation == "<="_L1 ? value <= test.bound
               : test.operation == ">"_L1  ? value > test.bound
               : test.operation == ">="_L1 ? value >= test.bound
                                           : value == test.bound;
    };
    switch (test.key) {
    case Key::Text:
        return any([&queue](const QString &word) {
            return queue.name.contains(word, Qt::CaseInsensitive) || queue.source.contains(word, Qt::CaseInsensitive)
                   || queue.latest.traits->system.contains(word, Qt::CaseInsensitive);
        });
    case Key::Queue:
        return any([&queue](const QString &word) { return queue.name.startsWith(word, Qt::CaseInsensitive); });
    case Key::System:
        return any([&queue](const QString &word) {
            return queue.key.system.startsWith(word, Qt::CaseInsensitive)
                   || queue.latest.traits->system.startsWith(word, Qt::CaseInsensitive);
        });
    case Key::Source:
        return any([&queue](const QString &word) { return queue.source.startsWith(word, Qt::CaseInsensitive); });
    case Key::State:
        return queue.asOf == 0 && any([&queue](const QString &word) {
                   return word == queueStateName(queue.state)
                          || (word == "idle"_L1 && queue.state == QueueState::Active && queue.isIdle());
               });
    case Key::Waiting:
        return compare(double(queue.latest.waiting));
    case Key::Working:
        return compare(double(queue.latest.atWork));
    case Key::Delayed:
        return compare(double(queue.latest.delayed));
    case Key::Oldest:
        return compare(double(queue.latest.oldestMs));
    case Key::In:
        return compare(queue.inPerMinute);
    case Key::Out:
        return compare(queue.outPerMinute);
    case Key::Workers:
        return queue.workersKnown && compare(queue.workerCount());
    }
    return false;
}

bool QueueFilter::matches(const QueueFacts &queue) const
{
    return isReadable() && std::all_of(m_tests.begin(), m_tests.end(), [&queue](const Test &test) {
               return holds(test, queue) != test.negated;
           });
}

} // namespace pulsedeck
