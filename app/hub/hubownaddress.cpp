// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubownaddress.h"

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString hubOwnAddress(const QString &program)
{
    constexpr qsizetype longestHost = 64;
    QString host;
    const QString name = QSysInfo::machineHostName().section(u'.', 0, 0).left(longestHost);
    for (const QChar character : name) { // What stands in an address without a question.
        const bool plain = character.unicode() < 0x80 && (character.isLetterOrNumber() || character == u'-');
        host += plain ? character : QChar(u'-');
    }
    if (host.isEmpty())
        host = u"host"_s;
    const quint32 random = QRandomGenerator::system()->generate() & 0xffff;
    return u"@(%1/%2-%3-%4)"_s.arg(program, host).arg(QCoreApplication::applicationPid()).arg(random, 4, 16, QLatin1Char('0'));
}

} // namespace pulsedeck
