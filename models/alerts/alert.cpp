// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alert.h"

#include "models/core/enumtable.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>
#include <tuple>

namespace pulsedeck {

namespace {

constexpr std::array alertStates{
    NamedId<AlertState>{AlertState::Pending, "pending"},
    NamedId<AlertState>{AlertState::Firing, "firing"},
    NamedId<AlertState>{AlertState::Resolved, "resolved"},
};
static_assert(isInOrder(alertStates, AlertState::Resolved));

auto alertOrder(const Alert &alert)
{
    const int state = alert.state == AlertState::Firing ? 0 : alert.state == AlertState::Pending ? 1 : 2;
    const int severity = alert.state != AlertState::Resolved && alert.rule.severity == AlertSeverity::Critical ? 0 : 1;
    const qint64 at = alert.state == AlertState::Firing ? alert.firedAt : state == 1 ? alert.since : alert.resolvedAt;
    return std::tuple(state, severity, -at, alert.id);
}

} // namespace

QString alertStateName(AlertState state)
{
    return nameFromId(alertStates, state);
}

bool Alert::isBefore(const Alert &a, const Alert &b)
{
    return alertOrder(a) < alertOrder(b);
}

QString Alert::idOf(const QString &rule, const QString &group)
{
    const QByteArray text = rule.toUtf8() + '\0' + group.toUtf8();
    return QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).first(8).toHex());
}

bool AlertSilence::holds(const Alert &alert, qint64 wall) const
{
    return wall >= from && wall < until && (rule.isEmpty() || rule == alert.rule.name)
           && (groups.isEmpty()
               || std::all_of(alert.groups.begin(), alert.groups.end(),
                              [this](const QString &one) { return groups.contains(one); }))
           && (source.isEmpty() || (alert.sources.size() == 1 && alert.sources.front() == source));
}

} // namespace pulsedeck
