// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commanddraft.h"

#include <QAbstractButton>
#include <QWidget>

class QGridLayout;

namespace pulsedeck {

class ToneLabel;

/// One worker of a question: its id and its active sessions. Pressed out it is left out, and struck through.
class WorkerChip : public QAbstractButton
{
    Q_OBJECT

public:
    explicit WorkerChip(QWidget *parent);

    /// \a whyNot: why it is left out whatever is clicked; it cannot be clicked then.
    void setWorker(const FleetStore &store, WorkerHandle handle, quint32 serial, bool byHand, const Exclusion &whyNot);
    quint32 serial() const { return m_serial; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_id;
    QString m_sessions;
    quint32 m_serial = 0;
    bool m_whole = false; ///< Its id has no short form.
    bool m_draining = false;
    bool m_out = false;
};

/// The workers of a question as chips in their order, at most maxChips; what is beyond is counted.
class WorkerChips : public QWidget
{
    Q_OBJECT

public:
    static constexpr int maxChips = 60;
    static constexpr int maxColumns = 7; ///< Fewer where addresses of actors need more room.

    explicit WorkerChips(QWidget *parent = nullptr);

    void showDraft(const FleetStore &store, const CommandDraft &draft);
    WorkerChip *chip(quint32 serial) const;
    int columns() const { return m_columns; }

signals:
    void toggled(quint32 serial);

private:
    int columnsFor(const FleetStore &store, const CommandDraft &draft) const;

    QGridLayout *m_grid;
    int m_columns = 0; ///< Not settled yet.
    ToneLabel *m_more;
    std::vector<WorkerChip *> m_chips;
};

} // namespace pulsedeck
