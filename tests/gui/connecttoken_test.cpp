// SPDX-License-Identifier: GPL-3.0-or-later
// The connect dialog for Signal Hubs: where a token goes, and where it never shows.
#include "models/sources/hubprotocol.h"
#include "tests/gui/connecthubparts.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"

#include <QCheckBox>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class ConnectTokenTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { QGuiApplication::clipboard()->clear(); }

    void tokenInTheAddressIsRefusedAndNotShown_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("shown");
        QTest::newRow("query") << u"wss://h.example.net/ws?token="_s + hubToken << u"wss://h.example.net/ws"_s;
        QTest::newRow("fragment") << u"ws://h.example.net#"_s + hubToken << u"ws://h.example.net"_s;
        QTest::newRow("login") << u"wss://ops:"_s + hubToken + u"@h.example.net/ws"_s << u"wss://h.example.net/ws"_s;
        QTest::newRow("login alone") << u"wss://"_s + hubToken + u"@h.example.net"_s << u"wss://h.example.net"_s;
        QTest::newRow("path") << u"wss://h.example.net/ws/"_s + hubToken << u"wss://h.example.net/ws/"_s;
        QTest::newRow("nothing else") << hubToken << QString();
        QTest::newRow("header") << u"Bearer "_s + hubToken << QString();
    }

    void tokenInTheAddressIsRefusedAndNotShown()
    {
        QFETCH(QString, address);
        QFETCH(QString, shown);
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        paste(url, address);
        QCOMPARE(url->text(), shown);
        QVERIFY2(messages(dialog).contains("was removed"_L1), qPrintable(messages(dialog)));
        QVERIFY(!visibleTexts(dialog).contains(hubToken.left(20)));
        QTest::keySequence(url, QKeySequence::Undo);
        QVERIFY(!url->text().contains(hubToken.left(20)));
        const SourceSettings settings = dialog.settings();
        QVERIFY(settings.token.isEmpty() && settings.password.isEmpty() && settings.user.isEmpty());
        QVERIFY(!settings.host.contains(hubToken.left(20)) && !settings.path.contains(hubToken.left(20)));
    }

    void queryTypedKeyByKeyIsNotShownEither()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QTest::keyClicks(url, u"ws://h.example.net/ws?token=s3cret"_s);
        QCOMPARE(url->text(), u"ws://h.example.net/ws?"_s);
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
        QTest::keyClick(url, Qt::Key_Backspace);
        QVERIFY(part<QPushButton>(dialog, "submit")->isEnabled());
        QCOMPARE(dialog.settings().path, u"/ws"_s);
    }

    void bareMarkGoesWhenTheLineIsLeft()
    {
        ConnectDialog dialog({});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        QLineEdit *url = line(dialog, "url");
        url->setFocus();
        url->clear();
        QTest::keyClicks(url, u"ws://h.example.net/ws?token=s3cret"_s);
        QVERIFY(messages(dialog).contains("was removed"_L1));
        QTest::keyClick(url, Qt::Key_Tab);
        QCOMPARE(url->text(), u"ws://h.example.net/ws"_s);
        QVERIFY(messages(dialog).contains("was removed"_L1));
        QVERIFY(part<QPushButton>(dialog, "submit")->isEnabled());
    }

    void messageGoesWithTheLine()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        paste(url, u"wss://h.example.net/ws?token="_s + hubToken);
        QVERIFY(messages(dialog).contains("was removed"_L1));
        QTest::keyClicks(url, u"x"_s); // Typed on, it is still true.
        QVERIFY(messages(dialog).contains("was removed"_L1));
        paste(url, u"wss://other.example.net/ws"_s);
        QVERIFY2(!messages(dialog).contains("was removed"_L1), qPrintable(messages(dialog)));
        paste(url, u"wss://h.example.net/ws?token="_s + hubToken);
        QVERIFY(messages(dialog).contains("was removed"_L1));
        url->selectAll();
        QTest::keyClicks(url, u"w"_s);
        QVERIFY2(!messages(dialog).contains("was removed"_L1), qPrintable(messages(dialog)));
    }

    void tokenPastedIntoPlainFields_data()
    {
        QTest::addColumn<QString>("field");
        for (const char *field : {"name", "host", "path", "tokenVariable"})
            QTest::newRow(field) << QString::fromLatin1(field);
    }

    void tokenPastedIntoPlainFields()
    {
        QFETCH(QString, field);
        ConnectDialog dialog(hubSettings({}));
        dialog.show();
        choose(dialog, "tokenEnvironment");
        paste(line(dialog, field.toLatin1().constData()), hubToken);
        QVERIFY(!visibleTexts(dialog).contains(hubToken.left(20)));
        QVERIFY(messages(dialog).contains("was removed"_L1));
        const SourceSettings settings = dialog.settings();
        QVERIFY(!QString(settings.name + settings.host + settings.path + settings.tokenVariable).contains(hubToken.left(20)));
    }

    void typedToken()
    {
        ConnectDialog dialog(hubSettings({}));
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        QLineEdit *field = line(dialog, "token");
        QVERIFY(!field->isVisible());
        choose(dialog, "tokenTyped");
        QVERIFY(field->isVisible());
        QVERIFY(!line(dialog, "tokenVariable")->isVisible());
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        QVERIFY(messages(dialog).contains("never stored"_L1));
        paste(field, hubToken);
        QVERIFY(!visibleTexts(dialog).contains(hubToken.left(20)));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(submitted.count(), 1);
        const auto settings = submitted.first().first().value<SourceSettings>();
        QCOMPARE(settings.tokenFrom, TokenFrom::Typed);
        QCOMPARE(settings.token, hubToken);
    }

    void environmentByKeyboard()
    {
        qputenv("PULSEDECK_TEST_TOKEN", "s3cret-of-the-environment");
        const auto unset = qScopeGuard([] { qunsetenv("PULSEDECK_TEST_TOKEN"); });
        ConnectDialog dialog(hubSettings({}));
        dialog.show();
        auto *none = part<QPushButton>(dialog, "tokenNone");
        none->setFocus();
        QTest::keyClick(part<QPushButton>(dialog, "tokenEnvironment"), Qt::Key_Space);
        QLineEdit *variable = line(dialog, "tokenVariable");
        QVERIFY(variable->isVisible());
        QCOMPARE(variable->text(), u"SIGNAL_HUB_TOKEN"_s);
        variable->selectAll();
        QTest::keyClicks(variable, u"MY-TOKEN"_s);
        QVERIFY(isInvalid(variable));
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
        variable->selectAll();
        QTest::keyClicks(variable, u"PULSEDECK_TEST_TOKE"_s);
        QVERIFY(messages(dialog).contains("is not set"_L1));
        QTest::keyClicks(variable, u"N"_s);
        QVERIFY(messages(dialog).contains("The variable is set."_L1));
        QVERIFY(!visibleTexts(dialog).contains("s3cret"_L1));
        const SourceSettings settings = dialog.settings();
        QCOMPARE(settings.tokenFrom, TokenFrom::Environment);
        QCOMPARE(settings.tokenVariable, u"PULSEDECK_TEST_TOKEN"_s);
        QVERIFY(settings.token.isEmpty());
    }

    void keychainKeepsTheToken()
    {
        MemorySecretStore secrets;
        secrets.holds = true;
        ConnectDialog dialog({}, nullptr, &secrets);
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        paste(line(dialog, "url"), u"wss://h.example.net"_s);
        choose(dialog, "tokenKeychain");
        QVERIFY(messages(dialog).contains("hub wss://h.example.net:443"_L1));
        paste(line(dialog, "token"), hubToken);
        QTest::mouseClick(part<QPushButton>(dialog, "submit"), Qt::LeftButton);
        QCOMPARE(submitted.count(), 0); // Not before the keychain has answered.
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
        QCOMPARE(secrets.calls, 1);
        secrets.release();
        QCOMPARE(submitted.count(), 1);
        QVERIFY(!dialog.isVisible());
        QCOMPARE(secrets.entries.value(u"hub wss://h.example.net:443"_s), hubToken);
        const auto settings = submitted.first().first().value<SourceSettings>();
        QCOMPARE(settings.tokenFrom, TokenFrom::Keychain);
        QVERIFY(settings.token.isEmpty());
    }

    void keychainThatFailsIsSaidAndNothingIsLost()
    {
        MemorySecretStore secrets;
        secrets.problem = u"The keychain is locked."_s;
        ConnectDialog dialog(hubSettings({}), nullptr, &secrets);
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        choose(dialog, "tokenKeychain");
        paste(line(dialog, "token"), hubToken);
        auto *submit = part<QPushButton>(dialog, "submit");
        QTest::mouseClick(submit, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(messages(dialog).contains("The keychain is locked."_L1), 10'000);
        QVERIFY(dialog.isVisible());
        QVERIFY(submit->isEnabled());
        QCOMPARE(line(dialog, "token")->text(), hubToken);
        QVERIFY(!visibleTexts(dialog).contains(hubToken.left(20)));
        secrets.problem.clear();
        QTest::mouseClick(submit, Qt::LeftButton);
        QVERIFY(submitted.count() == 1 || submitted.wait(10'000));
    }

    void keychainWithoutTheEntryAsksForIt()
    {
        MemorySecretStore secrets;
        ConnectDialog dialog(hubSettings({}), nullptr, &secrets);
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        choose(dialog, "tokenKeychain");
        QTest::mouseClick(part<QPushButton>(dialog, "submit"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(messages(dialog).contains("has no token for ws://127.0.0.1:8787"_L1), 10'000);
        QCOMPARE(submitted.count(), 0);
        secrets.entries.insert(u"hub ws://127.0.0.1:8787"_s, hubToken);
        QTest::mouseClick(part<QPushButton>(dialog, "submit"), Qt::LeftButton);
        QVERIFY(submitted.count() == 1 || submitted.wait(10'000));
        QVERIFY(!visibleTexts(dialog).contains(hubToken.left(20)));
    }

    void cancelledWhileTheKeychainIsAsked()
    {
        MemorySecretStore secrets;
        secrets.holds = true;
        auto dialog = std::make_unique<ConnectDialog>(hubSettings({}), nullptr, &secrets);
        QSignalSpy submitted(dialog.get(), &ConnectDialog::submitted);
        dialog->show();
        choose(*dialog, "tokenKeychain");
        paste(line(*dialog, "token"), hubToken);
        QTest::mouseClick(part<QPushButton>(*dialog, "submit"), Qt::LeftButton);
        QTest::mouseClick(button(*dialog, u"Cancel"_s), Qt::LeftButton);
        QVERIFY(!dialog->isVisible());
        secrets.release();
        QCOMPARE(submitted.count(), 0);

        secrets.holds = true;
        dialog->show();
        QTest::mouseClick(part<QPushButton>(*dialog, "submit"), Qt::LeftButton);
        dialog.reset();
        secrets.release(); // Nobody is there to hear it.
    }

    void withoutAKeychainTheChoiceIsOff()
    {
        ConnectDialog dialog(hubSettings({}));
        dialog.show();
        auto *keychain = part<QPushButton>(dialog, "tokenKeychain");
        QVERIFY(!keychain->isEnabled());
        QVERIFY(keychain->toolTip().contains("no keychain"_L1));
        choose(dialog, "tokenTyped");
        QVERIFY(messages(dialog).contains("There is no keychain here"_L1));

        // One that was set up where there was a keychain.
        ConnectDialog edited(knownHub(TokenFrom::Keychain));
        edited.show();
        QVERIFY(messages(edited).contains("choose where else"_L1));
        QVERIFY(!part<QPushButton>(edited, "submit")->isEnabled());
        choose(edited, "tokenTyped");
        QVERIFY(part<QPushButton>(edited, "submit")->isEnabled());
    }

    void untouchedTokenStaysWithItsAddress()
    {
        ConnectDialog dialog(knownHub(TokenFrom::Typed));
        dialog.show();
        QCOMPARE(dialog.windowTitle(), u"Edit hub eu-1"_s);
        QLineEdit *field = line(dialog, "token");
        QVERIFY(field->isVisible() && field->text().isEmpty());
        QCOMPARE(field->placeholderText(), u"unchanged"_s);
        QVERIFY(!visibleTexts(dialog).contains(hubToken.left(20)));
        QCOMPARE(dialog.settings().token, hubToken);
        QCOMPARE(dialog.settings().id, SourceId(4));

        QLineEdit *host = line(dialog, "host");
        host->selectAll();
        QTest::keyClicks(host, u"other.example.net"_s);
        QVERIFY(dialog.settings().token.isEmpty());
        QCOMPARE(field->placeholderText(), u"none"_s);
        host->selectAll();
        QTest::keyClicks(host, u"hub.example.net"_s);
        QCOMPARE(dialog.settings().token, hubToken);
        // Without TLS it would be told to everybody on the way.
        QTest::mouseClick(part<QCheckBox>(dialog, "tls"), Qt::LeftButton, {}, QPoint(8, 12));
        QVERIFY(dialog.settings().token.isEmpty());
        QVERIFY(messages(dialog).contains("unencrypted"_L1));
        QTest::mouseClick(part<QCheckBox>(dialog, "tls"), Qt::LeftButton, {}, QPoint(8, 12));

        QTest::keyClicks(field, u"x"_s);
        QTest::keyClick(field, Qt::Key_Backspace);
        QVERIFY(dialog.settings().token.isEmpty());
        choose(dialog, "tokenNone");
        QVERIFY(dialog.settings().token.isEmpty());
    }

    void keptInTheKeychainIsLeftThere()
    {
        MemorySecretStore secrets;
        secrets.entries.insert(u"hub wss://hub.example.net:443"_s, hubToken);
        ConnectDialog dialog(knownHub(TokenFrom::Keychain), nullptr, &secrets);
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        QCOMPARE(line(dialog, "token")->placeholderText(), u"unchanged"_s);
        QTest::keyClicks(line(dialog, "name"), u"!"_s);
        QTest::mouseClick(part<QPushButton>(dialog, "submit"), Qt::LeftButton);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(secrets.calls, 0);
    }

    void focusGoesWhereTheTokenIsEntered()
    {
        ConnectDialog dialog(knownHub(TokenFrom::Nowhere)); // Which the hub refused.
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        dialog.focusLogin();
        QVERIFY(line(dialog, "token")->hasFocus());
        QCOMPARE(dialog.settings().tokenFrom, TokenFrom::Typed);
        ConnectDialog environment(knownHub(TokenFrom::Environment));
        environment.show();
        QVERIFY(QTest::qWaitForWindowActive(&environment, patience));
        environment.focusLogin();
        QVERIFY(line(environment, "tokenVariable")->hasFocus());
    }
};

PULSEDECK_TEST(ConnectTokenTest, runWithTheme)

#include "connecttoken_test.moc"
