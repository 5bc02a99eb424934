// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubsubcommand.h"

#include "app/ctl/fleettext.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

HubConnectionOptions onceOnly(const HubCtlOptions &options)
{
    HubConnectionOptions connection = options.access.connection(options.hub, options.timeoutMs);
    connection.connectTimeoutMs = options.timeoutMs;
    connection.requestTimeoutMs = options.timeoutMs;
    connection.reconnect = false;
    return connection;
}

} // namespace

HubSubcommand::HubSubcommand(const HubCtlOptions &options, Output &output)
    : m_options(options)
    , m_connection(onceOnly(options), m_clock)
    , m_output(output)
{
    connect(&m_connection, &HubConnection::stateChanged, this, &HubSubcommand::onState);
    connect(&m_connection, &HubConnection::received, this, [this](const HubMessage &message) {
        if (!m_ended)
            onMessage(message);
    });
}

void HubSubcommand::start()
{
    m_connection.open();
}

void HubSubcommand::onState(HubConnection::State state)
{
    if (state == HubConnection::State::Ready && !m_ended) {
        onReady();
    } else if (state == HubConnection::State::Closed) {
        if (!m_ended) {
            const SourceFailure &failure = m_connection.failure();
            Output::complain(printable(failure.hint.isEmpty() ? failure.text : QString(failure.text + u' ' + failure.hint)));
            end(onCut(CtlExit::NoConnection));
        }
        if (!std::exchange(m_told, true)) // Queued, so that the connection is done with telling it.
            QMetaObject::invokeMethod(
                this, [this] { emit finished(m_code); }, Qt::QueuedConnection);
    }
}

void HubSubcommand::finish()
{
    if (!m_ended)
        end(onCut(m_connection.state() == HubConnection::State::Ready ? CtlExit::Findings : CtlExit::NoConnection));
}

void HubSubcommand::end(CtlExit code)
{
    if (m_ended)
        return;
    m_ended = true;
    m_code = code;
    // Queued: it may be called by an answer that the connection is telling.
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_connection.close();
            onState(m_connection.state());
        },
        Qt::QueuedConnection);
}

bool HubSubcommand::print(const QByteArray &bytes)
{
    switch (m_output.write(bytes)) {
    case Output::Result::Written:
        return true;
    case Output::Result::Failed:
        Output::complain(m_output.errorString());
        end(CtlExit::Usage);
        return false;
    case Output::Result::ReaderGone:
        end(CtlExit::Done);
        return false;
    }
    return false;
}

void HubSubcommand::giveUp(const HubAnswer &answer)
{
    using Outcome = HubAnswer::Outcome;
    if (m_ended || answer.outcome == Outcome::Lost || answer.outcome == Outcome::NotSent)
        return; // The end of the connection says why.
    Output::complain(printable(answer.text()));
    end(answer.outcome == Outcome::TimedOut ? CtlExit::NoConnection : CtlExit::Findings);
}

} // namespace pulsedeck
