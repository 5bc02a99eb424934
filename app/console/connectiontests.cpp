// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/connectiontests.h"

#include "app/console/hubprobe.h"
#include "app/console/hubtokens.h"
#include "app/console/redisprobe.h"
#include "models/commands/writeaccess.h"

#include <QPointer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The GUI thread's side of one probe.
class RunningTest : public ConnectionTest
{
public:
    RunningTest(const QList<TestStep> &steps, QObject *probes, QObject *parent)
        : ConnectionTest(steps, parent)
        , m_probes(probes)
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
        QMetaObject::invokeMethod(probe, [probe, probes = m_probes] {
            probe->setParent(probes);
            probe->start();
        });
    }

    /// What there should be to sign in with is not there.
    void refuse(const FoundToken &found)
    {
        for (int i = 0; i < int(steps().size()); ++i) {
            TestStep step = steps().at(i);
            const bool login = step.name == "Sign in"_L1;
            step.state = login ? TestStep::State::Failed : TestStep::State::NotReached;
            step.text = login ? found.problem : u"not reached"_s;
            step.hint = login ? found.hint : QString();
            step.login = login;
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
    SourceProbe *m_probe = nullptr; ///< Ended by nobody else while this holds it.
};

} // namespace

ConnectionTests::ConnectionTests(SecretStore *secrets, const WriteAccess *access)
    : m_secrets(secrets)
    , m_access(access)
    , m_context(new QObject)
{
    m_thread.setObjectName(u"tests"_s);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

ConnectionTests::~ConnectionTests()
{
    m_thread.quit();
    m_thread.wait();
}

ConnectionTest *ConnectionTests::start(const SourceSettings &settings, QObject *parent)
{
    const QString whyNoRights = settings.readOnly                       ? u"not asked: this source is set read-only"_s
                                : m_access && m_access->isForbidden() ? u"not asked: started with --read-only"_s
                                                                      : QString();
    if (!settings.isHub()) {
        auto *test = new RunningTest(RedisProbe::steps(settings), m_context, parent);
        test->run(new RedisProbe(settings, whyNoRights));
        return test;
    }
    auto *test = new RunningTest(HubProbe::steps(settings), m_context, parent);
    const auto go = [test = QPointer<RunningTest>(test), settings, whyNoRights](const FoundToken &found) {
        if (!test || test->isOver())
            return;
        if (found.problem.isEmpty())
            test->run(new HubProbe(settings, HubSecret(found.token), whyNoRights));
        else
            test->refuse(found);
    };
    // Later, as the keychain answers too: whoever asked holds the test by then.
    findHubToken(settings, m_secrets, [go, guard = QPointer<RunningTest>(test)](const FoundToken &found) {
        if (guard)
            QMetaObject::invokeMethod(guard.data(), [go, found] { go(found); }, Qt::QueuedConnection);
    });
    return test;
}

} // namespace pulsedeck
