// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubprobe.h"

#include "app/hub/hubhealth.h"
#include "app/hub/hubownaddress.h"
#include "models/core/format.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QList<TestStep> HubProbe::steps(const SourceSettings &settings)
{
    QStringList names{u"Name look-up"_s, u"TCP"_s};
    if (settings.tls)
        names << u"TLS"_s;
    names << u"Health"_s << u"Sign in"_s << u"Hub"_s << u"Registry"_s << u"Commands"_s;
    return stepsNamed(names, u"Sign in"_s);
}

HubProbe::HubProbe(const SourceSettings &settings, const HubSecret &token, const QString &whyNoRights)
    : SourceProbe(steps(settings))
    , m_hub(settings.hubAddress())
    , m_token(token)
    , m_whyNoRights(whyNoRights)
{ }

HubProbe::~HubProbe()
{
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection; // Before the clock.
}

/// The hub is told that we go, and ends the connection then.
void HubProbe::end()
{
    if (!m_connection || m_connection->state() != HubConnection::State::Ready) {
        SourceProbe::end();
        return;
    }
    finish();
    m_connection->disconnect(this);
    connect(m_connection, &HubConnection::stateChanged, this, [this](HubConnection::State state) {
        if (state == HubConnection::State::Closed)
            SourceProbe::end();
    });
    m_connection->close();
}

SourceFailure HubProbe::socketTrouble(QAbstractSocket::SocketError error, const QString &system) const
{
    return hubSocketFailure(error, system, m_hub);
}

SourceFailure HubProbe::certificateTrouble(const QList<QSslError> &errors, const QStringList &) const
{
    return hubCertificateFailure(errors, m_hub);
}

SourceFailure HubProbe::timeoutTrouble(bool connected) const
{
    return hubTimeoutFailure(connected, stepLimitMs, m_hub);
}

void HubProbe::begin()
{
    reach({m_hub.host, m_hub.port, m_hub.tls, m_hub.caFile}, [this] { askHealth(); });
}

void HubProbe::askHealth()
{
    enter();
    m_health = new HubHealthProbe(m_hub, this);
    connect(m_health, &HubHealthProbe::answered, this, [this](const HubHealth &health) {
        if (isOver())
            return;
        // A proxy may keep the health to itself: only the socket decides.
        m_healthy = health.healthy;
        if (health.healthy)
            pass(health.service.isEmpty() ? u"it answers as a hub does"_s
                                          : QString(health.service + u' ' + health.version).trimmed());
        else
            limit(health.problem, u"A hub tells its health at /health. If the next step works, something on the way hides it."_s);
        signIn();
    });
    m_health->ask(stepLimitMs);
}

void HubProbe::signIn()
{
    enter();
    HubConnectionOptions options;
    options.hub = m_hub;
    options.token = m_token;
    options.address = hubOwnAddress();
    options.connectTimeoutMs = stepLimitMs;
    options.reconnect = false;
    m_connection = new HubConnection(options, m_clock, this);
    connect(m_connection, &HubConnection::stateChanged, this, &HubProbe::onState);
    connect(m_connection, &HubConnection::beat, this, &HubProbe::onBeat);
    m_connection->open();
}

void HubProbe::onState(HubConnection::State state)
{
    if (isOver())
        return;
    if (state == HubConnection::State::Closed) {
        SourceFailure words = m_connection->failure();
        if (!m_healthy && m_connection->failure().kind == SourceFailure::Kind::Closed)
            words.hint = u"What answers there does not behave as a hub does: check host and port."_s;
        else if (words.hint.isEmpty())
            words.hint = u"Check address, port and path, and test again."_s;
        fail(words);
        return;
    }
    if (state != HubConnection::State::Ready)
        return;
    pass(m_token.isEmpty() ? u"connected without a token"_s : u"connected with the token"_s);
    enter();
}

void HubProbe::onBeat()
{
    if (isOver() || m_listing)
        return;
    m_listing = true;
    const HubVitals vitals = m_connection->vitals();
    QString text = u"Signal Hub"_s;
    if (!vitals.serverVersion.isEmpty())
        text += u' ' + vitals.serverVersion;
    if (vitals.roundTripMs >= 0)
        text += u" · heartbeat acknowledged in "_s + roundTripText(vitals.roundTripMs);
    pass(text);
    enter();
    m_connection->request(
        HubRequest::listActors(0), [this](const HubAnswer &answer) { takeRegistry(answer); }, stepLimitMs);
}

void HubProbe::takeRegistry(const HubAnswer &answer)
{
    if (isOver())
        return;
    const auto *list = answer.as<hub::ActorList>();
    if (!answer.ok() || !list) {
        fail({SourceTrouble::Unlisted, u"The registry cannot be listed: "_s + answer.text(),
              u"Test again when the hub answers."_s});
        return;
    }
    // While the hub that is tried out is connected and unlocked, this console stands in it too, and is nobody's actor.
    const QString own = hubOwnAddress().section(u'-', 0, -2) + u'-';
    const auto ours = std::count_if(list->actors.begin(), list->actors.end(),
                                    [&own](const HubActor &actor) { return actor.address.startsWith(own); });
    if (list->total <= ours)
        limit(u"no actor registered"_s, u"If there should be some, check the address: each hub has a registry of its own."_s);
    else
        pass((list->total == 1 ? u"1 address"_s : QString(QString::number(list->total) + u" addresses"_s)) + u" registered"_s);
    enter();
    if (m_whyNoRights.isEmpty())
        pass(u"a hub lets everybody send who is connected"_s);
    else
        skip(m_whyNoRights);
    finish();
}

} // namespace pulsedeck
