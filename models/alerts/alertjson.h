// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alert.h"

#include <QJsonObject>

namespace pulsedeck {

class Clock;

/// One alert as Alertmanager takes it at /api/v2/alerts: labels, annotations, startsAt, and endsAt for one that is over. Times
/// are the machine's. Names only; no payload, password or argument of a job is in it.
QJsonObject alertJson(const Alert &alert, const Clock &clock);
/// What is sent: a list of one for AlertOutlet::Format::Alertmanager, else the message that Alertmanager sends to a webhook.
QByteArray alertMessage(const Alert &alert, AlertOutlet::Format format, const QString &outlet, const Clock &clock);
/// All that is known of it, for programs that follow alerts: state, figures, subjects.
QJsonObject alertRecord(const Alert &alert, const Clock &clock);

} // namespace pulsedeck
