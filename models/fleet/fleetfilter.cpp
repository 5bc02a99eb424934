// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetfilter.h"

#include "models/fleet/consoleaddress.h"
#include "models/fleet/drift.h"
#include "models/fleet/filterterms.h"
#include "models/fleet/fleetfilterwords.h"
#include "models/fleet/liveness.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

// Not in the anonymous namespace: FleetFilter::Test has members of these types.
enum class FilterKey {
    Text,
    Status,
    LivenessKey,
    Type,
    Source,
    Flag,
    Drift,
    Id,
    Host,
    Age,
    Ttl,
    Interval,
    Skew,
    Uptime,
    Sessions,
    Lifetime,
    Kind,
    Capability,
    Version,
    System,
    Pid,
    Queue
};
enum class Comparison { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };

namespace {

struct KeyName
{
    const char *name;
    FilterKey key;
    enum Kind { Words, Duration, Number } kind;
};

constexpr std::array<KeyName, 21> keyNames{{
    {"status", FilterKey::Status, KeyName::Words},
    {"liveness", FilterKey::LivenessKey, KeyName::Words},
    {"type", FilterKey::Type, KeyName::Words},
    {"source", FilterKey::Source, KeyName::Words},
    {"flag", FilterKey::Flag, KeyName::Words},
    {"drift", FilterKey::Drift, KeyName::Words},
    {"id", FilterKey::Id, KeyName::Words},
    {"host", FilterKey::Host, KeyName::Words},
    {"age", FilterKey::Age, KeyName::Duration},
    {"ttl", FilterKey::Ttl, KeyName::Duration},
    {"interval", FilterKey::Interval, KeyName::Duration},
    {"skew", FilterKey::Skew, KeyName::Duration},
    {"uptime", FilterKey::Uptime, KeyName::Duration},
    {"sessions", FilterKey::Sessions, KeyName::Number},
    {"lifetime", FilterKey::Lifetime, KeyName::Number},
    {"kind", FilterKey::Kind, KeyName::Words},
    {"capability", FilterKey::Capability, KeyName::Words},
    {"version", FilterKey::Version, KeyName::Number},
    {"system", FilterKey::System, KeyName::Words},
    {"pid", FilterKey::Pid, KeyName::Number},
    {"queue", FilterKey::Queue, KeyName::Words},
}};

const KeyName *keyNamed(const QString &name)
{
    const auto found =
        std::find_if(keyNames.begin(), keyNames.end(), [&](const KeyName &entry) { return name == QLatin1String(entry.name); });
    return found == keyNames.end() ? nullptr : &*found;
}

QString allKeyNames()
{
    QStringList names;
    for (const KeyName &entry : keyNames)
        names.append(QString::fromLatin1(entry.name));
    return names.join(u", "_s);
}

/// "live" on the way to "liveness:late". One letter is looked for as any text: too much begins with it.
bool mayBecomeAKey(const QString &word)
{
    if (word.size() < 2)
        return word == "-"_L1 || word == "!"_L1;
    return std::any_of(keyNames.begin(), keyNames.end(),
                       [&](const KeyName &entry) { return QLatin1StringView(entry.name).startsWith(word); });
}

/// \a problem, and for "1stype:webkit" a hint on the term that begins inside \a value.
QString withHint(const QString &problem, const QString &value)
{
    for (const KeyName &entry : keyNames) {
        static const QLatin1StringView operations(":<>=");
        const QLatin1StringView name(entry.name);
        for (qsizetype at = value.indexOf(name, 1, Qt::CaseInsensitive); at > 0;
             at = value.indexOf(name, at + 1, Qt::CaseInsensitive)) {
            const qsizetype end = at + name.size();
            if (end < value.size() && operations.contains(value.at(end)))
                return FleetFilter::tr("%1; is a space missing before %2?").arg(problem, value.mid(at));
        }
    }
    return problem;
}

/// The words there are for a key, or null where there may be any.
const QStringList *vocabulary(FilterKey key)
{
    static const QStringList flags = flagWords();
    static const QStringList states = livenessWords() + statusWords(); // People ask status for liveness, and the other way.
    switch (key) {
    case FilterKey::Status:
    case FilterKey::LivenessKey:
        return &states;
    case FilterKey::Flag:
        return &flags;
    case FilterKey::Drift:
        return &driftWords();
    case FilterKey::Kind:
        return &kindWords();
    default:
        return nullptr;
    }
}

/// Why \a word is no word for \a key, and which there are.
QString noSuchWord(const QString &term, FilterKey key, const QString &word)
{
    const auto join = [](const QStringList &words) { return words.join(u", "_s); };
    switch (key) {
    case FilterKey::Status:
    case FilterKey::LivenessKey:
        return FleetFilter::tr("%1: there is no state \"%2\"; the states are %3")
            .arg(term, word, join(key == FilterKey::Status ? statusWords() : livenessWords()));
    case FilterKey::Kind:
        return FleetFilter::tr("%1: the kinds are %2").arg(term, join(kindWords()));
    case FilterKey::Drift:
        return FleetFilter::tr("%1: the values of drift are %2").arg(term, join(driftWords()));
    default:
        break;
    }
    const QStringList states = livenessWords() + statusWords();
    const auto state = std::find_if(states.begin(), states.end(), [&](const QString &one) { return one.startsWith(word); });
    if (state == states.end())
        return FleetFilter::tr("%1: there is no flag \"%2\"; the flags are %3").arg(term, word, join(flagWords()));
    return FleetFilter::tr("%1: there is no flag \"%2\"; try %3:%4; the flags are %5")
        .arg(term, word, livenessWords().contains(*state) ? u"liveness"_s : u"status"_s, *state, join(flagWords()));
}

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

Comparison comparison(const QString &operation)
{
    return operation == "<"_L1    ? Comparison::Less
           : operation == "<="_L1 ? Comparison::LessOrEqual
           : operation == ">"_L1  ? Comparison::Greater
           : operation == ">="_L1 ? Comparison::GreaterOrEqual
                                  : Comparison::Equal;
}

bool holds(Comparison compare, qint64 value, qint64 bound)
{
    switch (compare) {
    case Comparison::Less:
        return value < bound;
    case Comparison::LessOrEqual:
        return value <= bound;
    case Comparison::Equal:
        return value == bound;
    case Comparison::GreaterOrEqual:
        return value >= bound;
    case Comparison::Greater:
        return value > bound;
    }
    return false;
}

/// Whether \a at begins with \a needle, which is in lower case.
bool beginsFolded(const char *at, const QByteArray &needle)
{
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return std::all_of(needle.begin(), needle.end(), [&](char wanted) { return fold(*at++) == wanted; });
}

/// \a needle in lower case. Looked for in each of 100,000 ids at each key typed: eight places are asked at once whether the
/// first two letters can stand there.
bool containsFolded(QByteArrayView text, const QByteArray &needle)
{
    if (needle.isEmpty())
        return true;
    if (text.size() < needle.size())
        return false; // Also for what is empty, and points nowhere.
    constexpr quint64 each = 0x0101'0101'0101'0101u;
    const char *at = text.data();
    const char *const lastPlace = at + text.size() - needle.size();
    if (needle.size() > 1) {
        // With this bit set a capital letter is as the small one; what else becomes equal by it is sorted out below.
        const auto caseBit = [](char c) { return c >= 'a' && c <= 'z' ? each * 0x20 : quint64(0); };
        const quint64 bits[] = {caseBit(needle[0]), caseBit(needle[1])};
        const quint64 letters[] = {each * quint8(needle[0]), each * quint8(needle[1])};
        for (; at + 7 <= lastPlace; at += 8) {
            quint64 words[2];
            std::memcpy(words, at, 8);
            std::memcpy(words + 1, at + 1, 8);
            const quint64 other = ((words[0] | bits[0]) ^ letters[0]) | ((words[1] | bits[1]) ^ letters[1]);
            if (((other - each) & ~other & each * 0x80) == 0)
                continue; // No byte of it is zero.
            for (int i = 0; i < 8; ++i) {
                if (beginsFolded(at + i, needle))
                    return true;
            }
        }
    }
    for (; at <= lastPlace; ++at) {
        if (beginsFolded(at, needle))
            return true;
    }
    return false;
}

/// A number for all that the words for status and liveness look at; less than 2^19.
size_t stateOf(const Worker &worker)
{
    const bool leaves = !worker.traits->has(SourceFact::StatusWord) && worker.status == WorkerStatus::ShuttingDown;
    return size_t(worker.liveness) | size_t(worker.end) << 4 | size_t(worker.status) << 7 | size_t(worker.endedAt > 0) << 10
           | size_t(isNew(worker)) << 11 | size_t(worker.flags.testFlag(WorkerFlag::Returned)) << 12
           | size_t(needsAttention(worker)) << 13 | size_t(leaves) << 14 | size_t(troubleOf(worker)) << 15
           | size_t(isStatusAssumed(worker)) << 18;
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
    if (troubleOf(worker) != WorkerTrouble::None && troubleOf(worker) != WorkerTrouble::Paused
        && word == troubleName(troubleOf(worker)))
        return true;
    // A worker that crashed keeps the word when its key has expired.
    if (word == "crashed"_L1 && worker.end == WorkerEnd::Crashed)
        return true;
    if (worker.liveness == Liveness::Zombie)
        return word == livenessName(worker.liveness) || word == zombieName(worker);
    return livenessName(worker) == word;
}

} // namespace

