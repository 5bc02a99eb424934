// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/hubaddress.h"

#include <QHash>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace pulsedeck::bench {

/// A child process that is spoken to in lines and dies with the benchmark, however that ends.
class LineChild
{
public:
    virtual ~LineChild();

    bool start(const QString &program, const QStringList &arguments);
    void say(const QByteArray &line);
    /// The next line beginning with \a prefix, without it; null if none came in time or the child ended. Others are dropped.
    QByteArray waitFor(const QByteArray &prefix, int timeoutMs);
    /// SIGKILL, and waits for the end.
    void kill();
    bool isRunning() const;
    qint64 pid() const;

private:
    std::unique_ptr<QProcess> m_process;
};

/// A redis-server of its own: a private folder, a Unix socket, no port, no persistence.
class BenchServer
{
public:
    BenchServer();
    ~BenchServer();
    bool start(QString *error);
    QByteArray socketPath() const;
    QString url() const;
    /// CPU time it has used so far, in seconds.
    double cpuSeconds() const;

private:
    QTemporaryDir m_folder;
    LineChild m_process;
};

/// The simulator as a child: sound workers without sessions, whose beats are what is measured.
class BenchSimulator : public LineChild
{
public:
    /// Starts it and waits until all are registered.
    bool begin(const QString &url, int workers, double heartbeatSeconds, int ttlSeconds, QString *error);
    /// The figures of a `status` line.
    QHash<QByteArray, qint64> status();
    /// Cuts all workers off for so long: their rhythm goes on, and none of their beats is sent.
    bool holdBeats(double seconds, int workers);

private:
    int m_workers = 0;
};

/// The simulator as a hub with the true hub's limits, as a child.
class BenchHub : public LineChild
{
public:
    bool begin(int actors, QString *error);

    HubAddress hub;
};

/// The console as a child that takes measures of itself.
class LiveConsole : public LineChild
{
public:
    bool open(const QStringList &urls);
    /// The answer to a line; empty if none came within two minutes.
    QJsonObject ask(const QByteArray &line);
};

/// From a child to the parent that waits for "answer".
void printAnswer(const QJsonObject &answer);
/// A program in the folder of this one.
QString programBeside(const QString &name);
/// CPU time of a process, user and system, in seconds, by /proc.
double cpuSecondsOf(qint64 pid);

} // namespace pulsedeck::bench
