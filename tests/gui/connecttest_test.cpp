// SPDX-License-Identifier: GPL-3.0-or-later
// "Test connection" in the connect dialog: the steps as they go, what is said of them, and all of it by keyboard.
#include "models/sources/hubprotocol.h"
#include "tests/gui/connecthubparts.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/testapplication.h"
#include "ui/sources/testdialog.h"
#include "ui/sources/testpanel.h"
#include "ui/sources/teststepsmodel.h"

#include <QPointer>
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
    TestDialog *open()
    {
        QTest::mouseClick(part<QPushButton>(dialog, "testConnection"), Qt::LeftButton);
        return opened();
    }
    TestDialog *opened() const
    {
        for (auto *each : dialog.findChildren<TestDialog *>()) {
            if (each->isVisible())
                return each;
        }
        return nullptr;
    }
    PlayedTester tester;
    ConnectDialog dialog;
};

QString cell(const TestDialog &dialog, int row, int column, int role = Qt::DisplayRole)
{
    const QAbstractItemModel *model = dialog.findChild<QTableView *>()->model();
    return model->index(row, column).data(role).toString();
}

} // namespace

class ConnectTestTest : public QObject
{
    Q_OBJECT

private slots:
    void eachStepIsShownAsItGoes()
    {
        Scene s;
        TestDialog *test = s.open();
        QVERIFY(test);
        QCOMPARE(cell(*test, 0, TestStepsModel::Name), u"Name look-up"_s);
        QVERIFY(cell(*test, 0, TestStepsModel::Name, Qt::AccessibleTextRole).contains("waiting"_L1));
        const int height = test->height();
        s.tester.test->settle(0, State::Running, {});
        QVERIFY(messages(*test).contains("step 1 of 4"_L1));
        s.tester.test->settle(0, State::Passed, u"127.0.0.1, no name to look up"_s);
        s.tester.test->settle(1, State::Passed, u"127.0.0.1:6379"_s);
        QCOMPARE(cell(*test, 1, TestStepsModel::Found), u"127.0.0.1:6379"_s);
        QCOMPARE(cell(*test, 1, TestStepsModel::Time), u"4 ms"_s);
        QVERIFY(cell(*test, 1, TestStepsModel::Name, Qt::AccessibleTextRole).contains("passed"_L1));
        s.tester.test->settle(2, State::Passed, u"let in without a password"_s);
        s.tester.test->settle(3, State::Limited, u"no worker registered"_s, u"Check the database."_s);
        s.tester.test->end();
        QVERIFY(messages(*test).contains("It can be connected, with 1 limit"_L1));
        QVERIFY(messages(*test).contains("Workers: Check the database."_L1));
        QCOMPARE(test->height(), height); // Nothing moved.
        QVERIFY(s.tester.test->letGoOf);

        QTest::mouseClick(test->findChild<QPushButton *>(u"copyReport"_s), Qt::LeftButton);
        const QString report = QGuiApplication::clipboard()->text();
        for (const QString &part :
             {u"redis://127.0.0.1:6379"_s, u"TCP · passed · 127.0.0.1:6379 · 4 ms"_s, u"Check the database."_s})
            QVERIFY2(report.contains(part), qPrintable(report));
    }

