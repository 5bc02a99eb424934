// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/sourcestatus.h"

#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool looksSeldom(const SourceStatus &status)
{
    return status.findEveryMs > 2 * qMax(status.sweepEveryMs, 1'000);
}

QString sameServerText(const QString &name)
{
    return u"This is the same server as %1: its workers are shown and counted there, once."_s.arg(name);
}

QString sourceStateText(const SourceStatus &status, qint64 now)
{
    switch (status.state) {
    case SourceState::Off:
        return u"disconnected"_s;
    case SourceState::Connecting:
        return u"connecting"_s;
    case SourceState::Loading: {
        const QString &what = status.traits->listing;
        if (status.total > 0)
            return what + u" %1 of %2"_s.arg(status.loaded).arg(status.total);
        return what + u", %1 so far"_s.arg(status.loaded);
    }
    case SourceState::Live:
        return u"live via push"_s;
    case SourceState::Sweeping: {
        // Where nothing is pushed to anybody, to be read again and again is the ordinary state, and not a limit.
        const QString text = (status.traits->has(SourceFact::Push) ? u"sweep every %1"_s : u"listed every %1"_s)
                                 .arg(durationText(status.sweepEveryMs));
        return looksSeldom(status) ? QString(text + u", new workers within "_s + durationText(status.findEveryMs)) : text;
    }
    case SourceState::Stalled:
        if (status.isCutOff())
            return u"cut off from its master for %1"_s.arg(durationText(qMax<qint64>(0, now - status.lostAt)));
        return u"not answering for %1"_s.arg(durationText(qMax<qint64>(0, now - status.lostAt)));
    case SourceState::Waiting: {
        const QString what = status.lostAt > 0 ? u"lost"_s : u"not reached yet"_s; // What never was there is not lost.
        return status.retryAt > now ? QString(what + u", next try in %1"_s.arg(secondsLeft(status.retryAt - now)))
                                    : QString(what + u", trying again"_s);
    }
    case SourceState::Failed:
        return u"failed"_s;
    }
    return {};
}

} // namespace pulsedeck
