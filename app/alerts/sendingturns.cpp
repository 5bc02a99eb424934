// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/sendingturns.h"

#include <QCryptographicHash>
#include <QDir>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SendingTurns::SendingTurns(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
{
    m_timer.setInterval(lookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, qOverload<>(&SendingTurns::look));
}

SendingTurns::~SendingTurns() = default;

/// By the machine as well: a home folder may be on several, and there nobody sees whether the holder still runs.
QString SendingTurns::fileOf(const QString &address) const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const QString &text) { hash.addData(QByteArray(text.toUtf8() + '\0')); };
    add(QSysInfo::machineHostName());
    add(address);
    for (const AlertOutlet &outlet : m_outlets)
        add((QStringList{outlet.name, outlet.url} + outlet.command).join(u'\n'));
    return QDir(m_folder).filePath(u"sending-%1.lock"_s.arg(QString::fromLatin1(hash.result().first(12).toHex())));
}

void SendingTurns::set(const QMap<SourceId, QString> &addresses, const QList<AlertOutlet> &outlets)
{
    if (m_addresses == addresses && m_outlets == outlets)
        return;
    if (m_outlets != outlets)
        m_turns.clear();
    m_addresses = addresses;
    m_outlets = outlets;
    const QList<QString> wanted = outlets.isEmpty() ? QList<QString>() : addresses.values();
    std::erase_if(m_turns, [&](const auto &one) { return !wanted.contains(one.first); });
    for (const QString &address : wanted) {
        if (m_turns.size() >= size_t(mostSources) || m_turns.contains(address))
            continue;
        Turn &turn = m_turns[address];
        QDir().mkpath(m_folder);
        turn.lock = std::make_unique<QLockFile>(fileOf(address));
        turn.lock->setStaleLockTime(0); // Only the end of its process frees it.
        look(&turn);
    }
    if (m_turns.empty())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
    emit changed();
}

bool SendingTurns::look(Turn *turn)
{
    if (!turn->lock || turn->lock->isLocked())
        return false;
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
    }
    return was != turn->mine || before != turn->holder;
}

void SendingTurns::look()
{
    bool differs = false;
    QList<QString> mine;
    for (auto &[address, turn] : m_turns) {
        if (!look(&turn))
            continue;
        differs = true;
        if (turn.mine)
            mine.append(address);
    }
    if (!differs)
        return;
    emit changed();
    QList<SourceId> sources;
    for (auto one = m_addresses.cbegin(); one != m_addresses.cend(); ++one) {
        if (mine.contains(*one))
            sources.append(one.key());
    }
    if (!sources.isEmpty())
        emit taken(sources);
}

bool SendingTurns::isMine(SourceId source) const
{
    const auto turn = m_turns.find(m_addresses.value(source));
    return turn == m_turns.end() || turn->second.mine;
}

QString SendingTurns::holder(SourceId source) const
{
    const auto turn = m_turns.find(m_addresses.value(source));
    return turn == m_turns.end() ? QString() : turn->second.holder;
}

} // namespace pulsedeck
