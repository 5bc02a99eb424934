// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace pulsedeck {

class ToneLabel;

/// Finds a worker by a part of its id or host: at most maxHits matches are listed, and Enter goes to the first or selected
/// one.
class GoToDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr int maxHits = 12;

    GoToDialog(const FleetStore &store, QWidget *parent);

    QLineEdit &line() const { return *m_line; }
    QListWidget &hits() const { return *m_list; }

signals:
    void workerChosen(pulsedeck::WorkerHandle handle);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search();
    void choose();

    const FleetStore &m_store;
    QLineEdit *m_line;
    QListWidget *m_list;
    ToneLabel *m_note;
};

} // namespace pulsedeck
