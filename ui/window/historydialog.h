// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"

#include <QDialog>

class QPushButton;
class QSettings;
class QSpinBox;

namespace pulsedeck {

class ToneLabel;

/// What is kept of the past, where, whether it is being recorded, and its two limits, which can be set here; all of it can be
/// exported. Stays open next to the window. GUI thread.
class HistoryDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr QLatin1StringView keepKey{"history/keepHours"};
    static constexpr QLatin1StringView sizeKey{"history/maxMegabytes"};

    /// \a history may be null: nothing is kept. All outlive the dialog.
    HistoryDialog(History *history, QSettings &settings, QWidget *parent = nullptr);

    /// As the settings have them, the usual ones where they have none.
    static HistoryLimits limitsIn(const QSettings &settings);

private:
    void reviewHint(const HistoryState &state);
    void review();
    void save();
    HistoryLimits chosen() const;

    History *m_history;
    QSettings &m_settings;
    ToneLabel *m_state;
    ToneLabel *m_hint;
    ToneLabel *m_span;
    ToneLabel *m_path;
    QSpinBox *m_hours;
    QSpinBox *m_megabytes;
    QPushButton *m_save;
    QPushButton *m_export;
};

} // namespace pulsedeck
