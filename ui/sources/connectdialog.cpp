// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/connectdialog.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/sourceform.h"
#include "ui/sources/testdialog.h"
#include "ui/sources/testpanel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConnectDialog::ConnectDialog(const SourceSettings &settings, QWidget *parent, SecretStore *secrets, ConnectionTester *tester)
    : QDialog(parent)
    , m_isNew(settings.id == 0)
    , m_form(new SourceForm(settings, secrets, this))
    , m_tester(tester)
    , m_test(new QPushButton(tr("T&est connection"), this))
    , m_connect(new QPushButton(this))
    , m_title(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, this))
{
    setObjectName(u"connectDialog"_s);
    setModal(true);
    if (!m_isNew) {
        setWindowTitle(tr("Edit %1").arg(settings.name));
        m_title->setText(settings.name);
    }
    auto *text = new ToneLabel(tr("Paste an address, or fill in the fields. Nothing is written until you unlock it."),
                               ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);

    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    setButtonRole(m_connect, ButtonRole::Primary);
    m_connect->setObjectName(u"submit"_s);
    m_connect->setDefault(true);
    connect(m_form, &SourceForm::validityChanged, this, [this] { setBusy(m_busy); });
    connect(m_form, &SourceForm::kindChanged, this, &ConnectDialog::adoptKind);
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::submit);
    m_test->setObjectName(u"testConnection"_s);
    m_test->setAutoDefault(false);
    m_test->setVisible(m_tester);
    m_test->setToolTip(tr("Tests what is filled in, step by step. Nothing is written, and nothing is remembered."));
    connect(m_test, &QPushButton::clicked, this, &ConnectDialog::test);
    connect(cancel, &QPushButton::clicked, this, &ConnectDialog::reject);

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = hbox(footer, -1, {16, 11, 16, 11});
    m_remembered = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, footer);
    buttons->addWidget(m_remembered, 1);
    addWidgets(buttons, {m_test, cancel, m_connect});

    auto *content = vbox(nullptr, 0, {20, 18, 20, 18});
    content->addWidget(m_title);
    content->addSpacing(px(3));
    content->addWidget(text);
    content->addSpacing(px(16));
    content->addWidget(m_form);
    content->addStretch(1);

    auto *whole = vbox(this, 0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);
    setMinimumWidth(px(560));
    setTabOrder(m_form, m_test);
    setTabOrder(m_test, cancel);
    setTabOrder(cancel, m_connect);
    m_form->setFocus();
    adoptKind(m_form->kind());
    setBusy(false);
}

SourceSettings ConnectDialog::settings() const
{
    return m_form->settings();
}

void ConnectDialog::focusLogin()
{
    m_form->focusLogin();
}

void ConnectDialog::adoptKind(SourceKind kind)
{
    const QString secret = kind->traits()->secret;
    m_remembered->setText(!m_isRemembered    ? tr("Not remembered: it ends with this window.")
                          : secret.isEmpty() ? tr("Remembered.")
                                             : tr("Remembered, without the %1.").arg(traitText(secret)));
    if (!m_isNew)
        return;
    setWindowTitle(kind->connectText().remove(u'&').remove(u'…'));
    m_title->setText(kind->question());
}

void ConnectDialog::setRemembered(bool remembered)
{
    m_isRemembered = remembered;
    adoptKind(m_form->kind());
}

void ConnectDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_form->setEnabled(!busy);
    m_connect->setEnabled(!busy && m_form->isValid());
    m_test->setEnabled(!busy && m_form->isValid());
    m_connect->setText(busy ? tr("Asking the keychain…") : m_isNew ? tr("&Connect") : tr("Save and &connect"));
}

void ConnectDialog::test()
{
    if (!m_tester || !m_form->isValid() || m_busy)
        return;
    auto *dialog = selfDeleting(new TestDialog(m_form->testSettings(), *m_tester, this));
    connect(dialog, &QDialog::finished, this, [this, dialog] {
        if (dialog->panel().isLoginTrouble())
            focusLogin();
        else
            m_connect->setFocus(Qt::OtherFocusReason);
    });
    dialog->open();
}

void ConnectDialog::submit()
{
    if (!m_form->isValid() || m_busy)
        return;
    const SourceSettings settings = m_form->settings();
    setBusy(true);
    m_form->keep([this, settings](bool kept) {
        setBusy(false);
        // Closed meanwhile: nothing is wanted any more.
        if (!kept || isHidden())
            return;
        emit submitted(settings);
        accept();
    });
}

} // namespace pulsedeck
