// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/sourcestatus.h"

#include "models/core/format.h"

#include <QCoreApplication>

namespace pulsedeck {

namespace {

class SourceStateTexts
{
    Q_DECLARE_TR_FUNCTIONS(SourceStateTexts)
};

QString sweepText(const SourceStatus &status)
{
    const QString every = durationText(status.sweepEveryMs);
    const QString find = durationText(status.findEveryMs);
    if (status.sweepEveryMs <= 0) // How often is not known: it is read from a history.
        return status.traits->has(SourceFact::Push) ? SourceStateTexts::tr("sweep") : SourceStateTexts::tr("listed");
    const bool seldom = looksSeldom(status);
    if (status.traits->has(SourceFact::Push))
        return seldom ? SourceStateTexts::tr("sweep every %1, new workers within %2").arg(every, find)
                      : SourceStateTexts::tr("sweep every %1").arg(every);
    // Where nothing is pushed to anybody, reading again and again is the ordinary state, and not a limit.
    return seldom ? SourceStateTexts::tr("listed every %1, new workers within %2").arg(every, find)
                  : SourceStateTexts::tr("listed every %1").arg(every);
}

} // namespace

bool looksSeldom(const SourceStatus &status)
{
    return status.findEveryMs > 2 * qMax(status.sweepEveryMs, 1'000);
}

QString sameServerText(const QString &name)
{
    return SourceStateTexts::tr("This is the same server as %1. Its workers are shown and counted there.").arg(name);
}

QString refusedText(int refused, int most)
{
    return SourceStateTexts::tr("%Ln worker(s) (is/are) not shown: the console holds at most %1 of all sources together.",
                                nullptr, refused)
        .arg(groupedNumber(most));
}

QString sourceStateText(const SourceStatus &status, qint64 now)
{
    switch (status.state) {
    case SourceState::Off:
        return SourceStateTexts::tr("disconnected");
    case SourceState::Connecting:
        return SourceStateTexts::tr("connecting");
    case SourceState::Loading: {
        const QString what = traitText(status.traits->listing);
        return status.total > 0 ? SourceStateTexts::tr("%1 %2 of %3").arg(what).arg(status.loaded).arg(status.total)
                                : SourceStateTexts::tr("%1, %2 so far").arg(what).arg(status.loaded);
    }
    case SourceState::Live:
        return SourceStateTexts::tr("live via push");
    case SourceState::Sweeping:
        return sweepText(status);
    case SourceState::Stalled: {
        const QString since = durationText(qMax<qint64>(0, now - status.lostAt));
        return status.isCutOff() ? SourceStateTexts::tr("cut off from its master for %1").arg(since)
                                 : SourceStateTexts::tr("not answering for %1").arg(since);
    }
    case SourceState::Waiting: {
        // A source that was never reached is not lost.
        const bool lost = status.lostAt > 0;
        if (status.retryAt <= now)
            return lost ? SourceStateTexts::tr("lost, trying again") : SourceStateTexts::tr("not reached yet, trying again");
        return (lost ? SourceStateTexts::tr("lost, next try in %1") : SourceStateTexts::tr("not reached yet, next try in %1"))
            .arg(secondsLeft(status.retryAt - now));
    }
    case SourceState::Failed:
        return SourceStateTexts::tr("failed");
    }
    return {};
}

} // namespace pulsedeck
