// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/probethread.h"

#include "app/console/tokensearch.h"
#include "app/protocols/allprotocols.h"
#include "app/sources/sourceprobe.h"
#include "models/commands/writeaccess.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The GUI thread's side of one probe.
class RunningTest : public ConnectionTest
{
    Q_DECLARE_TR_FUNCTIONS(RunningTest)

public:
    /// \a probe has no parent yet, and is on this thread until it runs. \a asking: not empty while a keychain is asked.
    RunningTest(SourceProbe *probe, const QString &asking, QObject *probes, int limitMs, QObject *parent)
        : ConnectionTest(probe->steps(), parent)
        , m_probe(probe)
        , m_probes(probes)
        , m_limitMs(limitMs)
        , m_deadline(limitMs)
    {
        connect(probe, &SourceProbe::stepped, this, [this](int step, const TestStep &now) { take(step, now); });
        connect(probe, &SourceProbe::reported, this, [this](const DetectionReport &report) { takeReport(report); });
        connect(probe, &SourceProbe::over, this, [this] { finish(); });
        if (!asking.isEmpty())
            setAll(TestStep::State::Waiting, {}, TestStep::State::Running, {SourceTrouble::None, asking, {}});
        QTimer::singleShot(m_limitMs, this, [this] {
            if (m_probe && m_probe->thread() == thread())
                refuse({SourceTrouble::LoginWanted, tr("The keychain did not answer within %1 s.").arg(m_limitMs / 1000),
                        tr("Unlock the keychain, or take the token from an environment variable, or type it.")});
        });
    }
    ~RunningTest() override { RunningTest::letGo(); }

    /// The probe belongs to the other thread from here on.
    void run(const QString &secret)
    {
        setAll(TestStep::State::Waiting, {}, TestStep::State::Waiting, {});
        m_probe->setSecret(secret);
        m_probe->moveToThread(m_probes->thread());
        // A child of what lives as long as the thread, so that it goes with it in any case.
        QMetaObject::invokeMethod(m_probe, [probe = m_probe, probes = m_probes, deadline = m_deadline, limitMs = m_limitMs] {
            probe->setParent(probes);
            probe->start(int(deadline.remainingTime()), limitMs);
        });
    }

    /// What there should be to sign in with is not there.
    void refuse(const SourceFailure &failure)
    {
        setAll(TestStep::State::NotReached, tr("not reached"), TestStep::State::Failed, failure);
        finish();
    }

protected:
    void letGo() override
    {
        SourceProbe *const probe = std::exchange(m_probe, nullptr);
        if (!probe)
            return;
        probe->disconnect(this);
        QMetaObject::invokeMethod(probe, [probe] { probe->end(); });
    }

private:
    /// The step that signs in, and all others.
    void setAll(TestStep::State state, const QString &text, TestStep::State signIn, const SourceFailure &why)
    {
        for (int i = 0; i < int(steps().size()); ++i) {
            TestStep step = steps().at(i);
            step.state = step.signsIn ? signIn : state;
            step.text = step.signsIn ? why.text : text;
            step.hint = step.signsIn ? why.hint : QString();
            step.trouble = step.signsIn ? why.kind : SourceTrouble::None;
            take(i, step);
        }
    }

    SourceProbe *m_probe; ///< Ended by nobody else while this holds it.
    QObject *const m_probes;
    const int m_limitMs;
    const QDeadlineTimer m_deadline;
};

class ProbeThreadTexts
{
    Q_DECLARE_TR_FUNCTIONS(ProbeThreadTexts)
};

} // namespace

ProbeThread::ProbeThread(SecretStore *secrets, const WriteAccess *access, int wholeMs)
    : m_secrets(secrets)
    , m_access(access)
    , m_limitMs(wholeMs)
    , m_context(new QObject)
{
    m_thread.setObjectName(u"tests"_s);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

ProbeThread::~ProbeThread()
{
    // An event loop that quits does not deliver what is posted to it: the probes are deleted first, then what they leave to be
    // deleted later.
    QObject *const context = m_context;
    QThread *const thread = &m_thread;
    QMetaObject::invokeMethod(context, [context, thread] {
        qDeleteAll(context->findChildren<SourceProbe *>(QString(), Qt::FindDirectChildrenOnly));
        QMetaObject::invokeMethod(
            context, [thread] { thread->quit(); }, Qt::QueuedConnection);
    });
    m_thread.wait();
}

ConnectionTest *ProbeThread::start(const SourceSettings &settings, QObject *parent, int listenMs)
{
    const QString whyNoRights = settings.readOnly ? ProbeThreadTexts::tr("not tested: this source is read-only")
                                : m_access && m_access->isForbidden()
                                    ? ProbeThreadTexts::tr("not tested: started with --read-only")
                                    : QString();
    SourceProbe *const probe = sourceFactory(settings.kind).makeProbe(settings, whyNoRights);
    if (!m_layouts.empty())
        probe->setLayouts(m_layouts);
    probe->setListening(listenMs);
    const QString asking = settings.tokenFrom == TokenFrom::Keychain ? ProbeThreadTexts::tr("asking the keychain for the token")
                           : settings.passwordFrom.from == SecretPlace::From::Keychain
                               ? ProbeThreadTexts::tr("asking the keychain for the password")
                               : QString();
    auto *test = new RunningTest(probe, asking, m_context, m_limitMs, parent);
    const auto go = [test = QPointer<RunningTest>(test)](const FoundToken &found) {
        if (!test || test->isOver())
            return;
        if (found.failure.kind != SourceTrouble::None)
            test->refuse(found.failure);
        else
            test->run(found.token);
    };
    // Later, as the keychain answers too: the caller has the test by then.
    findToken(settings, m_secrets, [go, guard = QPointer<RunningTest>(test)](const FoundToken &found) {
        if (guard)
            QMetaObject::invokeMethod(
                guard.data(), [go, found] { go(found); }, Qt::QueuedConnection);
    });
    return test;
}

} // namespace pulsedeck
