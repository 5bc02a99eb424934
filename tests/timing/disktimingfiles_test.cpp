// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/disktimingfiles.h"
#include "tests/support/stepclock.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Files on a real disk: read, proposed, replaced with a backup; and everything that can be in the way, after which the
/// old file is there untouched.
class DiskTimingFilesTest : public QObject
{
    Q_OBJECT

    StepClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DiskTimingFiles> m_files;

    QString path(const QString &name) const { return m_folder->filePath(name); }

    QString put(const QString &name, const QByteArray &text)
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write a file of the test");
        return file.fileName();
    }

    static QByteArray get(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }

    QStringList names() const { return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden); }

    TimingFileAnswer wait(quint64 token)
    {
        TimingFileAnswer found;
        QSignalSpy spy(m_files.get(), &TimingFiles::answered);
        while (found.token == 0 && spy.wait(20'000)) {
            for (const QList<QVariant> &one : spy) {
                if (one.first().value<TimingFileAnswer>().token == token)
                    found = one.first().value<TimingFileAnswer>();
            }
        }
        return found;
    }

    TimingFileAnswer propose(const QString &file, qint64 intervalMs)
    {
        TimingProfile profile;
        profile.heartbeatInterval = intervalMs;
        return wait(m_files->propose(file, profile));
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_files = std::make_unique<DiskTimingFiles>(TimingLibrary::builtIn(), m_clock);
    }

    void aFileIsReadProposedAndReplaced()
    {
        const QByteArray text("# ours\nHEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL=30\n");
        const QString file = put(u"worker.env"_s, text);
        QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
        const TimingFileAnswer read = wait(m_files->read(file));
        QVERIFY2(read.ok, qPrintable(read.error));
        QCOMPARE(read.path, file);
        QCOMPARE(read.file.values.size(), size_t(2));
        const TimingFileAnswer proposal = propose(file, 20'000);
        QVERIFY2(proposal.ok, qPrintable(proposal.error));
        QCOMPARE(get(file), text);
        QCOMPARE(names(), QStringList{u"worker.env"_s});

        const TimingFileAnswer written = wait(m_files->write(proposal));
        QVERIFY2(written.ok, qPrintable(written.error));
        QCOMPARE(get(file), QByteArray("# ours\nHEARTBEAT_INTERVAL=20\nREDIS_KEY_TTL=30\n"));
        QCOMPARE(get(written.backup), text);
        const QString stamp = QDateTime::fromMSecsSinceEpoch(m_clock.nowMs()).toString(u"yyyyMMdd-HHmmss"_s);
        QCOMPARE(written.backup, QString(file + u".pulsedeck-backup-"_s + stamp));
        QCOMPARE(names().size(), 2);
        const auto mode = [](const QString &of) {
            struct stat status
            { };
            ::stat(QFile::encodeName(of).constData(), &status);
            return int(status.st_mode & 07777);
        };
        QCOMPARE(mode(file), 0640);
        QCOMPARE(mode(written.backup) & 0007, 0);
        // In the same second once more: no backup is overwritten.
        const TimingFileAnswer second = wait(m_files->write(propose(file, 30'000)));
        QVERIFY2(second.ok, qPrintable(second.error));
        QVERIFY(second.backup != written.backup);
        QCOMPARE(get(written.backup), text);
    }

    void nothingToChangeTouchesNothing()
    {
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\n");
        const TimingFileAnswer written = wait(m_files->write(propose(file, 10'000)));
        QVERIFY(written.ok);
        QCOMPARE(written.backup, QString());
        QCOMPARE(names().size(), 1);
    }

    void aFileChangedMeanwhileIsLeftAlone()
    {
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\n");
        const TimingFileAnswer proposal = propose(file, 20'000);
        put(u"worker.env"_s, "HEARTBEAT_INTERVAL=12\n");
        const TimingFileAnswer written = wait(m_files->write(proposal));
        QVERIFY(!written.ok);
        QVERIFY2(written.error.startsWith(u"worker.env: the file has changed in the meantime"_s), qPrintable(written.error));
        QCOMPARE(get(file), QByteArray("HEARTBEAT_INTERVAL=12\n"));
        QCOMPARE(names().size(), 1);
        QFile::remove(file);
        QVERIFY(!wait(m_files->write(proposal)).ok);
        QVERIFY(names().isEmpty());
    }

    void aLinkStaysALink()
    {
        QVERIFY(QDir(m_folder->path()).mkdir(u"real"_s));
        const QString file = put(u"real/env.worker"_s, "HEARTBEAT_INTERVAL=10\n");
        QVERIFY(QFile::link(file, path(u"worker.env"_s)));
        const TimingFileAnswer written = wait(m_files->write(propose(path(u"worker.env"_s), 20'000)));
        QVERIFY2(written.ok, qPrintable(written.error));
        QVERIFY(QFileInfo(path(u"worker.env"_s)).isSymLink());
        QCOMPARE(get(file), QByteArray("HEARTBEAT_INTERVAL=20\n"));
        QVERIFY(written.backup.startsWith(file));
    }

    void whatCannotBeReadIsSaid_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("word");
        QTest::newRow("missing") << u"none.env"_s << u"no such file"_s;
        QTest::newRow("folder") << u"folder.env"_s << u"not a regular file"_s;
        QTest::newRow("pipe") << u"pipe.env"_s << u"not a regular file"_s;
        QTest::newRow("dangling") << u"dangling.env"_s << u"link is broken"_s;
        QTest::newRow("huge") << u"huge.env"_s << u"larger than a megabyte"_s;
        QTest::newRow("broken") << u"wrangler.toml"_s << u"line 2"_s;
        QTest::newRow("other") << u"notes.txt"_s << u"neither an environment file"_s;
    }

    void whatCannotBeReadIsSaid()
    {
        QFETCH(QString, name);
        QFETCH(QString, word);
        QDir(m_folder->path()).mkdir(u"folder.env"_s);
        ::mkfifo(QFile::encodeName(path(u"pipe.env"_s)).constData(), 0600);
        QFile::link(path(u"nothing"_s), path(u"dangling.env"_s));
        put(u"huge.env"_s, QByteArray("A=1\n").repeated(300'000));
        put(u"wrangler.toml"_s, "[vars]\nHEARTBEAT_INTERVAL = \n");
        put(u"notes.txt"_s, "hello\n");
        for (const TimingFileAnswer &answer : {wait(m_files->read(path(name))), propose(path(name), 20'000)}) {
            QVERIFY(!answer.ok);
            QVERIFY2(answer.error.startsWith(QString(name + u": "_s)) && answer.error.contains(word), qPrintable(answer.error));
            QVERIFY(!wait(m_files->write(answer)).ok);
        }
    }

    void aFileThatMayNotBeWrittenStaysAsItIs()
    {
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\n");
        const TimingFileAnswer proposal = propose(file, 20'000);
        // Root may write everywhere, so for a moment this is nobody.
        const bool root = ::geteuid() == 0;
        if (root)
            QVERIFY(::chmod(QFile::encodeName(m_folder->path()).constData(), 0755) == 0 && ::seteuid(65'534) == 0);
        else
            QVERIFY(QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::ExeOwner));
        const TimingFileAnswer written = wait(m_files->write(proposal));
        if (root)
            QVERIFY(::seteuid(0) == 0);
        else
            QVERIFY(QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QVERIFY(!written.ok);
        QVERIFY2(written.error.contains(u"ermission") || written.error.contains(u"not writable"), qPrintable(written.error));
        QCOMPARE(get(file), QByteArray("HEARTBEAT_INTERVAL=10\n"));
        QCOMPARE(names().size(), 1);
    }

    void aFullDiskLeavesTheOldFile_data()
    {
        QTest::addColumn<int>("room");
        QTest::newRow("for no backup") << 10;
        QTest::newRow("for the backup only") << 0; // As much as the old text takes.
    }

    void aFullDiskLeavesTheOldFile()
    {
        QFETCH(int, room);
        const QByteArray text = "# " + QByteArray("x").repeated(20'000) + "\nHEARTBEAT_INTERVAL=10\n";
        const QString file = put(u"worker.env"_s, text);
        const TimingFileAnswer proposal = propose(file, 100'000);
        QCOMPARE(proposal.proposed.size(), text.size() + 1);
        // The system then refuses to let a file grow beyond this, as it does when a disk is full.
        struct rlimit before
        { };
        QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = before;
        limit.rlim_cur = rlim_t(room > 0 ? room : text.size());
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
        const TimingFileAnswer written = wait(m_files->write(proposal));
        const bool restored = ::setrlimit(RLIMIT_FSIZE, &before) == 0;
        std::signal(SIGXFSZ, handler);
        QVERIFY(restored);
        QVERIFY(!written.ok);
        QVERIFY2(written.error.contains(room > 0 ? u"backup cannot be written"_s : u"it cannot be"_s), qPrintable(written.error));
        QCOMPARE(get(file), text);
        QCOMPARE(names(), QStringList{u"worker.env"_s});
        QVERIFY(wait(m_files->write(proposal)).ok);
    }

    void aDiskThatIsTrulyFullLeavesTheOldFile_data()
    {
        QTest::addColumn<int>("left"); ///< Bytes that are still free.
        QTest::addColumn<QString>("word");
        QTest::newRow("for no backup") << 0 << u"backup"_s;
        QTest::newRow("for the backup only") << 12 * 1024 << u"it cannot be"_s;
    }

    void aDiskThatIsTrulyFullLeavesTheOldFile()
    {
        QFETCH(int, left);
        QFETCH(QString, word);
        const QString disk = path(u"disk"_s);
        QVERIFY(QDir(m_folder->path()).mkdir(u"disk"_s));
        const QByteArray at = QFile::encodeName(disk);
        if (::mount("tmpfs", at.constData(), "tmpfs", MS_NOSUID | MS_NODEV, "size=64k") != 0)
            QSKIP("only root may mount a small disk; what a limit on the size of files does is tested above");
        const auto unmount = qScopeGuard([&at] { ::umount2(at.constData(), MNT_DETACH); });
        const QByteArray text = "# " + QByteArray("x").repeated(8'000) + "\nHEARTBEAT_INTERVAL=10\n";
        const QString file = put(u"disk/worker.env"_s, text);
        const TimingFileAnswer proposal = propose(file, 100'000);
        QVERIFY2(proposal.ok, qPrintable(proposal.error));
        // Filled to the brim, and then as much let go as is to be left.
        {
            QFile ballast(path(u"disk/ballast"_s));
            QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
            const QByteArray block(4'096, 'b');
            while (ballast.write(block) == block.size()) { }
            const qint64 size = ballast.size();
            ballast.close();
            QVERIFY(size > 16 * 1'024 && size < 64 * 1'024);
            QVERIFY(::truncate(QFile::encodeName(ballast.fileName()).constData(), size - left) == 0);
        }
        const TimingFileAnswer written = wait(m_files->write(proposal));
        QVERIFY(!written.ok);
        QVERIFY2(written.error.contains(word), qPrintable(written.error));
        QCOMPARE(get(file), text);
        const auto there = [&disk] { return QDir(disk).entryList(QDir::Files | QDir::Hidden, QDir::Name); };
        QCOMPARE(there(), (QStringList{u"ballast"_s, u"worker.env"_s}));
        // With room again the same proposal goes through.
        QVERIFY(QFile::remove(path(u"disk/ballast"_s)));
        QVERIFY(wait(m_files->write(proposal)).ok);
        QCOMPARE(there().size(), 2);
        QVERIFY(get(file).contains("HEARTBEAT_INTERVAL=100"));
    }

    void answersComeOnceEachInOrder()
    {
        const QString file = put(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\n");
        QSignalSpy spy(m_files.get(), &TimingFiles::answered);
        QList<quint64> asked;
        for (int i = 0; i < 50; ++i)
            asked.append(m_files->read(file));
        QTRY_COMPARE_WITH_TIMEOUT(spy.size(), 50, 20'000);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(spy.at(i).first().value<TimingFileAnswer>().token, asked.at(i));
        // And at the end of it all what is under way is finished, not left half-way.
        m_files->write(propose(file, 20'000));
        m_files.reset();
        QCOMPARE(get(file), QByteArray("HEARTBEAT_INTERVAL=20\n"));
    }
};

PULSEDECK_TEST(DiskTimingFilesTest, runWithEvents)
#include "disktimingfiles_test.moc"
