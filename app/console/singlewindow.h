// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/windowrequest.h"

#include <QLockFile>
#include <QObject>

#include <memory>

class QLocalServer;
class QLocalSocket;

namespace pulsedeck {

/// One window for each user and settings file: the first start listens on a local socket that only this user can open,
/// a later one hands what it was asked over to it, and ends. Who listens is decided by a lock file next to the socket,
/// which a process that was killed does not keep. GUI thread.
class SingleWindow : public QObject
{
    Q_OBJECT

public:
    enum class Outcome {
        First, ///< No process listened: now this one does.
        HandedOver, ///< Another window has taken the request.
        Unanswered, ///< Another window is there and does not answer: this one runs next to it.
        Alone, ///< There is no place to listen at: this one runs by itself.
    };
    static constexpr int answerWithinMs = 5'000; ///< From the first try to connect to the answer.
    static constexpr qsizetype longestRequest = 1'000'000; ///< Bytes; more is no request.

    /// Socket and lock lie in the runtime folder the system gave, else next to \a settingsFile.
    explicit SingleWindow(const QString &settingsFile, QObject *parent = nullptr);
    ~SingleWindow() override;

    /// Waits, up to answerWithinMs, where another window listens. With \a handOver false nothing is handed over, and
    /// there is no waiting: this listens if no other window does, else the outcome is Alone.
    Outcome begin(const WindowRequest &request, bool handOver);
    /// Before the window's parts end, which may take some seconds: a start meanwhile waits for the end and is the next window.
    void stopListening();
    /// Where it listens.
    const QString &socketPath() const { return m_socketPath; }

signals:
    /// A later start asks for this.
    void requested(const pulsedeck::WindowRequest &request);

private:
    bool listen();
    bool send(const QByteArray &request);
    void take(QLocalSocket *socket);

    QString m_socketPath;
    QLockFile m_lock;
    std::unique_ptr<QLocalServer> m_server;
};

} // namespace pulsedeck
