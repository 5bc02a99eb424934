// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/patience.h"
#include "tests/support/redisserver.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

namespace pulsedeck {

inline const QByteArray soundWorker = "chromium:11111111-2222-4333-8444-555555555555";

/// A worker as one that just registered leaves it in Redis, with an endpoint whose path is "TOPSECRET".
inline bool addWorker(const RedisServer &server, const QByteArray &id, const QByteArray &status = "available", int ttl = 60)
{
    const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
    const auto answers =
        RedisClient(server.url())
            .pipeline({
                {"HSETNX", "cluster:active_connections", id, "2"},
                {"HSETNX", "cluster:lifetime_connections", id, "17"},
                {"HSET", "worker:" + id, "id", id.mid(id.indexOf(':') + 1), "browserType", "chromium", "endpoint",
                 "ws://10.1.2.3:4567/playwright/TOPSECRET", "status", status, "startedAt", "1700000000000", "lastHeartbeat", now},
                {"EXPIRE", "worker:" + id, QByteArray::number(ttl)},
            });
    return std::all_of(answers.begin(), answers.end(), [](const RedisValue &answer) { return answer.ok(); });
}

/// The shared timing record: workers made by hand do not beat, and their age is then known by it. Late after 37.5 s,
/// stale after 40 s: far more than a test takes.
inline bool tellTiming(const RedisServer &server, int ttl = 60)
{
    return server
        .command({"HSET", "fleet:timing", "heartbeatInterval", "25000", "workerKeyTtl", QByteArray::number(ttl * 1000),
                  "reaperStaleThreshold", "40000", "drainTimeout", "30000", "version", "1"})
        .ok();
}

/// One run of pulsedeckctl as a child process, with no Redis and no hub in its environment but what a test puts there.
class Ctl
{
public:
    explicit Ctl(const QStringList &arguments, const QString &environmentUrl = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : {QStringLiteral("REDIS_URL"), QStringLiteral("REDIS_HOST"), QStringLiteral("REDIS_PASSWORD"),
                                    QStringLiteral("SIGNAL_HUB_URL"), QStringLiteral("SIGNAL_HUB_TOKEN")})
            environment.remove(name);
        if (!environmentUrl.isEmpty())
            environment.insert(QStringLiteral("REDIS_URL"), environmentUrl);
        process.setProcessEnvironment(environment);
        QObject::connect(&process, &QProcess::readyReadStandardOutput, &process,
                         [this] { out += process.readAllStandardOutput(); });
        QObject::connect(&process, &QProcess::readyReadStandardError, &process,
                         [this] { err += process.readAllStandardError(); });
        process.setProgram(QStringLiteral(PULSEDECKCTL));
        process.setArguments(arguments);
    }
    ~Ctl()
    {
        if (process.state() != QProcess::NotRunning) {
            process.kill();
            process.waitForFinished(patience);
        }
    }

    /// Before it starts.
    Ctl &with(const QString &variable, const QString &value)
    {
        QProcessEnvironment environment = process.processEnvironment();
        environment.insert(variable, value);
        process.setProcessEnvironment(environment);
        return *this;
    }
    /// Its standard input, whole; before it starts.
    void setInput(const QByteArray &bytes)
    {
        QObject::connect(&process, &QProcess::started, &process, [this, bytes] {
            process.write(bytes);
            process.closeWriteChannel();
        });
    }
    void start() { process.start(); }
    /// The exit code, or -1 if it did not end by itself.
    int exitCode()
    {
        if (process.state() != QProcess::NotRunning) {
            QSignalSpy finished(&process, &QProcess::finished);
            while (process.state() != QProcess::NotRunning) {
                if (!finished.wait(patience))
                    return -1;
            }
        }
        out += process.readAllStandardOutput();
        err += process.readAllStandardError();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }
    int run()
    {
        start();
        return exitCode();
    }
    /// What it printed as one JSON object; empty, with a warning, if it is none.
    QJsonObject object() const
    {
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(out, &error);
        if (error.error != QJsonParseError::NoError || !document.isObject())
            qWarning("no JSON object: %s", out.constData());
        return document.object();
    }
    /// The whole lines so far, each a JSON object.
    std::vector<QJsonObject> lines() const
    {
        std::vector<QJsonObject> objects;
        const auto parts = out.left(out.lastIndexOf('\n') + 1).split('\n');
        for (const QByteArray &line : parts) {
            if (!line.isEmpty())
                objects.push_back(QJsonDocument::fromJson(line).object());
        }
        return objects;
    }
    bool hasLine(const QString &event, const QString &id = {}, const QString &to = {}) const
    {
        for (const QJsonObject &line : lines()) {
            if (line[QStringLiteral("event")].toString() == event
                && (id.isEmpty() || line[QStringLiteral("key")].toString() == QString(QStringLiteral("worker:") + id))
                && (to.isEmpty() || line[QStringLiteral("to")].toString() == to))
                return true;
        }
        return false;
    }

    QProcess process;
    QByteArray out;
    QByteArray err;
};

} // namespace pulsedeck
