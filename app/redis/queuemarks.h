// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"
#include "models/layouts/layout.h"

#include <QHash>
#include <QSet>

#include <functional>

namespace pulsedeck {

/// Which queues of a layout are another system's, by keys of these queues that are there or not, as "unless" says: Bull and
/// BullMQ have the same prefix in one Redis. Asks by EXISTS and remembers the answers: an earlier one counts as long as a later
/// question fails. A queue of which that is not known, as where Redis refuses, is no other system's: so none is lost. Lives on
/// the I/O thread, belongs to who reads queues or workers.
class QueueMarks
{
public:
    static constexpr qsizetype mostKeys = 4'000; ///< Asked in one read; of further ones it is not known.

    QueueMarks(RedisSession &session, const LayoutVariables &variables)
        : m_session(session)
        , m_variables(variables)
    { }

    /// Adds the keys that say it of \a queue.
    void addKeys(QSet<QByteArray> *keys, const LayoutConditions &unless, const QByteArray &queue) const;
    /// All of these have been asked for, and asking again at once would not tell more: some may have been refused.
    bool knows(const QSet<QByteArray> &keys) const;
    /// Asks for these, and forgets all others. \a then is called once, when all are answered; never if the connection ends
    /// before.
    void read(const QSet<QByteArray> &keys, const std::function<void()> &then);
    bool isOthers(const LayoutConditions &unless, const QByteArray &queue) const;
    /// It is to be asked again, as Redis or the connection had no time for it: whoever is new waits for that.
    bool isOpen(const LayoutConditions &unless, const QByteArray &queue) const;

private:
    enum class Mark : quint8 { Absent, Present, Unknown, Open };
    QByteArray keyOf(const LayoutCondition &condition, const QByteArray &queue) const;

    RedisSession &m_session;
    const LayoutVariables m_variables;
    QHash<QByteArray, Mark> m_marks; ///< All that were asked for last.
};

} // namespace pulsedeck
