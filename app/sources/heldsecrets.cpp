// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/heldsecrets.h"

#include <QHash>
#include <QMutex>
#include <QMutexLocker>

namespace pulsedeck {

namespace {

struct Held
{
    QMutex mutex;
    QHash<QString, QString> secrets;
};

Held &held()
{
    static Held all;
    return all;
}

} // namespace

void HeldSecrets::hold(const QString &key, const QString &secret)
{
    const QMutexLocker lock(&held().mutex);
    held().secrets.insert(key, secret);
}

std::optional<QString> HeldSecrets::find(const QString &key)
{
    const QMutexLocker lock(&held().mutex);
    const auto found = held().secrets.constFind(key);
    return found == held().secrets.constEnd() ? std::nullopt : std::optional(*found);
}

} // namespace pulsedeck
