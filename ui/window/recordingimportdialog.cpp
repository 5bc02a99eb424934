// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recordingimportdialog.h"

#include "models/history/recordingimporter.h"
#include "ui/common/buttons.h"
#include "ui/common/selfdeleting.h"
#include "ui/timing/askforfile.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

RecordingImportDialog::RecordingImportDialog(RecordingImporter &importer, const QString &recording, const QString &path,
                                             QWidget *parent)
    : RecordingImportDialog(importer, recording, path, importer.start(recording, path), parent)
{ }

RecordingImportDialog::RecordingImportDialog(RecordingImporter &importer, const QString &recording, const QString &path,
                                             quint64 token, QWidget *parent)
    : HistoryFileDialog(
        tr("Import Recording"), tr("Making a history of %1…").arg(QFileInfo(recording).fileName()), path,
        [&importer, token] { importer.cancel(token); }, parent)
    , m_open(plainButton(tr("Open"), u"openImported"_s, this, ButtonRole::Primary))
{
    setObjectName(u"recordingImportDialog"_s);
    addButton(m_open);
    m_open->hide();
    connect(m_open, &QPushButton::clicked, this, [this] {
        emit openRequested(this->path());
        accept();
    });
    connect(&importer, &RecordingImporter::progressed, this, [this, token](quint64 of, int percent) {
        if (of == token)
            setProgress(percent);
    });
    connect(&importer, &RecordingImporter::ended, this, [this, token](quint64 of, const QString &error) {
        if (of != token)
            return;
        m_open->setVisible(error.isEmpty());
        end(error, tr("Written: %1 MB. It opens in a window of its own."));
    });
}

void RecordingImportDialog::ask(RecordingImporter &importer, QSettings &settings, QWidget *parent,
                                const std::function<void(const QString &)> &open)
{
    const auto begin = [&importer, parent, open](const QString &recording, const QString &path) {
        auto *dialog = selfDeleting(new RecordingImportDialog(importer, recording, path, parent));
        connect(dialog, &RecordingImportDialog::openRequested, parent, open);
        dialog->show();
    };
    const auto where = [&settings, parent, begin](const QString &recording) {
        askWhere(tr("Import Recording: Where to Write the History"), QFileInfo(recording).completeBaseName() + u".sqlite"_s,
                 settings, parent, [begin, recording](const QString &path) { begin(recording, path); });
    };
    askForFile(parent, tr("Import Recording"), tr("Recordings (*.pulsedeck);;All files (*)"), where)
        ->setObjectName(u"importRecordingDialog"_s);
}

} // namespace pulsedeck
