// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfiles.h"
#include "models/timing/timingrule.h"

#include <QDialog>

class QListWidget;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// What would become of a file, as a diff, and the button that writes it. GUI thread; the disk is TimingFiles' matter.
class FileDialog : public QDialog
{
    Q_OBJECT

public:
    /// \a blocked: why the draft must not be written, empty if it may.
    FileDialog(TimingFiles &files, const TimingFileAnswer &proposal, const QString &blocked, QWidget *parent = nullptr);

signals:
    void written(const QString &path, const QString &backup);

private:
    void fillDiff();
    void takeAnswer(const TimingFileAnswer &answer);

    TimingFiles &m_files;
    TimingFileAnswer m_proposal;
    QString m_blocked;
    QListWidget *m_diff;
    ToneLabel *m_state;
    QPushButton *m_write;
    QPushButton *m_close;
    quint64 m_token = 0;
};

} // namespace pulsedeck
