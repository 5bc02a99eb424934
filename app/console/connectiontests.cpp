// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/connectiontests.h"

#include "app/console/hubtokenlookup.h"
#include "app/protocols/allprotocols.h"
#include "app/sources/sourceprobe.h"
#include "models/commands/writeaccess.h"

#include <QDeadlineTimer>
#include <QPointer>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The GUI thread's side of one probe.
class RunningTest : public ConnectionTest
{
public:
    RunningTest(const QList<TestStep> &steps, QObject *probes, int limitMs, QObject *parent)
        : ConnectionTest(steps, parent)
        , m_probes(probes)
        , m_limitMs(limitMs)
        , m_deadline(limitMs)
    { }
    ~RunningTest() override { RunningTest::letGo(); }

    /// \a probe belongs to the other thread from here on.
    void run(SourceProbe *probe)
    {
        m_probe = probe;
        connect(probe, &SourceProbe::stepped, this, [this](int step, const TestStep &now) { take(step, now); });
        connect(probe, &SourceProbe::over, this, [this] { finish(); });
        probe->moveToThread(m_probes->thread());
        // A child of what lives as long as the thread, so that it goes with it in any case.
        QMetaObject::invokeMethod(probe, [probe, probes = m_probes, deadline = m_deadline, limitMs = m_limitMs] {
            probe->setParent(probes);
            probe->start(int(deadline.remainingTime()), limitMs);
        });
    }

    /// The token is being asked for elsewhere: run() or refuse() follows. Without an answer the test is over in time too.
    void awaitToken()
    {
        QTimer::singleShot(m_limitMs, this, [this] {
            if (!m_probe && !isOver())
                refuse({SourceTrouble::LoginWanted, u"The keychain did not answer within %1 s."_s.arg(m_limitMs / 1000),
                        u"Unlock the keychain, or take the token from an environment variable, or type it."_s});
        });
    }

    void tokenFound()
    {
        for (int i = 0; i < int(steps().size()); ++i) {
            TestStep step = steps().at(i);
            step.state = TestStep::State::Waiting;
            step.text.clear();
            take(i, step);
        }
    }

    /// What there should be to sign in with is not there.
    void refuse(const SourceFailure &failure)
    {
        for (int i = 0; i < int(steps().size()); ++i) {
            TestStep step = steps().at(i);
            step.state = step.signsIn ? TestStep::State::Failed : TestStep::State::NotReached;
            step.text = step.signsIn ? failure.text : u"not reached"_s;
            step.hint = step.signsIn ? failure.hint : QString();
            step.trouble = step.signsIn ? failure.kind : SourceTrouble::None;
            take(i, step);
        }
        finish();
    }

protected:
    void letGo() override
    {
        if (SourceProbe *const probe = std::exchange(m_probe, nullptr)) {
            probe->disconnect(this);
            QMetaObject::invokeMethod(probe, [probe] { probe->end(); });
        }
    }

private:
    QObject *const m_probes;
    const int m_limitMs;
    const QDeadlineTimer m_deadline;
    SourceProbe *m_probe = nullptr; ///< Ended by nobody else while this holds it.
};

} // namespace

ConnectionTests::ConnectionTests(SecretStore *secrets, const WriteAccess *access, int wholeMs)
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

ConnectionTests::~ConnectionTests()
{
    // A loop that is told to quit leaves what is posted to it undone: the probes go first, then what they leave to be deleted
    // later.
    QObject *const context = m_context;
    QThread *const thread = &m_thread;
    QMetaObject::invokeMethod(context, [context, thread] {
        qDeleteAll(context->findChildren<SourceProbe *>(QString(), Qt::FindDirectChildrenOnly));
        QMetaObject::invokeMethod(
            context, [thread] { thread->quit(); }, Qt::QueuedConnection);
    });
    m_thread.wait();
}

ConnectionTest *ConnectionTests::start(const SourceSettings &settings, QObject *parent)
{
    const QString whyNoRights = settings.readOnly                     ? u"not asked: this source is set read-only"_s
                                : m_access && m_access->isForbidden() ? u"not asked: started with --read-only"_s
                                                                      : QString();
    const SourceFactory &factory = sourceFactory(settings.kind);
    QList<TestStep> steps = factory.testSteps(settings);
    if (const auto login = std::find_if(steps.begin(), steps.end(), [](const TestStep &step) { return step.signsIn; });
        login != steps.end() && settings.tokenFrom == TokenFrom::Keychain) {
        login->state = TestStep::State::Running;
        login->text = u"asking the keychain for the token"_s;
    }
    auto *test = new RunningTest(steps, m_context, m_limitMs, parent);
    test->awaitToken();
    const auto go = [test = QPointer<RunningTest>(test), settings, whyNoRights, &factory](const FoundToken &found) {
        if (!test || test->isOver())
            return;
        if (found.failure.kind != SourceTrouble::None) {
            test->refuse(found.failure);
            return;
        }
        test->tokenFound();
        test->run(factory.makeProbe(settings, found.token, whyNoRights));
    };
    // Later, as the keychain answers too: whoever asked holds the test by then.
    findHubToken(settings, m_secrets, [go, guard = QPointer<RunningTest>(test)](const FoundToken &found) {
        if (guard)
            QMetaObject::invokeMethod(
                guard.data(), [go, found] { go(found); }, Qt::QueuedConnection);
    });
    return test;
}

} // namespace pulsedeck
