// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertrule.h"

#include "models/core/enumtable.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace pulsedeck {

namespace {

class AlertRuleTexts
{
    Q_DECLARE_TR_FUNCTIONS(AlertRuleTexts)
};

constexpr std::array scopes{
    NamedId<AlertScope>{AlertScope::Workers, "workers"},   NamedId<AlertScope>{AlertScope::Drains, "drains"},
    NamedId<AlertScope>{AlertScope::Capacity, "capacity"}, NamedId<AlertScope>{AlertScope::Queues, "queues"},
    NamedId<AlertScope>{AlertScope::Sources, "sources"},   NamedId<AlertScope>{AlertScope::Certificates, "certificates"},
};
static_assert(isInOrder(scopes, AlertScope::Certificates));

constexpr std::array groupings{
    NamedId<AlertGrouping>{AlertGrouping::Each, "each"},     NamedId<AlertGrouping>{AlertGrouping::Host, "host"},
    NamedId<AlertGrouping>{AlertGrouping::Type, "type"},     NamedId<AlertGrouping>{AlertGrouping::System, "system"},
    NamedId<AlertGrouping>{AlertGrouping::Source, "source"}, NamedId<AlertGrouping>{AlertGrouping::All, "all"},
};
static_assert(isInOrder(groupings, AlertGrouping::All));

constexpr std::array severities{
    NamedId<AlertSeverity>{AlertSeverity::Warning, "warning"},
    NamedId<AlertSeverity>{AlertSeverity::Critical, "critical"},
};
static_assert(isInOrder(severities, AlertSeverity::Critical));

constexpr std::array formats{
    NamedId<AlertOutlet::Format>{AlertOutlet::Format::Alertmanager, "alertmanager"},
    NamedId<AlertOutlet::Format>{AlertOutlet::Format::Webhook, "webhook"},
};
static_assert(isInOrder(formats, AlertOutlet::Format::Webhook));

template <typename List> auto *named(const List &list, const QString &name)
{
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto &one) { return one.name == name; });
    return found == list.end() ? nullptr : &*found;
}

} // namespace

QString alertScopeName(AlertScope scope)
{
    return nameFromId(scopes, scope);
}

QString alertGroupingName(AlertGrouping grouping)
{
    return nameFromId(groupings, grouping);
}

QString alertSeverityName(AlertSeverity severity)
{
    return nameFromId(severities, severity);
}

QString alertSeverityText(AlertSeverity severity)
{
    return severity == AlertSeverity::Critical ? AlertRuleTexts::tr("critical") : AlertRuleTexts::tr("warning");
}

std::optional<AlertScope> alertScopeFromName(const QString &name)
{
    return idFromName(scopes, name);
}

std::optional<AlertGrouping> alertGroupingFromName(const QString &name)
{
    return idFromName(groupings, name);
}

QString alertFormatName(AlertOutlet::Format format)
{
    return nameFromId(formats, format);
}

std::optional<AlertOutlet::Format> alertFormatFromName(const QString &name)
{
    return idFromName(formats, name);
}

AlertPlan AlertPlan::with(const AlertPlan &own) const
{
    AlertPlan both = *this;
    const auto take = [](auto *list, const auto &ones) {
        for (const auto &one : ones) {
            const auto place = std::find_if(list->begin(), list->end(), [&](const auto &had) { return had.name == one.name; });
            if (place == list->end())
                list->append(one);
            else
                *place = one;
        }
    };
    take(&both.rules, own.rules);
    take(&both.outlets, own.outlets);
    return both;
}

const AlertRule *AlertPlan::rule(const QString &name) const
{
    return named(rules, name);
}

const AlertOutlet *AlertPlan::outlet(const QString &name) const
{
    return named(outlets, name);
}

} // namespace pulsedeck
