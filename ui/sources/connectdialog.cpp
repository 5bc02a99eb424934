// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/connectdialog.h"

#include "ui/sources/sourceform.h"
#include "ui/theme/band.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConnectDialog::ConnectDialog(const SourceSettings &settings, QWidget *parent)
    : QDialog(parent)
    , m_form(new SourceForm(settings, this))
    , m_connect(new QPushButton(settings.id == 0 ? tr("&Connect") : tr("Save and &connect"), this))
{
    const Theme &t = Theme::instance();
    setObjectName(u"connectDialog"_s);
    setWindowTitle(settings.id == 0 ? tr("Connect to Redis") : tr("Edit %1").arg(settings.name));
    setModal(true);

    auto *title = new ToneLabel(settings.id == 0 ? tr("Where is the Redis of your fleet?") : settings.name,
                                ToneLabel::Tone::Text, ToneLabel::Face::Title, this);
    auto *text = new ToneLabel(tr("Paste an address, or fill in the fields. Nothing is written until you unlock it."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);

    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    setButtonRole(m_connect, ButtonRole::Primary);
    m_connect->setObjectName(u"submit"_s);
    m_connect->setDefault(true);
    m_connect->setEnabled(m_form->isValid());
    connect(m_form, &SourceForm::validityChanged, m_connect, &QPushButton::setEnabled);
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::submit);
    connect(cancel, &QPushButton::clicked, this, &ConnectDialog::reject);

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = new QHBoxLayout(footer);
    buttons->setContentsMargins(t.scaled(16), t.scaled(11), t.scaled(16), t.scaled(11));
    auto *remembered =
        new ToneLabel(tr("Remembered, without the password."), ToneLabel::Tone::Dim, ToneLabel::Face::Small, footer);
    buttons->addWidget(remembered, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_connect);

    auto *content = new QVBoxLayout;
    content->setContentsMargins(t.scaled(20), t.scaled(18), t.scaled(20), t.scaled(18));
    content->setSpacing(0);
    content->addWidget(title);
    content->addSpacing(t.scaled(3));
    content->addWidget(text);
    content->addSpacing(t.scaled(16));
    content->addWidget(m_form);
    content->addStretch(1);

    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);
    setMinimumWidth(t.scaled(560));
    setTabOrder(m_form, cancel);
    setTabOrder(cancel, m_connect);
    m_form->setFocus();
}

SourceSettings ConnectDialog::settings() const
{
    return m_form->settings();
}

void ConnectDialog::focusPassword()
{
    m_form->focusPassword();
}

void ConnectDialog::submit()
{
    if (!m_form->isValid())
        return;
    emit submitted(m_form->settings());
    accept();
}

} // namespace pulsedeck
