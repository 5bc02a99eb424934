// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/sleepgauge.h"

#include <QObject>

namespace pulsedeck {

/// Notices that the machine slept or that its clock was set, so that views can show the right times at once and the journal can
/// say why its times jump. Ages and deadlines need no help: the console's scale goes on. GUI thread; checks when asked, which
/// costs the reading of a clock.
class ClockWatch : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 setAtLeastMs = 1'000; ///< Smaller corrections of the machine's clock are not reported.

    explicit ClockWatch(const Clock &clock, QObject *parent = nullptr);

    void look();

signals:
    /// The machine slept for \a ms.
    void slept(qint64 ms);
    /// The machine's clock was set, \a ms ahead of what it said before; negative: back.
    void wallSet(qint64 ms);

private:
    const Clock &m_clock;
    SleepGauge m_sleep;
    qint64 m_offset;
};

} // namespace pulsedeck
