// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetfilter.h"

#include "models/fleet/consoleaddress.h"
#include "models/fleet/fleetfilterwords.h"
#include "models/fleet/liveness.h"
#include "models/timing/measuredtiming.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

enum class Key { Text, Status, LivenessKey, Type, Source, Flag, Drift, Id, Host, Age, Ttl, Interval, Skew, Uptime, Sessions, Lifetime,
                 Kind, Capability, Version };
enum class Compare { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };

struct KeyName
{
    const char *name;
    Key key;
    enum Kind { Words, Duration, Number } kind;
};

constexpr std::array<KeyName, 18> keyNames{{
    {"status", Key::Status, KeyName::Words},
    {"liveness", Key::LivenessKey, KeyName::Words},
    {"type", Key::Type, KeyName::Words},
    {"source", Key::Source, KeyName::Words},
    {"flag", Key::Flag, KeyName::Words},
    {"drift", Key::Drift, KeyName::Words},
    {"id", Key::Id, KeyName::Words},
    {"host", Key::Host, KeyName::Words},
    {"age", Key::Age, KeyName::Duration},
    {"ttl", Key::Ttl, KeyName::Duration},
    {"interval", Key::Interval, KeyName::Duration},
    {"skew", Key::Skew, KeyName::Duration},
    {"uptime", Key::Uptime, KeyName::Duration},
    {"sessions", Key::Sessions, KeyName::Number},
    {"lifetime", Key::Lifetime, KeyName::Number},
    {"kind", Key::Kind, KeyName::Words},
    {"capability", Key::Capability, KeyName::Words},
    {"version", Key::Version, KeyName::Number},
}};

std::optional<qint64> readDuration(QString text)
{
    text = text.trimmed().toLower();
    static const QRegularExpression shape(u"^([0-9]+(?:\\.[0-9]+)?)\\s*(ms|s|m|min|h|d|)$"_s);
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    double value = match.captured(1).toDouble();
    const QString unit = match.captured(2);
    if (unit == "ms"_L1)
        value *= 1;
    else if (unit == "m"_L1 || unit == "min"_L1)
        value *= 60'000;
    else if (unit == "h"_L1)
        value *= 3'600'000;
    else if (unit == "d"_L1)
        value *= 86'400'000;
    else
        value *= 1'000;
    if (value > 1e15)
        return std::nullopt;
    return qint64(value);
}

bool holds(Compare compare, qint64 value, qint64 bound)
{
    switch (compare) {
    case Compare::Less:
        return value < bound;
    case Compare::LessOrEqual:
        return value <= bound;
    case Compare::Equal:
        return value == bound;
    case Compare::GreaterOrEqual:
        return value >= bound;
    case Compare::Greater:
        return value > bound;
    }
    return false;
}

/// \a needle in lower case. Looked for in each of 100,000 ids at each key typed.
bool containsFolded(QByteArrayView text, const QByteArray &needle)
{
    if (needle.isEmpty())
        return true;
    if (text.size() < needle.size())
        return false; // Also for what is empty, and points nowhere.
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    const qsizetype length = needle.size();
    const char *wanted = needle.constData();
    const char *const last = text.data() + text.size() - length;
    for (const char *at = text.data(); at <= last; ++at) {
        if (fold(*at) != *wanted)
            continue;
        qsizetype same = 1;
        while (same < length && fold(at[same]) == wanted[same])
            ++same;
        if (same == length)
            return true;
    }
    return false;
}

bool livenessIs(const Worker &worker, const QString &word)
{
    if (word == "new"_L1)
        return isNew(worker);
    if (word == "returned"_L1)
        return worker.flags.testFlag(WorkerFlag::Returned);
    if (word == "attention"_L1)
        return needsAttention(worker);
    if (word == "gone"_L1 || word == "departed"_L1)
        return worker.liveness == Liveness::Departed;
    // A worker that crashed keeps the word when its key has expired.
    if (word == "crashed"_L1 && worker.end == WorkerEnd::Crashed)
        return true;
    return livenessName(worker) == word;
}

struct Word
{
    QString text;
    bool negated = false;
};

