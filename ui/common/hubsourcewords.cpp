// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/hubsourcewords.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubwords.h"
#include "ui/common/sourcewords.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class HubSourceTexts
{
    Q_DECLARE_TR_FUNCTIONS(HubSourceTexts)
};

constexpr qint64 oldListAfterMs = 10'000;
constexpr int budget = 10; ///< Messages a second that a hub takes.
constexpr int highBudget = 8; ///< Used so far it is worth a word.

} // namespace

QString hubTokenWord(const SourceSettings &settings)
{
    return settings.tokenFrom == TokenFrom::Nowhere ? HubSourceTexts::tr("no token") : HubSourceTexts::tr("token");
}

std::pair<QString, QString> hubTokenWords(const SourceSettings &settings)
{
    switch (settings.tokenFrom) {
    case TokenFrom::Nowhere:
        return {HubSourceTexts::tr("none"), {}};
    case TokenFrom::Typed:
        if (settings.token.isEmpty() && !settings.demo)
            return {HubSourceTexts::tr("not typed yet"),
                    HubSourceTexts::tr("never stored, so it has to be typed after each start")};
        return {HubSourceTexts::tr("typed"), HubSourceTexts::tr("kept until Pulsedeck closes, never stored")};
    case TokenFrom::Keychain:
        return {HubSourceTexts::tr("from the system's keychain"), HubSourceTexts::tr("read at each connect")};
    case TokenFrom::Environment:
        return {HubSourceTexts::tr("from the environment"),
                HubSourceTexts::tr("variable %1, read at each connect").arg(settings.tokenVariable)};
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
    return status.trouble == SourceTrouble::Forgotten
               ? HubSourceTexts::tr("forgot everything: %Ln actor(s) awaited", nullptr, view.awaited)
               : HubSourceTexts::tr("lost all registrations: %Ln actor(s) awaited", nullptr, view.awaited);
}

QStringList hubCellParts(const SourceStatus &status, const HubView *view, qint64 now)
{
    QStringList parts;
    if (!status.isConnected())
        return parts;
    const bool steady = status.state != SourceState::Loading;
    if (view && steady && isHubListOld(*view, now))
        parts << HubSourceTexts::tr("list %1 old").arg(spanText(now - view->wholeSince));
    if (view && view->vitals.budgetUsed >= highBudget)
        parts << HubSourceTexts::tr("budget %1 of %2").arg(view->vitals.budgetUsed).arg(budget);
    if (status.roundTripMs != unknownValue)
        parts << HubSourceTexts::tr("rtt %1").arg(roundTripText(status.roundTripMs));
    if (view && view->vitals.lastAckAt > 0)
        parts << HubSourceTexts::tr("heartbeat %1 ago").arg(spanText(now - view->vitals.lastAckAt));
    return parts;
}

QString hubHealthLine(const std::optional<HubHealth> &health, qint64 at, qint64 now)
{
    // untranslated: the request itself
    return u"GET /health: "_s + (health ? healthWords(health, at, now).value : HubSourceTexts::tr("not asked yet"));
}

QStringList hubToolTipLines(const HubView &view, qint64 now)
{
    QStringList lines;
    if (view.vitals.keptHeartbeatMs > 0) {
        const HubWords heartbeat = heartbeatWords(view.vitals, true);
        lines << HubSourceTexts::tr("heartbeat %1").arg(heartbeat.value) << heartbeat.note;
    }
    lines << budgetWords(view.vitals, true).value;
    const HubWords list = listWords(view, true, now);
    lines << list.value;
    if (list.trouble)
        lines << list.note;
    return lines;
}

} // namespace pulsedeck
