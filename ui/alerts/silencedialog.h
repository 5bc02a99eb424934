// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"

#include <QDialog>

class QComboBox;
class QDateTimeEdit;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// Silences: those that are in force or begin later, which can be ended here, and a new one: of which rule and source, from when
/// until when, and why. Deletes itself when it closes. GUI thread.
class SilenceDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr qint64 usualMs = 3'600'000; ///< Until then, if nothing else is set.

    /// \a engine and \a store outlive it. \a by: who silences.
    SilenceDialog(AlertEngine &engine, const FleetStore &store, const QString &by, QWidget *parent);

private:
    void fillChoices();
    void list();
    void review();
    void add();
    void endSelected();

    AlertEngine &m_engine;
    const FleetStore &m_store;
    const QString m_by;
    QListWidget *m_silences;
    QPushButton *m_end;
    QComboBox *m_rule;
    QComboBox *m_source;
    QDateTimeEdit *m_from;
    QDateTimeEdit *m_until;
    QLineEdit *m_reason;
    ToneLabel *m_problem;
    QPushButton *m_add;
};

} // namespace pulsedeck
