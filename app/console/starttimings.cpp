// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/starttimings.h"

#include <QEvent>
#include <QFile>
#include <QWidget>

#include <cstdio>
#include <ctime>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

qint64 msSinceProcessStart()
{
    QFile file(u"/proc/self/stat"_s);
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = file.readAll();
    // The name in brackets may hold anything; what follows it is in fixed places: starttime is the 20th, in ticks since boot.
    const QByteArrayList fields = text.sliced(text.lastIndexOf(')') + 2).split(' ');
    constexpr int startPlace = 19;
    bool ok = false;
    const double ticks = fields.value(startPlace).toDouble(&ok);
    timespec now{};
    if (!ok || ::clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return -1;
    const double startedMs = ticks * 1000.0 / double(::sysconf(_SC_CLK_TCK));
    return qint64(double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6 - startedMs);
}

StartTimings::StartTimings(QWidget &window)
    : QObject(&window)
{
    window.installEventFilter(this);
}

bool StartTimings::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint) {
        watched->removeEventFilter(this);
        // Behind the event under way, which paints the whole window and hands it to the window system.
        QMetaObject::invokeMethod(
            this,
            [] {
                std::printf("first paint %lld ms\n", static_cast<long long>(msSinceProcessStart()));
                std::fflush(stdout);
            },
            Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace pulsedeck
