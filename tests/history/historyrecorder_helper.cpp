// SPDX-License-Identifier: GPL-3.0-or-later
// Records one lane with a beat each millisecond of its own time and prints up to which beat everything is on the disk, until it
// is killed. With --hold it records one frame, prints "recording" or "reading", and waits to be killed or for the end of its
// input.
#include "app/history/sqlhistory.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSocketNotifier>

#include <cstdio>

#include <unistd.h>

using namespace pulsedeck;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const bool hold = arguments.contains(QStringLiteral("--hold"));
    const qint64 start = QDateTime::currentMSecsSinceEpoch();
    SqlHistory history(arguments.value(1));
    qint64 beats = 0;
    const auto writeNext = [&] {
        HistoryFrame frame;
        frame.at = start + beats;
        if (beats == 0) {
            HistoryLane lane;
            lane.id = 1;
            lane.source = QStringLiteral("prod");
            lane.name = "worker-" + QByteArray::number(application.applicationPid());
            lane.first = lane.last = start;
            frame.lanes.push_back(lane);
            frame.changes.push_back({1, LaneFact::Liveness, start, 0});
        }
        for (int i = 0; i < 500; ++i)
            frame.beats.push_back({1, i});
        beats += 500;
        frame.until = start + beats - 1;
        history.write(std::move(frame));
        // What was written before it is on the disk when a question is answered.
        history.ask(SpansQuery(), quint64(beats), 0);
    };
    QObject::connect(&history, &History::answered, &application, [&](quint64 token) {
        if (hold) {
            std::printf("%s\n", history.state().recorder != 0 ? "reading" : "recording");
            std::fflush(stdout);
            return;
        }
        std::printf("%lld %llu\n", static_cast<long long>(start), static_cast<unsigned long long>(token));
        std::fflush(stdout);
        writeNext();
    });
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    if (hold)
        QObject::connect(&input, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
    else
        input.setEnabled(false);
    writeNext();
    return QCoreApplication::exec();
}
