// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"
#include "models/layouts/layout.h"

#include <QHash>
#include <QSet>

#include <functional>

namespace pulsedeck {

/// Which queues of a layout are another system's, by keys of these queues that are there or not, as "unless" says: Bull and
/// BullMQ have the same prefix in one Redis. Asks by EXISTS and remembers the answers. A queue of which that is not known, as
/// where Redis refuses, is no other system's: so none is lost. Lives on the I/O thread, belongs to who reads queues or workers.
class QueueMarks
{
public:
    static constexpr qsizetype mostKeys = 4'000; ///< Asked in one read; queues of further ones are no other system's.

    QueueMarks(RedisSession &session, const LayoutVariables &variables)
        : m_session(session)
        , m_variables(variables)
    { }

    /// Adds the keys that say it of \a queue.
    void addKeys(QSet<QByteArray> *keys, const LayoutConditions &unless, const QByteArray &queue) const;
    /// The answers for all of these are known.
    bool knows(const QSet<QByteArray> &keys) const;
    /// Asks for these, and forgets all others. \a then is called once, when all are answered; never if the connection ends
    /// before.
    void read(const QSet<QByteArray> &keys, const std::function<void()> &then);
    bool isOthers(const LayoutConditions &unless, const QByteArray &queue) const;

private:
    QByteArray keyOf(const LayoutCondition &condition, const QByteArray &queue) const;

    RedisSession &m_session;
    const LayoutVariables m_variables;
    QHash<QByteArray, bool> m_there; ///< Whether a key is there; those of which it is not known are not in it.
};

} // namespace pulsedeck
