// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/settingsfile.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/history/historyrecorder.h"

#include <QApplication>
#include <QTemporaryDir>

#include <functional>

namespace pulsedeck::bench {

/// Stands still but where it is set.
class SetClock final : public Clock
{
public:
    static constexpr qint64 startMs = 1'800'000'000'000;

    qint64 nowMs() const override { return now; }
    qint64 now = startMs;
};

/// What a process that measures lanes needs: an application without a screen, and a store on a clock that it sets.
struct LaneStage
{
    LaneStage(int &argc, char **argv);

    QApplication application;
    QTemporaryDir folder;
    SettingsFile settings;
    SetClock clock;
    FleetStore store;
    SourceListModel sources;
};

/// Steady lanes with some jitter, a beat every ten seconds from SetClock::startMs on; every thousandth beat does not come. The
/// clock ends at the last one. \a after is called after each round of beats.
void fillLanes(FleetStore &store, SetClock &clock, int lanes, int beats, const std::function<void()> &after = {});

/// Works off events until it \a is so; false if that takes longer. It sleeps in between: a loop that asks again and again would
/// take a core from what is measured.
bool waitUntil(const std::function<bool()> &is, int withinMs);

/// Hands over what is recorded, and waits until \a history has it up to \a to: as fast as the disk takes it, nothing is lost.
void flushTo(HistoryRecorder &recorder, const History &history, qint64 to);

/// Asks, and waits for the answer; FailedAnswer if none comes.
SharedHistoryAnswer askHistory(History &history, const HistoryQuery &query);

} // namespace pulsedeck::bench
