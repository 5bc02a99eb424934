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
                   const std::function<void(const QString &path, bool json)> &then, bool json)
{
    auto *dialog = selfDeleting(new QFileDialog(parent, title, settings.value(key, QDir::homePath()).toString()));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    // untranslated: names of formats
    const QStringList filters{u"CSV (*.csv)"_s, u"JSON (*.json)"_s};

    dialog->setNameFilters(filters);
    dialog->selectNameFilter(filters[json]);
    dialog->setDefaultSuffix(json ? u"json"_s : u"csv"_s);
    dialog->selectFile(file + u'.' + dialog->defaultSuffix());
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.contains(u"json"_s) ? u"json"_s : u"csv"_s);
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [&settings, key, then, json](const QString &path) {
        settings.setValue(key, QFileInfo(path).absolutePath());
        // Of another ending it is what was asked for.
        const bool csv = path.endsWith(u".csv"_s, Qt::CaseInsensitive);
        then(path, path.endsWith(u".json"_s, Qt::CaseInsensitive) || (json && !csv));
    });
    dialog->open();
}

} // namespace pulsedeck
