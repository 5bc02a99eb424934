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
        return {{}, u"The keychain does not answer."_s, u"If it asks to be unlocked, unlock it and try again."_s};
    switch (job->error()) {
    case QKeychain::NoError:
        return {};
    case QKeychain::EntryNotFound:
        return {{}, u"The keychain has no such entry."_s, {}, true};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {{}, u"The keychain refused access."_s, u"Unlock it, or allow pulsedeck to use it, and try again."_s};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {{},
                u"No keychain service runs here."_s,
                u"Start one (gnome-keyring or KWallet), or take the token from an environment variable."_s};
    case QKeychain::CouldNotDeleteEntry:
        return {{}, u"The keychain could not remove the entry."_s, {}};
    case QKeychain::OtherError:
        break;
    }
    const QString words = job->errorString().simplified().left(200);
    return {
        {},
        u"The keychain could not be used"_s + (words.isEmpty() ? u"."_s : QString(u": "_s + words + u'.')),
        u"If no keychain service runs here, start one (gnome-keyring or KWallet), or take the token from an environment variable."_s};
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
