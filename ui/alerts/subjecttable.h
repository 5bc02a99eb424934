// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertsubjects.h"
#include "ui/alerts/letterlesstable.h"

namespace pulsedeck {

/// The table of what an alert is about. Columns are as wide as their words, the last beats have the rest; where there is no
/// room, they, the work and the key give way. Enter or a double click opens a worker. GUI thread.
class SubjectTable final : public LetterlessTable
{
    Q_OBJECT

public:
    explicit SubjectTable(const FleetStore &store, QWidget *parent = nullptr);

    void show(const Alert *alert);
    const AlertSubjects &subjects() const { return m_subjects; }
    /// Some rows, if there are as many.
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

signals:
    /// It may be noWorker: it is no longer in the list.
    void workerChosen(pulsedeck::WorkerHandle worker);

private:
    void fit();
    int heightFor(int rows) const;

    AlertSubjects m_subjects;
};

} // namespace pulsedeck