/// Splits at spaces outside quotes; "not x" and "-x" become a negated x.
std::vector<Word> words(const QString &text)
{
    std::vector<Word> list;
    QString word;
    bool quoted = false;
    bool negateNext = false;
    const auto finish = [&] {
        if (word.isEmpty())
            return;
        if (word.compare("not"_L1, Qt::CaseInsensitive) == 0) {
            negateNext = !negateNext;
        } else {
            bool negated = negateNext;
            if (word.size() > 1 && (word.startsWith(u'-') || word.startsWith(u'!'))) {
                negated = !negated;
                word.remove(0, 1);
            }
            list.push_back({word, negated});
            negateNext = false;
        }
        word.clear();
    };
    for (const QChar c : text) {
        if (c == u'"')
            quoted = !quoted;
        else if (c.isSpace() && !quoted)
            finish();
        else
            word += c;
    }
    finish();
    return list;
}

} // namespace

struct FleetFilter::Test
{
    Key key = Key::Text;
    bool negated = false;
    Compare compare = Compare::Equal;
    qint64 bound = 0;
    QStringList words;
    QByteArray needle; ///< Lower-case UTF-8, for free text.
    QString needleText; ///< The same as text.
    // What free text says to words that many workers share: 1 yes, 0 no, -1 not asked yet.
    mutable std::vector<qint8> typeHits; ///< By type number; types never change their name.
    mutable std::array<qint8, 256> livenessHits = unasked(); ///< By liveness and end, and whether an actor said that it shuts down.
    mutable std::array<qint8, 16> statusHits = unasked<16>(); ///< By status.
    mutable std::vector<std::pair<QString, bool>> sourceHits; ///< By source: the name it had when it was asked, since that can change.

    template<size_t size = 256>
    static std::array<qint8, size> unasked()
    {
        std::array<qint8, size> hits;
        hits.fill(-1);
        return hits;
    }

    bool asksForAge() const;
    bool holdsFor(const FleetStore &store, WorkerHandle handle, qint64 now) const;
    bool textHolds(const FleetStore &store, WorkerHandle handle) const;
    bool wordHolds(const FleetStore &store, WorkerHandle handle, const QString &word) const;
};

bool FleetFilter::Test::wordHolds(const FleetStore &store, WorkerHandle handle, const QString &word) const
{
    const Worker &worker = store.worker(handle);
    switch (key) {
    case Key::Status:
    case Key::LivenessKey:
        if (statusWords().contains(word) && worker.endedAt == 0)
            return statusName(worker.status) == word;
        return livenessIs(worker, word);
    case Key::Type:
        return store.typeName(worker.type).compare(word, Qt::CaseInsensitive) == 0;
    case Key::Source:
        return store.sourceName(worker.source).compare(word, Qt::CaseInsensitive) == 0;
    case Key::Flag:
        // No flags, and looked for as such.
        if (word == "crashed"_L1 || word == "hung"_L1)
            return livenessIs(worker, word);
        return flagNames(worker.flags).contains(word);
    case Key::Drift: {
        const Drift drift = driftOf(worker, store.timing(worker.source));
        return word == "any"_L1 ? drift != Drift::None : driftNames(drift).contains(word);
    }
    case Key::Kind:
        // Consoles register too; whoever means actors does not mean them.
        return word == (isConsole(worker) ? "console"_L1 : worker.actor ? "actor"_L1 : "worker"_L1);
    case Key::Capability: {
        const ActorFacts *facts = store.actor(handle);
        return facts && facts->capabilities.contains(word, Qt::CaseInsensitive);
    }
    case Key::Id:
        return containsFolded(worker.id, word.toLower().toUtf8());
    case Key::Host:
        return containsFolded(worker.host, word.toLower().toUtf8());
    default:
        return false;
    }
}

bool FleetFilter::Test::textHolds(const FleetStore &store, WorkerHandle handle) const
{
    const Worker &worker = store.worker(handle);
    if (containsFolded(worker.id, needle) || containsFolded(worker.host, needle))
        return true;
    if (const ActorFacts *facts = store.actor(handle)) {
        const auto hits = [this](const QString &text) { return text.contains(needleText, Qt::CaseInsensitive); };
        if (hits(facts->displayName) || std::any_of(facts->capabilities.cbegin(), facts->capabilities.cend(), hits))
            return true;
    }
    if (worker.type >= typeHits.size())
        typeHits.resize(size_t(worker.type) + 1, -1);
    qint8 &typeHit = typeHits[worker.type];
    if (typeHit < 0)
        typeHit = store.typeName(worker.type).contains(needleText, Qt::CaseInsensitive) ? 1 : 0;
    if (typeHit == 1)
        return true;
    const size_t leaving = worker.actor && worker.status == WorkerStatus::ShuttingDown ? 8 : 0; // Such a one does not end drained.
    qint8 &livenessHit = livenessHits[(size_t(worker.liveness) << 4 | leaving | size_t(worker.end)) & 0xff];
    if (livenessHit < 0)
        livenessHit = livenessName(worker).contains(needleText) ? 1 : 0;
    if (livenessHit == 1)
        return true;
    if (worker.status == WorkerStatus::Other) {
        if (store.statusText(handle).contains(needleText))
            return true;
    } else {
        qint8 &statusHit = statusHits[size_t(worker.status) & 0xf];
        if (statusHit < 0)
            statusHit = statusName(worker.status).contains(needleText) ? 1 : 0;
        if (statusHit == 1)
            return true;
    }
    if (worker.source >= sourceHits.size())
        sourceHits.resize(size_t(worker.source) + 1);
    auto &[asked, hit] = sourceHits[worker.source];
    if (const QString name = store.sourceName(worker.source); name != asked || name.isEmpty()) {
        asked = name;
        hit = name.contains(needleText, Qt::CaseInsensitive);
    }
    return hit;
}

