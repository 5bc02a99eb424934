// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timinglibrary.h"

#include <QTableWidget>

namespace pulsedeck {

/// Profiles side by side: a row per parameter, a column per profile, and the factor from the first to the last. GUI thread.
class ProfileTable : public QTableWidget
{
    Q_OBJECT

public:
    explicit ProfileTable(const TimingLibrary &library, QWidget *parent = nullptr);

    struct Column
    {
        QString title;
        TimingProfile profile;
    };
    /// Two or more. \a onlyDifferent leaves out the rows in which all are equal.
    void showProfiles(const std::vector<Column> &columns, bool onlyDifferent);
    /// Row of a parameter, -1 if it is left out.
    int rowOf(TimingId id) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    const TimingLibrary &m_library;
    std::vector<TimingId> m_rows;
};

/// The change of the traffic of workers and hub in words; empty if neither interval changes.
QString trafficSentence(const TimingProfile &from, const TimingProfile &to);

} // namespace pulsedeck
