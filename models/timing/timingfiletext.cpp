// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingfiletext.h"

#include <QCoreApplication>

#include <algorithm>

namespace pulsedeck {

namespace {

class TimingFilePlaces
{
    Q_DECLARE_TR_FUNCTIONS(TimingFilePlaces)
};

} // namespace

std::vector<TimingFileText::Value> TimingFileText::inForce(const QString &environment) const
{
    std::vector<Value> found;
    std::copy_if(values.begin(), values.end(), std::back_inserter(found),
                 [&environment](const Value &value) { return value.inForce && value.environment == environment; });
    return found;
}

TimingProfile TimingFileText::profileOver(TimingProfile base, const QString &environment) const
{
    for (const Value &value : inForce(environment))
        setTimingValue(base, value.id, value.ms);
    return base;
}

QStringList TimingFileText::profiles() const
{
    QStringList names = environments;
    if (names.isEmpty() || setsTopLevel)
        names.prepend(QString());
    return names;
}

QString timingEnvironmentText(const QString &environment)
{
    return environment.isEmpty() ? TimingFilePlaces::tr("top level") : TimingFilePlaces::tr("environment %1").arg(environment);
}

QString timingProblemText(const TimingFileText::Problem &problem)
{
    const bool ended = problem.text.endsWith(u'?') || problem.text.endsWith(u'.');
    const QString text = ended ? problem.text : QString(problem.text + u'.');
    return problem.environment.isEmpty()
               ? TimingFilePlaces::tr("Line %1: %2").arg(problem.line).arg(text)
               : TimingFilePlaces::tr("Line %1, environment %2: %3").arg(problem.line).arg(problem.environment, text);
}

} // namespace pulsedeck
