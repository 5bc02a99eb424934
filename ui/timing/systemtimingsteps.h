// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/timingsubject.h"

#include <QObject>

namespace pulsedeck {

class FleetStore;
class TimingNotes;

/// What leaves the page of a draft for a system that the console cannot set: what is to be changed, and where, as text. GUI
/// thread.
class SystemTimingSteps : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this.
    SystemTimingSteps(const FleetStore &store, const TimingSubject &subject, TimingNotes &notes, QWidget &page);

    void copy();
    /// Asks for a file.
    void chooseFile();
    /// Shows what is to be changed, and where.
    void showDiff();
    /// Writes to it; a note says whether that worked.
    void writeTo(const QString &path);

private:
    QString text() const;

    const FleetStore &m_store;
    const TimingSubject &m_subject;
    TimingNotes &m_notes;
    QWidget &m_page;
};

} // namespace pulsedeck
