// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"

#include <QDialog>

class QProgressBar;
class QPushButton;
class QSettings;

namespace pulsedeck {

class ToneLabel;

/// Writes a span of the history into a file of its own and says how far that is. Stays open next to the window; closed while it
/// writes, it cancels the export, and then no file is written. GUI thread.
class SpanExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// \a history outlives the dialog.
    SpanExportDialog(History &history, qint64 from, qint64 to, const QString &path, QWidget *parent = nullptr);
    ~SpanExportDialog() override;

    /// Asks for the file, in the folder of the last export, and opens a dialog for it, which deletes itself. \a history and
    /// \a settings outlive \a parent.
    static void ask(History &history, qint64 from, qint64 to, QSettings &settings, QWidget *parent);

    bool isWriting() const { return m_token != 0; }

private:
    void end(const QString &error);
    void cancel();

    History &m_history;
    const QString m_path;
    quint64 m_token; ///< 0 once it is over.
    ToneLabel *m_state;
    QProgressBar *m_bar;
    QPushButton *m_button;
};

} // namespace pulsedeck
