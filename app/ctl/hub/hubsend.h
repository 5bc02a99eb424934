// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubsubcommand.h"
#include "app/hub/hubcallhandler.h"
#include "models/hub/hubstore.h"

namespace pulsedeck {

class Journal;

/// pulsedeckctl hub send: one message to one actor, its intent in the journal before it goes out. Ends when the hub has
/// answered, with --wait-reply when the actor has, or its time is over.
class HubSend final : public HubSubcommand
{
    Q_OBJECT

public:
    HubSend(const HubCtlOptions &options, Output &output);
    ~HubSend() override;

    /// The data to be sent, which may come from a file or from standard input; before start(). A sentence if it is
    /// none.
    QString readData();
    void start() override;

protected:
    void onReady() override;
    void onMessage(const HubMessage &message) override;
    CtlExit onCut(CtlExit code) override;

private:
    void send();
    void take(const HubCallAnswer &answer);
    void endIfComplete();
    void conclude();
    QByteArray replyText() const;

    std::unique_ptr<Journal> m_journal;
    HubStore m_hubs;
    HubCallHandler m_calls;
    QJsonValue m_data = QJsonValue::Undefined;
    QByteArray m_exact; ///< The same as it was typed.
    QTimer m_replyLimit;
    std::optional<HubCallAnswer> m_answer;
    std::optional<ActorMessage> m_reply;
    QString m_result;
    qint64 m_sentAt = 0;
    bool m_concluded = false;
};

} // namespace pulsedeck
