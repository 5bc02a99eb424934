// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/hubtokenlookup.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

FoundToken noToken(const QString &problem, const QString &hint)
{
    return {{}, {SourceTrouble::LoginWanted, problem, hint}};
}

/// As pasted or read from a file: with blanks and ends of line around it.
FoundToken tokenFrom(const QString &text, const QString &problem, const QString &hint)
{
    const QString token = text.trimmed();
    return token.isEmpty() ? noToken(problem, hint) : FoundToken{token, {}};
}

} // namespace

void findHubToken(const SourceSettings &settings, SecretStore *secrets, std::function<void(const FoundToken &)> then)
{
    switch (settings.tokenFrom) {
    case TokenFrom::Nowhere:
        then({});
        return;
    case TokenFrom::Typed:
        then(tokenFrom(settings.token, u"The token of this hub was typed, and typed tokens are not kept."_s,
                       u"Type it again in the hub's settings, or keep it in the keychain."_s));
        return;
    case TokenFrom::Environment: {
        const QString name = settings.tokenVariable;
        if (name.isEmpty()) {
            then(noToken(u"No environment variable is named for the token of this hub."_s, u"Name it in the hub's settings."_s));
            return;
        }
        then(tokenFrom(qEnvironmentVariable(name.toLocal8Bit().constData()), name + u" is not set."_s,
                       u"Set it where Pulsedeck is started, or choose another place for the token."_s));
        return;
    }
    case TokenFrom::Keychain:
        break;
    }
    if (!secrets) {
        then(noToken(u"There is no keychain here."_s, u"Take the token from an environment variable, or type it."_s));
        return;
    }
    secrets->read(settings.tokenKey(), [then = std::move(then), name = settings.address()](const SecretStore::Read &read) {
        if (read.missing) {
            then(noToken(u"The keychain has no token for "_s + name + u'.', u"Set it once in the hub's settings."_s));
            return;
        }
        if (!read.problem.isEmpty()) {
            then(noToken(read.problem,
                         read.hint.isEmpty() ? u"Take the token from an environment variable, or type it."_s : read.hint));
            return;
        }
        then(tokenFrom(read.secret, u"The keychain's entry for "_s + name + u" is empty."_s,
                       u"Set the token once in the hub's settings."_s));
    });
}

} // namespace pulsedeck