bool FleetFilter::Test::holdsFor(const FleetStore &store, WorkerHandle handle, qint64 now) const
{
    const Worker &worker = store.worker(handle);
    const auto known = [this](qint64 value) { return value != qint64(unknownValue) && holds(compare, value, bound); };
    switch (key) {
    case Key::Text:
        return textHolds(store, handle);
    case Key::Age:
        if (worker.endedAt > 0)
            return false;
        if (worker.isAgeProven())
            return known(worker.beatAgeAt(now));
        // It is at least the time it was watched without a beat; more is not known.
        return worker.unbeatenSince > 0 && (compare == Compare::Greater || compare == Compare::GreaterOrEqual)
               && holds(compare, now - worker.unbeatenSince, bound);
    case Key::Ttl: {
        const qint32 left = worker.ttlLeftAt(now);
        return left >= 0 && holds(compare, left, bound);
    }
    case Key::Interval:
        return known(worker.interval);
    case Key::Skew:
        return worker.clockSkew != unknownValue && holds(compare, qAbs(qint64(worker.clockSkew)), bound);
    case Key::Uptime:
        return worker.endedAt == 0 && known(worker.uptimeAt(now));
    case Key::Sessions:
        return known(worker.activeSessions);
    case Key::Lifetime:
        return known(worker.lifetimeSessions);
    case Key::Version: {
        const ActorFacts *facts = store.actor(handle);
        return facts && holds(compare, facts->version, bound);
    }
    default:
        return std::any_of(words.begin(), words.end(), [&](const QString &word) { return wordHolds(store, handle, word); });
    }
}

FleetFilter::FleetFilter() = default;

