// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutdetector.h"
#include "app/redis/layoutscripts.h"
#include "app/redis/playwrightscripts.h"
#include "app/redis/redisconnection.h"
#include "app/redis/rightsprobe.h"
#include "app/sources/sourceprobe.h"
#include "models/sources/systemchoice.h"

#include <memory>

namespace pulsedeck {

/// Tests a Redis: after the login the server, a first look at the workers' keys and at which other systems live there, and the
/// rights to command, each asked for with a command that finds nothing to change. Systems that are switched off in the settings
/// are looked for too, so that they can be switched on.
class RedisProbe : public SourceProbe
{
    Q_OBJECT

public:
    RedisProbe(const SourceSettings &settings, const QString &whyNoRights);
    ~RedisProbe() override;

    void setLayouts(const std::vector<Layout> &layouts) override { m_layouts = layouts; }

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
    void askRightsOf(size_t system);
    void takeRights(size_t system, const CommandRights &rights, bool untriedRight);
    void concludeRights();
    QString rightsLine() const;
    /// There was no answer: the connection is Closed next, says why, and fails the step.
    static bool isLost(const RedisAnswer &answer);
    /// What the server refused, in words, for an answer that is an error; \a right is the hint where a right is missing.
    SourceFailure refusal(const RedisAnswer &answer, const QString &what, const QString &right) const;

    /// Whose rights are tried, one after the other.
    struct Tried
    {
        const ActScripts *scripts;
        QString layout;
    };

    const RedisUrl m_url;
    const SystemChoices m_choices;
    std::vector<Layout> m_layouts;
    const QString m_whyNoRights;
    RedisConnection *m_connection = nullptr;
    const PlaywrightScripts m_scripts;
    std::vector<std::unique_ptr<LayoutScripts>> m_layoutScripts;
    std::vector<Tried> m_tried;
    DetectionReport m_report;
    QStringList m_denied; ///< Titles of acts that some system does not permit.
    QStringList m_missing;
    bool m_anyPossible = false; ///< Some act of some system is permitted.
    bool m_replica = false;
    bool m_untried = false;
    LayoutDetector *m_detector = nullptr; ///< A child; null until the workers' keys were looked at.
    QByteArray m_worker; ///< The first key that was found.
    int m_found = 0;
    int m_pages = 0;
    bool m_whole = false; ///< Every key has been looked at.
};

} // namespace pulsedeck
