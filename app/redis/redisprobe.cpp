// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisprobe.h"

#include "app/redis/dialectregistry.h"
#include "app/redis/eventlistener.h"
#include "app/redis/redisfailure.h"
#include "app/redis/redisnames.h"
#include "app/redis/rightsprobe.h"
#include "app/redis/serveridentity.h"
#include "app/redis/watchrights.h"
#include "models/core/format.h"
#include "models/layouts/layoutacl.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestInfo = 40; ///< Of what the server says of itself.
constexpr int mostPages = 100; ///< Of about a thousand keys each: enough for a first look.
constexpr auto absentKey = "worker:pulsedeck:test"; ///< Stands for a worker where there is none.

} // namespace

RedisProbe::RedisProbe(const SourceSettings &settings, const QString &whyNoRights)
    : SourceProbe(settings, {}, {tr("Server"), tr("Workers"), tr("Commands")},
                  settings.url().isSentinel() ? tr("Sentinels") : QString())
    , m_url(settings.url())
    , m_choices(settings.systems)
    , m_layouts(LayoutCatalog::builtIn().layouts())
    , m_whyNoRights(whyNoRights)
{ }

RedisProbe::~RedisProbe()
{
    // Its last answers, and that it is closed, are of no interest any more.
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection;
}

RedisConnectionOptions RedisProbe::connectionOptions() const
{
    RedisConnectionOptions options;
    options.connectTimeoutMs = stepLimitMs;
    options.replyTimeoutMs = stepLimitMs;
    options.reconnect = false;
    options.clientName = "pulsedeck-test";
    return options;
}

void RedisProbe::begin()
{
    m_connection = new RedisConnection(m_url, connectionOptions(), this);
    connect(m_connection, &RedisConnection::attempting, this, &RedisProbe::onAttempt);
    connect(m_connection, &RedisConnection::stateChanged, this, &RedisProbe::onState);
    m_connection->open();
}

void RedisProbe::onAttempt(QIODevice *socket)
{
    if (!m_url.isSentinel()) {
        follow(socket);
        return;
    }
    pass(tr("the master %1 is at %2").arg(m_url.master, m_connection->target().shortName()));
    enter();
}

void RedisProbe::onState(RedisConnection::State state)
{
    if (isOver())
        return;
    if (state == RedisConnection::State::Closed) {
        fail(m_connection->failure());
        return;
    }
    if (state != RedisConnection::State::Ready)
        return;
    arrive();
    const QString text = m_connection->target().password.isEmpty() && m_url.user.isEmpty() ? tr("let in without a password")
                         : m_url.user.isEmpty()                                            ? tr("password accepted")
                                                                                           : tr("as user %1").arg(m_url.user);
    pass(m_url.database == 0 ? text : tr("%1, database %2").arg(text).arg(m_url.database));
    askServer();
}

bool RedisProbe::isLost(const RedisAnswer &answer)
{
    return !answer.ok() && answer.outcome != RedisAnswer::Outcome::Error;
}

SourceFailure RedisProbe::refusal(const RedisAnswer &answer, const QString &what, const QString &right) const
{
    return {SourceTrouble::Refused, what + u": "_s + serverText(answer.reply.bytes(), m_connection->target()),
            answer.isError("NOPERM")
                ? right
                : tr("This is not about a right. If the server is busy or loading its data, test again later.")};
}

void RedisProbe::askServer()
{
    enter();
    m_connection->request({"INFO"}, [this](const RedisAnswer &answer) { takeServer(answer); });
}

