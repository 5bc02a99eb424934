// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/askforfile.h"

#include "ui/common/selfdeleting.h"

#include <QFileDialog>

namespace pulsedeck {

QFileDialog *askForFile(QWidget *parent, const QString &title, const QString &nameFilter,
                        const std::function<void(const QString &)> &chosen)
{
    auto *dialog = selfDeleting(new QFileDialog(parent, title, {}, nameFilter));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, chosen);
    dialog->open();
    return dialog;
}

} // namespace pulsedeck
