// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingparameter.h"
#include "models/sources/sourceenvironment.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pulsedeck {

/// What a rule looks at.
enum class AlertScope : quint8 {
    Workers, ///< Those that match a filter.
    Drains, ///< Workers whose drain takes longer than its timeout.
    Capacity, ///< How many of the workers of a group can take work.
    Queues, ///< Those that match a filter.
    Sources, ///< Those that are not connected.
    Certificates, ///< Sources whose server has a certificate that ends soon.
};

/// What makes one alert of several findings.
enum class AlertGrouping : quint8 { Each, Host, Type, System, Source, All };

enum class AlertSeverity : quint8 { Warning, Critical };

/// For files: "workers", "host", "critical", ….
QString alertScopeName(AlertScope scope);
QString alertGroupingName(AlertGrouping grouping);
QString alertSeverityName(AlertSeverity severity);
std::optional<AlertScope> alertScopeFromName(const QString &name);
std::optional<AlertGrouping> alertGroupingFromName(const QString &name);
/// The same for people. GUI thread.
QString alertSeverityText(AlertSeverity severity);

/// One rule, as it is written in a file: see docs/alerts.md. A value. Durations are milliseconds.
struct AlertRule
{
    static constexpr qint64 unset = -1;
    static constexpr qint64 usualTogetherMs = 10'000;

    QString name; ///< Unique; lower-case letters, digits and hyphens.
    QString title; ///< What it watches for, in a sentence without a full stop: "A worker crashed or is lost".
    QString finding; ///< What is said of a group: "crashed or lost".
    bool on = true;
    AlertScope scope = AlertScope::Workers;
    QString match; ///< In the filter language of the Fleet page, for queues that of the Queues page. Empty: all.
    QString keep; ///< One that was found is so for as long as this matches; empty: as long as match does.
    AlertGrouping group = AlertGrouping::Each;
    qint64 togetherMs =
        0; ///< Workers by host: what begins in one source within so long of each other is one alert; 0: one a host.
    int atLeast = 1; ///< So many of a group at once.
    int belowPercent = int(unset); ///< Capacity: fires below so many percent.
    int fewerThan = int(unset); ///< Capacity: fires below so many workers.
    int keepBelow = int(unset); ///< Capacity: and lasts below so many percent or workers; unset: the same.
    qint64 beforeMs = 14LL * 24 * 3'600'000; ///< Certificates: fires so long before the end.
    qint64 holdMs = 0; ///< Each has to hold for so long before it counts.
    std::optional<TimingId>
        holdTiming; ///< Instead, for as long as this is at its source; holdMs where the source does not report it.
    qint64 clearMs = 30'000; ///< It is over once it has not held for so long.
    QList<SourceEnvironment> environments; ///< Of which sources; empty: all.
    QStringList outlets; ///< Where it is sent, by name; "desktop" is always there, and the window shows all.
    AlertSeverity severity = AlertSeverity::Warning;

    /// What it finds are sources, and not what is in them.
    bool isAboutSources() const { return scope == AlertScope::Sources || scope == AlertScope::Certificates; }
    /// Of workers, grouped by host: they may come on many hosts at once.
    bool canJoinHosts() const
    {
        return group == AlertGrouping::Host && (scope == AlertScope::Workers || scope == AlertScope::Drains);
    }
    bool isFor(SourceEnvironment environment) const { return environments.isEmpty() || environments.contains(environment); }
    bool operator==(const AlertRule &) const = default;
};

/// Somewhere alerts are sent, as it is written in a file. A value.
struct AlertOutlet
{
    enum class Kind : quint8 { Webhook, Command };
    /// What is sent: a list of alerts as Alertmanager takes it at /api/v2/alerts, or the message it sends to a webhook.
    enum class Format : quint8 { Alertmanager, Webhook };

    QString name;
    Kind kind = Kind::Webhook;
    Format format = Format::Alertmanager;
    QString url; ///< Webhook: http or https, without a user or a password.
    QString secretVariable; ///< Webhook: the environment variable that has the key of its signature; empty: none.
    QString secretFile; ///< The same in a file.
    QStringList command; ///< Command: program and arguments. The message comes on its standard input.
    qint64 timeoutMs = 10'000; ///< For one attempt.
    qint64 repeatMs = 0; ///< Sent again so often while it lasts; 0: never.

    bool operator==(const AlertOutlet &) const = default;
};

/// For files: "alertmanager", "webhook".
QString alertFormatName(AlertOutlet::Format format);
std::optional<AlertOutlet::Format> alertFormatFromName(const QString &name);

/// All of a file.
struct AlertPlan
{
    QList<AlertRule> rules;
    QList<AlertOutlet> outlets;

    /// These rules and outlets, each in the place of the one of the same name, or behind all.
    AlertPlan with(const AlertPlan &own) const;
    const AlertRule *rule(const QString &name) const;
    const AlertOutlet *outlet(const QString &name) const;
    bool operator==(const AlertPlan &) const = default;
};

} // namespace pulsedeck
