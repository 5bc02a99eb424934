// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"

#include <QObject>

namespace pulsedeck {

/// Finds out what may be done, without changing anything: each right the scripts need is tried by itself, all in one pipeline.
/// Lives on the connection's thread.
class RightsProbe final : public QObject
{
    Q_OBJECT

public:
    /// \a scripts outlive it.
    RightsProbe(const ActScripts &scripts, QObject *parent);

    /// Answers of an earlier probing count no more. \a unheard: nothing is sent that others could hear; where a server cannot be
    /// asked for the right to PUBLISH and would have to be tried, it is left untried and counts as permitted.
    void start(RedisConnection &connection, bool unheard);
    void cancel() { ++m_number; }

signals:
    /// Not if the connection ends before. \a untried: a right was left untried.
    void finished(const pulsedeck::CommandRights &rights, bool untried);

private:
    void take(size_t right, const RedisAnswer &answer);
    void finish();
    bool writes(Act act) const;

    const ActScripts &m_scripts;
    std::vector<ActScripts::Right> m_rights; ///< Of the probing under way.
    std::vector<QString> m_missing; ///< By right: why it is missing, in words; empty if it is permitted.
    bool m_replica = false; ///< Nothing at all is possible.
    bool m_unsaved = false; ///< The server cannot save to disk, and takes no write for it.
    bool m_noScripts = false; ///< EVAL is not permitted, and so nothing at all.
    quint32 m_number = 0;
    bool m_untried = false;
};

} // namespace pulsedeck
