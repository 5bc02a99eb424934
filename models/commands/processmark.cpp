// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/processmark.h"

#include <QCoreApplication>
#include <QFile>
#include <QStringList>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(4096) : QByteArray();
}

} // namespace

QString processMark(qint64 pid)
{
    // The 22nd field is the start in clock ticks since the system's; the second, in parentheses, may hold anything.
    const QByteArray stat = contents(u"/proc/%1/stat"_s.arg(pid));
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    constexpr int state = 0;
    constexpr int start = 19;
    if (fields.size() <= start || fields[state] == "Z")
        return {};
    const QByteArray system = contents(u"/proc/sys/kernel/random/boot_id"_s).trimmed();
    return u"%1 %2 %3 %4"_s.arg(QString::fromLatin1(QSysInfo::machineUniqueId()), QString::fromLatin1(system),
                                QString::number(pid), QString::fromLatin1(fields[start]));
}

QString ownProcessMark()
{
    return processMark(QCoreApplication::applicationPid());
}

bool isProcessRunning(const QString &mark)
{
    const QStringList parts = mark.split(u' ');
    return parts.size() == 4 && processMark(parts[2].toLongLong()) == mark;
}

} // namespace pulsedeck
