// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/foundsystem.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// Makes a layout file for workers that no layout describes: one of the patterns for what is written by hand, with a name and
/// the prefix of their keys, written into the folder of the operator's own layouts. It can then be opened in an editor and read
/// again; what is wrong with it is shown by file, line and path. Never writes over a file. GUI thread.
class LayoutDialog : public QDialog
{
    Q_OBJECT

public:
    /// \a keys are filled in at first; \a folder is made if need be.
    LayoutDialog(const UnknownBeats &keys, const QString &folder, QWidget *parent = nullptr);

    /// The file that was written, or would be.
    QString file() const;

signals:
    /// A file was written, or was changed and read again, and is right.
    void made();

private:
    void build(const UnknownBeats &keys);
    void review();
    void save();
    void openFile();
    void readBack();

    const QString m_folder;
    QLineEdit *m_title;
    QComboBox *m_pattern;
    QLineEdit *m_prefix;
    ToneLabel *m_file;
    ToneLabel *m_note;
    ToneLabel *m_said;
    QPushButton *m_open;
    QPushButton *m_again;
    QPushButton *m_close;
    QPushButton *m_save;
    QString m_written; ///< Empty: not yet.
};

} // namespace pulsedeck
