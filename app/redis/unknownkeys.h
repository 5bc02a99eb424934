// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"
#include "models/protocol/foundsystem.h"

#include <QByteArrayList>

#include <functional>
#include <vector>

namespace pulsedeck {

/// Keys that look like the beats of workers and that no layout describes: those whose name says so, one of each kind of name.
/// What they are is found out by a few small reads, which the owner sends. No content is kept, only that there are times in it or
/// that it expires. A value; one thread.
class UnknownKeys
{
public:
    static constexpr size_t mostKinds = 10; ///< That are looked at more closely, by four commands at most each.

    /// One key that stands for its kind.
    struct Question
    {
        QByteArray key;
        QByteArray head; ///< What all keys of the kind begin with; the key itself where it is the only one.
    };

    void clear() { *this = {}; }
    /// A key that was listed. Cheap for those whose name says nothing.
    void see(QByteArrayView key);
    /// The kinds that are worth a question; \a known: whether a key belongs to a system that was found.
    std::vector<Question> questions(const std::function<bool(const QByteArray &)> &known) const;
    /// What to ask about a key of this type.
    static std::vector<QByteArrayList> furtherFor(const QByteArray &type, const QByteArray &key);
    /// The answer to the command \a asked.
    void take(const Question &question, const QByteArray &type, const QByteArray &asked, const RedisReply &answer);
    /// What they turned out to be, as far as it looks like beats.
    const QList<UnknownBeats> &beats() const { return m_beats; }

private:
    struct Kind
    {
        QByteArray head; ///< Up to and with the last separator.
        QByteArray first;
        qint64 count = 0;
    };

    std::vector<Kind> m_kinds;
    qint64 m_named = 0; ///< Keys with such a name.
    QList<UnknownBeats> m_beats;
};

} // namespace pulsedeck
