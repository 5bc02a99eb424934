// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/connectiontest.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConnectionTest::ConnectionTest(const QList<TestStep> &steps, QObject *parent)
    : QObject(parent)
    , m_steps(steps)
{ }

int ConnectionTest::count(TestStep::State state) const
{
    return int(std::count_if(m_steps.begin(), m_steps.end(), [state](const TestStep &step) { return step.state == state; }));
}

int ConnectionTest::failedStep() const
{
    const auto found =
        std::find_if(m_steps.begin(), m_steps.end(), [](const TestStep &step) { return step.state == TestStep::State::Failed; });
    return found == m_steps.end() ? -1 : int(found - m_steps.begin());
}

void ConnectionTest::stop()
{
    if (m_over)
        return;
    for (qsizetype i = 0; i < m_steps.size(); ++i) {
        TestStep step = m_steps.at(i);
        if (step.isOver())
            continue;
        step.text = step.state == TestStep::State::Running ? tr("stopped") : tr("not reached");
        step.state = TestStep::State::NotReached;
        take(int(i), step);
    }
    finish();
}

void ConnectionTest::take(int step, const TestStep &now)
{
    if (m_over || step < 0 || step >= m_steps.size() || m_steps.at(step) == now)
        return;
    m_steps[step] = now;
    emit stepChanged(step);
}

void ConnectionTest::takeReport(const DetectionReport &report)
{
    if (m_over)
        return;
    m_report = report;
    emit reported(report);
}

void ConnectionTest::finish()
{
    if (m_over)
        return;
    m_over = true;
    letGo();
    emit over();
}

} // namespace pulsedeck
