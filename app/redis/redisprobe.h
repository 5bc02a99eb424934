// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"
#include "app/redis/layoutdetector.h"
#include "app/redis/redisconnection.h"
#include "app/sources/sourceprobe.h"
#include "models/sources/systemchoice.h"

#include <memory>

namespace pulsedeck {

class EventListener;

/// Tests a Redis: after the login the server, a first look at the workers' keys and at which other systems live there, and the
/// rights to watch and to command, each asked for with a command that finds nothing to change. Systems that are switched off in
/// the settings are looked for too, so that they can be switched on.
class RedisProbe : public SourceProbe
{
    Q_OBJECT

public:
    RedisProbe(const SourceSettings &settings, const QString &whyNoRights);
    ~RedisProbe() override;

    void setLayouts(const std::vector<Layout> &layouts) override { m_layouts = layouts; }
    void setListening(int ms) override { m_listenMs = ms; }

protected:
    void begin() override;
    void reached() override { enter(); }

private:
    void onState(RedisConnection::State state);
    void onAttempt(QIODevice *socket);
    void askServer();
    void takeServer(const RedisAnswer &answer);
    void scan(const QByteArray &cursor);
    void takeKeys(const RedisAnswer &answer);
    void readOne();
    void takeOne(const RedisAnswer &answer);
    void listen();
    void look();
    void takeSystems();
    /// "12 processes of Sidekiq", for each system that was found.
    QStringList systemTexts() const;
    void askRights();
    void askRightsOf(size_t system);
    void askEvents(size_t system);
    void askActs(size_t system);
    void takeRights(size_t system, const CommandRights &rights, bool untriedRight);
    void askNext(size_t system);
    void concludeRights();
    QString rightsLine() const;
    SystemRights &rightsFor(const QString &layout);
    RedisConnectionOptions connectionOptions() const;
    /// There was no answer: the connection is Closed next, says why, and fails the step.
    static bool isLost(const RedisAnswer &answer);
    /// What the server refused, in words, for an answer that is an error; \a right is the hint where a right is missing.
    SourceFailure refusal(const RedisAnswer &answer, const QString &what, const QString &right) const;

    /// Whose rights are tried, one after the other.
    struct Tried
    {
        const Layout *layout; ///< Null where workers of the usual system are only expected.
        QByteArray prefix;
        std::unique_ptr<ActScripts> scripts; ///< Null: there are no acts, or they are not to be tried.
        QString name;
    };

    const RedisUrl m_url;
    const SystemChoices m_choices;
    std::vector<Layout> m_layouts;
    const QString m_whyNoRights;
    int m_listenMs = 0;
    RedisConnection *m_connection = nullptr;
    std::vector<Tried> m_tried;
    QHash<QString, EventListener *> m_listeners; ///< By layout; children.
    int m_listening = 0; ///< So many are not over.
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
