// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubprobe.h"

#include "app/hub/hubhealth.h"
#include "app/hub/hubownaddress.h"
#include "models/core/format.h"
#include "models/sources/hubprotocol.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubProbe::HubProbe(const SourceSettings &settings, const QString &whyNoRights)
    : SourceProbe(settings, {tr("Health")}, {tr("Hub"), tr("Registry"), tr("Commands")})
    , m_hub(hubAddressOf(settings))
    , m_whyNoRights(whyNoRights)
{ }

HubProbe::~HubProbe()
{
    if (m_connection)
        m_connection->disconnect(this);
    delete m_connection; // Before the clock.
}

/// The hub is told that this console leaves, and then ends the connection.
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

void HubProbe::begin()
{
    HubConnectionOptions options;
    options.hub = m_hub;
    options.token = m_token;
    options.address = hubOwnAddress();
    options.connectTimeoutMs = stepLimitMs;
    options.reconnect = false;
    m_connection = new HubConnection(options, m_clock, this);
    connect(m_connection, &HubConnection::attempting, this, &HubProbe::follow);
    connect(m_connection, &HubConnection::stateChanged, this, &HubProbe::proceed);
    connect(m_connection, &HubConnection::beat, this, &HubProbe::proceed);
    m_connection->open();
}

/// The connection goes on meanwhile: what it finds is judged when the health is known, which helps to explain it.
void HubProbe::reached()
{
    enter();
    auto *health = new HubHealthProbe(m_hub, this);
    connect(health, &HubHealthProbe::answered, this, [this](const HubHealth &found) {
        if (isOver())
            return;
        // A proxy may keep the health to itself: only the connection decides.
        m_healthy = found.healthy;
        if (!found.healthy)
            limit(found.problem,
                  tr("A hub reports its health at /health. If the next step works, something in between hides it."));
        else
            pass(found.service.isEmpty() ? tr("it answers as a hub does")
                                         : QString(found.service + u' ' + found.version).trimmed());
        enter();
        m_stage = Stage::SignIn;
        proceed();
    });
    health->ask(stepLimitMs);
}

void HubProbe::proceed()
{
    using State = HubConnection::State;
    if (isOver())
        return;
    const State state = m_connection->state();
    if (state == State::Ready)
        arrive();
    if (isReached() && m_stage == Stage::Health)
        return;
    if (state == State::Closed) {
        SourceFailure why = m_connection->failure();
        if (isReached() && !m_healthy && why.kind == SourceTrouble::Closed)
            why.hint = tr("What answers there does not behave as a hub does: check host and port.");
        else if (why.hint.isEmpty())
            why.hint = tr("Check address, port and path, and test again.");
        fail(why);
        return;
    }
    if (m_stage == Stage::SignIn && state == State::Ready) {
        pass(m_token.isEmpty() ? tr("connected without a token") : tr("connected with the token"));
        enter();
        m_stage = Stage::Heartbeat;
    }
    const HubVitals vitals = m_connection->vitals();
    if (m_stage != Stage::Heartbeat || !vitals.clockKnown)
        return;
    m_stage = Stage::Registry;
    QStringList parts{QString(u"Signal Hub "_s + vitals.serverVersion).trimmed()};
    if (vitals.roundTripMs >= 0)
        parts << tr("heartbeat acknowledged in %1").arg(roundTripText(vitals.roundTripMs));
    pass(parts.join(u" · "_s));
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
        fail({SourceTrouble::Unlisted, tr("The registry cannot be listed: %1").arg(answer.text()),
              tr("Test again when the hub answers.")});
        return;
    }
    // While the hub is connected and unlocked, this console is registered there too, and is nobody's actor.
    const QString own = hubOwnAddress().section(u'-', 0, -2) + u'-';
    const auto ours = std::count_if(list->actors.begin(), list->actors.end(),
                                    [&own](const HubActor &actor) { return actor.address.startsWith(own); });
    if (list->total <= ours)
        limit(tr("no actor registered"), tr("If there should be some, check the address: each hub has a registry of its own."));
    else
        pass(tr("%Ln address(es) registered", nullptr, int(list->total)));
    enter();
    if (m_whyNoRights.isEmpty())
        pass(tr("a hub lets everybody who is connected send"));
    else
        skip(m_whyNoRights);
    finish();
}

} // namespace pulsedeck