void RedisProbe::takeServer(const RedisAnswer &answer)
{
    if (isOver() || isLost(answer))
        return;
    const QString time = tr("answered in %1").arg(preciseTripText(answer.elapsedUs));
    if (answer.isError("NOPERM")) {
        limit(tr("version unknown, INFO is not permitted · %1").arg(time),
              tr("Everything else works without it. To show version and role, the account needs the right to INFO."));
    } else if (!answer.ok()) {
        const SourceFailure words = refusal(answer, tr("version unknown"), {});
        limit(words.text + u" · "_s + time, words.hint);
    } else {
        const QByteArray info = answer.reply.bytes().toByteArray();
        const QString version = QString::fromLatin1(infoValue(info, "redis_version")).left(longestInfo);
        const QString role = QString::fromLatin1(infoValue(info, "role")).left(longestInfo);
        QStringList parts{version.isEmpty() ? u"Redis"_s : QString(u"Redis "_s + version)};
        if (m_connection->isCluster())
            parts << tr("a cluster of %Ln master(s)", nullptr, int(m_connection->masters().size()));
        if (role == "slave"_L1)
            parts << tr("a replica") << time;
        else if (!role.isEmpty())
            parts << role << time;
        else
            parts << time;
        if (role == "slave"_L1)
            limit(parts.join(u" · "_s),
                  tr("A replica shows the workers, but takes no commands: connect to the master for those."));
        else
            pass(parts.join(u" · "_s));
    }
    enter();
    scan("0");
}

void RedisProbe::scan(const QByteArray &cursor)
{
    m_connection->request({"SCAN", cursor, "MATCH", "worker:*", "COUNT", "1000"},
                          [this](const RedisAnswer &answer) { takeKeys(answer); });
}

void RedisProbe::takeKeys(const RedisAnswer &answer)
{
    if (isOver() || isLost(answer))
        return;
    if (!answer.ok()) {
        fail(refusal(answer, tr("Keys cannot be listed"), tr("The account needs the right to SCAN.")));
        return;
    }
    const RedisReply keys = answer.reply.at(1);
    for (int i = 0; i < keys.size(); ++i) {
        const QByteArrayView key = keys.at(i).bytes();
        if (key.startsWith(commandPrefix) || !key.startsWith(keyPrefix))
            continue;
        ++m_found;
        if (m_worker.isEmpty())
            m_worker = key.toByteArray();
    }
    const QByteArray next = answer.reply.at(0).bytes().toByteArray();
    m_whole = next == "0" || next.isEmpty();
    if (m_whole || ++m_pages >= mostPages)
        readOne();
    else
        scan(next);
}

void RedisProbe::readOne()
{
    const QByteArray key = m_worker.isEmpty() ? QByteArray(absentKey) : m_worker;
    m_connection->request({"HMGET", key, "status", "lastHeartbeat"}, [this](const RedisAnswer &answer) { takeOne(answer); });
}

void RedisProbe::takeOne(const RedisAnswer &answer)
{
    if (isOver() || isLost(answer))
        return;
    // A key of that name that is no hash is that worker's trouble, not the connection's.
    if (!answer.ok() && !answer.isError("WRONGTYPE")) {
        fail(refusal(answer, tr("Workers cannot be read"), tr("The account needs the right to read worker:* and cluster:*.")));
        return;
    }
    SystemChoices prefixes = m_choices;
    for (SystemChoice &choice : prefixes)
        choice.on = true;
    m_layouts = chosenLayouts(m_layouts, prefixes);
    m_detector = new LayoutDetector(*m_connection, m_layouts, this);
    m_detector->setCountsLiving(true);
    connect(m_detector, &LayoutDetector::finished, this, &RedisProbe::takeSystems);
    listen();
}

/// Systems that are known by what they send are heard before the look, so that it finds them.
void RedisProbe::listen()
{
    for (const Layout &layout : m_layouts) {
        std::optional<EventReading> events = eventsOf(layout, layout.prefix, m_url.database);
        if (!events || layout.isTemplate || m_listenMs <= 0)
            continue;
        auto *const listener = new EventListener(m_url, connectionOptions(), *std::move(events), this);
        m_listeners.insert(layout.name, listener);
        ++m_listening;
        connect(listener, &EventListener::over, this, [this] {
            if (--m_listening == 0)
                look();
        });
        listener->start(m_listenMs);
    }
    if (m_listening == 0)
        look();
}

void RedisProbe::look()
{
    if (!isOver())
        m_detector->look();
}

QStringList RedisProbe::systemTexts() const
{
    QStringList texts;
    const std::vector<FoundSystem> systems = m_detector->systems();
    for (const FoundSystem &system : systems) {
        const Layout &layout = *m_detector->layout(system.layout);
        if (isAlwaysWatched(layout))
            continue; // Its workers were counted by their keys.
        const SourceTraits traits = makeTraits(layout);
        if (!canWatch(layout))
            texts.append(tr("%1, whose workers are not shown").arg(system.title));
        else if (system.workers < 0 || system.more)
            texts.append(system.title);
        else
            texts.append(tr("%1 of %2", "12 processes of Sidekiq").arg(traits.counted(system.workers), system.title));
    }
    return texts;
}

