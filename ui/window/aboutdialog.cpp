// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/aboutdialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"
#include "ui/window/appicon.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
{
    const Theme &t = Theme::instance();
    setWindowTitle(tr("About Pulsedeck"));
    auto *icon = new QLabel(this);
    icon->setPixmap(appIcon().pixmap(t.scaled(64)));
    auto *name = new ToneLabel(u"Pulsedeck"_s, ToneLabel::Tone::Text, ToneLabel::Face::Figure, this);
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

    auto *words = new QVBoxLayout;
    words->setSpacing(t.scaled(4));
    words->addWidget(name);
    words->addWidget(version);
    words->addSpacing(t.scaled(8));
    words->addWidget(text);
    words->addWidget(licence);
    auto *row = new QHBoxLayout;
    row->setSpacing(t.scaled(20));
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(t.scaled(20), t.scaled(20), t.scaled(20), t.scaled(16));
    whole->setSpacing(t.scaled(16));
    whole->addLayout(row);
    whole->addWidget(close, 0, Qt::AlignRight);
    layout()->setSizeConstraint(QLayout::SetFixedSize);
}

} // namespace pulsedeck
