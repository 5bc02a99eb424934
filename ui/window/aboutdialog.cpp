// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/aboutdialog.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/window/appicon.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("About Pulsedeck"));
    auto *icon = new QLabel(this);
    icon->setPixmap(appIcon().pixmap(px(64)));
    auto *name = new ToneLabel(u"Pulsedeck"_s, ToneLabel::Tone::Text, ToneLabel::Face::Figure, this); // untranslated: a name
    auto *version =
        new ToneLabel(tr("Version %1, with Qt %2").arg(QString::fromLatin1(PULSEDECK_VERSION), QString::fromLatin1(qVersion())),
                      ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    auto *text = new ToneLabel(tr("A desktop console for fleets of workers that register and beat in Redis."),
                               ToneLabel::Tone::Text, ToneLabel::Face::Body, this);
    auto *licence = new ToneLabel(tr("Free software under the GNU General Public License, version 3 or later.\n"
                                     "It comes without any warranty."),
                                  ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
    for (ToneLabel *label : {version, text, licence})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);

    auto *words = vbox(4);
    addWidgets(words, {name, version});
    words->addSpacing(px(8));
    addWidgets(words, {text, licence});
    auto *row = hbox(20);
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    auto *whole = vbox(this, 16, {20, 20, 20, 16});
    whole->addLayout(row);
    whole->addWidget(close, 0, Qt::AlignRight);
    layout()->setSizeConstraint(QLayout::SetFixedSize);
}

} // namespace pulsedeck
