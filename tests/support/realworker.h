// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <unistd.h>

namespace pulsedeck {

/// A worker of another project as a process of its own: Sidekiq or RQ as Debian has them (script/setup --tests). It ends with the
/// object, its children too.
class RealWorker
{
public:
    static constexpr int longestMs = 60'000; ///< A beat comes each 5 s, and the machine may be busy.

    /// \a address: of Redis, "redis://127.0.0.1:6379/0".
    explicit RealWorker(const QString &address)
        : m_address(address)
    { }
    ~RealWorker()
    {
        noteChildren();
        m_process.kill();
        m_process.waitForFinished();
        for (const qint64 child : std::as_const(m_children))
            ::kill(pid_t(child), SIGKILL);
    }
    RealWorker(const RealWorker &) = delete;
    RealWorker &operator=(const RealWorker &) = delete;

    /// Empty where it is not installed.
    static QString sidekiq() { return QStandardPaths::findExecutable(QStringLiteral("sidekiq")); }
    /// A Python that has RQ: that of Debian, where another one comes first. Empty if there is none.
    static QString pythonWithRq()
    {
        for (const QString &program : {QStringLiteral("python3"), QStringLiteral("/usr/bin/python3")}) {
            QProcess python;
            python.start(program, {QStringLiteral("-c"), QStringLiteral("import rq")});
            if (python.waitForFinished() && python.exitCode() == 0)
                return program;
        }
        return {};
    }

    /// Two threads on the queue "default"; its jobs, of the class Job, last ten minutes.
    bool startSidekiq()
    {
        QFile job(m_folder.filePath(QStringLiteral("job.rb")));
        if (!job.open(QIODevice::WriteOnly))
            return false;
        job.write("class Job\n  include Sidekiq::Worker\n  def perform; sleep 600; end\nend\n");
        job.close();
        return start(sidekiq(), {QStringLiteral("-r"), QStringLiteral("./job.rb"), QStringLiteral("-c"), QStringLiteral("2"),
                                 QStringLiteral("-q"), QStringLiteral("default")});
    }
    bool startRq()
    {
        return start(pythonWithRq(), {QStringLiteral("-c"), QStringLiteral("from rq.cli import main; main()"),
                                      QStringLiteral("worker"), QStringLiteral("-u"), m_address, QStringLiteral("default")});
    }
    /// A job for RQ that sleeps.
    bool enqueueRq(int seconds) const
    {
        QProcess enqueue;
        enqueue.start(pythonWithRq(), {QStringLiteral("-c"),
                                       QStringLiteral("import redis, rq, sys\n"
                                                      "rq.Queue('default', connection=redis.from_url(sys.argv[1]))"
                                                      ".enqueue('time.sleep', float(sys.argv[2]), job_timeout=900)"),
                                       m_address, QString::number(seconds)});
        const bool ended = QTest::qWaitFor([&] { return enqueue.state() == QProcess::NotRunning; }, longestMs);
        if (!ended || enqueue.exitCode() != 0)
            qWarning("%s", enqueue.readAllStandardError().constData());
        return ended && enqueue.exitCode() == 0;
    }

    qint64 pid() const { return m_process.processId(); }
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    bool isGone()
    {
        return QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, longestMs);
    }
    void signal(int number) { ::kill(pid_t(pid()), number); }
    /// SIGKILL to it alone: its children go on.
    bool killAlone()
    {
        noteChildren();
        signal(SIGKILL);
        return isGone();
    }
    /// The processes of its jobs that live, as far as they were noted before it ended.
    QList<qint64> children()
    {
        noteChildren();
        QList<qint64> living;
        for (const qint64 child : std::as_const(m_children)) {
            QFile state(QStringLiteral("/proc/%1/stat").arg(child));
            if (state.open(QIODevice::ReadOnly) && !state.readAll().contains(") Z "))
                living.append(child);
        }
        return living;
    }
    void killChildren()
    {
        for (const qint64 child : children())
            ::kill(pid_t(child), SIGKILL);
    }
    QByteArray output() { return m_process.readAll(); }

private:
    bool start(const QString &program, const QStringList &arguments)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("REDIS_URL"), m_address);
        m_process.setProcessEnvironment(environment);
        m_process.setWorkingDirectory(m_folder.path());
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        // A group of its own: were the test's orphaned while a member of it is stopped, all of it would be sent SIGHUP.
        m_process.setChildProcessModifier([] { ::setpgid(0, 0); });
        m_process.start(program, arguments);
        return m_process.waitForStarted();
    }
    void noteChildren()
    {
        QFile file(QStringLiteral("/proc/%1/task/%1/children").arg(pid()));
        if (pid() <= 0 || !file.open(QIODevice::ReadOnly))
            return;
        for (const QByteArray &child : file.readAll().split(' ')) {
            if (const qint64 number = child.trimmed().toLongLong(); number > 0 && !m_children.contains(number))
                m_children.append(number);
        }
    }

    const QString m_address;
    QTemporaryDir m_folder;
    QProcess m_process;
    QList<qint64> m_children;
};

} // namespace pulsedeck
