// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/secretstore.h"

#include <QObject>

namespace QKeychain {
class Job;
}

namespace pulsedeck {

/// The system's keychain by QtKeychain: GNOME's keyring or KWallet, under the service "pulsedeck". A question that is not
/// answered within a limit is reported as a problem, and a later answer is ignored: a machine without such a service must not
/// keep anybody waiting. GUI thread.
class Keychain : public QObject, public SecretStore
{
    Q_OBJECT

public:
    static constexpr int defaultLimitMs = 10'000; ///< A keychain may have to be unlocked by hand first.

    explicit Keychain(QObject *parent = nullptr, int limitMs = defaultLimitMs);

    void read(const QString &key, std::function<void(const Read &)> then) override;
    void write(const QString &key, const QString &secret, std::function<void(const QString &)> then) override;
    void remove(const QString &key, std::function<void(const QString &)> then) override;

private:
    void run(QKeychain::Job *job, std::function<void(QKeychain::Job *)> then);

    const int m_limitMs;
};

} // namespace pulsedeck
