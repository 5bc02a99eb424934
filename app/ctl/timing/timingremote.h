// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/timing/timingoptions.h"
#include "app/redis/redissource.h"
#include "app/sources/systemclock.h"
#include "models/timing/timingcontroller.h"

#include <QTimer>

#include <memory>

namespace pulsedeck {

class Journal;

/// pulsedeckctl timing show, history, apply and rollback: one look at one Redis, one change at most, tried once and
/// recorded in the journal.
class TimingRemote final : public CtlCommand
{
    Q_OBJECT

public:
    TimingRemote(const TimingOptions &options, Output &output);
    ~TimingRemote() override;
    void start() override;

private:
    void takeStatus(const SourceStatus &status);
    void goOn();
    void show(const TimingHistory &history);
    void takeHistory(const TimingHistory &history);
    void tellHistory(const TimingHistory &history);
    void applyProfile();
    void rollBack(const TimingHistory &history);
    bool mayApply(const TimingProfile &profile, QString *acknowledged);
    bool isInForce(const TimingProfile &profile);
    QStringList changeLines() const;
    void tellThree(const TimingProfile &theirs);
    void takeApplied(const TimingApplied &applied);
    void giveUp();

    const TimingOptions m_options;
    SystemClock m_clock;
    FleetStore m_store;
    std::unique_ptr<RedisSource> m_source;
    std::unique_ptr<TimingController> m_controller;
    std::unique_ptr<Journal> m_journal;
    QTimer m_limit;
    SourceStatus m_status;
    TimingProfile m_wanted;
    bool m_begun = false;
};

} // namespace pulsedeck