void RedisProbe::takeSystems()
{
    if (isOver())
        return;
    for (auto one = m_listeners.cbegin(); one != m_listeners.cend(); ++one) {
        if (one.value()->heard() > 0)
            m_detector->takeHeard(one.key(), m_detector->layout(one.key())->prefix, one.value()->heard(), one.value()->pattern());
    }
    QStringList texts = systemTexts();
    if (m_found == 0 && texts.isEmpty()) {
        limit(m_whole ? tr("no worker registered") : tr("no worker registered in the part that was looked at"),
              tr("If there should be some, check host and database: workers register as worker:<type>:<id>."));
    } else {
        if (m_found > 0)
            texts.prepend(m_whole ? tr("%Ln worker(s) registered", nullptr, m_found)
                                  : tr("%Ln worker(s) registered in the part that was looked at", nullptr, m_found));
        pass(texts.join(u" · "_s));
    }
    askRights();
}

void RedisProbe::askRights()
{
    m_report = m_detector->report();
    m_report.listenedMs = m_listenMs;
    bool usual = m_found > 0; // The system whose workers are expected where nothing is there yet.
    for (FoundSystem &system : m_report.systems) {
        const Layout &layout = *m_detector->layout(system.layout);
        system.watched = canWatch(layout) && m_choices.value(system.layout).on;
        usual = usual || isAlwaysWatched(layout);
        // A whole look by the probe itself counts for more than that of the detector.
        if (isAlwaysWatched(layout) && m_found > 0) {
            system.workers = system.alive = m_found;
            system.more = !m_whole;
        }
        if (system.watched)
            m_tried.push_back({&layout, system.prefix,
                               m_whyNoRights.isEmpty() ? makeScripts(layout, system.prefix, m_url.database) : nullptr,
                               layout.name});
    }
    const bool acts = std::any_of(m_tried.begin(), m_tried.end(), [](const Tried &one) { return one.scripts != nullptr; });
    if (m_whyNoRights.isEmpty() && (usual || !acts)) {
        const bool tried =
            std::any_of(m_tried.begin(), m_tried.end(), [](const Tried &one) { return isAlwaysWatched(*one.layout); });
        for (const Layout &layout : m_layouts) {
            if (isAlwaysWatched(layout) && !tried)
                m_tried.insert(m_tried.begin(), Tried{nullptr, {}, makeScripts(layout, {}, m_url.database), layout.name});
        }
    }
    emit reported(m_report);
    enter();
    askNext(0);
}

SystemRights &RedisProbe::rightsFor(const QString &layout)
{
    for (SystemRights &one : m_report.rights) {
        if (one.layout == layout)
            return one;
    }
    m_report.rights.append(SystemRights());
    m_report.rights.last().layout = layout;
    return m_report.rights.last();
}

void RedisProbe::askNext(size_t system)
{
    if (system < m_tried.size()) {
        askRightsOf(system);
    } else if (!m_whyNoRights.isEmpty()) {
        emit reported(m_report);
        skip(m_whyNoRights);
        finish();
    } else {
        concludeRights();
    }
}

void RedisProbe::askRightsOf(size_t system)
{
    const Tried &tried = m_tried[system];
    if (!tried.layout) {
        askActs(system);
        return;
    }
    QByteArray sample = m_detector->sampleKey(tried.name, tried.prefix);
    for (const FoundSystem &found : std::as_const(m_report.systems)) {
        if (found.layout == tried.name && tried.layout->findsOnly(LayoutDiscovery::Kind::Stream))
            sample = found.evidence;
    }
    if (isAlwaysWatched(*tried.layout) && !m_worker.isEmpty())
        sample = m_worker;
    auto *const rights = new WatchRights(*tried.layout, tried.prefix, sample, this);
    connect(rights, &WatchRights::finished, this, [this, system, rights] {
        rights->deleteLater();
        if (isOver())
            return;
        SystemRights &known = rightsFor(m_tried[system].name);
        known.watchKnown = true;
        known.cannotWatch += rights->missing();
        known.cannotWatch.removeDuplicates();
        askEvents(system);
    });
    rights->start(*m_connection);
}

