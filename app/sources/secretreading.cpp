// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/secretreading.h"

#include "app/sources/heldsecrets.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 largestSecret = 16 * 1024;

class SecretReadingTexts
{
    Q_DECLARE_TR_FUNCTIONS(SecretReadingTexts)
};

ReadSecret noSecret(const QString &problem, const QString &hint)
{
    return {{}, {SourceTrouble::LoginWanted, problem, hint}};
}

ReadSecret readVariable(const QString &name)
{
    const QString secret = qEnvironmentVariable(name.toLocal8Bit().constData());
    if (secret.isEmpty())
        return noSecret(SecretReadingTexts::tr("The variable %1 is not set.").arg(name),
                        SecretReadingTexts::tr("Set it where Pulsedeck is started, or choose another place for the secret."));
    return {secret, {}};
}

ReadSecret readFile(const QString &name)
{
    const QFileInfo info(name);
    // A pipe could be read only once, and might be waited for.
    if (info.exists() && !info.isFile())
        return noSecret(SecretReadingTexts::tr("%1 is not a plain file.").arg(name), {});
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return noSecret(SecretReadingTexts::tr("The file %1 cannot be read: %2.").arg(name, file.errorString()),
                        SecretReadingTexts::tr("Check the file and its name."));
    if (file.permissions() & (QFile::ReadOther | QFile::WriteOther))
        return noSecret(SecretReadingTexts::tr("The file %1 can be read by everybody on this machine.").arg(name),
                        SecretReadingTexts::tr("Take that right away: chmod 600 %1").arg(name));
    QByteArray bytes = file.read(largestSecret + 1);
    if (bytes.endsWith('\n'))
        bytes.chop(bytes.endsWith("\r\n") ? 2 : 1);
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString secret = utf8(bytes);
    if (bytes.isEmpty())
        return noSecret(SecretReadingTexts::tr("The file %1 is empty.").arg(name), {});
    if (bytes.size() > largestSecret || utf8.hasError() || secret.contains(u'\0') || secret.contains(u'\n'))
        return noSecret(SecretReadingTexts::tr("The file %1 does not contain one line with a secret.").arg(name), {});
    return {secret, {}};
}

} // namespace

ReadSecret readSecret(const SecretPlace &place)
{
    switch (place.from) {
    case SecretPlace::From::Given:
        break;
    case SecretPlace::From::Keychain: {
        const std::optional<QString> secret = HeldSecrets::find(place.name);
        return secret ? ReadSecret{*secret, {}}
                      : noSecret(SecretReadingTexts::tr("The keychain has not answered with the password."),
                                 SecretReadingTexts::tr("Connect again, or enter it once in the settings of this source."));
    }
    case SecretPlace::From::Environment:
        return readVariable(place.name);
    case SecretPlace::From::File:
        return readFile(place.name);
    }
    return {};
}

} // namespace pulsedeck