struct FleetFilter::Test
{
    FilterKey key = FilterKey::Text;
    bool negated = false;
    bool exact = false; ///< Of words that are looked for as a part: the whole is meant ("host=app-2").
    Comparison compare = Comparison::Equal;
    qint64 bound = 0;
    QStringList words;
    QString beginning; ///< Any value that begins so is meant too: it is still being typed.
    QByteArray needle; ///< Lower-case UTF-8, for free text.
    QString needleText; ///< The same as text.
    // What free text says to words that many workers share: 1 yes, 0 no, -1 not asked yet.
    mutable std::vector<qint8> typeHits; ///< By type number; types never change their name.
    mutable std::array<qint8, 256> livenessHits =
        unasked(); ///< By liveness and end, and whether an actor said that it shuts down.
    mutable std::array<qint8, 16> statusHits = unasked<16>(); ///< By status.
    mutable std::vector<qint8> stateHits; ///< What the words for status and liveness say, by stateOf() a worker.
    mutable std::vector<std::pair<QString, bool>>
        sourceHits; ///< By source: the name it had when it was asked, since that can change.

    template <size_t size = 256> static std::array<qint8, size> unasked()
    {
        std::array<qint8, size> hits;
        hits.fill(-1);
        return hits;
    }

    QString takeWords(const QString &term, const QString &value, bool typed);
    /// Whether \a value is \a word, or begins with it while it is still being typed.
    bool isMeant(const QString &value, const QString &word) const
    {
        return value.compare(word, Qt::CaseInsensitive) == 0
               || (!beginning.isEmpty() && word == beginning && value.startsWith(word, Qt::CaseInsensitive));
    }
    bool asksForAge() const;
    bool holdsFor(const FleetStore &store, WorkerHandle handle, qint64 now) const;
    bool textHolds(const FleetStore &store, WorkerHandle handle) const;
    bool wordHolds(const FleetStore &store, WorkerHandle handle, const QString &word) const;
    bool anyWordHolds(const FleetStore &store, WorkerHandle handle) const;
};

