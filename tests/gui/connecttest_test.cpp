// SPDX-License-Identifier: GPL-3.0-or-later
// "Test connection" in the connect dialog: the steps as they go, what is said of them, and all of it by keyboard.
#include "models/core/format.h"
#include "models/layouts/layoutcatalog.h"
#include "models/sources/hubprotocol.h"
#include "tests/gui/connecthubparts.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/common/questiondialog.h"
#include "ui/sources/testpanel.h"
#include "ui/sources/teststepsmodel.h"

#include <QApplication>
#include <QCheckBox>
#include <QPointer>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using State = TestStep::State;

namespace {

/// A test that goes as a test says.
class PlayedTest : public ConnectionTest
{
public:
    using ConnectionTest::ConnectionTest;

    void settle(int step, State state, const QString &text, const QString &hint = {}, bool login = false)
    {
        TestStep now = steps().at(step);
        now.state = state;
        now.text = text;
        now.hint = hint;
        now.trouble = login ? SourceTrouble::LoginRefused : SourceTrouble::None;
        now.elapsedMs = state == State::Running ? -1 : 3 + step;
        take(step, now);
    }
    void settle(const TestStep &now, int step) { take(step, now); }
    void find(const DetectionReport &report) { takeReport(report); }
    void end() { finish(); }
    bool letGoOf = false;

protected:
    void letGo() override { letGoOf = true; }
};

struct PlayedTester : ConnectionTester
{
    ConnectionTest *start(const SourceSettings &wanted, QObject *parent, int) override
    {
        settings = wanted;
        ++started;
        QList<TestStep> steps;
        for (const QString &name : {u"Name look-up"_s, u"TCP"_s, u"Sign in"_s, u"Workers"_s}) {
            TestStep step;
            step.name = name;
            steps.append(step);
        }
        test = new PlayedTest(steps, parent);
        return test;
    }
    SourceSettings settings;
    QPointer<PlayedTest> test;
    int started = 0;
};

struct Scene
{
    explicit Scene(const SourceSettings &settings = {}, SecretStore *secrets = nullptr)
        : dialog(settings, nullptr, secrets, &tester)
    {
        dialog.show();
    }
    const TestPanel &test()
    {
        QTest::mouseClick(part<QPushButton>(dialog, "testConnection"), Qt::LeftButton);
        return *dialog.tests();
    }
    /// Through all its steps, as far as \a last of the last one.
    void play(State last = State::Passed, const QString &hint = {}, bool login = false)
    {
        for (int step = 0; step < 3; ++step)
            tester.test->settle(step, State::Passed, u"x"_s);
        tester.test->settle(3, last, u"It refused the password."_s, hint, login);
    }
    QString button() const { return part<QPushButton>(dialog, "testConnection")->text().remove(u'&'); }
    void click(const char *name) const { QTest::mouseClick(part<QPushButton>(dialog, name), Qt::LeftButton); }
    PlayedTester tester;
    ConnectDialog dialog;
};

DetectionReport reportOf(const QList<FoundSystem> &systems)
{
    DetectionReport report;
    report.systems = systems;
    report.commands = 12;
    report.whole = true;
    return report;
}

QString cell(const TestPanel &panel, int row, int column, int role = Qt::DisplayRole)
{
    const QAbstractItemModel *model = panel.findChild<QTableView *>()->model();
    return model->index(row, column).data(role).toString();
}

} // namespace

