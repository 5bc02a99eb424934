// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/tokensearch.h"

#include "app/sources/heldsecrets.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class TokenTexts
{
    Q_DECLARE_TR_FUNCTIONS(TokenTexts)
};

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

/// A password is held where its connections look for it.
void findPassword(const SourceSettings &settings, SecretStore *secrets, std::function<void(const FoundToken &)> then)
{
    const QString elsewhere = TokenTexts::tr("Read the password from an environment variable or a file, or type it.");
    if (!secrets) {
        then(noToken(TokenTexts::tr("There is no keychain here."), elsewhere));
        return;
    }
    const QString key = settings.passwordKey();
    secrets->read(key, [then = std::move(then), key, elsewhere, name = settings.address()](const SecretStore::Read &read) {
        if (read.missing || (read.problem.isEmpty() && read.secret.isEmpty())) {
            then(noToken(TokenTexts::tr("The keychain has no password for %1.").arg(name),
                         TokenTexts::tr("Enter it once in the settings of this source.")));
            return;
        }
        if (!read.problem.isEmpty()) {
            then(noToken(read.problem, read.hint.isEmpty() ? elsewhere : read.hint));
            return;
        }
        HeldSecrets::hold(key, read.secret);
        then({});
    });
}

} // namespace

void findToken(const SourceSettings &settings, SecretStore *secrets, std::function<void(const FoundToken &)> then)
{
    if (settings.has(SourceField::Login) && settings.passwordFrom.from == SecretPlace::From::Keychain) {
        findPassword(settings, secrets, std::move(then));
        return;
    }
    switch (settings.tokenFrom) {
    case TokenFrom::Nowhere:
        then({});
        return;
    case TokenFrom::Typed:
        then(tokenFrom(settings.token, TokenTexts::tr("The token of this source was typed, and typed tokens are not kept."),
                       TokenTexts::tr("Type it again in the settings of this source, or keep it in the keychain.")));
        return;
    case TokenFrom::Environment: {
        const QString name = settings.tokenVariable;
        if (name.isEmpty()) {
            then(noToken(TokenTexts::tr("No environment variable is named for the token of this source."),
                         TokenTexts::tr("Name it in the settings of this source.")));
            return;
        }
        then(tokenFrom(qEnvironmentVariable(name.toLocal8Bit().constData()), TokenTexts::tr("%1 is not set.").arg(name),
                       TokenTexts::tr("Set it where Pulsedeck is started, or choose another place for the token.")));
        return;
    }
    case TokenFrom::Keychain:
        break;
    }
    if (!secrets) {
        then(noToken(TokenTexts::tr("There is no keychain here."),
                     TokenTexts::tr("Take the token from an environment variable, or type it.")));
        return;
    }
    secrets->read(settings.tokenKey(), [then = std::move(then), name = settings.address()](const SecretStore::Read &read) {
        if (read.missing) {
            then(noToken(TokenTexts::tr("The keychain has no token for %1.").arg(name),
                         TokenTexts::tr("Set it once in the settings of this source.")));
            return;
        }
        if (!read.problem.isEmpty()) {
            then(noToken(read.problem, read.hint.isEmpty()
                                           ? TokenTexts::tr("Take the token from an environment variable, or type it.")
                                           : read.hint));
            return;
        }
        then(tokenFrom(read.secret, TokenTexts::tr("The keychain's entry for %1 is empty.").arg(name),
                       TokenTexts::tr("Set the token once in the settings of this source.")));
    });
}

} // namespace pulsedeck
