// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/pausereader.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

constexpr qint64 pauseEveryMs = 2'000;
constexpr qint64 expiredAfterMs = 20; ///< Asked so long after the end of a TTL, the key has surely expired.
constexpr qint64 sameEndMs = 1'000; ///< Two reads of one TTL differ by their ways.

} // namespace

PauseReader::PauseReader(RedisSession &session, const Layout &layout, const LayoutVariables &variables, TraitsRef traits,
                         Changed changed)
    : m_session(session)
    , m_condition(layout.queues.allPaused.front())
    , m_key(m_condition.key.resolve(variables))
    , m_layout(layout.name)
    , m_prefix(variables.value("prefix"))
    , m_word(layout.queues.allPausedWord)
    , m_traits(traits)
    , m_changed(std::move(changed))
{
    if (layout.watch == Layout::Watch::Prefix)
        m_announced = std::any_of(layout.watched.begin(), layout.watched.end(),
                                  [&](const LayoutText &watched) { return m_key.startsWith(watched.resolve(variables)); });
}

/// Words are the same in any case, as Resque takes them.
bool PauseReader::holds(const LayoutCondition &condition, const RedisReply &reply)
{
    return condition.kind == LayoutCondition::Kind::KeyEqual ? reply.bytes().compare(condition.value, Qt::CaseInsensitive) == 0
                                                             : reply.toInteger() > 0;
}

QString PauseReader::note(std::optional<bool> paused, const QString &word)
{
    if (!paused)
        return {};
    const QString state = word.isEmpty() ? tr("paused") : traitText(word);
    return *paused ? state : tr("not %1", "the workers of a system: not suspended").arg(state);
}

void PauseReader::lost()
{
    m_told = false;
    m_refused = false;
    m_readAt = 0;
}

void PauseReader::look(qint64 now)
{
    const bool pushed = m_announced && m_session.pushing;
    const bool over = m_until > 0 && now >= m_until + expiredAfterMs && m_readAt < m_until + expiredAfterMs;
    if (over || now - m_readAt >= (pushed ? m_session.options.reconcileMs : pauseEveryMs) || now < m_readAt)
        read();
    tellSystem(); // A new look for systems has begun their list again.
}

void PauseReader::takeAnnounced(const RedisReply &keys)
{
    for (int i = 0; i < keys.size(); ++i) {
        if (keys.at(i).bytes() == m_key)
            m_readAt = 0;
    }
}

void PauseReader::read()
{
    m_readAt = m_session.now();
    const bool byValue = m_condition.kind == LayoutCondition::Kind::KeyEqual;
    // A right may be missing; of a key of another type nothing is known either.
    m_session.ask({byValue ? QByteArrayView("GET") : QByteArrayView("EXISTS"), m_key}, [this](const RedisAnswer &answer) {
        std::optional<bool> paused;
        if (answer.ok())
            paused = holds(m_condition, answer.reply);
        else if (answer.outcome != RedisAnswer::Outcome::Error)
            return;
        const bool refused = !paused;
        if (std::exchange(m_refused, refused) != refused) {
            if (refused)
                m_session.setLimit(RedisSession::Limit::Pauses,
                                   tr("It is not known whether all workers are paused, because %1 cannot be read.")
                                       .arg(QString::fromUtf8(m_key)),
                                   this);
            else
                m_session.endLimit(RedisSession::Limit::Pauses, this);
        }
        if (!paused || !*paused) {
            take(paused, 0);
            return;
        }
        m_session.ask({"PTTL", m_key}, [this](const RedisAnswer &ttl) {
            const qint64 left = ttl.ok() ? ttl.reply.toInteger() : 0;
            if (ttl.ok() && left == -2) // It ended between the two.
                take(false, 0);
            else if (ttl.ok() || ttl.outcome == RedisAnswer::Outcome::Error)
                take(true, left > 0 ? m_session.now() + left : 0);
        });
        // Workers that are read next are judged by it.
        if (m_paused != paused)
            m_changed(paused);
    });
}

void PauseReader::take(std::optional<bool> paused, qint64 until)
{
    const bool changed = m_paused != paused;
    if (m_told && !changed && qAbs(until - m_until) <= sameEndMs)
        return;
    m_told = true;
    m_paused = paused;
    m_until = until;
    PauseSample sample;
    sample.traits = m_traits;
    sample.readAt = m_session.now();
    sample.until = until;
    sample.known = paused.has_value();
    sample.paused = paused.value_or(false);
    sample.word = m_word;
    m_session.addPause(sample);
    if (changed)
        m_changed(paused);
    tellSystem();
    m_session.flushIfIdle();
}

/// Next to the system, where those found are listed.
void PauseReader::tellSystem()
{
    if (!m_told)
        return;
    const QString said = note(m_paused, m_word);
    for (FoundSystem &system : m_session.status.systems) {
        if (system.layout == m_layout && system.prefix == m_prefix && system.note != said) {
            system.note = said;
            m_session.report();
        }
    }
}

} // namespace pulsedeck
