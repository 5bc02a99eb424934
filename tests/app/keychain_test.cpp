// SPDX-License-Identifier: GPL-3.0-or-later
// The keychain for real: a keyring daemon of its own on a session bus of its own, and none at all. Each case runs this
// program again in such a place.
#include "app/console/keychain.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class KeychainTest : public QObject
{
    Q_OBJECT

    template <typename Answer, typename Ask> static Answer wait(Ask ask)
    {
        auto answer = std::make_shared<std::optional<Answer>>();
        ask([answer](const Answer &one) {
            if (answer->has_value())
                qFatal("answered twice");
            *answer = one;
        });
        if (!QTest::qWaitFor([&] { return answer->has_value(); }, 40'000))
            qFatal("the keychain never answered");
        return **answer;
    }
    static SecretStore::Read read(Keychain &keychain, const QString &key)
    {
        return wait<SecretStore::Read>([&](auto then) { keychain.read(key, then); });
    }
    static QString write(Keychain &keychain, const QString &key, const QString &secret)
    {
        return wait<QString>([&](auto then) { keychain.write(key, secret, then); });
    }
    static QString remove(Keychain &keychain, const QString &key)
    {
        return wait<QString>([&](auto then) { keychain.remove(key, then); });
    }

    /// Runs one of the inner cases by \a program with a home of its own.
    static void runInner(const QString &program, const QStringList &arguments, const QString &inner)
    {
        QTemporaryDir home;
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : {u"DBUS_SESSION_BUS_ADDRESS"_s, u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"GNOME_KEYRING_CONTROL"_s,
                                    u"KDE_FULL_SESSION"_s, u"XDG_CURRENT_DESKTOP"_s})
            environment.remove(name);
        if (inner == u"none"_s)
            environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path="_s + home.filePath(u"no-bus"_s));
        for (const QString &name : {u"HOME"_s, u"XDG_DATA_HOME"_s, u"XDG_RUNTIME_DIR"_s, u"XDG_CONFIG_HOME"_s})
            environment.insert(name, home.path());
        environment.insert(u"PULSEDECK_KEYCHAIN_CASE"_s, inner);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
        QVERIFY(process.waitForStarted(20'000));
        QVERIFY2(process.waitForFinished(120'000), "it hangs");
        const QByteArray said = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, said.constData());
    }

private slots:
    void initTestCase()
    {
        const QByteArray inner = qgetenv("PULSEDECK_KEYCHAIN_CASE");
        if (inner.isEmpty())
            return;
        Keychain keychain;
        const QString key = u"hub wss://hub.example:443"_s;
        if (inner == "keyring") {
            QVERIFY(read(keychain, key).missing);
            QCOMPARE(remove(keychain, key), QString()); // Nothing there is what was asked for.
            QCOMPARE(write(keychain, key, u"eyJ.a.b"_s), QString());
            QCOMPARE(write(keychain, u"hub ws://other:1"_s, u"another"_s), QString());
            QCOMPARE(read(keychain, key).secret, u"eyJ.a.b"_s);
            QVERIFY(read(keychain, key).problem.isEmpty());
            QCOMPARE(write(keychain, key, u"eyJ.c.d"_s), QString());
            Keychain later; // Nothing of it is in the object.
            QCOMPARE(read(later, key).secret, u"eyJ.c.d"_s);
            QCOMPARE(remove(keychain, key), QString());
            QVERIFY(read(keychain, key).missing);
            QCOMPARE(read(keychain, u"hub ws://other:1"_s).secret, u"another"_s);
        } else {
            QElapsedTimer elapsed;
            elapsed.start();
            Keychain quick(nullptr, 3'000);
            const SecretStore::Read none = read(quick, key);
            QVERIFY(!none.problem.isEmpty() && !none.missing && none.secret.isEmpty());
            QVERIFY2(!none.hint.isEmpty(), qPrintable(none.problem)); // What is wrong, and what to do.
            const QString unwritten = write(quick, key, u"eyJ.a.b"_s);
            QVERIFY(!unwritten.isEmpty() && !unwritten.contains(u"eyJ"_s));
            QVERIFY2(elapsed.elapsed() < 15'000, qPrintable(QString::number(elapsed.elapsed())));
        }
    }

    void aRealKeyring()
    {
        if (qEnvironmentVariableIsSet("PULSEDECK_KEYCHAIN_CASE"))
            QSKIP("an inner case");
        for (const QString &program : {u"dbus-run-session"_s, u"gnome-keyring-daemon"_s}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP(qPrintable(QString(program + u" is not installed"_s)));
        }
        const QString script =
            u"printf secret | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && exec \"$0\" keychain_test"_s;
        runInner(u"dbus-run-session"_s, {u"--"_s, u"sh"_s, u"-c"_s, script, QCoreApplication::applicationFilePath()},
                 u"keyring"_s);
    }

    void noneAtAll()
    {
        if (qEnvironmentVariableIsSet("PULSEDECK_KEYCHAIN_CASE"))
            QSKIP("an inner case");
        runInner(QCoreApplication::applicationFilePath(), {u"keychain_test"_s}, u"none"_s);
    }

    void notHeardOfOnceItIsGone()
    {
        if (qEnvironmentVariableIsSet("PULSEDECK_KEYCHAIN_CASE"))
            QSKIP("an inner case");
        bool heard = false;
        {
            Keychain keychain(nullptr, 100);
            keychain.read(u"x"_s, [&heard](const SecretStore::Read &) { heard = true; });
        }
        Keychain after(nullptr, 300);
        read(after, u"y"_s);
        QVERIFY(!heard);
    }
};

PULSEDECK_TEST(KeychainTest, runWithEvents)
#include "keychain_test.moc"
