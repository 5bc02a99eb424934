// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubsubcommand.h"

#include "app/ctl/fleettext.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

HubConnectionOptions onceOnly(const HubCtlOptions &options)
{
    HubConnectionOptions connection = options.hubAccess.connection(options.hub, options.timeoutMs);
    connection.connectTimeoutMs = options.timeoutMs;
    connection.requestTimeoutMs = options.timeoutMs;
    connection.reconnect = false;
    return connection;
}

} // namespace

HubSubcommand::HubSubcommand(const HubCtlOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
    , m_connection(onceOnly(options), m_clock)
{
    connect(&m_connection, &HubConnection::stateChanged, this, &HubSubcommand::onState);
    connect(&m_connection, &HubConnection::received, this, [this](const HubMessage &message) {
        if (!isEnded())
            onMessage(message);
    });
}

void HubSubcommand::start()
{
    m_connection.open();
}

void HubSubcommand::onState(HubConnection::State state)
{
    if (state == HubConnection::State::Ready && !isEnded()) {
        onReady();
    } else if (state == HubConnection::State::Closed) {
        if (!isEnded()) {
            const SourceFailure &failure = m_connection.failure();
            Output::complain(printable(failure.hint.isEmpty() ? failure.text : QString(failure.text + u' ' + failure.hint)));
            end(onCut(CtlExit::NoConnection));
        }
        if (!std::exchange(m_closed, true)) // Queued, so that the signal of the connection has returned.
            QMetaObject::invokeMethod(
                this, [this] { emit finished(m_code); }, Qt::QueuedConnection);
    }
}

void HubSubcommand::finish()
{
    if (!isEnded())
        end(onCut(m_connection.state() == HubConnection::State::Ready ? CtlExit::Findings : CtlExit::NoConnection));
}

void HubSubcommand::close(CtlExit code)
{
    m_code = code;
    // Queued: it may be called by a signal of the connection.
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_connection.close();
            onState(m_connection.state());
        },
        Qt::QueuedConnection);
}

void HubSubcommand::giveUp(const HubAnswer &answer)
{
    using Outcome = HubAnswer::Outcome;
    if (isEnded() || answer.outcome == Outcome::Lost || answer.outcome == Outcome::NotSent)
        return; // The end of the connection says why.
    Output::complain(printable(answer.text()));
    end(answer.outcome == Outcome::TimedOut ? CtlExit::NoConnection : CtlExit::Findings);
}

} // namespace pulsedeck
