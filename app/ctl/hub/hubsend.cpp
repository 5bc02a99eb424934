// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubsend.h"

#include "app/ctl/ctljournal.h"
#include "app/ctl/fleettext.h"
#include "app/hub/actormessage.h"
#include "app/hub/hubtext.h"
#include "models/core/operatorname.h"
#include "models/hub/jsontext.h"

#include <QFile>
#include <QJsonObject>
#include <QStringDecoder>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr SourceId theHub = 1;
constexpr qsizetype longestReply = 4'000; // On a terminal; with --json all that is kept of it.
constexpr int registrationReserve = 60;
constexpr int msPerSecond = 1'000;

QString outcomeName(const HubCallAnswer &answer)
{
    switch (answer.outcome) {
    case HubCallAnswer::Outcome::Answered:
        return u"delivered"_s;
    case HubCallAnswer::Outcome::Sent:
        return u"sent"_s;
    case HubCallAnswer::Outcome::Refused:
        return u"refused"_s;
    case HubCallAnswer::Outcome::UnknownActor:
        return u"unknown-actor"_s;
    case HubCallAnswer::Outcome::Unknown:
        return u"unknown"_s;
    case HubCallAnswer::Outcome::NotSent:
        break;
    }
    return u"not-sent"_s;
}

QJsonValue shownOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(hubShownText(text));
}

} // namespace

HubSend::HubSend(const HubCtlOptions &options, Output &output)
    : HubSubcommand(options, output)
    , m_hubs(m_clock)
    , m_calls(theHub, options.hub, m_clock, nullptr)
{
    m_hubs.setOperator(operatorName());
    m_hubs.addHub(theHub, options.hub.shortName());
    m_calls.setConnection(&m_connection);
    m_calls.setWritable(true);
    connect(&m_hubs, &HubStore::callRequested, this, [this](SourceId, const HubCall &call) {
        m_sentAt = m_clock.nowMs();
        m_calls.call(call);
    });
    connect(&m_calls, &HubCallHandler::answered, &m_hubs, &HubStore::takeAnswer);
    connect(&m_hubs, &HubStore::answered, this, &HubSend::take);
    m_replyLimit.setSingleShot(true);
    connect(&m_replyLimit, &QTimer::timeout, this, &HubSend::conclude);
}

HubSend::~HubSend()
{
    // The journal is closed with all that was written, before the store it serves is gone.
    m_hubs.setJournal(nullptr);
    m_calls.setConnection(nullptr);
}

QString HubSend::readData()
{
    if (!m_options.hasData)
        return {};
    QString text = m_options.data;
    QString where;
    if (text == u"-" || text.startsWith(u'@')) {
        QFile file(text.mid(1));
        where = text == u"-" ? u"standard input"_s : file.fileName();
        const bool open = text == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
        if (!open)
            return u"%1 cannot be read: %2."_s.arg(where, file.errorString());
        QByteArray bytes;
        while (bytes.size() <= HubRequest::maxBytes) {
            const QByteArray more = file.read(HubRequest::maxBytes + 1 - bytes.size());
            if (more.isEmpty())
                break;
            bytes += more;
        }
        if (file.error() != QFileDevice::NoError)
            return u"%1 cannot be read: %2."_s.arg(where, file.errorString());
        if (bytes.size() > HubRequest::maxBytes)
            return u"%1 has more than the %2 bytes that a hub accepts."_s.arg(where).arg(HubRequest::maxBytes);
        QStringDecoder decoder(QStringDecoder::Utf8);
        text = decoder(bytes);
        if (decoder.hasError())
            return where + u" is not UTF-8 text."_s;
    }
    const JsonInput input = readJson(text);
    if (!input.problem.isEmpty()) {
        return u"%1%2, in line %3, column %4."_s.arg(where.isEmpty() ? u"The data: "_s : where + u": "_s, input.problem)
            .arg(input.line)
            .arg(input.column);
    }
    if (input.value.isUndefined())
        return where.isEmpty() ? u"The data is empty: JSON is expected, such as {}."_s : where + u" is empty."_s;
    m_data = input.value;
    m_exact = input.exact;
    return {};
}

void HubSend::start()
{
    m_journal = openJournal(m_options.journalFile);
    m_hubs.setJournal(m_journal.get());
    HubSubcommand::start();
}

