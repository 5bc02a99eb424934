// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubmetrics.h"

#include "app/ctl/fleettext.h"
#include "models/core/format.h"

#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QJsonValue orNull(std::optional<double> value)
{
    return value ? QJsonValue(*value) : QJsonValue();
}

} // namespace

HubMetrics::HubMetrics(const HubCtlOptions &options, Output &output)
    : HubSubcommand(options, output)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &HubMetrics::ask);
}

void HubMetrics::onReady()
{
    ask();
}

CtlExit HubMetrics::onCut(CtlExit code)
{
    // Being interrupted is its normal end.
    return code == CtlExit::Findings && !m_figures.metrics().empty() ? CtlExit::Done : code;
}

void HubMetrics::ask()
{
    if (m_options.everyMs > 0)
        m_next.start(m_options.everyMs);
    m_connection.request(HubRequest::metrics(), [this](const HubAnswer &answer) {
        if (isEnded())
            return;
        if (const auto *metrics = answer.as<hub::Metrics>())
            tell(*metrics);
        else
            giveUp(answer);
    });
}

void HubMetrics::tell(const hub::Metrics &metrics)
{
    m_figures.addMetrics(metrics, m_clock.nowMs());
    const HubMetricsSample &sample = m_figures.metrics().back();
    QByteArray out;
    if (m_options.json) {
        QJsonObject object{
            {u"at"_s, m_clock.wallNowMs()},          {u"received"_s, metrics.received},  {u"sent"_s, metrics.sent},
            {u"errors"_s, metrics.errors},           {u"opened"_s, metrics.opened},      {u"closed"_s, metrics.closed},
            {u"windowStart"_s, metrics.windowStart}, {u"timestamp"_s, metrics.timestamp}};
        if (m_options.everyMs > 0) {
            object.insert("receivedPerSecond"_L1, orNull(sample.receivedPerSecond));
            object.insert("sentPerSecond"_L1, orNull(sample.sentPerSecond));
            object.insert("errorsPerSecond"_L1, orNull(sample.errorsPerSecond));
        }
        out = printableJson(object) + '\n';
    } else {
        const qint64 window = qMax<qint64>(0, metrics.timestamp - metrics.windowStart);
        constexpr int wide = 9;
        constexpr int wideRate = 11;
        const auto right = [](const QString &text, int width) { return text.rightJustified(width); };
        if (m_figures.metrics().size() == 1) {
            QString head = u"TIME    "_s;
            for (const QString &title : {u"RECEIVED"_s, u"SENT"_s, u"ERRORS"_s, u"OPENED"_s, u"CLOSED"_s, u"WINDOW"_s})
                head += right(title, wide);
            if (m_options.everyMs > 0)
                head += right(u"RECEIVED/S"_s, wideRate) + right(u"SENT/S"_s, wideRate);
            out = head.toUtf8() + '\n';
        }
        QString line = wallClockText(m_clock.wallNowMs());
        for (const qint64 count : {metrics.received, metrics.sent, metrics.errors, metrics.opened, metrics.closed})
            line += u' ' + right(QString::number(count), wide - 1);
        line += u' ' + right(durationText(window), wide - 1);
        if (m_options.everyMs > 0)
            line += right(rateText(sample.receivedPerSecond), wideRate) + right(rateText(sample.sentPerSecond), wideRate);
        out += line.toUtf8() + '\n';
    }
    if (print(out, CtlExit::Done) && m_options.everyMs == 0)
        end(CtlExit::Done);
}

} // namespace pulsedeck
