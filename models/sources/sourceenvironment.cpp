// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourceenvironment.h"

#include <QCoreApplication>

namespace pulsedeck {

namespace {

constexpr const char *environmentNames[] = {
    ///< By SourceEnvironment.
    "",
    QT_TRANSLATE_NOOP("SourceEnvironment", "development"),
    QT_TRANSLATE_NOOP("SourceEnvironment", "staging"),
    QT_TRANSLATE_NOOP("SourceEnvironment", "production"),
};
static_assert(std::size(environmentNames) == allSourceEnvironments.size());

} // namespace

QString environmentName(SourceEnvironment environment)
{
    return QString::fromLatin1(environmentNames[size_t(environment)]);
}

QString environmentText(SourceEnvironment environment)
{
    const bool none = environment == SourceEnvironment::None;
    return none ? QString() : QCoreApplication::translate("SourceEnvironment", environmentNames[size_t(environment)]);
}

SourceEnvironment environmentFromName(const QString &name)
{
    for (const SourceEnvironment environment : allSourceEnvironments) {
        if (environmentName(environment) == name)
            return environment;
    }
    return SourceEnvironment::None;
}

} // namespace pulsedeck
