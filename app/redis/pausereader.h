// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"
#include "models/layouts/layout.h"

#include <QCoreApplication>

#include <functional>
#include <optional>

namespace pulsedeck {

/// Reads whether all workers of a system are paused, where its layout names the key that says it: with the view, every two
/// seconds or, where changes of the key are announced, at once when one is, and when its TTL is over. Two commands each time.
/// Nothing is known while the key cannot be read. Lives on the I/O thread, belongs to a LayoutDialect.
class PauseReader
{
    Q_DECLARE_TR_FUNCTIONS(PauseReader)

public:
    /// Is told when that is known, changes, or is not known any more.
    using Changed = std::function<void(std::optional<bool> paused)>;

    PauseReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits, Changed changed);

    static bool isFor(const Layout &layout) { return !layout.queues.allPaused.empty(); }
    /// What GET or EXISTS of its key answered.
    static bool holds(const LayoutCondition &condition, const RedisReply &reply);
    /// "suspended", "not suspended": FoundSystem::note; empty if it is not known. \a word: the system's own; empty: ours.
    static QString note(std::optional<bool> paused, const QString &word);

    /// The view begins: what is read after it can rely on the answer.
    void beginView() { read(); }
    void lost();
    void look(qint64 now);
    void takeAnnounced(const RedisReply &keys);
    /// At the next look.
    void readSoon() { m_readAt = 0; }

private:
    void read();
    void take(std::optional<bool> paused, qint64 until);
    void tellSystem();

    RedisSession &m_session;
    const LayoutCondition m_condition;
    const QByteArray m_key;
    const QString m_layout;
    const QByteArray m_prefix;
    const QString m_word;
    const TraitsRef m_traits;
    const Changed m_changed;
    bool m_announced = false; ///< Changes of the key are announced where there is push.
    std::optional<bool> m_paused; ///< As read last.
    qint64 m_until = 0; ///< When its TTL is over; 0: it has none.
    qint64 m_readAt = 0;
    bool m_told = false; ///< On this connection.
    bool m_refused = false;
};

} // namespace pulsedeck
