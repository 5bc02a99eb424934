// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/exportdialog.h"

#include "ui/common/selfdeleting.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void askExportFile(QWidget *parent, const QString &title, const QString &file, QSettings &settings, const QString &key,
                   const std::function<void(const QString &path, bool json)> &then)
{
    auto *dialog = selfDeleting(new QFileDialog(parent, title, settings.value(key, QDir::homePath()).toString()));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({u"CSV (*.csv)"_s, u"JSON (*.json)"_s});
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->selectFile(file + u".csv"_s);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.contains(u"json"_s) ? u"json"_s : u"csv"_s);
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [&settings, key, then](const QString &path) {
        settings.setValue(key, QFileInfo(path).absolutePath());
        then(path, path.endsWith(u".json"_s, Qt::CaseInsensitive));
    });
    dialog->open();
}

} // namespace pulsedeck
