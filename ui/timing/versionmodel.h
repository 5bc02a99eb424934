// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/timing/timingcontroller.h"
#include "ui/timing/timingdraft.h"

#include <QAbstractListModel>

namespace pulsedeck {

/// The versions of a source's record, oldest first, and the draft behind them. GUI thread.
class VersionModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        DetailRole = Qt::UserRole + 1, ///< "op-2 today 14:03"
        ByRole, ///< "op-2"
        MomentRole, ///< "today 14:03"
        WhatRole, ///< The change from the version before.
        LiveRole, ///< bool
        DraftRole, ///< bool
    };

    VersionModel(const TimingLibrary &library, const Clock &clock, QObject *parent = nullptr);

    void setDraft(TimingDraft *draft);
    /// False if nothing has changed.
    bool setHistory(const TimingHistory &history, qint64 liveVersion, const TimingProfile &live);
    /// Null for the draft's row.
    const TimingVersion *versionAt(int row) const;
    int rowOf(qint64 version) const; ///< -1 if it is not among them.
    bool isLive(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QString what(int row) const;
    void reviewDraft();

    const TimingLibrary &m_library;
    const Clock &m_clock;
    TimingDraft *m_draft = nullptr;
    QList<TimingVersion> m_versions;
    qint64 m_liveVersion = 0;
    bool m_showsDraft = false;
};

} // namespace pulsedeck
