// SPDX-License-Identifier: GPL-3.0-or-later
// The connect dialog for Signal Hubs: kind and address, field by field, by mouse and keyboard.
#include "models/sources/hubprotocol.h"
#include "tests/gui/connecthubparts.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"

#include <QCheckBox>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class ConnectHubTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { QGuiApplication::clipboard()->clear(); }

    void schemeChoosesTheKind()
    {
        ConnectDialog dialog({});
        dialog.show();
        QCOMPARE(dialog.windowTitle(), u"Connect to Redis"_s);
        QVERIFY(!part<QPushButton>(dialog, "tokenNone")->isVisible());
        paste(line(dialog, "url"), u"wss://hub.example.net/signal"_s);
        QCOMPARE(dialog.windowTitle(), u"Connect to a Signal Hub"_s);
        QVERIFY(part<QPushButton>(dialog, "kindHub")->isChecked());
        QVERIFY(part<QPushButton>(dialog, "tokenNone")->isVisible());
        QVERIFY(!line(dialog, "user")->isVisible());
        QVERIFY(!part<QSpinBox>(dialog, "database")->isVisible());
        QVERIFY(!part<QPushButton>(dialog, "bySocket")->isVisible());
        QVERIFY(messages(dialog).contains("without the token"_L1));
        QCOMPARE(line(dialog, "host")->text(), u"hub.example.net"_s);
        QCOMPARE(line(dialog, "port")->text(), u"443"_s);
        QCOMPARE(line(dialog, "path")->text(), u"/signal"_s);
        QVERIFY(part<QCheckBox>(dialog, "tls")->isChecked());
        SourceSettings settings = dialog.settings();
        QCOMPARE(settings.kind, SourceKind::Hub);
        QCOMPARE(settings.address(), u"wss://hub.example.net:443"_s);
        QCOMPARE(settings.path, u"/signal"_s);
        QCOMPARE(settings.name, u"hub.example.net:443"_s);
        QCOMPARE(settings.tokenFrom, TokenFrom::Nowhere);

        paste(line(dialog, "url"), u"redis://r.example.net:6400/2"_s);
        QVERIFY(part<QPushButton>(dialog, "kindRedis")->isChecked());
        settings = dialog.settings();
        QCOMPARE(settings.kind, SourceKind::Redis);
        QCOMPARE(settings.address(), u"redis://r.example.net:6400/2"_s);
    }

    void portOfTheAddressStays()
    {
        ConnectDialog dialog({});
        dialog.show();
        paste(line(dialog, "url"), u"ws://127.0.0.1:6379/ws"_s);
        QCOMPARE(dialog.settings().port, 6379);
        QCOMPARE(line(dialog, "url")->text(), u"ws://127.0.0.1:6379/ws"_s);
    }

    void kindByMouseAndKeyboard()
    {
        ConnectDialog dialog({});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        choose(dialog, "kindHub");
        QCOMPARE(line(dialog, "port")->text(), u"8787"_s); // The usual port follows the kind.
        QCOMPARE(line(dialog, "url")->text(), u"ws://127.0.0.1:8787/ws"_s);
        auto *hub = part<QPushButton>(dialog, "kindHub");
        hub->setFocus();
        QTest::keyClick(hub, Qt::Key_Left);
        QVERIFY(part<QPushButton>(dialog, "kindRedis")->isChecked());
        QCOMPARE(dialog.settings().kind, SourceKind::Redis);
        QCOMPARE(line(dialog, "port")->text(), u"6379"_s);
        QLineEdit *port = line(dialog, "port");
        port->selectAll();
        QTest::keyClicks(port, u"7000"_s);
        QTest::keyClick(part<QPushButton>(dialog, "kindRedis"), Qt::Key_Right);
        QCOMPARE(dialog.settings().kind, SourceKind::Hub);
        QCOMPARE(dialog.settings().port, 7000); // Nobody's usual port stays.
    }

    void typedKeyByKey()
    {
        ConnectDialog dialog(hubSettings({}));
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        url->clear();
        QTest::keyClicks(url, u"hub.example.net:9000"_s); // No scheme: what is chosen counts.
        QCOMPARE(dialog.settings().address(), u"ws://hub.example.net:9000"_s);
        QTest::keyClick(url, Qt::Key_Return);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.first().first().value<SourceSettings>().kind, SourceKind::Hub);
    }

    void wrongAddressesAreSaidInWords_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("words");
        QTest::newRow("port") << u"ws://h:99999"_s << u"from 1 to 65535"_s;
        QTest::newRow("port 0") << u"ws://h:0/ws"_s << u"from 1 to 65535"_s;
        QTest::newRow("no host") << u"ws://"_s << u"ws://host:port"_s;
        QTest::newRow("space") << u"wss://a b"_s << u"ws://host:port"_s;
    }

    void wrongAddressesAreSaidInWords()
    {
        QFETCH(QString, address);
        QFETCH(QString, words);
        ConnectDialog dialog({});
        dialog.show();
        paste(line(dialog, "url"), address);
        QVERIFY2(messages(dialog).contains(words), qPrintable(messages(dialog)));
        QVERIFY(isInvalid(line(dialog, "url")));
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
    }

    void whatCannotBeReadFillsNothing_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("port");
        QTest::newRow("port") << u"ws://127.0.0.7:99999"_s << u"8787"_s;
        QTest::newRow("space") << u"foo bar"_s << u"6379"_s;
    }

    void whatCannotBeReadFillsNothing()
    {
        QFETCH(QString, address);
        QFETCH(QString, port);
        ConnectDialog dialog({});
        dialog.show();
        QLineEdit *url = line(dialog, "url");
        QTest::keyClicks(url, address); // Key by key its beginning is an address.
        QVERIFY(isInvalid(url));
        QCOMPARE(url->text(), address);
        QCOMPARE(line(dialog, "host")->text(), u"127.0.0.1"_s);
        QCOMPARE(line(dialog, "port")->text(), port);
    }

    void aSourceKeepsItsKind()
    {
        ConnectDialog dialog(knownHub(TokenFrom::Nowhere));
        dialog.show();
        QVERIFY(!part<QPushButton>(dialog, "kindRedis")->isEnabled());
        paste(line(dialog, "url"), u"redis://r.example.net"_s);
        QVERIFY(messages(dialog).contains("add it as another source"_L1));
        QCOMPARE(dialog.settings().kind, SourceKind::Hub);
        QVERIFY(!part<QPushButton>(dialog, "submit")->isEnabled());
    }

    void tabGoesThroughTheFormInItsOrder()
    {
        MemorySecretStore secrets;
        ConnectDialog dialog(knownHub(TokenFrom::Typed), nullptr, &secrets);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog, patience));
        line(dialog, "url")->setFocus();
        QStringList visited;
        int before = -1;
        for (int i = 0; i < 30; ++i) {
            QWidget *focus = dialog.focusWidget();
            if (visited.contains(focus->objectName()) && !focus->objectName().isEmpty())
                break;
            visited << focus->objectName();
            const int y = focus->mapTo(&dialog, QPoint()).y();
            QVERIFY2(y >= before - 4, qPrintable(visited.join(u' ')));
            before = y;
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        for (const QString &name : {u"path"_s, u"token"_s, u"readOnly"_s, u"submit"_s})
            QVERIFY2(visited.contains(name), qPrintable(visited.join(u' ')));
    }

    void targetsAreLargeEnough()
    {
        MemorySecretStore secrets;
        ConnectDialog dialog(knownHub(TokenFrom::Keychain), nullptr, &secrets);
        dialog.show();
        for (const QWidget *widget : dialog.findChildren<QWidget *>()) {
            if (widget->isVisible() && widget->focusPolicy() != Qt::NoFocus && widget->focusPolicy() != Qt::TabFocus)
                QVERIFY2(widget->height() >= 24, widget->metaObject()->className());
        }
    }
};

PULSEDECK_TEST(ConnectHubTest, runWithTheme)

#include "connecthub_test.moc"