class ConnectTestTest : public QObject
{
    Q_OBJECT

private slots:
    void eachStepIsShownNextToTheForm()
    {
        Scene s;
        QVERIFY(!s.dialog.tests()->isVisible());
        const TestPanel &test = s.test();
        QVERIFY(test.isVisible() && line(s.dialog, "url")->isVisible());
        QVERIFY(test.mapTo(&s.dialog, QPoint()).x() > line(s.dialog, "url")->mapTo(&s.dialog, QPoint()).x());
        QCOMPARE(s.button(), u"Stop test"_s);
        QCOMPARE(cell(test, 0, TestStepsModel::Name), u"Name look-up"_s);
        QVERIFY(cell(test, 0, TestStepsModel::Name, Qt::AccessibleTextRole).contains("waiting"_L1));
        const QSize size = s.dialog.size();
        s.tester.test->settle(0, State::Running, {});
        QVERIFY(messages(s.dialog).contains("step 1 of 4"_L1));
        s.tester.test->settle(0, State::Passed, u"127.0.0.1, no name to look up"_s);
        s.tester.test->settle(1, State::Passed, u"127.0.0.1:6379"_s);
        QCOMPARE(cell(test, 1, TestStepsModel::Found), u"127.0.0.1:6379"_s);
        QCOMPARE(cell(test, 1, TestStepsModel::Time), u"4 ms"_s);
        QVERIFY(cell(test, 1, TestStepsModel::Name, Qt::AccessibleTextRole).contains("passed"_L1));
        s.tester.test->settle(2, State::Passed, u"let in without a password"_s);
        s.tester.test->settle(3, State::Limited, u"no worker registered"_s, u"Check the database."_s);
        s.tester.test->end();
        QCOMPARE(s.button(), u"Test again"_s);
        QVERIFY(messages(s.dialog).contains("It can be connected, with 1 limit"_L1));
        QVERIFY(messages(s.dialog).contains("Workers: Check the database."_L1));
        QCOMPARE(s.dialog.size(), size); // Nothing moved.
        QVERIFY(s.tester.test->letGoOf);

        s.click("copyReport");
        const QString report = QGuiApplication::clipboard()->text();
        for (const QString &part :
             {u"redis://127.0.0.1:6379"_s, u"TCP · passed · 127.0.0.1:6379 · 4 ms"_s, u"Check the database."_s})
            QVERIFY2(report.contains(part), qPrintable(report));
    }

