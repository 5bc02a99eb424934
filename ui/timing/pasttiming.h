// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/history/pastbeats.h"
#include "ui/timing/timingpage.h"

namespace pulsedeck {

class TimeTravel;

/// The Timing page of another time than now: the timing that was in force, the versions until then, and the what-if on the beats
/// recorded up to that moment. Nothing can be applied, and no draft is kept. GUI thread.
class PastTiming : public QObject
{
    Q_OBJECT

public:
    /// All of \a present is that of the live page; it, \a travel and \a access outlive this. \a access is closed.
    PastTiming(TimeTravel &travel, const TimingContext &present, WriteAccess &access, QObject *parent = nullptr);

    /// It has to go before this.
    TimingPage *makePage(QWidget *parent);

private:
    void onShown();
    void review();
    /// The same source in the present; 0 where there is none of this name.
    SourceId liveOf(const QString &source) const;

    TimeTravel &m_travel;
    TimingContext m_present;
    WriteAccess &m_access;
    CommandLedger m_ledger; ///< Nothing is in it.
    TimingController m_controller;
    PastBeats m_beats;
};

} // namespace pulsedeck
