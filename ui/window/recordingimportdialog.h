// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/historyfiledialog.h"

namespace pulsedeck {

class RecordingImporter;

/// Makes a history file of a recording of the Timing page, says how far that is, and offers to open it. Closed while it writes,
/// it cancels the import, and then no file is written. GUI thread.
class RecordingImportDialog : public HistoryFileDialog
{
    Q_OBJECT

public:
    /// \a importer outlives the dialog.
    RecordingImportDialog(RecordingImporter &importer, const QString &recording, const QString &path, QWidget *parent = nullptr);

    /// Asks for the recording and for the file, and opens a dialog for them, which deletes itself; \a open is called with the
    /// file if it is to be shown. \a importer and \a settings outlive \a parent.
    static void ask(RecordingImporter &importer, QSettings &settings, QWidget *parent,
                    const std::function<void(const QString &)> &open);

signals:
    void openRequested(const QString &path);

private:
    RecordingImportDialog(RecordingImporter &importer, const QString &recording, const QString &path, quint64 token,
                          QWidget *parent);

    QPushButton *m_open;
};

} // namespace pulsedeck
