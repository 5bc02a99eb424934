// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/hubsourcewords.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubwords.h"
#include "ui/common/sourcewords.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 oldListAfterMs = 10'000;
constexpr int budget = 10; ///< Messages a second that a hub takes.
constexpr int highBudget = 8; ///< Used so far it is worth a word.

} // namespace

QString hubTokenWord(const SourceSettings &settings)
{
    return settings.tokenFrom == TokenFrom::Nowhere ? u"no token"_s : u"token"_s;
}

std::pair<QString, QString> hubTokenWords(const SourceSettings &settings)
{
    switch (settings.tokenFrom) {
    case TokenFrom::Nowhere:
        return {u"none"_s, {}};
    case TokenFrom::Typed:
        if (settings.token.isEmpty() && !settings.demo)
            return {u"not typed yet"_s, u"it is never stored, so it has to be typed after each start"_s};
        return {u"typed"_s, u"kept until Pulsedeck closes, never stored"_s};
    case TokenFrom::Keychain:
        return {u"from the system's keychain"_s, u"read at each connect"_s};
    case TokenFrom::Environment:
        return {u"from the environment"_s, u"variable "_s + settings.tokenVariable + u", read at each connect"_s};
    }
    return {};
}

bool isHubListOld(const HubView &view, qint64 now)
{
    return view.wholeSince > 0 && now - view.wholeSince > qMax(oldListAfterMs, 3 * view.everyMs);
}

QString hubForgotWords(const SourceStatus &status, const HubView &view)
{
    if (view.awaited <= 0)
        return {};
    const QString what = status.trouble == SourceTrouble::Forgotten ? u"forgot everything"_s : u"lost all registrations"_s;
    return what + u": "_s + countedWord(view.awaited, u"actor"_s) + u" awaited"_s;
}

QStringList hubCellParts(const SourceStatus &status, const HubView *view, qint64 now)
{
    QStringList parts;
    if (!status.isConnected())
        return parts;
    const bool steady = status.state != SourceState::Loading;
    if (view && steady && isHubListOld(*view, now))
        parts << u"list "_s + spanText(now - view->wholeSince) + u" old"_s;
    if (view && view->vitals.budgetUsed >= highBudget)
        parts << u"budget %1 of %2"_s.arg(view->vitals.budgetUsed).arg(budget);
    if (status.roundTripMs != unknownValue)
        parts << u"rtt "_s + roundTripText(status.roundTripMs);
    if (view && view->vitals.lastAckAt > 0)
        parts << u"heartbeat "_s + spanText(now - view->vitals.lastAckAt) + u" ago"_s;
    return parts;
}

QString hubHealthLine(const std::optional<HubHealth> &health, qint64 at, qint64 now)
{
    return u"GET /health: "_s + (health ? healthWords(health, at, now).value : u"not asked yet"_s);
}

QStringList hubToolTipLines(const HubView &view, qint64 now)
{
    QStringList lines;
    if (view.vitals.keptHeartbeatMs > 0) {
        const HubWords heartbeat = heartbeatWords(view.vitals, true);
        lines << u"heartbeat "_s + heartbeat.value << heartbeat.note;
    }
    lines << budgetWords(view.vitals, true).value;
    const HubWords list = listWords(view, true, now);
    lines << list.value;
    if (list.trouble)
        lines << list.note;
    return lines;
}

} // namespace pulsedeck
