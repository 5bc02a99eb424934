// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutdetector.h"
#include "app/redis/playwrightscripts.h"
#include "app/redis/redisconnection.h"
#include "app/redis/rightsprobe.h"
#include "app/sources/sourceprobe.h"

namespace pulsedeck {

/// Tests a Redis: after the login the server, a first look at the workers' keys and at which other systems live there, and the
/// rights to command, each asked for with a command that finds nothing to change.
class RedisProbe : public SourceProbe
{
    Q_OBJECT

public:
    RedisProbe(const SourceSettings &settings, const QString &whyNoRights);
    ~RedisProbe() override;

protected:
    void begin() override;
    void reached() override { enter(); }

private:
    void onState(RedisConnection::State state);
    void askServer();
    void takeServer(const RedisAnswer &answer);
    void scan(const QByteArray &cursor);
    void takeKeys(const RedisAnswer &answer);
    void readOne();
    void takeOne(const RedisAnswer &answer);
    void takeSystems();
    /// "12 processes of Sidekiq", for each system that was found.
    QStringList systemTexts() const;
    void askRights();
    void takeRights(const CommandRights &rights, bool untriedRight);
    /// There was no answer: the connection is Closed next, says why, and fails the step.
    static bool isLost(const RedisAnswer &answer);
    /// What the server refused, in words, for an answer that is an error; \a right is the hint where a right is missing.
    SourceFailure refusal(const RedisAnswer &answer, const QString &what, const QString &right) const;

    const RedisUrl m_url;
    const QString m_whyNoRights;
    RedisConnection *m_connection = nullptr;
    const PlaywrightScripts m_scripts;
    LayoutDetector *m_detector = nullptr; ///< A child; null until the workers' keys were looked at.
    QByteArray m_worker; ///< The first key that was found.
    int m_found = 0;
    int m_pages = 0;
    bool m_whole = false; ///< Every key has been looked at.
};

} // namespace pulsedeck
