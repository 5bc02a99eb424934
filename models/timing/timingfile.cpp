// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingfile.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

std::vector<TimingFileText::Value> TimingFileText::inForce(const QString &environment) const
{
    std::vector<Value> found;
    std::copy_if(values.begin(), values.end(), std::back_inserter(found),
                 [&environment](const Value &value) { return value.inForce && value.environment == environment; });
    return found;
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
    return environment.isEmpty() ? u"top level"_s : QString(u"environment "_s + environment);
}

QString timingProblemText(const TimingFileText::Problem &problem)
{
    const QString where = problem.environment.isEmpty() ? QString() : QString(u", environment "_s + problem.environment);
    const bool ended = problem.text.endsWith(u'?') || problem.text.endsWith(u'.');
    return u"Line %1%2: %3%4"_s.arg(problem.line).arg(where, problem.text, ended ? QString() : u"."_s);
}

} // namespace pulsedeck
