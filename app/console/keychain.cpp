// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/keychain.h"

#include <QTimer>

#include <memory>
#include <qt6keychain/keychain.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QString service = u"pulsedeck"_s;

/// Why a job failed, and what to do about it; null is one that did not answer. What the service itself says may name keys,
/// never secrets.
SecretStore::Read problemOf(const QKeychain::Job *job)
{
    if (!job)
        return {{},
                Keychain::tr("The keychain does not answer."),
                Keychain::tr("If it asks to be unlocked, unlock it and try again.")};
    switch (job->error()) {
    case QKeychain::NoError:
        return {};
    case QKeychain::EntryNotFound:
        return {{}, Keychain::tr("The keychain has no such entry."), {}, true};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {{},
                Keychain::tr("The keychain refused access."),
                Keychain::tr("Unlock it, or allow pulsedeck to use it, and try again.")};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {{},
                Keychain::tr("No keychain service runs here."),
                Keychain::tr("Start one (gnome-keyring or KWallet), or take the token from an environment variable.")};
    case QKeychain::CouldNotDeleteEntry:
        return {{}, Keychain::tr("The keychain could not remove the entry."), {}};
    case QKeychain::OtherError:
        break;
    }
    const QString words = job->errorString().simplified().left(200);
    return {{},
            words.isEmpty() ? Keychain::tr("The keychain could not be used.")
                            : Keychain::tr("The keychain could not be used: %1.").arg(words),
            Keychain::tr("If no keychain service runs here, start one (gnome-keyring or KWallet), or take the token from an "
                         "environment variable.")};
}

} // namespace

Keychain::Keychain(QObject *parent, int limitMs)
    : QObject(parent)
    , m_limitMs(limitMs)
{ }

/// \a then gets the finished job, or null when the time is over; once, and never after this object is gone.
void Keychain::run(QKeychain::Job *job, std::function<void(QKeychain::Job *)> then)
{
    // The job deletes itself. One that never ends is left: what it waits for cannot be called off.
    auto open = std::make_shared<bool>(true);
    const auto finish = [open, then = std::move(then)](QKeychain::Job *finished) {
        if (std::exchange(*open, false))
            then(finished);
    };
    connect(job, &QKeychain::Job::finished, this, finish);
    QTimer::singleShot(m_limitMs, this, [finish] { finish(nullptr); });
    job->start();
}

void Keychain::read(const QString &key, std::function<void(const Read &)> then)
{
    auto *job = new QKeychain::ReadPasswordJob(service);
    job->setKey(key);
    run(job, [then = std::move(then)](QKeychain::Job *finished) {
        Read answer = problemOf(finished);
        if (answer.problem.isEmpty())
            answer.secret = static_cast<QKeychain::ReadPasswordJob *>(finished)->textData();
        then(answer);
    });
}

void Keychain::write(const QString &key, const QString &secret, std::function<void(const QString &)> then)
{
    auto *job = new QKeychain::WritePasswordJob(service);
    job->setKey(key);
    job->setTextData(secret);
    run(job, [then = std::move(then)](QKeychain::Job *finished) { then(problemOf(finished).words()); });
}

void Keychain::remove(const QString &key, std::function<void(const QString &)> then)
{
    auto *job = new QKeychain::DeletePasswordJob(service);
    job->setKey(key);
    run(job, [then = std::move(then)](QKeychain::Job *finished) {
        // Nothing there is what was asked for.
        const Read answer = problemOf(finished);
        then(answer.missing ? QString() : answer.words());
    });
}

} // namespace pulsedeck
