// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/sources/connectiontest.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

class QAbstractSocket;
class QIODevice;

namespace pulsedeck {

/// Carries out the steps of one ConnectionTest with the connection that a source of these settings uses, one step after the
/// other. The first ones lead to the server: name, TCP and TLS, or a socket; they are read from the connection's own socket as it
/// goes. The others are those of the protocol. Ends at the first step that fails, and within the tester's limit. Lives on one
/// thread, not the GUI's, from start() on.
class SourceProbe : public QObject
{
    Q_OBJECT

public:
    static constexpr int stepLimitMs = 5'000; ///< For reaching the server, and for its first answer.

    /// In order; one of them signs in.
    const QList<TestStep> &steps() const { return m_steps; }
    /// What to sign in with, where the settings do not hold it. Before start().
    virtual void setSecret(const QString & /*secret*/) { }
    /// Layouts of systems that may live there, in the place of the built-in ones. Before start().
    virtual void setLayouts(const std::vector<Layout> & /*layouts*/) { }
    /// It is listened so long for systems that are only known by what they send. Before start().
    virtual void setListening(int /*ms*/) { }
    /// \a leftMs of the tester's limit, \a limitMs, are left.
    void start(int leftMs, int limitMs);
    /// Ends everything that is under way, the connection in order, and then deletes this.
    virtual void end();

signals:
    void stepped(int step, const pulsedeck::TestStep &now);
    /// Which systems live there. Not of every protocol; again if more becomes known.
    void reported(const pulsedeck::DetectionReport &report);
    void over();

protected:
    /// The steps that lead to the server are followed by the one that signs in, with \a before between them, and by \a after.
    /// \a lookUp: not empty where the settings say who knows the server's place: that is the first step, and the second one is
    /// its socket, which is not followed.
    SourceProbe(const SourceSettings &settings, const QStringList &before, const QStringList &after, const QString &lookUp = {});

    virtual void begin() = 0;
    /// The server is reached: the first of the protocol's own steps is to be entered.
    virtual void reached() = 0;
    /// Passes the steps that lead to the server as \a socket takes them. It may have taken some of them already.
    void follow(QIODevice *socket);
    /// The server is reached, even if no socket could be followed all the way.
    void arrive();
    bool isReached() const { return m_reached; }

    /// The next step, from now.
    void enter();
    void pass(const QString &text);
    void limit(const QString &text, const QString &hint);
    void skip(const QString &text);
    /// Before the server is reached this is why it is not.
    void fail(SourceFailure failure);
    void finish();
    bool isOver() const { return m_over; }

private:
    void settle(TestStep::State state, const SourceFailure &words);
    void onHostFound();
    void onConnected(const QAbstractSocket &socket);
    void onEncrypted(const QAbstractSocket &socket);

    const SourceSettings m_settings;
    QList<TestStep> m_steps;
    int m_reachSteps = 0; ///< So many of them lead to the server.
    int m_current = -1;
    const bool m_looksUp;
    bool m_reached = false;
    bool m_over = false;
    int m_limitMs = ConnectionTester::limitMs;
    QElapsedTimer m_since;
    QTimer m_whole;
};

} // namespace pulsedeck
