// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/foundsystem.h"
#include "models/protocol/sourcetrouble.h"
#include "models/sources/sourcesettings.h"

#include <QList>
#include <QObject>

namespace pulsedeck {

/// One step of a connection test. A value; no text of it holds a secret.
struct TestStep
{
    enum class State : quint8 {
        Waiting, ///< Its turn has not come.
        Running,
        Passed,
        Limited, ///< Part of it works: hint says what will be missing, and what can be done about it.
        Failed, ///< There can be no connection: hint says what to do.
        Skipped, ///< Left out, for the reason in text.
        NotReached, ///< An earlier step failed, or the test was stopped.
    };
    QString name; ///< "Name look-up", "TCP", "Sign in".
    State state = State::Waiting;
    QString text; ///< What was found, or what went wrong.
    QString hint;
    QStringList addresses; ///< Why it failed, the server that answered named these: what is wanted may be there.
    ServerCertificate certificate; ///< Why it failed: an operator may trust this one by its fingerprint. Null otherwise.
    qint64 elapsedMs = -1; ///< -1 while it is not over.
    SourceTrouble trouble = SourceTrouble::None; ///< Why it failed, as far as it is known.
    bool signsIn = false; ///< The step that fails where there is no secret to sign in with.

    bool isOver() const { return state != State::Waiting && state != State::Running; }
    bool operator==(const TestStep &) const = default;
};

/// A running test, seen from the GUI thread. The steps are known from the start and keep their places. Deleting it stops it.
class ConnectionTest : public QObject
{
    Q_OBJECT

public:
    explicit ConnectionTest(const QList<TestStep> &steps, QObject *parent = nullptr);

    const QList<TestStep> &steps() const { return m_steps; }
    bool isOver() const { return m_over; }
    int count(TestStep::State state) const;
    /// The first step that failed, or -1.
    int failedStep() const;
    /// Which systems live there, as far as that is known by now.
    const DetectionReport &report() const { return m_report; }

public slots:
    /// Stops it: what is not over is not reached.
    void stop();

signals:
    void stepChanged(int step);
    /// The systems were found, or more of them is known.
    void reported(const pulsedeck::DetectionReport &report);
    /// Once: no step changes any more.
    void over();

protected:
    void take(int step, const pulsedeck::TestStep &now);
    void takeReport(const pulsedeck::DetectionReport &report);
    void finish();
    /// Whatever carries it out is to end. Called once.
    virtual void letGo() { }

private:
    QList<TestStep> m_steps;
    DetectionReport m_report;
    bool m_over = false;
};

/// Tests settings without keeping them, and without writing anything to the server: name, socket, login, a first look, and what
/// the account may do. Works on another thread, within limitMs.
class ConnectionTester
{
public:
    static constexpr int limitMs = 20'000; ///< For all steps together, and for finding what is signed in with.

    virtual ~ConnectionTester() = default;
    /// Never null, and nothing of it changes before this has returned. \a parent owns it. For \a listenMs it also listens for
    /// systems that are only known by what they send.
    virtual ConnectionTest *start(const SourceSettings &settings, QObject *parent, int listenMs = 0) = 0;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::TestStep)
