// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/connectparts.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/memorysecretstore.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/theme/style.h"

#include <QCheckBox>
#include <QClipboard>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

const QString secret = u"s3cret"_s;

} // namespace

class ConnectDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void pastedAddressFillsTheFields()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QGuiApplication::clipboard()->setText(u"rediss://ops:s3cret@redis.example.net:6390/3"_s);
        url->setFocus();
        QTest::keySequence(url, QKeySequence::Paste);

        QCOMPARE(url->text(), u"rediss://ops@redis.example.net:6390/3"_s);
        QCOMPARE(line(dialog, "host")->text(), u"redis.example.net"_s);
        QCOMPARE(line(dialog, "port")->text(), u"6390"_s);
        QCOMPARE(line(dialog, "user")->text(), u"ops"_s);
        QCOMPARE(part<QSpinBox>(dialog, "database")->value(), 3);
        QVERIFY(part<QCheckBox>(dialog, "tls")->isChecked());
        QCOMPARE(line(dialog, "password")->text(), secret);
        QCOMPARE(line(dialog, "password")->echoMode(), QLineEdit::Password);
        QVERIFY(!visibleTexts(dialog).contains(secret));

        // Undo must not bring the secret back into the plain line.
        QTest::keySequence(url, QKeySequence::Undo);
        QVERIFY(!url->text().contains(secret));
        QCOMPARE(dialog.settings().password, secret);
    }

    void passwordLeavesTheAddressHoweverItIsWritten_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("user");
        QTest::newRow("without a user") << u"redis://:s3cret@h"_s << u"redis://h"_s << secret << QString();
        QTest::newRow("encoded") << u"redis://u:s3%40cret@h"_s << u"redis://u@h"_s << u"s3@cret"_s << u"u"_s;
        QTest::newRow("an @ in it") << u"redis://u:s3@cret@h"_s << u"redis://u@h"_s << u"s3@cret"_s << u"u"_s;
        QTest::newRow("a slash in it") << u"redis://u:s3/cret@h"_s << u"redis://u@h"_s << u"s3/cret"_s << u"u"_s;
        QTest::newRow("socket") << u"unix://u:s3cret@/run/r.sock"_s << u"unix://u@/run/r.sock"_s << secret << u"u"_s;
        QTest::newRow("no scheme") << u"u:s3cret@h:6380"_s << u"u@h:6380"_s << secret << u"u"_s;
    }

    void passwordLeavesTheAddressHoweverItIsWritten()
    {
        QFETCH(QString, typed);
        QFETCH(QString, shown);
        QFETCH(QString, password);
        QFETCH(QString, user);
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QGuiApplication::clipboard()->setText(typed);
        QTest::keySequence(url, QKeySequence::Paste);
        QCOMPARE(url->text(), shown);
        QCOMPARE(line(dialog, "password")->text(), password);
        QCOMPARE(dialog.settings().user, user);
        QVERIFY(!visibleTexts(dialog).contains(password));
    }

    void sentinelsFillTheirFields()
    {
        ConnectDialog dialog({});
        dialog.show();
        QVERIFY(!line(dialog, "master")->isVisible());
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QGuiApplication::clipboard()->setText(
            u"redis+sentinel://ops:of%20master@s1,s2:26380/orders/2?sentinel_user=watcher&sentinel_password=s3%26cret&sentinel_tls=yes"_s);
        QTest::keySequence(url, QKeySequence::Paste);
        const auto said = [&dialog] { return visibleTexts(dialog); };
        QVERIFY(!said().contains("cret"_L1) && !said().contains("of master"_L1) && !said().contains("of%20master"_L1));
        QVERIFY(line(dialog, "master")->isVisible());
        QCOMPARE(line(dialog, "master")->text(), u"orders"_s);
        QCOMPARE(line(dialog, "sentinels")->text(), u"s2:26380"_s);
        QCOMPARE(line(dialog, "sentinelUser")->text(), u"watcher"_s);
        QCOMPARE(line(dialog, "host")->text(), u"s1"_s);
        QCOMPARE(line(dialog, "port")->text(), u"26379"_s);
        SourceSettings settings = dialog.settings();
        QCOMPARE(settings.password, u"of master"_s);
        QCOMPARE(settings.url().sentinelPassword, u"s3&cret"_s);
        QVERIFY(settings.url().sentinelTls && !settings.tls);
        QCOMPARE(settings.name, u"orders@s1:26379"_s);
        QCOMPARE(settings.address(), u"redis+sentinel://s1:26379,s2:26380/orders/2"_s);

        // The login stays when the rest of the address is changed by its field, and is not lost with it.
        line(dialog, "master")->selectAll();
        QTest::keyClicks(line(dialog, "master"), u"carts"_s);
        QCOMPARE(url->text(), u"redis+sentinel://ops@s1:26379,s2:26380/carts/2"_s);
        QTest::keyClick(url, Qt::Key_End);
        QTest::keyClick(url, Qt::Key_Backspace);
        QTest::keyClicks(url, u"3"_s);
        settings = dialog.settings();
        QCOMPARE(settings.url().master, u"carts"_s);
        QCOMPARE(settings.url().sentinelPassword, u"s3&cret"_s);
        QCOMPARE(settings.url().sentinelUser, u"watcher"_s);
        QCOMPARE(settings.database, 3);

        line(dialog, "sentinels")->selectAll();
        QTest::keyClicks(line(dialog, "sentinels"), u"s2:0"_s);
        QVERIFY(isInvalid(line(dialog, "sentinels")));
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
    }

    /// What was entered for one place is not sent to another.
    void sentinelsPasswordIsKeptForTheSameHostOnly()
    {
        SourceSettings settings = *SourceSettings::fromUrl(u"redis+sentinel://s1/orders?sentinel_password=s3cret"_s, nullptr);
        settings.id = 4;
        ConnectDialog dialog(settings);
        dialog.show();
        QVERIFY(line(dialog, "sentinelPassword")->text().isEmpty());
        QCOMPARE(dialog.settings().url().sentinelPassword, secret);
        line(dialog, "host")->selectAll();
        QTest::keyClicks(line(dialog, "host"), u"elsewhere"_s);
        QVERIFY(dialog.settings().url().sentinelPassword.isEmpty());
        line(dialog, "host")->selectAll();
        QTest::keyClicks(line(dialog, "host"), u"s1"_s);
        QCOMPARE(dialog.settings().url().sentinelPassword, secret);
    }

    void typedKeyByKey()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QTest::keyClicks(url, u"redis://ops:s3cret@example.net:6380/2"_s);
        QCOMPARE(url->text(), u"redis://ops@example.net:6380/2"_s);
        const SourceSettings settings = dialog.settings();
        QCOMPARE(settings.host, u"example.net"_s);
        QCOMPARE(settings.port, 6380);
        QCOMPARE(settings.database, 2);
        QCOMPARE(settings.user, u"ops"_s);
        QCOMPARE(settings.password, secret);
        QVERIFY(!settings.tls);
    }

    void fieldsWriteTheAddress()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *host = line(dialog, "host");
        host->selectAll();
        QTest::keyClicks(host, u"10.8.0.4"_s);
        QCOMPARE(line(dialog, "url")->text(), u"redis://10.8.0.4:6379/0"_s);
        QTest::mouseClick(part<QCheckBox>(dialog, "tls"), Qt::LeftButton, {}, QPoint(8, 12));
        QCOMPARE(line(dialog, "url")->text(), u"rediss://10.8.0.4:6379/0"_s);
        QTest::keyClicks(line(dialog, "user"), u"me"_s);
        QTest::keyClicks(line(dialog, "password"), secret);
        part<QSpinBox>(dialog, "database")->setValue(7);
        QCOMPARE(line(dialog, "url")->text(), u"rediss://me@10.8.0.4:6379/7"_s);
        host->selectAll();
        QTest::keyClicks(host, u"fd00::1"_s);
        QCOMPARE(line(dialog, "url")->text(), u"rediss://me@[fd00::1]:6379/7"_s);
        QCOMPARE(dialog.settings().name, u"[fd00::1]:6379"_s);
    }

    void wrongPortIsSaidAtTheField()
    {
        ConnectDialog dialog({});
        dialog.show();
        QPushButton *submit = part<QPushButton>(dialog, "submit");
        QVERIFY(submit->isEnabled());
        QLineEdit *port = line(dialog, "port");
        for (const QString &wrong : {u"70000"_s, u"0"_s, u"-1"_s, u"http"_s, QString()}) {
            port->setText(wrong);
            QTest::keyClicks(port, u" "_s); // An edit by a person, which leaves the number as it is.
            QVERIFY2(messages(dialog).contains("from 1 to 65535"_L1), qPrintable(wrong));
            QVERIFY(isInvalid(port));
            QVERIFY(!submit->isEnabled());
        }
        port->clear();
        QTest::keyClicks(port, u"6381"_s);
        QVERIFY(!messages(dialog).contains("65535"_L1));
        QVERIFY(!isInvalid(port));
        QVERIFY(submit->isEnabled());
    }

    void senselessAddressIsSaidInWords()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QTest::keyClicks(url, u"ftp://example.net"_s);
        QVERIFY(messages(dialog).contains("redis://"_L1));
        QVERIFY(messages(dialog).contains("wss://"_L1));
        QVERIFY(isInvalid(url));
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
        // The fields below are enough to go on.
        QLineEdit *host = line(dialog, "host");
        host->selectAll();
        QTest::keyClicks(host, u"example.net"_s);
        QVERIFY(!isInvalid(url));
        QVERIFY(part<QPushButton>(dialog, "submit")->isEnabled());
    }

    void socketByKeyboard()
    {
        ConnectDialog dialog({});
        dialog.show();
        QPushButton *bySocket = button(dialog, u"Unix socket"_s);
        QVERIFY(bySocket);
        bySocket->setFocus();
        QTest::keyClick(bySocket, Qt::Key_Space);
        QLineEdit *socket = line(dialog, "socket");
        QVERIFY(socket->isVisible());
        QVERIFY(!line(dialog, "host")->isVisible());
        QVERIFY(!part<QCheckBox>(dialog, "tls")->isVisible());
        QTest::keyClicks(socket, u"run/redis.sock"_s);
        QVERIFY(messages(dialog).contains("begins with /"_L1));
        socket->clear();
        QTest::keyClicks(socket, u"/run/redis.sock"_s);
        QCOMPARE(line(dialog, "url")->text(), u"unix:///run/redis.sock"_s);
        QCOMPARE(dialog.settings().socketPath, u"/run/redis.sock"_s);
        QCOMPARE(dialog.settings().name, u"redis.sock"_s);
    }

    void enterSubmitsOnce()
    {
        ConnectDialog dialog({});
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QTest::keyClicks(url, u"redis://ops:s3cret@example.net"_s);
        QTest::keyClicks(line(dialog, "name"), u"prod"_s);
        QTest::mouseClick(part<QCheckBox>(dialog, "readOnly"), Qt::LeftButton, {}, QPoint(8, 12));
        QTest::keyClick(line(dialog, "name"), Qt::Key_Return);
        QCOMPARE(submitted.count(), 1);
        const auto settings = submitted.first().first().value<SourceSettings>();
        QCOMPARE(settings.name, u"prod"_s);
        QCOMPARE(settings.host, u"example.net"_s);
        QCOMPARE(settings.password, secret);
        QVERIFY(settings.readOnly); // Off at first: everything is locked anyway.
        QVERIFY(!dialog.isVisible());
    }

    void enterDoesNothingWhileAFieldIsWrong()
    {
        ConnectDialog dialog({});
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        QLineEdit *port = line(dialog, "port");
        port->selectAll();
        QTest::keyClicks(port, u"99999"_s);
        QTest::keyClick(port, Qt::Key_Return);
        QCOMPARE(submitted.count(), 0);
        QVERIFY(dialog.isVisible());
    }

    void passwordStaysWithItsServer()
    {
        SourceSettings known;
        known.id = 3;
        known.name = u"prod"_s;
        known.host = u"a.example.net"_s;
        known.password = secret;
        ConnectDialog dialog(known);
        dialog.show();
        QVERIFY(line(dialog, "password")->text().isEmpty());
        QVERIFY(!visibleTexts(dialog).contains(secret));
        QCOMPARE(dialog.settings().password, secret);
        QCOMPARE(dialog.settings().id, SourceId(3));

        QLineEdit *host = line(dialog, "host");
        host->selectAll();
        QTest::keyClicks(host, u"b.example.net"_s);
        QVERIFY(dialog.settings().password.isEmpty());
        host->selectAll();
        QTest::keyClicks(host, u"a.example.net"_s);
        QCOMPARE(dialog.settings().password, secret);

        QLineEdit *password = line(dialog, "password");
        QTest::keyClicks(password, u"x"_s);
        QTest::keyClick(password, Qt::Key_Backspace);
        QVERIFY(dialog.settings().password.isEmpty());
    }

    void wayBySshIsPartOfTheAddress()
    {
        ConnectDialog dialog({});
        dialog.show();
        QVERIFY(line(dialog, "ssh")->isVisible());
        QVERIFY(!line(dialog, "jump")->isVisible());
        QTest::keyClicks(line(dialog, "ssh"), u"me@bastion:22"_s);
        QVERIFY(line(dialog, "jump")->isVisible());
        QTest::keyClicks(line(dialog, "jump"), u"gate"_s);
        QCOMPARE(dialog.settings().ssh, (SshRoute{u"me@bastion:22"_s, u"gate"_s}));
        QCOMPARE(line(dialog, "url")->text(), u"redis://127.0.0.1:6379/0?ssh=me%40bastion:22&jump=gate"_s);
        QVERIFY(part<QPushButton>(dialog, "submit")->isEnabled());

        // An option of ssh is refused at its field.
        line(dialog, "ssh")->clear();
        QTest::keyClicks(line(dialog, "ssh"), u"-oProxyCommand=x"_s);
        QVERIFY(messages(dialog).contains("The SSH host begins with a letter"_L1));
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
    }

    void userOfSshIsNoLogin()
    {
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QTest::keyClicks(url, u"redis://h:7000?ssh=me@bastion:22"_s);
        QCOMPARE(url->text(), u"redis://h:7000?ssh=me@bastion:22"_s);
        QCOMPARE(line(dialog, "host")->text(), u"h"_s);
        QCOMPARE(line(dialog, "ssh")->text(), u"me@bastion:22"_s);
        QVERIFY(dialog.settings().password.isEmpty());
        QVERIFY(dialog.settings().user.isEmpty());

        url->clear();
        QTest::keyClicks(url, u"redis://u:s3cret@h?ssh=me@bastion"_s);
        QCOMPARE(url->text(), u"redis://u@h?ssh=me@bastion"_s);
        QCOMPARE(dialog.settings().password, secret);
        QVERIFY(!visibleTexts(dialog).contains(secret));
    }

    void aPasswordStaysWithItsWay()
    {
        SourceSettings settings = *SourceSettings::fromUrl(u"redis://:s3cret@127.0.0.1?ssh=a"_s, nullptr);
        settings.id = 1;
        ConnectDialog dialog(settings);
        dialog.show();
        QCOMPARE(dialog.settings().password, secret);
        QTest::keyClicks(line(dialog, "ssh"), u"b"_s); // 127.0.0.1 is another server there.
        QVERIFY(dialog.settings().password.isEmpty());
    }

    void missingCertificateFile()
    {
        ConnectDialog dialog({});
        dialog.show();
        QTest::mouseClick(part<QCheckBox>(dialog, "tls"), Qt::LeftButton, {}, QPoint(8, 12));
        QTest::keyClicks(line(dialog, "caFile"), u"/nowhere/ca.pem"_s);
        QVERIFY(messages(dialog).contains("cannot be read"_L1));
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
    }

    void aPasswordCanBeReadFromAVariableOrAFile()
    {
        ConnectDialog dialog({});
        dialog.show();
        QPushButton *submit = part<QPushButton>(dialog, "submit");
        QTest::keyClicks(line(dialog, "password"), secret);
        QLineEdit *from = line(dialog, "passwordFrom");
        QTest::keyClicks(from, u"env:REDIS_PW"_s);
        QCOMPARE(dialog.settings().passwordFrom.text(), u"env:REDIS_PW"_s);
        QVERIFY(dialog.settings().password.isEmpty());
        QVERIFY(!line(dialog, "password")->isEnabled());
        QVERIFY(submit->isEnabled());
        // What was typed there may be the secret itself.
        from->selectAll();
        QTest::keyClicks(from, u"hunter2"_s);
        QVERIFY(!submit->isEnabled());
        QVERIFY(messages(dialog).contains(u"does not belong here"_s) && !messages(dialog).contains(u"hunter2"_s));
        from->selectAll();
        QTest::keyClicks(from, u"file:/run/redis.pw"_s);
        QVERIFY(submit->isEnabled());
        QCOMPARE(dialog.settings().passwordFrom.text(), u"file:/run/redis.pw"_s);
        // Another host in the address keeps it, and an address with a place of its own replaces it.
        QLineEdit *url = line(dialog, "url");
        url->selectAll();
        QTest::keyClicks(url, u"redis://other"_s);
        QCOMPARE(dialog.settings().passwordFrom.text(), u"file:/run/redis.pw"_s);
        url->selectAll();
        QTest::keyClicks(url, u"redis://other?password_env=PW"_s);
        QCOMPARE(dialog.settings().passwordFrom.text(), u"env:PW"_s);
    }

    void aPasswordIsKeptInTheKeychain()
    {
        MemorySecretStore keychain;
        SourceSettings given;
        given.host = u"redis.example"_s;
        given.user = u"op"_s;
        {
            ConnectDialog dialog(given, nullptr, &keychain);
            dialog.show();
            QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
            QTest::keyClicks(line(dialog, "passwordFrom"), u"keychain"_s);
            QTest::mouseClick(part<QPushButton>(dialog, "submit"), Qt::LeftButton);
            TRY_TRUE(messages(dialog).contains(u"no password for"_s)); // There is none yet, and none was typed.
            QCOMPARE(submitted.count(), 0);
            QTest::keyClicks(line(dialog, "password"), secret);
            QTest::mouseClick(part<QPushButton>(dialog, "submit"), Qt::LeftButton);
            TRY_EQUAL(submitted.count(), 1);
            given = submitted.first().first().value<SourceSettings>();
        }
        QCOMPARE(given.passwordFrom.from, SecretPlace::From::Keychain);
        QVERIFY(given.password.isEmpty());
        QCOMPARE(keychain.entries.value(given.passwordKey()), secret);
        QCOMPARE(given.url().passwordFrom.name, given.passwordKey());
        // Without a keychain the choice is refused in words.
        ConnectDialog without(given);
        without.show();
        QVERIFY(messages(without).contains(u"There is no keychain here"_s));
        QVERIFY(!part<QPushButton>(without, "submit")->isEnabled());
    }

    void howTlsIsSetUpIsAskedWhereItIsOn()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"client.pem"_s);
        QFile certificate(file);
        QVERIFY(certificate.open(QIODevice::WriteOnly));
        certificate.close();
        ConnectDialog dialog({});
        dialog.show();
        for (const char *name : {"serverName", "fingerprints", "certFile", "keyFile", "keyPassphrase", "keyPassphraseFrom"})
            QVERIFY2(!line(dialog, name)->isVisible(), name);
        QTest::mouseClick(part<QCheckBox>(dialog, "tls"), Qt::LeftButton, {}, QPoint(8, 12));
        QVERIFY(line(dialog, "serverName")->isVisible() && !line(dialog, "keyFile")->isVisible());
        QTest::keyClicks(line(dialog, "serverName"), u"redis.internal"_s);
        QTest::keyClicks(line(dialog, "certFile"), file);
        QVERIFY(line(dialog, "keyFile")->isVisible());
        QCOMPARE(line(dialog, "keyPassphrase")->echoMode(), QLineEdit::Password);
        QTest::keyClicks(line(dialog, "keyPassphrase"), secret);
        QVERIFY(!visibleTexts(dialog).contains(secret));
        QPushButton *submit = part<QPushButton>(dialog, "submit");
        QVERIFY(submit->isEnabled());
        TlsOptions options = dialog.settings().tlsOptions;
        QCOMPARE(options.serverName, u"redis.internal"_s);
        QCOMPARE(options.certFile, file);
        QCOMPARE(options.keyPassphrase, secret);
        QTest::keyClicks(line(dialog, "fingerprints"), u"AB:CD"_s);
        QVERIFY(!submit->isEnabled() && messages(dialog).contains(u"64 hexadecimal digits"_s));
        line(dialog, "fingerprints")->selectAll();
        QTest::keyClicks(line(dialog, "fingerprints"), TlsOptions::fingerprintText(QString(64, u'b')));
        QVERIFY(submit->isEnabled());
        QCOMPARE(dialog.settings().tlsOptions.pins(), QStringList(QString(64, u'b')));
        // Without TLS none of it counts.
        QTest::mouseClick(part<QCheckBox>(dialog, "tls"), Qt::LeftButton, {}, QPoint(8, 12));
        QCOMPARE(dialog.settings().tlsOptions, TlsOptions());
    }

    void targetsAreLargeEnough()
    {
        ConnectDialog dialog({});
        dialog.show();
        for (const QWidget *widget : dialog.findChildren<QWidget *>()) {
            if (widget->isVisible() && widget->focusPolicy() != Qt::NoFocus && widget->focusPolicy() != Qt::TabFocus
                && widget->parentWidget() != dialog.findChild<QSpinBox *>())
                QVERIFY2(widget->height() >= 24, widget->metaObject()->className());
        }
    }
};

PULSEDECK_TEST(ConnectDialogTest, runWithTheme)

#include "connectdialog_test.moc"
