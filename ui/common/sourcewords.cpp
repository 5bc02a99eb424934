// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/sourcewords.h"

#include "models/commands/writeaccess.h"
#include "models/core/format.h"
#include "models/fleet/fleetevents.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubsourcewords.h"
#include "ui/common/hubwords.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace pulsedeck {

Glyph sourceGlyph(SourceState state)
{
    switch (state) {
    case SourceState::Off:
        return Glyph::Off;
    case SourceState::Connecting:
        return Glyph::Unknown;
    case SourceState::Loading:
        return Glyph::New;
    case SourceState::Live:
    case SourceState::Sweeping:
        return Glyph::Alive;
    case SourceState::Stalled:
    case SourceState::Waiting:
        return Glyph::Warning;
    case SourceState::Failed:
        return Glyph::Error;
    }
    return Glyph::Off;
}

bool isTrouble(SourceState state)
{
    return state == SourceState::Stalled || state == SourceState::Waiting || state == SourceState::Failed;
}

bool isTrouble(const SourceStatus &status)
{
    // What is wrong though the connection stands: a server that forgot its fleet, a view with parts missing.
    const bool complains = status.isConnected() && (status.trouble != SourceTrouble::None || status.isPartial());
    return isTrouble(status.state) || complains;
}

Glyph sourceGlyph(const SourceStatus &status)
{
    return isTrouble(status) && !isTrouble(status.state) ? Glyph::Warning : sourceGlyph(status.state);
}

ToneLabel::Tone sourceTone(const SourceStatus &status)
{
    if (status.state == SourceState::Failed)
        return ToneLabel::Tone::Stale;
    return isTrouble(status) ? ToneLabel::Tone::Late : ToneLabel::Tone::Dim;
}

QString sourceKindName(const SourceSettings &settings)
{
    return settings.demo ? traitText(settings.traits()->demo) : settings.traits()->system;
}

QString sourceAddress(const SourceSettings &settings)
{
    return settings.address() + settings.unusualPath();
}

QString sourceAddressLine(const SourceSettings &settings)
{
    QString text = sourceAddress(settings);
    if (settings.traits()->has(SourceFact::Messages))
        text += u" · "_s + hubTokenWord(settings);
    else if (!settings.user.isEmpty())
        text += u" · user "_s + settings.user;
    return text;
}

QString sourceShortState(const SourceStatus &status)
{
    switch (status.state) {
    case SourceState::Off:
        return u"off"_s;
    case SourceState::Connecting:
        return u"connecting"_s;
    case SourceState::Loading:
        return status.total > 0 ? QString(QString::number(qint64(status.loaded) * 100 / status.total) + u" %"_s)
                                : traitText(status.traits->listing);
    case SourceState::Live:
    case SourceState::Sweeping:
        if (status.isPartial())
            return u"incomplete"_s;
        return status.roundTripMs == unknownValue ? u"connected"_s : roundTripText(status.roundTripMs);
    case SourceState::Stalled:
        return status.isCutOff() ? u"cut off"_s : u"stalled"_s;
    case SourceState::Waiting:
        return status.lostAt > 0 ? u"lost"_s : u"not reached"_s; // What never was there is not lost.
    case SourceState::Failed:
        return u"failed"_s;
    }
    return {};
}

QString sourceHeadline(const SourceStatus &status, qint64 now)
{
    switch (status.state) {
    case SourceState::Live:
    case SourceState::Sweeping: {
        const QString text = u"connected for "_s + spanText(now - status.since);
        return status.isPartial() ? QString(text + u" · the view is not complete"_s) : text;
    }
    case SourceState::Stalled:
    case SourceState::Waiting: {
        QString text = sourceStateText(status, now);
        if (status.state == SourceState::Waiting && status.lostAt > 0 && status.lostAt < now)
            text += u" · last answer "_s + spanText(now - status.lostAt) + u" ago"_s;
        return text;
    }
    default:
        return sourceStateText(status, now);
    }
}

