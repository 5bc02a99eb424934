// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourceenvironment.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString environmentName(SourceEnvironment environment)
{
    switch (environment) {
    case SourceEnvironment::Development:
        return u"development"_s;
    case SourceEnvironment::Staging:
        return u"staging"_s;
    case SourceEnvironment::Production:
        return u"production"_s;
    case SourceEnvironment::None:
        break;
    }
    return {};
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
