// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/sendingturns.h"

#include "models/alerts/alertplanreader.h"

#include <QCryptographicHash>
#include <QDir>
#include <QSet>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What decides what is found in sources of an environment and where it goes, and not texts, which are in the language of the
/// program. Empty: nothing is sent.
QByteArray sendingDigest(SourceEnvironment environment, const AlertPlan &plan)
{
    AlertPlan sending;
    for (AlertRule rule : plan.rules) {
        if (!rule.on || !rule.isFor(environment))
            continue;
        rule.outlets.removeIf([&](const QString &name) { return !plan.outlet(name); }); // The desktop is the window's own.
        if (rule.outlets.isEmpty())
            continue;
        for (const QString &name : std::as_const(rule.outlets)) {
            if (!sending.outlet(name))
                sending.outlets.append(*plan.outlet(name));
        }
        rule.title.clear();
        rule.finding.clear();
        sending.rules.append(rule);
    }
    if (sending.rules.isEmpty())
        return {};
    return QCryptographicHash::hash(AlertPlanReader::write(sending), QCryptographicHash::Sha256);
}

} // namespace

SendingTurns::SendingTurns(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
{
    m_timer.setInterval(lookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, qOverload<>(&SendingTurns::look));
}

SendingTurns::~SendingTurns() = default;

/// By the machine as well: a home folder may be on several, and there nobody sees whether the holder still runs.
QString SendingTurns::fileOf(const QString &address, const QByteArray &digest) const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString &text : {QSysInfo::machineHostName(), address})
        hash.addData(QByteArray(text.toUtf8() + '\0'));
    hash.addData(digest);
    return QDir(m_folder).filePath(u"sending-%1.lock"_s.arg(QString::fromLatin1(hash.result().first(12).toHex())));
}

void SendingTurns::set(const QMap<SourceId, SendingSource> &sources, const AlertPlan &plan)
{
    if (m_sources == sources && m_plan == plan)
        return;
    const auto sends = [this](SourceId source) {
        const auto turn = m_turns.find(m_files.value(source));
        return turn != m_turns.end() && turn->second.watched && turn->second.mine;
    };
    QList<SourceId> gained = m_files.keys(); // Those that are sent from here now, and were not.
    gained.removeIf(sends);
    m_sources = sources;
    m_plan = plan;
    m_files.clear();
    QSet<QString> watched;
    QMap<SourceEnvironment, QByteArray> digests;
    for (auto one = sources.cbegin(); one != sources.cend(); ++one) {
        if (!digests.contains(one->environment))
            digests.insert(one->environment, sendingDigest(one->environment, plan));
        const QByteArray digest = digests.value(one->environment);
        if (digest.isEmpty())
            continue;
        const QString file = fileOf(one->address, digest);
        m_files.insert(one.key(), file);
        if (one->watched)
            watched.insert(file);
    }
    const QStringList wanted = m_files.values();
    std::erase_if(m_turns, [&](const auto &one) { return !wanted.contains(one.first); });
    for (const QString &file : wanted) {
        const bool isNew = !m_turns.contains(file);
        if (isNew && m_turns.size() >= size_t(mostSources))
            continue;
        Turn &turn = m_turns[file];
        if (!isNew && turn.watched == watched.contains(file))
            continue;
        turn.watched = watched.contains(file);
        if (isNew) {
            QDir().mkpath(m_folder);
            turn.lock = std::make_unique<QLockFile>(file);
            turn.lock->setStaleLockTime(0); // Only the end of its process frees it.
        }
        look(&turn);
    }
    if (m_turns.empty())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
    emit changed();
    gained.removeIf([&](SourceId source) { return !sends(source); });
    if (!gained.isEmpty())
        emit taken(gained);
}

/// What is not watched is given back at once: then it is only seen whether another program has it.
bool SendingTurns::look(Turn *turn)
{
    if (turn->lock->isLocked()) {
        if (!turn->watched)
            turn->lock->unlock();
        return false;
    }
    const bool was = turn->mine;
    const QString before = turn->holder;
    turn->holder.clear();
    turn->mine = turn->lock->tryLock(0) || turn->lock->error() != QLockFile::LockFailedError;
    if (!turn->mine) {
        qint64 pid = 0;
        QString host;
        QString program;
        turn->holder =
            turn->lock->getLockInfo(&pid, &host, &program) ? tr("%1 (process %2)").arg(program).arg(pid) : tr("another program");
    } else if (!turn->watched) {
        turn->lock->unlock();
    }
    return was != turn->mine || before != turn->holder;
}

void SendingTurns::look()
{
    bool differs = false;
    QStringList mine;
    for (auto &[file, turn] : m_turns) {
        if (!look(&turn))
            continue;
        differs = true;
        if (turn.mine && turn.watched)
            mine.append(file);
    }
    if (!differs)
        return;
    emit changed();
    QList<SourceId> sources;
    for (auto one = m_files.cbegin(); one != m_files.cend(); ++one) {
        if (mine.contains(*one))
            sources.append(one.key());
    }
    if (!sources.isEmpty())
        emit taken(sources);
}

bool SendingTurns::isMine(SourceId source) const
{
    const auto turn = m_turns.find(m_files.value(source));
    return turn == m_turns.end() || turn->second.mine;
}

QString SendingTurns::holder(SourceId source) const
{
    const auto turn = m_turns.find(m_files.value(source));
    return turn == m_turns.end() ? QString() : turn->second.holder;
}

} // namespace pulsedeck
