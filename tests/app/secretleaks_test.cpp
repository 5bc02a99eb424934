// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/patience.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// What the programs leave of a password that they are given: nothing, in no file that they write, in none of their words, and in
/// no list of processes.
class SecretLeaksTest : public QObject
{
    Q_OBJECT

    static constexpr auto secret = "S3cr:et/w%rd+ä";

    /// Folders of their own for everything that is written, temporary files among it.
    struct Home
    {
        QTemporaryDir folder;

        QString sub(const QString &name) const
        {
            const QString path = folder.filePath(name);
            QDir().mkpath(path);
            QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            return path;
        }
        QProcessEnvironment environment() const
        {
            QProcessEnvironment its = QProcessEnvironment::systemEnvironment();
            for (const auto *name : {"REDIS_URL", "REDIS_HOST", "SIGNAL_HUB_URL", "SIGNAL_HUB_TOKEN", "DBUS_SESSION_BUS_ADDRESS"})
                its.remove(QString::fromLatin1(name));
            its.insert(u"HOME"_s, folder.path());
            its.insert(u"TMPDIR"_s, sub(u"tmp"_s));
            its.insert(u"XDG_CONFIG_HOME"_s, sub(u"config"_s));
            its.insert(u"XDG_DATA_HOME"_s, sub(u"data"_s));
            its.insert(u"XDG_CACHE_HOME"_s, sub(u"cache"_s));
            its.insert(u"XDG_RUNTIME_DIR"_s, sub(u"run"_s));
            its.insert(u"QT_LOGGING_RULES"_s, u"pulsedeck.*=true"_s); // Whatever there is to log.
            return its;
        }
        QByteArray settings() const { return contents(sub(u"config"_s) + u"/pulsedeck/pulsedeck.ini"_s); }
    };

    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QByteArray commandLineOf(qint64 pid) { return contents(u"/proc/%1/cmdline"_s.arg(pid)); }
    static QString percentEncoded() { return QString::fromLatin1(QUrl::toPercentEncoding(QString::fromUtf8(secret))); }

    /// The secret as it may be written: as it is, percent-encoded, and in base64 wherever it begins among three bytes.
    static QList<QByteArray> forms()
    {
        const QByteArray plain(secret);
        QList<QByteArray> all{plain, percentEncoded().toLatin1(), percentEncoded().toLower().toLatin1(),
                              QString::fromUtf8(secret).toUtf8().toHex()};
        for (int before = 0; before < 3; ++before) {
            // The first and the last group depend on what is around it.
            const QByteArray encoded = QByteArray(QByteArray(before, 'x') + plain).toBase64();
            all.append(encoded.mid(before == 0 ? 0 : 4, ((before + plain.size()) / 3) * 4 - (before == 0 ? 0 : 4)));
        }
        // As Qt's own streams and settings have text.
        const QString text = QString::fromUtf8(secret);
        all.append(QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2));
        return all;
    }
    /// In which of \a text a form of it is; empty if in none.
    static QByteArray foundIn(const QByteArray &text)
    {
        for (const QByteArray &form : forms()) {
            if (text.contains(form))
                return form;
        }
        return {};
    }
    static QStringList filesWithIt(const QString &folder)
    {
        QStringList found;
        QDirIterator all(folder, QDir::Files | QDir::Hidden | QDir::System | QDir::NoSymLinks, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            const QString path = all.next();
            if (all.fileInfo().isFile() && (!foundIn(contents(path)).isEmpty() || !foundIn(path.toUtf8()).isEmpty()))
                found.append(path);
        }
        return found;
    }
    /// Processes of this machine, but the server of the test, whose command line has it.
    static QStringList processesWithIt(qint64 except)
    {
        QStringList found;
        const QStringList pids = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &pid : pids) {
            if (pid.toLongLong() > 0 && pid.toLongLong() != except && !foundIn(commandLineOf(pid.toLongLong())).isEmpty())
                found.append(pid);
        }
        return found;
    }
    static bool knows(const RedisServer &server, const QByteArray &name)
    {
        const auto answers = RedisClient(server.url()).pipeline({{"AUTH", secret}, {"CLIENT", "LIST"}});
        return answers.size() == 2 && answers.back().text.contains(QByteArray("name=" + name));
    }

    RedisServer m_server;
    QString m_url;

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY2(m_server.start(options), qPrintable(m_server.errorString()));
        // Not by an argument of the server, which would be found.
        QVERIFY(m_server.command({"CONFIG", "SET", "requirepass", secret}).ok());
        m_url = u"redis://:%1@%2"_s.arg(percentEncoded(), m_server.tcpUrl().shortName());
    }

    void theConsoleLeavesNothing()
    {
        const Home home;
        QProcess console;
        console.setProcessChannelMode(QProcess::MergedChannels);
        console.setProcessEnvironment(home.environment());
        console.start(QStringLiteral(PULSEDECK_PROGRAM), {m_url});
        QVERIFY(console.waitForStarted(patience));
        const QByteArray port = "port=" + QByteArray::number(m_server.tcpUrl().port);
        TRY_TRUE(home.settings().contains(port));
        TRY_TRUE(knows(m_server, "pulsedeck")); // It has logged in by it.
        const QByteArray line = commandLineOf(console.processId());
        QVERIFY2(line.contains("redis://:***"), line.constData());
        QCOMPARE(line.size(), QByteArray(PULSEDECK_PROGRAM).size() + 1 + m_url.toLocal8Bit().size() + 1);
        QCOMPARE(processesWithIt(0), QStringList());
        // A second start hands its address over, and leaves nothing as well.
        QProcess second;
        second.setProcessChannelMode(QProcess::MergedChannels);
        second.setProcessEnvironment(home.environment());
        second.start(QStringLiteral(PULSEDECK_PROGRAM), {m_url});
        QVERIFY(second.waitForFinished(patience));
        QCOMPARE(second.exitCode(), 0);
        const QByteArray words = second.readAll();
        QVERIFY2(words.contains("A password was given on the command line"), words.constData());
        QVERIFY(foundIn(words).isEmpty());
        QCOMPARE(filesWithIt(home.folder.path()), QStringList());
        console.terminate();
        QVERIFY(console.waitForFinished(patience));
        const QByteArray said = console.readAll();
        QVERIFY2(said.contains("A password was given on the command line"), said.constData());
        QVERIFY(foundIn(said).isEmpty());
        QCOMPARE(filesWithIt(home.folder.path()), QStringList());
        // Remembered without it.
        QVERIFY(home.settings().contains(port));
    }

    void theTerminalsProgramLeavesNothing()
    {
        const Home home;
        QProcess watch;
        watch.setProcessChannelMode(QProcess::MergedChannels);
        watch.setProcessEnvironment(home.environment());
        watch.start(QStringLiteral(PULSEDECKCTL), {u"watch"_s, u"--json"_s, u"--url"_s, m_url});
        QVERIFY(watch.waitForStarted(patience));
        TRY_TRUE(knows(m_server, "pulsedeckctl"));
        const QByteArray line = commandLineOf(watch.processId());
        QVERIFY2(line.contains("redis://:***"), line.constData());
        QCOMPARE(processesWithIt(0), QStringList());
        watch.terminate();
        QVERIFY(watch.waitForFinished(patience));
        const QByteArray said = watch.readAll();
        QVERIFY2(said.contains("A password was given on the command line"), said.constData());
        QVERIFY(foundIn(said).isEmpty());
        QCOMPARE(filesWithIt(home.folder.path()), QStringList());
    }
};

PULSEDECK_TEST(SecretLeaksTest, runWithEvents)
#include "secretleaks_test.moc"
