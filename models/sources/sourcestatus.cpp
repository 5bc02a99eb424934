// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcestatus.h"

#include "models/fleet/fleetevents.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString sourceStateText(const SourceStatus &status, qint64 now)
{
    switch (status.state) {
    case SourceState::Off:
        return u"disconnected"_s;
    case SourceState::Connecting:
        return u"connecting"_s;
    case SourceState::Loading:
        if (status.total > 0)
            return u"scanning %1 of %2"_s.arg(status.loaded).arg(status.total);
        return u"scanning, %1 so far"_s.arg(status.loaded);
    case SourceState::Live:
        return u"live via push"_s;
    case SourceState::Sweeping:
        return u"sweep every %1"_s.arg(durationText(status.sweepEveryMs));
    case SourceState::Stalled:
        return u"not answering for %1"_s.arg(durationText(qMax<qint64>(0, now - status.lostAt)));
    case SourceState::Waiting:
        if (status.retryAt > now)
            return u"lost, next try in %1"_s.arg(durationText(status.retryAt - now));
        return u"lost, trying again"_s;
    case SourceState::Failed:
        return u"failed"_s;
    }
    return {};
}

} // namespace pulsedeck
