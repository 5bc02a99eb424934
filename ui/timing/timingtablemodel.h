// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/measuredtiming.h"
#include "ui/timing/timingdraft.h"

#include <QAbstractTableModel>

namespace pulsedeck {

enum class TimingColumn { Name, Live, New, Measured, Undo };
constexpr int timingColumnCount = 5;

/// The ten parameters under two headings, or those of a system under one: value in force, in the draft, measured. The draft
/// outlives the model. GUI thread.
class TimingTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        HeadingRole = Qt::UserRole + 1, ///< bool
        NoteRole, ///< QString: the second line, or a heading's text at the right.
        ChangedRole, ///< bool
        TimingIdRole, ///< int; -1 for a heading.
    };

    explicit TimingTableModel(QObject *parent = nullptr);

    void setDraft(TimingDraft *draft);
    TimingDraft *draft() const { return m_draft; }
    /// The profile in force, which may be newer than the base of the draft.
    void setLive(const TimingProfile &live);
    void setMeasured(const MeasuredTiming &measured);
    /// Texts at the right of the headings: "prod-eu · 412 workers", "no hub connected".
    void setNotes(const QString &workers, const QString &hub);

    /// Nothing for a heading.
    std::optional<TimingId> idAt(int row) const;
    int rowOf(TimingId id) const;
    /// False for a row of a domain that the draft does not have.
    bool hasRow(int row) const;
    bool isMeasured(TimingId id) const { return m_measured.of(id).known(); }
    /// The parameter stands without a field: "fixed", "measured" or "by version" where that is used in its place, "assumed" where
    /// something else was measured, or "follows" from another one; empty for those that can be set.
    QString whyNoField(TimingId id) const;
    /// "Measured 25 s on 412 samples, …": all that is known.
    QString measuredWords(TimingId id) const;
    QString fieldToolTip(TimingId id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    int allRows() const;
    QVariant headingData(int row, int column, int role) const;
    QString text(TimingId id, TimingColumn column) const;
    bool isOtherwiseHere(TimingId id) const;
    QString whyNotSeen(TimingId id, const QString &note) const;
    /// Something is measured that belongs next to it.
    bool canBeMeasured(TimingId id) const;
    QString note(TimingId id, TimingColumn column) const;
    void everythingChanged();

    TimingDraft *m_draft = nullptr;
    TimingProfile m_live;
    MeasuredTiming m_measured;
    QString m_workersNote;
    QString m_hubNote;
};

} // namespace pulsedeck
