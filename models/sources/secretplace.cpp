// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/secretplace.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto keychainWord = "keychain"_L1;
constexpr auto variableMark = "env:"_L1;
constexpr auto fileMark = "file:"_L1;

} // namespace

QString SecretPlace::text() const
{
    switch (from) {
    case From::Given:
        break;
    case From::Keychain:
        return keychainWord;
    case From::Environment:
        return variableMark + name;
    case From::File:
        return fileMark + name;
    }
    return {};
}

SecretPlace SecretPlace::parse(const QString &text)
{
    const QString place = text.trimmed();
    if (place == keychainWord)
        return {From::Keychain, {}};
    if (place.startsWith(variableMark))
        return {From::Environment, place.mid(variableMark.size())};
    if (place.startsWith(fileMark))
        return {From::File, place.mid(fileMark.size())};
    return {};
}

QString SecretPlace::problem(const QString &text, bool mayBeKept)
{
    const SecretPlace place = parse(text);
    static const QRegularExpression variable(u"^[A-Za-z_][A-Za-z0-9_]*$"_s);
    switch (place.from) {
    case From::Given:
        // What was typed may be the secret itself, so it is not repeated.
        return text.trimmed().isEmpty() ? QString()
                                        : tr("Enter env:NAME for a variable or file:/PATH for a file. The secret itself does not "
                                             "belong here.");
    case From::Keychain:
        return mayBeKept ? QString() : tr("This one cannot be kept in a keychain: name a variable or a file.");
    case From::Environment:
        return variable.match(place.name).hasMatch() ? QString() : tr("The name of a variable has letters, digits and _ only.");
    case From::File:
        return place.name.startsWith(u'/') ? QString() : tr("The file is named by its whole path, as in file:/etc/redis.pw.");
    }
    return {};
}

} // namespace pulsedeck