void HubSend::onReady()
{
    if (m_options.replyMs == 0) {
        send();
        return;
    }
    // An actor can reply to registered addresses only.
    const int seconds = m_options.replyMs / msPerSecond + registrationReserve;
    m_connection.request(
        HubRequest::registerActor(m_connection.address(), {u"console"_s}, {{u"displayName"_s, u"pulsedeckctl"_s}}, seconds),
        [this](const HubAnswer &answer) {
            if (isEnded())
                return;
            if (answer.outcome == HubAnswer::Outcome::Answered) {
                send();
                return;
            }
            Output::complain(u"Nothing was sent: without a registration no reply can arrive."_s);
            giveUp(answer);
        });
}

void HubSend::send()
{
    HubCall call;
    call.kind = m_options.tell ? HubCall::Kind::Tell : HubCall::Kind::Ask;
    call.target = m_options.actor;
    call.type = m_options.type;
    call.data = m_data;
    call.exact = m_exact;
    m_hubs.call(theHub, call);
}

void HubSend::take(const HubCallAnswer &answer)
{
    m_answer = answer;
    const auto &log = m_hubs.log(theHub);
    m_result = log.empty() ? outcomeName(answer) : log.back().result;
    if (!m_options.json && !isEnded())
        print(printable(m_options.actor + u"  "_s + m_result).toUtf8() + '\n', CtlExit::Done);
    if (answer.ok() && m_options.replyMs > 0 && !m_reply)
        m_replyLimit.start(m_options.replyMs);
    endIfComplete();
}

void HubSend::onMessage(const HubMessage &message)
{
    const auto *application = message.as<hub::Application>();
    const bool reply = application && application->way == hub::Application::Way::Forwarded && message.from() == m_options.actor;
    if (!reply || m_reply || m_sentAt == 0 || m_options.replyMs == 0)
        return;
    m_reply = actorMessage(theHub, m_clock.nowMs(), message, *application);
    endIfComplete();
}

void HubSend::endIfComplete()
{
    if (m_answer && (!m_answer->ok() || m_options.replyMs == 0 || m_reply))
        conclude();
}

CtlExit HubSend::onCut(CtlExit code)
{
    if (m_answer)
        conclude(); // It waited for the reply.
    else
        m_hubs.removeHub(theHub); // Which answers what waits, into the journal too.
    return code;
}

QByteArray HubSend::replyText() const
{
    const QString payload = jsonLineText(m_reply->payload, longestReply);
    return printable(u"%1  replied %2 after %3 ms%4"_s.arg(m_options.actor, m_reply->type)
                         .arg(qMax<qint64>(0, m_reply->at - m_sentAt))
                         .arg(payload.isEmpty() ? QString() : QString(u": "_s + payload)))
               .toUtf8()
           + '\n';
}

void HubSend::conclude()
{
    if (std::exchange(m_concluded, true))
        return;
    m_replyLimit.stop();
    QByteArray out;
    if (m_options.json) {
        const auto *ack = m_answer->as<hub::DeliveryAck>();
        QJsonObject object{{u"actor"_s, m_options.actor},
                           {u"type"_s, m_options.type},
                           {u"way"_s, m_options.tell ? u"tell"_s : u"ask"_s},
                           {u"outcome"_s, outcomeName(*m_answer)},
                           {u"text"_s, hubShownText(m_result)},
                           {u"elapsedMs"_s, m_answer->elapsedMs},
                           {u"messageId"_s, ack ? shownOrNull(ack->messageId) : QJsonValue()},
                           {u"deliveredAt"_s, ack ? QJsonValue(ack->deliveredAt) : QJsonValue()}};
        if (m_options.replyMs > 0) {
            object.insert("reply"_L1, m_reply ? QJsonValue(QJsonObject{{u"from"_s, m_reply->from},
                                                                       {u"type"_s, m_reply->type},
                                                                       {u"at"_s, m_reply->at},
                                                                       {u"payload"_s, m_reply->payload},
                                                                       {u"cut"_s, m_reply->cut}})
                                              : QJsonValue());
        }
        out = printableJson(object) + '\n';
    } else if (m_reply) {
        out = replyText();
    }
    const bool silent = m_answer->ok() && m_options.replyMs > 0 && !m_reply;
    if (silent)
        Output::complain(printable(m_options.actor) + u" did not reply."_s);
    if (print(out, CtlExit::Done))
        end(m_answer->ok() && !silent ? CtlExit::Done : CtlExit::Findings);
}

} // namespace pulsedeck
