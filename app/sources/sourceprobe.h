// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/connectiontest.h"

#include <QAbstractSocket>
#include <QElapsedTimer>
#include <QObject>
#include <QSslError>
#include <QTimer>

#include <functional>

class QSslSocket;

namespace pulsedeck {

/// Carries out the steps of one ConnectionTest on the thread it lives on, one after the other: name, TCP and TLS here,
/// the rest in those for Redis and for hubs. Ends at the first step that fails, and within the tester's limit.
class SourceProbe : public QObject
{
    Q_OBJECT

public:
    static constexpr int stepLimitMs = 5'000; ///< For reaching the server, and for its first answer.

    /// \a named are the steps, in order.
    explicit SourceProbe(const QList<TestStep> &named);

    /// \a leftMs of the tester's limit, \a limitMs, are left.
    void start(int leftMs, int limitMs);
    /// Ends everything that is under way, the connection in order, and then deletes this.
    virtual void end();

signals:
    void stepped(int step, const pulsedeck::TestStep &now);
    void over();

protected:
    /// Steps of these names, in order; \a signIn is the one that signs in.
    static QList<TestStep> stepsNamed(const QStringList &names, const QString &signIn);

    struct Place
    {
        QString host;
        int port = 0;
        bool tls = false;
        QString caFile;
    };

    virtual void begin() = 0;
    virtual SourceFailure socketTrouble(QAbstractSocket::SocketError error, const QString &system) const = 0;
    virtual SourceFailure certificateTrouble(const QList<QSslError> &errors, const QStringList &names) const = 0;
    virtual SourceFailure timeoutTrouble(bool connected) const = 0;

    /// The steps for name, TCP and, if wanted, TLS; then \a next.
    void reach(const Place &place, std::function<void()> next);

    /// The next step, from now.
    void enter();
    void pass(const QString &text);
    void limit(const QString &text, const QString &hint);
    void skip(const QString &text);
    void fail(const SourceFailure &failure);
    void finish();
    bool isOver() const { return m_over; }

private:
    void settle(TestStep::State state, const SourceFailure &words, qint64 elapsedMs = -1);
    void lookUp();
    void connectTo();
    void onEncrypted();
    void onSocketError(QAbstractSocket::SocketError error);
    void dropSocket();

    QList<TestStep> m_steps;
    int m_current = -1;
    bool m_over = false;
    int m_limitMs = ConnectionTester::limitMs;
    QElapsedTimer m_since;
    QTimer m_whole;
    QTimer m_reaching;
    Place m_place;
    std::function<void()> m_next;
    QSslSocket *m_socket = nullptr;
    int m_lookUp = -1;
};

} // namespace pulsedeck
