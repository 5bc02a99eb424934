// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/spanexportdialog.h"

#include "models/core/format.h"
#include "ui/common/selfdeleting.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

SpanExportDialog::SpanExportDialog(History &history, qint64 from, qint64 to, const QString &path, QWidget *parent)
    : SpanExportDialog(history, from, to, path, history.nextToken(), parent)
{ }

SpanExportDialog::SpanExportDialog(History &history, qint64 from, qint64 to, const QString &path, quint64 token, QWidget *parent)
    : HistoryFileDialog(
        tr("Export History"), tr("Writing %1 to %2…", "from, until").arg(dateTimeText(from), dateTimeText(to)), path,
        [&history, token] { history.cancelExport(token); }, parent)
{
    setObjectName(u"spanExportDialog"_s);
    connect(&history, &History::exportProgressed, this, [this, token](quint64 of, int percent) {
        if (of == token)
            setProgress(percent);
    });
    connect(&history, &History::exported, this, [this, token](quint64 of, const QString &error) {
        if (of == token && isWriting())
            end(error, tr("Written: %1 MB, in whole five minutes."));
    });
    history.exportSpan(from, to, path, token);
}

void SpanExportDialog::ask(History &history, qint64 from, qint64 to, QSettings &settings, QWidget *parent)
{
    askWhere(tr("Export History"), u"history-"_s + shownTime(from).toString(u"yyyy-MM-dd-HHmm"_s) + u".sqlite"_s, settings,
             parent, [&history, from, to, parent](const QString &path) {
                 selfDeleting(new SpanExportDialog(history, from, to, path, parent))->show();
             });
}

} // namespace pulsedeck