/// Reads the words of \a value. Returns what is wrong with them, if anything.
QString FleetFilter::Test::takeWords(const QString &term, const QString &value, bool typed)
{
    words = value.split(u',', Qt::SkipEmptyParts);
    if (words.isEmpty())
        return typed ? QString() : tr("%1: a word is missing after the colon").arg(term);
    const QStringList *known = vocabulary(key);
    const bool open = typed && !value.endsWith(u','); // The last word may become a longer one.
    if (!known) {
        if (open && !negated) // A half-typed word excludes no worker.
            beginning = words.constLast();
        return {};
    }
    QStringList meant;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString word = words.at(i).toLower();
        const bool whole = known->contains(word);
        QStringList longer;
        if (open && i == words.size() - 1) {
            std::copy_if(known->begin(), known->end(), std::back_inserter(longer),
                         [&](const QString &one) { return one.size() > word.size() && one.startsWith(word); });
        }
        if (!whole && longer.isEmpty())
            return noSuchWord(term, key, word);
        if (whole)
            meant.append(word);
        if (!negated)
            meant += longer;
    }
    words = meant;
    return {};
}

bool FleetFilter::Test::wordHolds(const FleetStore &store, WorkerHandle handle, const QString &word) const
{
    const Worker &worker = store.worker(handle);
    switch (key) {
    case FilterKey::Status:
    case FilterKey::LivenessKey:
        if (statusWords().contains(word) && worker.endedAt == 0)
            return statusName(worker.status) == word && !isStatusAssumed(worker);
        return livenessIs(worker, word);
    case FilterKey::Type:
        return isMeant(store.typeName(worker.type), word);
    case FilterKey::Source:
        return isMeant(store.sourceName(worker.source), word);
    case FilterKey::Flag:
        // No flags, and looked for as such.
        if (word == "crashed"_L1 || word == "hung"_L1)
            return livenessIs(worker, word);
        return flagNames(worker.flags).contains(word);
    case FilterKey::Drift: {
        const Drift drift = driftOf(worker, store.timingOf(worker));
        return word == "any"_L1 ? drift != Drift::None : driftNames(drift).contains(word);
    }
    case FilterKey::Kind:
        // Consoles register too, but are not meant by "actor".
        return word == (isConsole(worker) ? u"console"_s : worker.traits->kindName());
    case FilterKey::Capability: {
        const ActorFacts *facts = store.actor(handle);
        return facts && std::any_of(facts->capabilities.cbegin(), facts->capabilities.cend(), [&](const QString &capability) {
                   return isMeant(capability, word);
               });
    }
    case FilterKey::System:
        return isMeant(worker.traits->layout, word);
    case FilterKey::Queue: {
        const LayoutFacts *facts = store.facts(handle);
        return facts && std::any_of(facts->queues.cbegin(), facts->queues.cend(), [&](const QString &queue) {
                   return queue == "*"_L1 || isMeant(queue, word);
               });
    }
    case FilterKey::Id:
        return exact ? isMeant(QString::fromUtf8(worker.id), word) || isMeant(shortId(worker), word)
                     : containsFolded(worker.id, word.toLower().toUtf8());
    case FilterKey::Host:
        return exact ? isMeant(QString::fromUtf8(worker.host), word) || isMeant(QString::fromUtf8(hostName(worker)), word)
                     : containsFolded(worker.host, word.toLower().toUtf8());
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
    if (const LayoutFacts *facts = store.facts(handle)) {
        const auto hits = [this](const QString &text) { return text.contains(needleText, Qt::CaseInsensitive); };
        if (hits(facts->label) || std::any_of(facts->queues.cbegin(), facts->queues.cend(), hits))
            return true;
    }
    if (worker.statusWord > 0 && store.statusWord(handle).contains(needleText, Qt::CaseInsensitive))
        return true;
    if (worker.type >= typeHits.size())
        typeHits.resize(size_t(worker.type) + 1, -1);
    qint8 &typeHit = typeHits[worker.type];
    if (typeHit < 0)
        typeHit = store.typeName(worker.type).contains(needleText, Qt::CaseInsensitive) ? 1 : 0;
    if (typeHit == 1)
        return true;
    const size_t leaving = !worker.traits->has(SourceFact::StatusWord) && worker.status == WorkerStatus::ShuttingDown
                               ? 8
                               : 0; // Such a one does not end drained.
    if (nobodyListens(worker)) {
        if (livenessName(worker).contains(needleText))
            return true;
    } else {
        qint8 &livenessHit = livenessHits[(size_t(worker.liveness) << 4 | leaving | size_t(worker.end)) & 0xff];
        if (livenessHit < 0)
            livenessHit = livenessName(worker).contains(needleText) ? 1 : 0;
        if (livenessHit == 1)
            return true;
    }
    if (worker.status == WorkerStatus::Other) {
        if (store.statusText(handle).contains(needleText))
            return true;
    } else if (!isStatusAssumed(worker)) {
        qint8 &statusHit = statusHits[size_t(worker.status) & 0xf];
        if (statusHit < 0)
            statusHit = statusName(worker.status).contains(needleText) ? 1 : 0;
        if (statusHit == 1)
            return true;
    }
    if (worker.source >= sourceHits.size())
        sourceHits.resize(size_t(worker.source) + 1);
    auto &[asked, hit] = sourceHits[worker.source];
    if (const QString &name = store.sourceName(worker.source); name != asked || name.isEmpty()) {
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
    case FilterKey::Text:
        return textHolds(store, handle);
    case FilterKey::Age:
        if (worker.endedAt > 0)
            return false;
        if (worker.isAgeProven())
            return known(worker.beatAgeAt(now));
        // It is at least the time it was watched without a beat; more is not known.
        return worker.unbeatenSince > 0 && (compare == Comparison::Greater || compare == Comparison::GreaterOrEqual)
               && holds(compare, now - worker.unbeatenSince, bound);
    case FilterKey::Ttl: {
        const qint32 left = worker.ttlLeftAt(now);
        return left >= 0 && holds(compare, left, bound);
    }
    case FilterKey::Interval:
        return known(worker.interval);
    case FilterKey::Skew:
        return worker.clockSkew != unknownValue && holds(compare, qAbs(qint64(worker.clockSkew)), bound);
    case FilterKey::Uptime:
        return worker.endedAt == 0 && known(worker.uptimeAt(now));
    case FilterKey::Sessions:
        return known(worker.activeSessions);
    case FilterKey::Lifetime:
        return known(worker.lifetimeSessions);
    case FilterKey::Pid:
        return known(worker.pid);
    case FilterKey::Version: {
        const ActorFacts *facts = store.actor(handle);
        return facts && holds(compare, facts->version, bound);
    }
    case FilterKey::Status:
    case FilterKey::LivenessKey: {
        // Few workers differ in what the words look at: each of these is compared with the words once.
        stateHits.resize(size_t(1) << 19, -1);
        qint8 &hit = stateHits[stateOf(worker)];
        if (hit < 0)
            hit = anyWordHolds(store, handle) ? 1 : 0;
        return hit == 1;
    }
    default:
        return anyWordHolds(store, handle);
    }
}

bool FleetFilter::Test::anyWordHolds(const FleetStore &store, WorkerHandle handle) const
{
    return std::any_of(words.begin(), words.end(), [&](const QString &word) { return wordHolds(store, handle, word); });
}

FleetFilter::FleetFilter() = default;

FleetFilter FleetFilter::parse(const QString &text, const QString &typed)
{
    FleetFilter filter;
    filter.m_text = QString(text.trimmed() + u' ' + typed.trimmed()).trimmed();
    filter.add(text, false);
    filter.add(typed, true);
    return filter;
}

void FleetFilter::add(const QString &text, bool typed)
{
    constexpr size_t mostTerms = 32;
    for (const FilterTerm &word : filterTerms(text)) {
        Term term{word.text, word.negated, true};
        auto test = std::make_shared<Test>();
        test->negated = word.negated;
        QString problem;
        bool saysNothing = false; // Not yet: it is still being typed.
        static const QRegularExpression shape(u"^([A-Za-z]+)(:|<=|>=|<|>|=)(.*)$"_s);
        const QRegularExpressionMatch match = shape.match(word.text);
        const KeyName *known = nullptr;
        if (match.hasMatch()) {
            const QString name = match.captured(1).toLower();
            known = keyNamed(name);
            if (!known && (match.captured(2) != ":"_L1 || !match.captured(3).isEmpty()))
                problem = tr("%1: there is no term \"%2\"; the terms are %3").arg(word.text, name, allKeyNames());
        }
        if (known) {
            const QString operation = match.captured(2);
            const QString value = match.captured(3);
            test->key = known->key;
            test->exact = operation == "="_L1;
            saysNothing = typed && value.isEmpty();
            if (saysNothing) {
                // "age>" may become "age>10s".
            } else if (known->kind == KeyName::Words) {
                if (operation != ":"_L1 && operation != "="_L1)
                    problem = tr("%1: %2 takes words, as in %2:%3")
                                  .arg(word.text, QString::fromLatin1(known->name),
                                       known->key == FilterKey::Type ? u"chromium"_s : u"late"_s);
                else
                    problem = test->takeWords(word.text, value, typed);
                saysNothing = typed && problem.isEmpty() && test->words.isEmpty() && test->beginning.isEmpty();
            } else {
                test->compare = comparison(operation);
                if (known->kind == KeyName::Duration) {
                    const std::optional<qint64> duration = readDuration(value);
                    static const QRegularExpression begun(u"^[0-9]*(\\.[0-9]*)?\\s*(mi)?$"_s,
                                                          QRegularExpression::CaseInsensitiveOption);
                    if (duration)
                        test->bound = *duration;
                    else if (typed && begun.match(value).hasMatch())
                        saysNothing = true;
                    else
                        problem = withHint(tr("%1: a duration is expected, such as 10s, 500ms or 2m").arg(word.text), value);
                } else {
                    bool ok = false;
                    test->bound = value.toLongLong(&ok);
                    if (!ok)
                        problem = withHint(tr("%1: a whole number is expected").arg(word.text), value);
                }
            }
        } else if (problem.isEmpty()) {
            test->key = FilterKey::Text;
            test->needleText = word.text.toLower();
            test->needle = test->needleText.toUtf8();
            saysNothing = typed && mayBecomeAKey(test->needleText);
        }
        if (m_terms.size() >= mostTerms && problem.isEmpty())
            problem = tr("%1: a filter has at most %2 terms").arg(word.text).arg(mostTerms);
        term.valid = problem.isEmpty();
        if (!term.valid)
            m_problems.append(problem);
        else if (!saysNothing)
            m_tests.push_back(test);
        m_unfinished |= saysNothing;
        m_dependsOnTime |=
            term.valid && (test->key == FilterKey::Age || test->key == FilterKey::Ttl || test->key == FilterKey::Uptime);
        m_terms.push_back(term);
    }
}

bool FleetFilter::matches(const FleetStore &store, WorkerHandle handle, qint64 now) const
{
    return isReadable() && std::all_of(m_tests.begin(), m_tests.end(), [&](const std::shared_ptr<const Test> &test) {
               return test->holdsFor(store, handle, now) != test->negated;
           });
}

bool FleetFilter::Test::asksForAge() const
{
    static const QStringList onAge{u"alive"_s, u"new"_s,     u"settling"_s, u"late"_s,
                                   u"stale"_s, u"crashed"_s, u"hung"_s,     u"attention"_s};
    const bool liveness = key == FilterKey::LivenessKey || key == FilterKey::Status || key == FilterKey::Flag;
    return key == FilterKey::Age
           || (liveness && std::any_of(words.begin(), words.end(), [](const QString &word) { return onAge.contains(word); }));
}

bool FleetFilter::asksForAge() const
{
    return std::any_of(m_tests.begin(), m_tests.end(),
                       [](const std::shared_ptr<const Test> &test) { return test->asksForAge(); });
}

bool FleetFilter::isUndecided(const FleetStore &store, WorkerHandle handle, qint64 now) const
{
    const Worker &worker = store.worker(handle);
    if (worker.endedAt > 0 || worker.traits->registers() || worker.liveness == Liveness::Departed || worker.isAgeProven())
        return false;
    // Watched for long enough without a beat it is late, and a dead process needs no age.
    const bool livenessKnown = worker.liveness != Liveness::Settling && worker.liveness != Liveness::Unknown;
    bool undecided = false;
    for (const std::shared_ptr<const Test> &test : m_tests) {
        if (test->asksForAge() && (test->key == FilterKey::Age || !livenessKnown))
            undecided = undecided || test->negated || !test->holdsFor(store, handle, now);
        else if (test->holdsFor(store, handle, now) == test->negated)
            return false;
    }
    return undecided;
}

QStringList FleetFilter::completions(const QString &text, const FleetStore &store)
{
    const qsizetype start = text.lastIndexOf(u' ') + 1;
    QString stem = text.mid(start);
    QString sign;
    if (stem.startsWith(u'-') || stem.startsWith(u'!')) {
        sign = stem.left(1);
        stem.remove(0, 1);
    }
    QStringList fitting;
    for (const QString &candidate : knownTerms(stem, store)) {
        if (candidate.startsWith(stem, Qt::CaseInsensitive) && candidate.compare(stem, Qt::CaseInsensitive) != 0)
            fitting.append(QString(sign + candidate));
    }
    return fitting;
}

QString FleetFilter::completed(const QString &term, const FleetStore &store)
{
    if (!term.contains(u':') || term.endsWith(u':'))
        return term;
    QStringList longer;
    for (const QString &candidate : knownTerms(term, store)) {
        if (candidate.compare(term, Qt::CaseInsensitive) == 0)
            return term;
        if (candidate.startsWith(term, Qt::CaseInsensitive))
            longer.append(candidate);
    }
    return longer.size() == 1 ? longer.constFirst() : term;
}

} // namespace pulsedeck
