// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/controlline.h"

#include <cmath>

namespace pulsedeck::fleet {

namespace {

constexpr double longestSeconds = 20.0 * 24 * 3600;

} // namespace

std::optional<ControlLine> ControlLine::parse(const QByteArray &line, QString *problem)
{
    ControlLine order;
    const QStringList words = QString::fromUtf8(line).simplified().split(u' ', Qt::SkipEmptyParts);
    if (words.isEmpty() || words.first().startsWith(u'#'))
        return order;
    const QString &name = words.first();
    order.name = name.toUtf8();

    qsizetype most = 2;
    if (name == u"status" || name == u"quit") {
        order.verb = name == u"status" ? Verb::Status : Verb::Quit;
        most = 1;
    } else if (name == u"drain" || name == u"drain-set") {
        order.verb = name == u"drain" ? Verb::Drain : Verb::DrainSet;
    } else if (const auto mode = failureModeFromName(name)) {
        if (*mode == FailureMode::Untyped) {
            *problem = QStringLiteral("untyped workers are made by --fail untyped=SHARE only");
            return std::nullopt;
        }
        order.mode = *mode;
        order.verb = *mode == FailureMode::Outage ? Verb::Outage : Verb::Mode;
        most = 3;
    } else {
        *problem = QStringLiteral("“%1” is none of %2, drain, drain-set, status, quit")
                       .arg(name, failureModeNames().join(QStringLiteral(", ")));
        return std::nullopt;
    }
    if (words.size() > most) {
        *problem = QStringLiteral("%1 takes no more than %2 values").arg(name).arg(most - 1);
        return std::nullopt;
    }

    const bool isOutage = order.mode == FailureMode::Outage;
    const int countAt = isOutage ? 2 : 1;
    const int secondsAt = isOutage ? 1 : 2;
    bool ok = true;
    const bool named = !isOutage && words.size() > countAt && words[countAt].contains(u'-') && words[countAt].size() > 16;
    if (named) {
        order.worker = words[countAt].toUtf8();
    } else if (words.size() > countAt) {
        order.count = words[countAt].toInt(&ok);
        if (!ok || order.count < 1) {
            *problem = QStringLiteral("“%1” is not a number of workers").arg(words[countAt]);
            return std::nullopt;
        }
        if (isOutage)
            order.verb = Verb::Mode; // Of some workers alone.
    }
    if (words.size() > secondsAt) {
        order.seconds = words[secondsAt].toDouble(&ok);
        const bool negativeToo = order.mode == FailureMode::Skew;
        if (!ok || !std::isfinite(*order.seconds) || std::abs(*order.seconds) > longestSeconds
            || (!negativeToo && *order.seconds <= 0)) {
            *problem = QStringLiteral("“%1” is not a number of seconds").arg(words[secondsAt]);
            return std::nullopt;
        }
    }
    return order;
}

} // namespace pulsedeck::fleet
