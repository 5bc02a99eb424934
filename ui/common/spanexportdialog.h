// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"
#include "ui/common/historyfiledialog.h"

namespace pulsedeck {

/// Writes a span of the history into a file of its own and says how far that is. Closed while it writes, it cancels the export,
/// and then no file is written. GUI thread.
class SpanExportDialog : public HistoryFileDialog
{
    Q_OBJECT

public:
    /// \a history outlives the dialog.
    SpanExportDialog(History &history, qint64 from, qint64 to, const QString &path, QWidget *parent = nullptr);

    /// Asks for the file, in the folder of the last one, and opens a dialog for it, which deletes itself. \a history and
    /// \a settings outlive \a parent.
    static void ask(History &history, qint64 from, qint64 to, QSettings &settings, QWidget *parent);

private:
    SpanExportDialog(History &history, qint64 from, qint64 to, const QString &path, quint64 token, QWidget *parent);
};

} // namespace pulsedeck