    void failureSaysWhatToDoAndLeadsToTheField()
    {
        Scene s;
        QVERIFY(QTest::qWaitForWindowActive(&s.dialog, patience));
        const TestPanel &test = s.test();
        part<QPushButton>(s.dialog, "testConnection")->setFocus();
        s.play(State::Failed, u"Check both."_s, true);
        s.tester.test->end();
        const QString said = messages(s.dialog);
        for (const QString &part : {u"Workers failed"_s, u"step 4 of 4"_s, u"It refused the password."_s, u"Check both."_s})
            QVERIFY2(said.contains(part), qPrintable(said));
        QVERIFY(test.areStepsShown());
        QTRY_VERIFY_WITH_TIMEOUT(line(s.dialog, "password")->hasFocus(), 10'000);
        // What is typed there makes the failure one of before.
        QTest::keyClicks(line(s.dialog, "password"), u"other"_s);
        QVERIFY(!test.isVisible());
        QCOMPARE(s.button(), u"Test connection"_s);
    }

    /// A Sentinel names its masters: one click takes the address of one, and the login that let in here is that of the Sentinels.
    void addressThatTheServerNamesIsTaken()
    {
        Scene s;
        line(s.dialog, "url")->setText(QString());
        QTest::keyClicks(line(s.dialog, "url"), u"rediss://s1:26379"_s);
        QTest::keyClicks(line(s.dialog, "user"), u"watcher"_s);
        QTest::keyClicks(line(s.dialog, "password"), u"ofsentinel"_s);
        s.test();
        QVERIFY(s.dialog.findChildren<QPushButton *>(u"useAddress"_s).isEmpty());
        TestStep failed = s.tester.test->steps().at(2);
        failed.state = State::Failed;
        failed.addresses = QStringList{u"rediss+sentinel://s1:26379/orders/0"_s, u"rediss+sentinel://s1:26379/carts/0"_s};
        s.tester.test->settle(failed, 2);
        s.tester.test->end();
        const auto offers = s.dialog.findChildren<QPushButton *>(u"useAddress"_s);
        QCOMPARE(offers.size(), 2);
        QVERIFY(offers.at(1)->isVisible());
        QTest::mouseClick(offers.at(1), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(s.tester.started, 2, 10'000); // It is tested at once.
        const RedisUrl url = s.tester.settings.url();
        QCOMPARE(url.master, u"carts"_s);
        QCOMPARE(url.host, u"s1"_s);
        QVERIFY(url.sentinelTls && url.transport == RedisUrl::Transport::Tls);
        QCOMPARE(url.sentinelUser, u"watcher"_s);
        QCOMPARE(url.sentinelPassword, u"ofsentinel"_s);
        QVERIFY(url.user.isEmpty() && url.password.isEmpty());
        QVERIFY(line(s.dialog, "master")->isVisible());
        QCOMPARE(line(s.dialog, "sentinelPassword")->echoMode(), QLineEdit::Password);
        QVERIFY(!visibleTexts(s.dialog).contains(u"ofsentinel"_s));
        QVERIFY(s.dialog.findChildren<QPushButton *>(u"useAddress"_s).isEmpty());
    }

    /// Nothing is trusted that was not shown; what was trusted is in the settings.
    void aCertificateIsTrustedAfterItWasShown()
    {
        Scene s;
        line(s.dialog, "url")->setText(QString());
        QTest::keyClicks(line(s.dialog, "url"), u"rediss://h:6390"_s);
        s.test();
        auto *trust = part<QPushButton>(s.dialog, "trustCertificate");
        QVERIFY(!trust->isVisible());
        TestStep failed = s.tester.test->steps().at(1);
        failed.state = State::Failed;
        failed.trouble = SourceTrouble::Tls;
        failed.text = u"The certificate of h:6390 is not trusted."_s;
        failed.certificate = {u"CN=redis <b>one</b>"_s, u"CN=Own authority"_s, u"redis.internal"_s,
                              1'700'000'000'000,        1'800'000'000'000,     QString(64, u'a')};
        s.tester.test->settle(failed, 1);
        s.tester.test->end();
        QVERIFY(trust->isVisible());
        QTest::mouseClick(trust, Qt::LeftButton);
        auto *question = s.dialog.findChild<QuestionDialog *>(u"trustQuestion"_s);
        QVERIFY(question);
        const QString said = visibleTexts(*question);
        for (const QString &fact :
             {u"CN=redis <b>one</b>"_s, u"CN=Own authority"_s, u"redis.internal"_s, wallDateTimeText(1'700'000'000'000),
              wallDateTimeText(1'800'000'000'000), TlsOptions::fingerprintText(QString(64, u'a'))})
            QVERIFY2(said.contains(fact), qPrintable(fact));
        QTest::mouseClick(question->cancelButton(), Qt::LeftButton);
        QCOMPARE(s.tester.started, 1);
        QVERIFY(s.dialog.settings().tlsOptions.fingerprints.isEmpty());

        TRY_TRUE(!s.dialog.findChild<QuestionDialog *>(u"trustQuestion"_s));
        QTest::mouseClick(trust, Qt::LeftButton);
        question = s.dialog.findChild<QuestionDialog *>(u"trustQuestion"_s);
        QVERIFY(question);
        QTest::mouseClick(question->actButton(), Qt::LeftButton);
        TRY_EQUAL(s.tester.started, 2); // It is tested again at once.
        QCOMPARE(s.tester.settings.tlsOptions.pins(), QStringList(QString(64, u'a')));
        QCOMPARE(s.dialog.settings().tlsOptions.pins(), QStringList(QString(64, u'a')));
        QVERIFY(!trust->isVisible());
    }

    /// What lives there takes the room of the steps; these come back on demand.
    void stepsMakeRoomForWhatWasFound()
    {
        Scene s;
        QVERIFY(QTest::qWaitForWindowActive(&s.dialog, patience));
        const TestPanel &test = s.test();
        part<QPushButton>(s.dialog, "testConnection")->setFocus();
        s.play();
        s.tester.test->find(reportOf({{u"sidekiq"_s, u"Sidekiq"_s, {}, 12, 11, 5}}));
        QVERIFY(test.areStepsShown()); // It is still running.
        s.tester.test->end();
        QVERIFY(!test.areStepsShown() && test.isVisible());
        QVERIFY(!part<QTableView>(s.dialog, "testSteps")->isVisible());
        QVERIFY(messages(s.dialog).contains("It can be connected"_L1));
        QVERIFY(part<QWidget>(s.dialog, "systemList")->isVisible());
        TRY_TRUE(!part<QScrollArea>(s.dialog, "systemsScroll")->verticalScrollBar()->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(part<QPushButton>(s.dialog, "submit")->hasFocus(), 10'000);
        s.click("showSteps");
        QVERIFY(part<QTableView>(s.dialog, "testSteps")->isVisible());
        QVERIFY2(s.dialog.minimumSizeHint().height() <= 680, qPrintable(QString::number(s.dialog.minimumSizeHint().height())));
        s.click("showSteps");
        QVERIFY(!part<QTableView>(s.dialog, "testSteps")->isVisible());
        // A tick is no other address.
        QTest::keyClick(part<QCheckBox>(s.dialog, "system-sidekiq"), Qt::Key_Space);
        QVERIFY(test.isVisible());
    }

    void stoppedAndTestedAgainByKeyboard()
    {
        Scene s;
        QVERIFY(QTest::qWaitForWindowActive(&s.dialog, patience));
        QTest::keyClick(&s.dialog, Qt::Key_E, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(s.tester.started, 1, 10'000); // A button's letter presses it for a moment.
        s.tester.test->settle(0, State::Running, {});
        TRY_EQUAL(s.button(), u"Stop test"_s);
        QTest::keyClick(&s.dialog, Qt::Key_E, Qt::AltModifier);
        QTRY_VERIFY_WITH_TIMEOUT(s.tester.test->isOver(), 10'000);
        QVERIFY(messages(s.dialog).contains("Stopped"_L1));
        QCOMPARE(cell(*s.dialog.tests(), 0, TestStepsModel::Found), u"stopped"_s);
        QTest::keyClick(&s.dialog, Qt::Key_E, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(s.tester.started, 2, 10'000);
        QVERIFY(!s.tester.test->isOver());
        QTest::keyClick(&s.dialog, Qt::Key_Escape); // The dialog ends, and the test with it.
        QVERIFY(!s.dialog.isVisible());
        QVERIFY(s.tester.test->isOver());
    }

    void whatIsFilledInIsTested()
    {
        Scene s;
        paste(line(s.dialog, "url"), u"redis://ops:hunter2-secret@r.example.net:6400/2"_s);
        const TestPanel &test = s.test();
        QCOMPARE(s.tester.settings.address(), u"redis://r.example.net:6400/2"_s);
        QCOMPARE(s.tester.settings.password, u"hunter2-secret"_s);
        QVERIFY(!visibleTexts(s.dialog).contains("hunter2"_L1));
        QVERIFY(!test.report().contains("hunter2"_L1));
        paste(line(s.dialog, "url"), u"redis://h:99999"_s);
        QVERIFY(!test.isVisible() && s.tester.test->isOver()); // Of the address before.
        QVERIFY(!part<QPushButton>(s.dialog, "testConnection")->isEnabled());
    }

    void tokenForTheKeychainIsTriedBeforeItIsKept()
    {
        MemorySecretStore secrets;
        Scene s(hubSettings({}), &secrets);
        choose(s.dialog, "tokenKeychain");
        paste(line(s.dialog, "token"), hubToken);
        s.test();
        QCOMPARE(s.tester.settings.tokenFrom, TokenFrom::Typed);
        QCOMPARE(s.tester.settings.token, hubToken);
        QCOMPARE(secrets.calls, 0);
        QVERIFY(!visibleTexts(*s.dialog.tests()).contains(hubToken.left(20)));
        QCOMPARE(s.dialog.settings().tokenFrom, TokenFrom::Keychain);
        QVERIFY(s.dialog.settings().token.isEmpty());
    }

    /// That Celery can only be heard is said where it was not found, or where it is not known who of it lives.
    void listeningIsOfferedForWhatItCanTell()
    {
        Scene s;
        s.test();
        s.play();
        const auto said = [&](const QList<FoundSystem> &systems) {
            s.tester.test->find(reportOf(systems));
            auto *label = part<ToneLabel>(s.dialog, "onlyHeard");
            return label->isVisible() ? label->text() : QString();
        };
        const FoundSystem sidekiq{u"sidekiq"_s, u"Sidekiq"_s, {}, 12, 11, 5};
        QCOMPARE(said({sidekiq}), u"Celery is visible only through events."_s);
        QCOMPARE(said({sidekiq, {u"celery"_s, u"Celery"_s, {}, 3, -1, 1}}),
                 u"Which workers of Celery live shows only in events."_s);
        QVERIFY(part<QPushButton>(s.dialog, "listen")->isVisible());
        QCOMPARE(said({sidekiq, {u"celery"_s, u"Celery"_s, {}, 3, 3, 1}}), QString());
        QVERIFY(!part<QPushButton>(s.dialog, "listen")->isVisible());
    }

    /// Tab goes down the form, over to what was found, and then to the buttons.
    void tabGoesAsOneReads()
    {
        Scene s;
        QVERIFY(QTest::qWaitForWindowActive(&s.dialog, patience));
        s.test();
        s.play();
        s.tester.test->find(reportOf({{u"sidekiq"_s, u"Sidekiq"_s, {}, 12, 11, 5}}));
        s.tester.test->end();
        line(s.dialog, "url")->setFocus();
        QStringList names;
        for (int i = 0; i < 60 && (names.isEmpty() || names.last() != "url"_L1); ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            names.append(QApplication::focusWidget()->objectName());
        }
        qsizetype before = -1;
        for (const QString &name : {u"name"_s, u"host"_s, u"readOnly"_s, u"copyReport"_s, u"showSteps"_s, u"lookAgain"_s,
                                    u"system-sidekiq"_s, u"testConnection"_s, u"submit"_s, u"url"_s}) {
            const qsizetype at = names.indexOf(name);
            QVERIFY2(at > before, qPrintable(name + u" in "_s + names.join(u' ')));
            before = at;
        }
    }

    /// Alt and a letter does one thing only, with a field for a host as with one for a socket.
    void eachLetterIsGivenOnce()
    {
        for (const QString &address : {u"redis://h:1/0"_s, u"unix:///run/r.sock"_s}) {
            Scene s;
            paste(line(s.dialog, "url"), address);
            s.test();
            s.play();
            DetectionReport report = reportOf({{u"sidekiq"_s, u"Sidekiq"_s, {}, 12, 11, 5}});
            report.aclLine = u"ACL SETUSER x +ping"_s;
            report.refused = {u"SCAN"_s};
            s.tester.test->find(report);
            s.tester.test->end();
            QSet<QString> letters;
            for (const QWidget *widget : s.dialog.findChildren<QWidget *>()) {
                const auto *label = qobject_cast<const QLabel *>(widget);
                const auto *pressed = qobject_cast<const QAbstractButton *>(widget);
                if (!widget->isVisible() || !(pressed || (label && label->buddy())))
                    continue;
                const QString letter = QKeySequence::mnemonic(label ? label->text() : pressed->text()).toString();
                QVERIFY2(letter.isEmpty() || !letters.contains(letter), qPrintable(letter));
                letters.insert(letter);
            }
            QVERIFY(letters.size() > 8);
        }
    }

    void withoutATesterThereIsNoButton()
    {
        ConnectDialog dialog({});
        dialog.show();
        QVERIFY(!part<QPushButton>(dialog, "testConnection")->isVisible());
    }

    /// With many systems it becomes larger to all sides and not over the edge, and their list scrolls.
    void manySystemsScrollInADialogThatStaysOnTheScreen()
    {
        Scene s;
        const QRect area = s.dialog.screen()->availableGeometry();
        s.dialog.move(area.center() - s.dialog.rect().center());
        const QPoint middle = s.dialog.frameGeometry().center();
        s.test();
        s.play();
        QList<FoundSystem> systems;
        for (const Layout &layout : LayoutCatalog::inUse().layouts()) {
            FoundSystem system;
            system.layout = layout.name;
            system.title = layout.title;
            system.workers = 12'000;
            system.queues = 7;
            system.watched = true;
            systems.append(system);
        }
        QVERIFY(systems.size() > 10);
        s.tester.test->find(reportOf(systems));
        s.tester.test->end();
        QTRY_VERIFY_WITH_TIMEOUT(s.dialog.findChild<QCheckBox *>(u"system-"_s + systems.last().layout), 20'000);
        auto *scroll = part<QScrollArea>(s.dialog, "systemsScroll");
        QTRY_VERIFY_WITH_TIMEOUT(scroll->verticalScrollBar()->isVisible(), 20'000);
        QVERIFY2(area.contains(s.dialog.frameGeometry()), "not over the edge");
        QVERIFY2(qAbs(s.dialog.frameGeometry().center().x() - middle.x()) <= 1, "and to both sides");
    }

    void fitsASmallScreen()
    {
        MemorySecretStore secrets;
        Scene s(knownHub(TokenFrom::Keychain), &secrets);
        // What has no room there is scrolled to; the buttons below are always seen.
        const int most = s.dialog.screen()->availableGeometry().height() - 60;
        QVERIFY2(s.dialog.height() <= most, qPrintable(QString::number(s.dialog.height())));
        s.test();
        QVERIFY2(s.dialog.height() <= most, qPrintable(QString::number(s.dialog.height())));
        for (const QPushButton *each : s.dialog.tests()->findChildren<QPushButton *>()) {
            if (!each->isHidden())
                QTRY_VERIFY2_WITH_TIMEOUT(each->width() >= each->sizeHint().width(), qPrintable(each->text()), patience);
        }
    }
};

PULSEDECK_TEST(ConnectTestTest, runWithTheme)

#include "connecttest_test.moc"
