// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <functional>

class QHBoxLayout;
class QProgressBar;
class QPushButton;
class QSettings;

namespace pulsedeck {

class ToneLabel;

/// Says how far a history file is that is being written. Stays open next to the window; closed while the file is written, it
/// cancels that. GUI thread.
class HistoryFileDialog : public QDialog
{
    Q_OBJECT

public:
    ~HistoryFileDialog() override;

    /// Asks for the file to write, in the folder of the last one; \a name is suggested. \a settings outlives \a parent.
    static void askWhere(const QString &title, const QString &name, QSettings &settings, QWidget *parent,
                         const std::function<void(const QString &)> &chosen);

    bool isWriting() const { return m_writing; }

protected:
    /// \a sentence: what is written. \a cancel is called at most once, also when the dialog is deleted while it writes: it must
    /// not use what a class below holds.
    HistoryFileDialog(const QString &title, const QString &sentence, const QString &path, std::function<void()> cancel,
                      QWidget *parent);

    const QString &path() const { return m_path; }
    void setProgress(int percent);
    /// It is over: \a error, or \a done with the size of the file in MB as %1.
    void end(const QString &error, const QString &done);
    /// Stands before the button that closes.
    void addButton(QPushButton *button);

private:
    void cancel();

    const QString m_path;
    std::function<void()> m_cancel;
    bool m_writing = true;
    ToneLabel *m_state;
    QProgressBar *m_bar;
    QHBoxLayout *m_buttons;
    QPushButton *m_button;
};

} // namespace pulsedeck
