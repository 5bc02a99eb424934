// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanepictureset.h"
#include "ui/timeline/timescale.h"

#include <QCoreApplication>

namespace pulsedeck {

class PastLateness;

/// The short form of an id that no worker has any more.
QString goneId(const HistoryLane &lane);
/// "14:02:11.3 → 14:02:19.0".
QString timeRangeText(qint64 from, qint64 to);

/// What the Timeline page shows, in words: for tool tips and for readers of the screen. GUI thread.
class LaneWords
{
    Q_DECLARE_TR_FUNCTIONS(LaneWords)

public:
    /// Both must outlive this.
    LaneWords(const LaneList &list, const LanePictureSet &pictures);

    /// Knows who was late in the time before that of the store; null: only the store is asked.
    void setPast(const PastLateness *past) { m_past = past; }
    /// What row \a index shows of the time \a scale has. Empty if there is no such row.
    QString rowText(int index, const TimeScale &scale) const;
    /// What stands in \a row at this moment; rich text for a lane. Empty for nothing.
    QString tip(const LaneRow &row, double at, const TimeScale &scale) const;
    /// What stands at the name of row \a index.
    QString nameTip(int index, const TimeScale &scale) const;

private:
    QString laneTip(const LaneRow &row, double at, const TimeScale &scale) const;
    QString manyTip(const LaneRow &row, double at) const;
    QString affectedText(const LaneRow &row, qint64 from, qint64 to) const;
    QString pastAffectedText(const LaneRow &row, qint64 from, qint64 to) const;
    static QString othersText(int others, qint64 sameHost, const QByteArray &host);

    const LaneList &m_list;
    const LanePictureSet &m_pictures;
    const FleetStore &m_store;
    const PastLateness *m_past = nullptr;
};

} // namespace pulsedeck