FleetFilter FleetFilter::parse(const QString &text)
{
    FleetFilter filter;
    filter.m_text = text.trimmed();
    constexpr size_t mostTerms = 32;
    for (const Word &word : words(text)) {
        Term term{word.text, word.negated, true};
        auto test = std::make_shared<Test>();
        test->negated = word.negated;
        QString problem;
        static const QRegularExpression shape(u"^([A-Za-z]+)(:|<=|>=|<|>|=)(.*)$"_s);
        const QRegularExpressionMatch match = shape.match(word.text);
        const KeyName *known = nullptr;
        if (match.hasMatch()) {
            const QString name = match.captured(1).toLower();
            const auto found = std::find_if(keyNames.begin(), keyNames.end(),
                                            [&](const KeyName &entry) { return name == QLatin1String(entry.name); });
            if (found != keyNames.end())
                known = &*found;
            else if (match.captured(2) != ":"_L1 || !match.captured(3).isEmpty())
                problem = u"%1: there is no \"%2\"; try status, liveness, type, source, age, ttl or sessions"_s.arg(word.text, name);
        }
        if (known) {
            const QString operation = match.captured(2);
            const QString value = match.captured(3);
            const QString name = QString::fromLatin1(known->name);
            test->key = known->key;
            if (known->kind == KeyName::Words) {
                test->words = value.split(u',', Qt::SkipEmptyParts);
                if (operation != ":"_L1 && operation != "="_L1)
                    problem = u"%1: %2 takes words, as in %2:%3"_s.arg(
                        word.text, name, known->key == Key::Type ? u"chromium"_s : u"late"_s);
                else if (test->words.isEmpty())
                    problem = u"%1: a word is missing after the colon"_s.arg(word.text);
                for (QString &one : test->words) {
                    if (known->key == Key::Status || known->key == Key::LivenessKey || known->key == Key::Flag || known->key == Key::Drift
                        || known->key == Key::Kind)
                        one = one.toLower();
                    const bool isState = known->key == Key::Status || known->key == Key::LivenessKey;
                    if (isState && problem.isEmpty() && !livenessWords().contains(one) && !statusWords().contains(one))
                        problem = u"%1: no worker is ever \"%2\"; try %3"_s.arg(
                            word.text, one,
                            (known->key == Key::Status ? statusWords().mid(0, 3) : livenessWords().mid(0, 5)).join(u", "_s));
                    if (known->key == Key::Flag && problem.isEmpty() && !flagWords().contains(one))
                        problem = u"%1: there is no flag \"%2\""_s.arg(word.text, one);
                    if (known->key == Key::Kind && problem.isEmpty() && !kindWords().contains(one))
                        problem = u"%1: kind is %2"_s.arg(word.text, kindWords().join(u", "_s));
                    if (known->key == Key::Drift && problem.isEmpty() && !driftWords().contains(one))
                        problem = u"%1: drift is %2"_s.arg(word.text, driftWords().join(u", "_s));
                }
            } else {
                if (operation == ":"_L1 || operation == "="_L1)
                    test->compare = Compare::Equal;
                else if (operation == "<"_L1)
                    test->compare = Compare::Less;
                else if (operation == "<="_L1)
                    test->compare = Compare::LessOrEqual;
                else if (operation == ">"_L1)
                    test->compare = Compare::Greater;
                else
                    test->compare = Compare::GreaterOrEqual;
                if (known->kind == KeyName::Duration) {
                    const std::optional<qint64> duration = readDuration(value);
                    if (duration)
                        test->bound = *duration;
                    else
                        problem = u"%1: a duration is expected, such as 10s, 500ms or 2m"_s.arg(word.text);
                } else {
                    bool ok = false;
                    test->bound = value.toLongLong(&ok);
                    if (!ok)
                        problem = u"%1: a whole number is expected"_s.arg(word.text);
                }
                filter.m_dependsOnTime |= known->key == Key::Age || known->key == Key::Ttl || known->key == Key::Uptime;
            }
        } else if (problem.isEmpty()) {
            test->key = Key::Text;
            test->needleText = word.text.toLower();
            test->needle = test->needleText.toUtf8();
        }
        if (filter.m_tests.size() >= mostTerms && problem.isEmpty())
            problem = u"%1: more than %2 terms are not looked at"_s.arg(word.text).arg(mostTerms);
        term.valid = problem.isEmpty();
        if (term.valid)
            filter.m_tests.push_back(test);
        else
            filter.m_problems.append(problem);
        filter.m_terms.push_back(term);
    }
    return filter;
}

bool FleetFilter::matches(const FleetStore &store, WorkerHandle handle, qint64 now) const
{
    return std::all_of(m_tests.begin(), m_tests.end(), [&](const std::shared_ptr<const Test> &test) {
        return test->holdsFor(store, handle, now) != test->negated;
    });
}

bool FleetFilter::Test::asksForAge() const
{
    static const QStringList onAge{u"alive"_s, u"new"_s,     u"settling"_s, u"late"_s,
                                   u"stale"_s, u"crashed"_s, u"hung"_s,     u"attention"_s};
    const bool liveness = key == Key::LivenessKey || key == Key::Status || key == Key::Flag;
    return key == Key::Age || (liveness && std::any_of(words.begin(), words.end(), [](const QString &word) {
                                   return onAge.contains(word);
                               }));
}

bool FleetFilter::asksForAge() const
{
    return std::any_of(m_tests.begin(), m_tests.end(),
                       [](const std::shared_ptr<const Test> &test) { return test->asksForAge(); });
}

bool FleetFilter::isUndecided(const FleetStore &store, WorkerHandle handle, qint64 now) const
{
    const Worker &worker = store.worker(handle);
    if (worker.endedAt > 0 || worker.actor || worker.liveness == Liveness::Departed || worker.isAgeProven())
        return false;
    // Watched for long enough without a beat it is late, and a dead process needs no age.
    const bool livenessKnown = worker.liveness != Liveness::Settling && worker.liveness != Liveness::Unknown;
    bool undecided = false;
    for (const std::shared_ptr<const Test> &test : m_tests) {
        if (test->asksForAge() && (test->key == Key::Age || !livenessKnown))
            undecided = undecided || test->negated || !test->holdsFor(store, handle, now);
        else if (test->holdsFor(store, handle, now) == test->negated)
            return false;
    }
    return undecided;
}

} // namespace pulsedeck
