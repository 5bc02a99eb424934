// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/connectdialog.h"

#include "models/sources/connectiontest.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tabchain.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/layoutdialog.h"
#include "ui/sources/sourceform.h"
#include "ui/sources/systemlist.h"
#include "ui/sources/testpanel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int leastForm = 490;
constexpr int listenMs = 5'000;

} // namespace

ConnectDialog::ConnectDialog(const SourceSettings &settings, QWidget *parent, SecretStore *secrets, ConnectionTester *tester)
    : QDialog(parent)
    , m_isNew(settings.id == 0)
    , m_form(new SourceForm(settings, secrets, this))
    , m_systems(m_form->takeSystems())
    , m_tester(tester)
    , m_test(new QPushButton(this))
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
    connect(m_form, &SourceForm::edited, this, [this] {
        forgetOldTest();
        setBusy(m_busy);
    });
    connect(m_form, &SourceForm::lookAgainRequested, this, &ConnectDialog::test);
    connect(m_form, &SourceForm::layoutRequested, this, [this](const UnknownBeats &keys) {
        auto *dialog = selfDeleting(new LayoutDialog(keys, m_layoutFolder, this));
        connect(dialog, &LayoutDialog::made, this, &ConnectDialog::layoutMade);
        dialog->open();
    });
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::submit);
    m_test->setObjectName(u"testConnection"_s);
    m_test->setAutoDefault(false);
    m_test->setVisible(m_tester);
    m_test->setToolTip(tr("Tests what is filled in, step by step. Nothing is written, and nothing is remembered."));
    connect(m_test, &QPushButton::clicked, this, &ConnectDialog::test);
    connect(cancel, &QPushButton::clicked, this, &ConnectDialog::reject);

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = hbox(footer, -1, {16, 11, 16, 11});
    m_remembered = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, footer))->elided();
    buttons->addWidget(m_remembered, 1);
    addWidgets(buttons, {m_test, cancel, m_connect});

    auto *page = new QWidget;
    auto *content = vbox(page, 0, {20, 18, 20, 18});
    content->addWidget(m_title);
    content->addSpacing(px(3));
    content->addWidget(text);
    content->addSpacing(px(16));
    content->addWidget(m_form);
    content->addStretch(1);

    m_footer = footer;
    m_scroll = new ColumnScroll(page, this);
    m_scroll->setMinimumWidth(px(leastForm));
    m_side = new Band(Qt::LeftEdge, Band::Ground::Chrome, this);
    auto *side = vbox(m_side, 0, {1, 0, 0, 0});
    if (m_tester) {
        m_tests = new TestPanel(*m_tester, m_side);
        m_tests->hide();
        side->addWidget(m_tests);
        connect(m_tests, &TestPanel::changed, this, &ConnectDialog::reviewTest);
        connect(m_tests, &TestPanel::reported, this, &ConnectDialog::showFound);
        connect(m_tests, &TestPanel::addressChosen, this, [this](const QString &address) {
            m_form->moveTo(address);
            test();
        });
        connect(m_tests, &TestPanel::certificateTrusted, this, [this](const QString &fingerprint) {
            m_form->trust(fingerprint);
            test();
        });
        connect(this, &QDialog::finished, m_tests, &TestPanel::stop);
    }
    auto *systems = vbox(0);
    systems->setContentsMargins(pxMargins(16, 10, 8, 10));
    systems->addWidget(m_systems);
    side->addLayout(systems, 1);
    m_side->setVisible(!m_systems->isHidden());
    m_systems->setCanListen(m_tester);
    connect(m_systems, &SystemList::listenRequested, this, &ConnectDialog::listen);
    auto *columns = hbox(0);
    columns->addWidget(m_scroll, 1);
    columns->addWidget(m_side, 3);
    auto *whole = vbox(this, 0);
    whole->addLayout(columns, 1);
    whole->addWidget(footer);
    setMinimumWidth(px(560));
    fit();
    QList<QWidget *> parts{m_form, m_systems, m_test, cancel, m_connect};
    if (m_tests)
        parts.insert(1, m_tests);
    setTabChain(parts);
    m_form->focusAddress();
    adoptKind(m_form->kind());
    reviewTest();
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
    m_test->setEnabled((!busy && m_form->isValid()) || (m_tests && m_tests->isRunning()));
    const int systems = m_form->chosenSystems();
    m_connect->setText(busy          ? tr("Asking the keychain…")
                       : !m_isNew    ? tr("Save and &connect")
                       : systems > 1 ? tr("&Connect with %Ln system(s)", nullptr, systems)
                                     : tr("&Connect"));
}