QString sourceCellText(const SourceSettings &settings, const SourceStatus &status, qint64 now, const HubView *view)
{
    QStringList parts;
    if (isTrouble(status) && status.isConnected()) {
        const QString forgot = view ? hubForgotWords(status, *view) : QString();
        parts << (forgot.isEmpty() ? status.message : forgot);
    } else if (status.state == SourceState::Failed && !status.message.isEmpty()) {
        parts << status.message;
    } else {
        if (!isTrouble(status.state))
            parts << settings.shortAddress();
        parts << sourceStateText(status, now);
    }
    if (status.traits->has(SourceFact::Messages))
        parts << hubCellParts(status, view, now);
    else if (status.isConnected() && status.state != SourceState::Loading && status.roundTripMs != unknownValue)
        parts << roundTripText(status.roundTripMs);
    return parts.join(u" · "_s);
}

QString sourceToolTip(const SourceSettings &settings, const SourceStatus &status, qint64 now, const HubView *view)
{
    const QString environment = environmentName(settings.environment);
    QStringList lines{environment.isEmpty() ? settings.name : QString(settings.name + u", "_s + environment),
                      sourceAddress(settings), sourceHeadline(status, now)};
    if (!status.message.isEmpty())
        lines << status.message;
    if (!status.hint.isEmpty())
        lines << status.hint;
    if (status.isConnected()) {
        if (!status.server.isEmpty())
            lines << status.server;
        QStringList figures;
        if (status.roundTripMs != unknownValue)
            figures << u"round trip "_s + roundTripText(status.roundTripMs);
        if (status.lagMs != unknownValue)
            figures << u"lag "_s + durationText(status.lagMs);
        if (status.traits->has(SourceFact::Push))
            figures << rateText(status.updatesPerSecond) + u" updates/s"_s;
        lines << figures.join(u" · "_s);
        if (view)
            lines << hubToolTipLines(*view, now);
    }
    lines.removeAll(QString());
    return lines.join(u'\n');
}

QString sourceCountText(const SourceStatus &status, int workers)
{
    return status.isCountUnknown() && status.isConnected() ? u"unknown"_s : groupedNumber(workers);
}

bool wantsBanner(const SourceStatus &status)
{
    return isTrouble(status) || (status.state == SourceState::Connecting && status.lostAt > 0);
}

QString sourceBannerText(const SourceStatus &status, qint64 now, bool hasRows)
{
    QStringList parts;
    if (!status.message.isEmpty())
        parts << status.message;
    else if (status.state == SourceState::Stalled)
        parts << u"connected, but it does not answer"_s;
    else if (status.isPartial())
        parts << u"the view is not complete"_s;
    else
        parts << u"connection lost"_s;
    if (!status.hint.isEmpty())
        parts << status.hint;
    if (hasRows && status.lostAt > 0 && !status.isConnected())
        parts << u"rows show what was true at "_s + clockText(status.lostAt);
    if (status.state == SourceState::Waiting && status.retryAt > now)
        parts << u"next try in "_s + secondsLeft(status.retryAt - now);
    else if (status.state == SourceState::Connecting)
        parts << u"trying now"_s;
    return parts.join(u" · "_s);
}

QStringList missingRights(const SourceStatus &status)
{
    QStringList lines;
    if (!status.rights.known)
        return lines;
    for (const Act act : allActs) {
        const QString &why = status.rights.whyNot(act);
        if (!why.isEmpty())
            lines.append(u"%1: %2"_s.arg(actTitle(act), why));
    }
    return lines;
}

std::pair<QString, QString> writingWords(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access)
{
    if (access.isForbidden())
        return {u"never"_s, u"started with --read-only"_s};
    if (settings.readOnly)
        return {u"never"_s, u"read-only by its setting"_s};
    if (!access.allows(settings.id))
        return {u"locked"_s, u"Ctrl+L unlocks for 5 min"_s};
    const auto missing = missingRights(status).size();
    if (missing == actCount)
        return {u"not permitted"_s, u"this account or server takes no command"_s};
    QString note = settings.demo ? u"the demo can always be commanded"_s : u"locks by itself"_s;
    if (missing > 0)
        note = missing == 1 ? u"one act is not possible"_s : u"%1 acts are not possible"_s.arg(missing);
    else if (!status.rights.known && status.isConnected())
        note = u"rights are being found out"_s;
    return {u"open"_s, note};
}

QString writingSentence(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access)
{
    const auto [what, why] = writingWords(settings, status, access);
    return u"Writing: %1, %2"_s.arg(what, why);
}

bool isLoginTrouble(const SourceStatus &status)
{
    return status.state == SourceState::Failed && isLoginTrouble(status.trouble);
}

} // namespace pulsedeck
