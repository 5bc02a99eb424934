// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/pasttiming.h"

#include "models/history/timetravel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

PastTiming::PastTiming(TimeTravel &travel, const TimingContext &present, WriteAccess &access, QObject *parent)
    : QObject(parent)
    , m_travel(travel)
    , m_present(present)
    , m_access(access)
    , m_ledger(travel.fleet().store(), travel.fleet().clock())
    , m_controller(travel.fleet().store(), travel.fleet().clock())
    , m_beats(travel.fleet(), travel.history())
{
    m_ledger.expectHistory(); // What changes from moment to moment is nobody's command.
    m_controller.setPast();
    m_controller.setLibrary(present.controller.library());
    connect(&present.controller, &TimingController::libraryChanged, this,
            [this] { m_controller.setLibrary(m_present.controller.library()); });
    connect(&present.controller, &TimingController::historyChanged, this, &PastTiming::review);
    connect(&m_controller, &TimingController::historyRequested, this, [this](SourceId source) {
        const SourceId live = liveOf(m_travel.fleet().store().sourceName(source));
        if (live != 0)
            m_present.controller.refreshHistory(live);
    });
    connect(&travel, &TimeTravel::shown, this, &PastTiming::onShown);
    connect(&travel, &TimeTravel::playingChanged, this, &PastTiming::onShown);
}

TimingPage *PastTiming::makePage(QWidget *parent)
{
    TimingContext context{m_travel.fleet().store(),
                          m_travel.fleet().sources(),
                          m_travel.fleet().clock(),
                          m_present.settings,
                          m_ledger,
                          m_access,
                          m_controller,
                          nullptr,
                          m_present.layouts,
                          &m_beats};
    auto *page = new TimingPage(context, nullptr, parent);
    page->setObjectName(u"pastTiming"_s);
    return page;
}

SourceId PastTiming::liveOf(const QString &source) const
{
    for (const SourceId live : m_present.store.sources()) {
        if (m_present.store.sourceName(live) == source)
            return live;
    }
    return 0;
}

/// Beats are not read while it plays: a what-if takes longer than the moment is shown.
void PastTiming::onShown()
{
    if (!m_travel.isAway() || m_travel.isPlaying() || !m_travel.isSettled())
        return;
    review();
    m_beats.renew();
}

/// The versions that were there then: those of the source's record, and where that cannot be read the one in force.
void PastTiming::review()
{
    if (!m_travel.isAway())
        return;
    const FleetStore &then = m_travel.fleet().store();
    const qint64 at = then.clock().toWall(m_travel.fleet().at());
    for (const SourceId source : then.sources()) {
        TimingHistory history;
        history.source = source;
        history.known = true;
        const TimingProfile &inForce = then.timing(source);
        for (const TimingVersion &version : m_present.controller.history(liveOf(then.sourceName(source))).versions) {
            if (version.profile.version <= inForce.version && version.at <= at)
                history.versions.append(version);
        }
        if (history.versions.isEmpty() && inForce.version > 0)
            history.versions.append(TimingVersion{inForce, 0, {}, {}});
        m_controller.takeHistory(history);
    }
}

} // namespace pulsedeck