void ConnectDialog::test()
{
    if (!m_tests)
        return;
    if (m_tests->isRunning()) {
        m_tests->stop();
        return;
    }
    if (!m_form->isValid() || m_busy)
        return;
    m_tested = m_form->testSettings();
    m_settled = false;
    m_tests->setStepsShown(true);
    m_tests->show();
    m_tests->begin(*m_tested);
    fit();
}

void ConnectDialog::reviewTest()
{
    const bool running = m_tests && m_tests->isRunning();
    m_test->setText(running ? tr("Stop t&est") : m_tested ? tr("T&est again") : tr("T&est connection"));
    if (!m_tests || running || m_settled)
        return;
    m_settled = true;
    setBusy(m_busy);
    // What lives there needs the room; the first line still says how it went.
    if (m_tests->hasPassed() && !m_systems->isHidden())
        m_tests->setStepsShown(false);
    // The keyboard goes on to what comes next, unless something is being typed.
    if (qobject_cast<QLineEdit *>(focusWidget()))
        return;
    if (m_tests->isLoginTrouble())
        focusLogin();
    else if (m_tests->hasPassed())
        m_connect->setFocus(Qt::OtherFocusReason);
}

void ConnectDialog::forgetOldTest()
{
    if (!m_tested)
        return;
    SourceSettings now = m_form->testSettings();
    now.systems = m_tested->systems;
    if (now.sameConnection(*m_tested))
        return;
    m_tested.reset();
    m_settled = true;
    m_tests->stop();
    m_tests->hide();
    reviewTest();
    fit();
}

void ConnectDialog::showFound(const DetectionReport &report)
{
    m_form->showFound(report, true);
    setBusy(m_busy);
    fit();
}

void ConnectDialog::listen()
{
    if (!m_tester || !m_form->isValid() || m_busy || m_listening)
        return;
    m_listening = m_tester->start(m_form->testSettings(), this, listenMs);
    m_systems->setCanListen(true, true);
    connect(m_listening, &ConnectionTest::reported, this, &ConnectDialog::showFound);
    connect(m_listening, &ConnectionTest::over, this, [this] {
        std::exchange(m_listening, nullptr)->deleteLater();
        m_systems->setCanListen(true);
    });
}

/// As large as its content, where the screen has room for that; else it scrolls.
void ConnectDialog::fit()
{
    const QScreen *const screen = QGuiApplication::primaryScreen();
    const QSize room = screen ? screen->availableGeometry().size() : QSize(px(1280), px(760));
    // Less the frame; and what its window has room for, it has.
    const QSize window = parentWidget() ? parentWidget()->window()->size() : QSize();
    const int most = qMax(room.height() - px(60), window.height());
    const int widest = qMax(room.width() - px(20), window.width());
    const QSize wanted = m_scroll->widget()->sizeHint();
    const bool systems = !m_systems->isHidden();
    const bool side = systems || (m_tests && !m_tests->isHidden());
    m_side->setVisible(side);
    const int content = qMax(wanted.height(), systems ? px(600) : 0);
    const int high = qMin(most, content + m_footer->sizeHint().height());
    const int wide = side ? qMin(px(systems ? 1250 : 1100), widest) : qMax(px(560), wanted.width());
    growTo({qMax(width(), wide), qMax(high, isVisible() ? qMin(height(), most) : 0)});
}

/// To all sides, and not over the edge of the screen. Where programs may not place their windows it only becomes larger.
void ConnectDialog::growTo(const QSize &wanted)
{
    const QRect before = frameGeometry();
    const QSize frame = before.size() - size();
    resize(wanted);
    if (!isVisible() || size() + frame == before.size())
        return;
    QRect place(QPoint(), size() + frame);
    place.moveCenter(before.center());
    QRect area = screen()->availableGeometry();
    if (parentWidget())
        area |= parentWidget()->window()->frameGeometry(); // Where its window stands, it may.
    place.moveLeft(qMax(area.left(), qMin(place.left(), area.right() + 1 - place.width())));
    place.moveTop(qMax(area.top(), qMin(place.top(), area.bottom() + 1 - place.height())));
    move(place.topLeft());
}

void ConnectDialog::setLayoutFolder(const QString &folder)
{
    m_layoutFolder = folder;
    m_form->setCanMakeLayout(!folder.isEmpty());
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
