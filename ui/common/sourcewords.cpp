// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/sourcewords.h"

#include "models/commands/writeaccess.h"
#include "models/core/format.h"
#include "models/fleet/fleetevents.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubsourcewords.h"
#include "ui/common/hubwords.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class SourceTexts
{
    Q_DECLARE_TR_FUNCTIONS(SourceTexts)
};

} // namespace

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
    // Something may be wrong while it is connected: a server that forgot its fleet, a view with parts missing.
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
    return settings.addressWith(settings.unusualPath());
}

QString sourceAddressLine(const SourceSettings &settings)
{
    QString text = sourceAddress(settings);
    if (settings.has(SourceField::Token))
        text += u" · "_s + hubTokenWord(settings);
    else if (!settings.user.isEmpty())
        text += u" · "_s + SourceTexts::tr("user %1").arg(settings.user);
    return text;
}

QString sourceShortState(const SourceStatus &status)
{
    switch (status.state) {
    case SourceState::Off:
        return SourceTexts::tr("off");
    case SourceState::Connecting:
        return SourceTexts::tr("connecting");
    case SourceState::Loading:
        return status.total > 0 ? SourceTexts::tr("%1 %").arg(qint64(status.loaded) * 100 / status.total)
                                : traitText(status.traits->listing);
    case SourceState::Live:
    case SourceState::Sweeping:
        if (status.isPartial())
            return SourceTexts::tr("incomplete");
        return status.roundTripMs == unknownValue ? SourceTexts::tr("connected") : roundTripText(status.roundTripMs);
    case SourceState::Stalled:
        return status.isCutOff() ? SourceTexts::tr("cut off") : SourceTexts::tr("stalled");
    case SourceState::Waiting:
        return status.lostAt > 0 ? SourceTexts::tr("lost") : SourceTexts::tr("not reached"); // Not lost if it was never there.
    case SourceState::Failed:
        return SourceTexts::tr("failed");
    }
    return {};
}

QString sourceHeadline(const SourceStatus &status, qint64 now)
{
    switch (status.state) {
    case SourceState::Live:
    case SourceState::Sweeping: {
        const QString text = SourceTexts::tr("connected for %1").arg(spanText(now - status.since));
        return status.isPartial() ? QString(text + u" · "_s + SourceTexts::tr("the view is incomplete")) : text;
    }
    case SourceState::Stalled:
    case SourceState::Waiting: {
        QString text = sourceStateText(status, now);
        if (status.state == SourceState::Waiting && status.lostAt > 0 && status.lostAt < now)
            text += u" · "_s + SourceTexts::tr("last answer %1 ago").arg(spanText(now - status.lostAt));
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
    const QString environment = environmentText(settings.environment);
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
            figures << SourceTexts::tr("round trip %1").arg(roundTripText(status.roundTripMs));
        if (status.lagMs != unknownValue)
            figures << SourceTexts::tr("lag %1").arg(durationText(status.lagMs));
        if (status.traits->has(SourceFact::Push))
            figures << SourceTexts::tr("%1 updates/s").arg(rateText(status.updatesPerSecond));
        lines << figures.join(u" · "_s);
        if (view)
            lines << hubToolTipLines(*view, now);
    }
    lines.removeAll(QString());
    return lines.join(u'\n');
}

QString sourceCountText(const SourceStatus &status, int workers)
{
    return status.isCountUnknown() && status.isConnected() ? SourceTexts::tr("unknown") : groupedNumber(workers);
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
        parts << SourceTexts::tr("connected, but it does not answer");
    else if (status.isPartial())
        parts << SourceTexts::tr("the view is incomplete");
    else
        parts << SourceTexts::tr("connection lost");
    if (!status.hint.isEmpty())
        parts << status.hint;
    if (hasRows && status.lostAt > 0 && !status.isConnected())
        parts << SourceTexts::tr("rows show the state of %1").arg(clockText(status.lostAt));
    if (status.state == SourceState::Waiting && status.retryAt > now)
        parts << SourceTexts::tr("next try in %1").arg(secondsLeft(status.retryAt - now));
    else if (status.state == SourceState::Connecting)
        parts << SourceTexts::tr("trying now");
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
            lines.append(QString(actTitle(act) + u": "_s + why));
    }
    return lines;
}

std::pair<QString, QString> writingWords(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access)
{
    if (access.isForbidden())
        return {SourceTexts::tr("never"), SourceTexts::tr("started with --read-only")};
    if (settings.readOnly)
        return {SourceTexts::tr("never"), SourceTexts::tr("this source is read-only")};
    if (!access.allows(settings.id))
        return {SourceTexts::tr("locked"), SourceTexts::tr("Ctrl+L unlocks for 5 min")};
    const int missing = int(missingRights(status).size());
    if (status.rights.nothing)
        return {SourceTexts::tr("not permitted"), SourceTexts::tr("this account or server takes no commands")};
    QString note = settings.demo ? SourceTexts::tr("the demo can always be commanded") : SourceTexts::tr("locks by itself");
    if (missing > 0)
        note = SourceTexts::tr("%Ln act(s) (is/are) not possible", nullptr, missing);
    else if (!status.rights.known && status.isConnected())
        note = SourceTexts::tr("checking rights");
    return {SourceTexts::tr("unlocked"), note};
}

QString writingTitle(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access)
{
    return access.isForbidden() || settings.readOnly ? SourceTexts::tr("Read-only")
           : !access.allows(settings.id)             ? SourceTexts::tr("Writing locked")
           : status.rights.nothing                   ? SourceTexts::tr("Writing not permitted")
           : settings.demo                           ? SourceTexts::tr("Write access")
                                                     : SourceTexts::tr("Writing open");
}

QString writingSentence(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access)
{
    const auto [what, why] = writingWords(settings, status, access);
    return SourceTexts::tr("Writing: %1, %2").arg(what, why);
}

bool isLoginTrouble(const SourceStatus &status)
{
    return status.state == SourceState::Failed && isLoginTrouble(status.trouble);
}

} // namespace pulsedeck
