// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/unknownkeys.h"

#include "models/layouts/layouttime.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr std::array<std::string_view, 8> beatWords{"heartbeat", "beats",    "alive",  "last_seen",
                                                    "last-seen", "lastseen", "worker", "leader"};
// These say so only where they stand alone between two separators.
constexpr std::array<std::string_view, 4> wholeWords{"hb", "beat", "ping", "pulse"};

bool isSeparator(char c)
{
    return c == ':' || c == '/' || c == '.' || c == '_' || c == '-';
}

/// One pass over the name, as there are very many keys.
bool isNamedAsBeat(QByteArrayView key)
{
    const auto small = [&key](qsizetype i) { return char(uchar(key[i]) | 0x20); };
    for (qsizetype i = 0; i + 1 < key.size(); ++i) {
        // The words' first two letters: he, hb, be, al, la, le, wo, pi, pu.
        const char second = small(i + 1);
        switch (small(i)) {
        case 'h':
            if (second != 'e' && second != 'b')
                continue;
            break;
        case 'b':
            if (second != 'e')
                continue;
            break;
        case 'p':
            if (second != 'i' && second != 'u')
                continue;
            break;
        case 'a':
            if (second != 'l')
                continue;
            break;
        case 'l':
            if (second != 'a' && second != 'e')
                continue;
            break;
        case 'w':
            if (second != 'o')
                continue;
            break;
        default:
            continue;
        }
        const auto begins = [&](std::string_view word) {
            return qsizetype(word.size()) <= key.size() - i
                   && std::equal(word.begin(), word.end(), key.begin() + i,
                                 [](char a, char b) { return a == char(std::tolower(uchar(b))); });
        };
        const auto isWhole = [&](std::string_view word) {
            const qsizetype end = i + qsizetype(word.size());
            return begins(word) && (i == 0 || isSeparator(key[i - 1])) && (end == key.size() || isSeparator(key[end]));
        };
        if (std::any_of(beatWords.begin(), beatWords.end(), begins) || std::any_of(wholeWords.begin(), wholeWords.end(), isWhole))
            return true;
    }
    return false;
}

/// A single key that expires is a lock only by its name.
bool isLock(const QByteArray &key)
{
    const QByteArray name = key.toLower();
    return name.contains("leader") || name.contains("lock");
}

/// Seconds or milliseconds of this century, with or without a fraction.
bool isTime(const QByteArray &text)
{
    bool ok = false;
    const double number = text.toDouble(&ok);
    constexpr double from = 1.0e9; // 2001.
    constexpr double to = 4.2e9; // 2103.
    return ok && ((number > from && number < to) || (number > from * 1000 && number < to * 1000));
}

} // namespace

void UnknownKeys::see(QByteArrayView key)
{
    constexpr qint64 mostNamed = 5'000; // More of them tell nothing new, and there may be very many.
    if (m_named >= mostNamed || !isNamedAsBeat(key))
        return;
    ++m_named;
    // "app:beats" and "app:heartbeat" begin alike and are two kinds: only where the head itself has the word do all count as one.
    // Of "worker:web-7:1840" it is "worker:", as what follows the word is the worker.
    QByteArrayView kind = key;
    for (qsizetype at = 0; at < key.size() && kind.size() == key.size(); ++at) {
        const QByteArrayView head = key.first(at + 1);
        if ((key[at] == ':' || key[at] == '/' || key[at] == '.') && isNamedAsBeat(head))
            kind = head;
    }
    for (Kind &known : m_kinds) {
        if (known.head == kind) {
            ++known.count;
            return;
        }
    }
    constexpr size_t mostSeen = 64;
    if (m_kinds.size() < mostSeen)
        m_kinds.push_back({kind.toByteArray(), key.toByteArray(), 1});
}

std::vector<UnknownKeys::Question> UnknownKeys::questions(const std::function<bool(const QByteArray &)> &known) const
{
    std::vector<Question> questions;
    for (const Kind &kind : m_kinds) {
        if (questions.size() < mostKinds && !known(kind.first))
            questions.push_back({kind.first, kind.head});
    }
    return questions;
}

std::vector<QByteArrayList> UnknownKeys::furtherFor(const QByteArray &type, const QByteArray &key)
{
    if (type == "zset")
        return {{"ZRANGE", key, "-1", "-1", "WITHSCORES"}, {"ZCARD", key}};
    if (type == "hash")
        return {{"PTTL", key}, {"HSCAN", key, "0", "COUNT", "1"}, {"HLEN", key}};
    if (type == "string")
        return {{"PTTL", key}};
    return {};
}

void UnknownKeys::take(const Question &question, const QByteArray &type, const QByteArray &asked, const RedisReply &answer)
{
    const auto kind = std::find_if(m_kinds.begin(), m_kinds.end(), [&](const Kind &one) { return one.head == question.head; });
    const bool several = kind != m_kinds.end() && question.head != question.key;
    const auto add = [&](const QString &pattern, const QByteArray &prefix, qint64 count) {
        const auto there =
            std::find_if(m_beats.begin(), m_beats.end(), [&](const UnknownBeats &one) { return one.prefix == prefix; });
        if (there == m_beats.end())
            m_beats.append({prefix == question.key ? prefix : prefix + '*', pattern, prefix, count});
    };
    if (asked == "ZRANGE" && answer.size() > 1 && isTime(answer.at(1).bytes().toByteArray())) {
        add(u"last-seen"_s, question.key, -1);
    } else if (asked == "PTTL" && answer.toInteger() >= 0 && several) {
        add(type == "hash" ? u"worker-hashes"_s : u"heartbeat-keys"_s, question.head, kind->count);
    } else if (asked == "PTTL" && answer.toInteger() >= 0 && type == "string" && isLock(question.key)) {
        add(u"lock-holder"_s, question.key, 1);
    } else if (asked == "HSCAN" && !several && answer.at(1).size() > 1
               && (isTime(answer.at(1).at(1).bytes().toByteArray())
                   || layoutTimeIn(answer.at(1).at(1).bytes(), LayoutUnit::Auto) > 0)) {
        add(u"hash-fields"_s, question.key, -1);
    } else if (asked == "ZCARD" || asked == "HLEN") {
        for (UnknownBeats &one : m_beats) {
            if (one.prefix == question.key)
                one.count = answer.toInteger();
        }
    }
}

} // namespace pulsedeck