    void failureSaysWhatToDoAndLeadsToTheField()
    {
        Scene s;
        QVERIFY(QTest::qWaitForWindowActive(&s.dialog));
        TestDialog *test = s.open();
        s.tester.test->settle(0, State::Passed, u"x"_s);
        s.tester.test->settle(1, State::Passed, u"x"_s);
        s.tester.test->settle(2, State::Failed, u"It refused the password."_s, u"Check both."_s, true);
        s.tester.test->settle(3, State::NotReached, u"not reached"_s);
        s.tester.test->end();
        const QString said = messages(*test);
        for (const QString &part : {u"Sign in failed"_s, u"step 3 of 4"_s, u"It refused the password."_s, u"Check both."_s})
            QVERIFY2(said.contains(part), qPrintable(said));
        QTest::keyClick(test, Qt::Key_Escape);
        QVERIFY(!s.opened());
        QTRY_VERIFY_WITH_TIMEOUT(line(s.dialog, "password")->hasFocus(), 10'000);
        QVERIFY(s.dialog.isVisible()); // What was filled in is still there.
    }

    void stoppedAndTestedAgainByKeyboard()
    {
        Scene s;
        QVERIFY(QTest::qWaitForWindowActive(&s.dialog));
        QTest::keyClick(&s.dialog, Qt::Key_E, Qt::AltModifier);
        QTRY_VERIFY_WITH_TIMEOUT(s.opened(), 10'000); // A button's letter presses it for a moment.
        TestDialog *test = s.opened();
        QVERIFY(QTest::qWaitForWindowActive(test));
        s.tester.test->settle(0, State::Running, {});
        QTest::keyClick(test, Qt::Key_S, Qt::AltModifier);
        QTRY_VERIFY_WITH_TIMEOUT(s.tester.test->isOver(), 10'000);
        QVERIFY(messages(*test).contains("Stopped"_L1));
        QCOMPARE(cell(*test, 0, TestStepsModel::Found), u"stopped"_s);
        QTest::keyClick(test, Qt::Key_A, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(s.tester.started, 2, 10'000);
        QVERIFY(!s.tester.test->isOver());
        const QPointer<PlayedTest> running = s.tester.test;
        QTest::keyClick(test, Qt::Key_Return); // Close is where Enter goes, and ends the test with it.
        QVERIFY(!s.opened());
        QTRY_VERIFY_WITH_TIMEOUT(!running, 10'000);
    }

    void whatIsFilledInIsTested()
    {
        Scene s;
        paste(line(s.dialog, "url"), u"redis://ops:hunter2-secret@r.example.net:6400/2"_s);
        TestDialog *test = s.open();
        QCOMPARE(s.tester.settings.address(), u"redis://r.example.net:6400/2"_s);
        QCOMPARE(s.tester.settings.password, u"hunter2-secret"_s);
        QVERIFY(!visibleTexts(*test).contains("hunter2"_L1));
        QVERIFY(!test->panel().report().contains("hunter2"_L1));
        QTest::keyClick(test, Qt::Key_Escape);
        paste(line(s.dialog, "url"), u"redis://h:99999"_s);
        QVERIFY(!part<QPushButton>(s.dialog, "testConnection")->isEnabled());
    }

    void tokenForTheKeychainIsTriedBeforeItIsKept()
    {
        MemorySecretStore secrets;
        Scene s(hubSettings({}), &secrets);
        choose(s.dialog, "tokenKeychain");
        paste(line(s.dialog, "token"), hubToken);
        TestDialog *test = s.open();
        QCOMPARE(s.tester.settings.tokenFrom, TokenFrom::Typed);
        QCOMPARE(s.tester.settings.token, hubToken);
        QCOMPARE(secrets.calls, 0);
        QVERIFY(!visibleTexts(*test).contains(hubToken.left(20)));
        QCOMPARE(s.dialog.settings().tokenFrom, TokenFrom::Keychain);
        QVERIFY(s.dialog.settings().token.isEmpty());
    }

    void withoutATesterThereIsNoButton()
    {
        ConnectDialog dialog({});
        dialog.show();
        QVERIFY(!part<QPushButton>(dialog, "testConnection")->isVisible());
    }

    void fitsASmallScreen()
    {
        MemorySecretStore secrets;
        Scene s(knownHub(TokenFrom::Keychain), &secrets);
        QVERIFY2(s.dialog.height() <= 680, qPrintable(QString::number(s.dialog.height())));
        TestDialog *test = s.open();
        QVERIFY2(test->height() <= 680, qPrintable(QString::number(test->height())));
        for (const QPushButton *each : test->findChildren<QPushButton *>())
            QVERIFY2(each->width() >= each->sizeHint().width(), qPrintable(each->text()));
    }
};

PULSEDECK_TEST(ConnectTestTest, runWithTheme)

#include "connecttest_test.moc"