/// Whether the channels may be subscribed to that a system is known by.
void RedisProbe::askEvents(size_t system)
{
    const Tried &tried = m_tried[system];
    std::optional<EventReading> events = eventsOf(*tried.layout, tried.prefix, m_url.database);
    if (!events) {
        askActs(system);
        return;
    }
    auto *const listener = new EventListener(m_url, connectionOptions(), *std::move(events), this);
    connect(listener, &EventListener::over, this, [this, system, listener] {
        listener->deleteLater();
        if (isOver())
            return;
        if (listener->isRefused())
            rightsFor(m_tried[system].name)
                .cannotWatch.append(tr("%1 to %2").arg(u"PSUBSCRIBE"_s, QString::fromUtf8(listener->pattern())));
        askActs(system);
    });
    listener->start(0);
}

void RedisProbe::askActs(size_t system)
{
    if (!m_tried[system].scripts) {
        askNext(system + 1);
        return;
    }
    auto *probe = new RightsProbe(*m_tried[system].scripts, this);
    connect(probe, &RightsProbe::finished, this,
            [this, system](const CommandRights &rights, bool untriedRight) { takeRights(system, rights, untriedRight); });
    probe->start(*m_connection, true); // What is locked sends nothing that anybody could hear.
}

void RedisProbe::takeRights(size_t system, const CommandRights &rights, bool untriedRight)
{
    if (isOver())
        return;
    SystemRights &known = rightsFor(m_tried[system].name);
    known.actsKnown = true;
    known.cannotAct += rights.missing;
    known.cannotAct.removeDuplicates();
    known.nothing = rights.nothing;
    known.replica = rights.replica;
    for (const Act act : allActs) {
        if (rights.whyNot(act).isEmpty())
            continue;
        m_denied.append(actTitle(act));
        if (!known.denied.contains(act))
            known.denied.append(act);
    }
    m_replica = m_replica || rights.replica;
    m_untried = m_untried || untriedRight;
    m_anyPossible = m_anyPossible || !rights.nothing;
    m_missing += rights.missing;
    askNext(system + 1);
}

/// The rights that all systems together need, in one line: a second one would take away what the first gave.
QString RedisProbe::rightsLine() const
{
    LayoutRights all;
    for (const FoundSystem &system : m_report.systems) {
        if (!system.watched)
            continue;
        Layout placed = *m_detector->layout(system.layout);
        placed.prefix = system.prefix;
        const LayoutRights rights = commandingRights(placed, {m_url.database, {}});
        all.readKeys += rights.readKeys;
        all.keys += rights.keys;
        all.channels += rights.channels;
        all.commands += rights.commands;
    }
    for (QByteArrayList *list : {&all.readKeys, &all.keys, &all.channels, &all.commands}) {
        std::sort(list->begin(), list->end());
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    if (all.commands.isEmpty())
        return {};
    return QString::fromUtf8(all.line(m_url.user.isEmpty() ? QByteArray("pulsedeck") : m_url.user.toUtf8()));
}

void RedisProbe::concludeRights()
{
    const bool missing =
        std::any_of(m_report.rights.begin(), m_report.rights.end(), [](const SystemRights &one) { return one.isMissing(); });
    if (missing || !m_report.refused.isEmpty())
        m_report.aclLine = rightsLine();
    emit reported(m_report);
    m_denied.removeDuplicates();
    m_missing.removeDuplicates();
    const QString untried = m_untried ? tr(" · PUBLISH was not tried") : QString();
    const QString wanted = m_missing.join(u", "_s);
    if (m_denied.isEmpty())
        pass(tr("all are permitted") + untried);
    else if (m_replica)
        limit(tr("a replica takes none"), tr("Watching works. To send commands, connect to the master."));
    else if (!m_anyPossible)
        limit(tr("none is permitted"), tr("Watching works. To send commands, this account needs the right to: %1.").arg(wanted));
    else
        limit(tr("not permitted: %1").arg(m_denied.join(u", "_s)) + untried,
              tr("Everything else works. For these, this account needs the right to: %1.").arg(wanted));
    finish();
}

} // namespace pulsedeck
