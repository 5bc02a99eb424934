// SPDX-License-Identifier: GPL-3.0-or-later
// A thousand workers commanded at once, compared with a bare client; the table of commands; the journal.
#include "bench/benchfleet.h"
#include "bench/measures.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

void measureCommands(Run &run)
{
    const QString written = u"command-1000"_s;
    const QString stall = u"command-stall"_s;
    const QString scroll = u"command-scroll"_s;
    const QString journal = u"journal-entry"_s;
    if (!run.wants({written, stall, scroll, journal}))
        return;
    BenchServer server;
    QTemporaryDir folder;
    QString error;
    if (!server.start(&error) || !folder.isValid()) {
        run.fail(written, error);
        return;
    }
    LineChild child;
    child.start(QCoreApplication::applicationFilePath(),
                {u"--command-child"_s, server.url(), QString::fromLocal8Bit(server.socketPath()),
                 folder.filePath(u"journal.sqlite"_s), QString::number(run.rounds())});
    const QJsonObject figures = QJsonDocument::fromJson(child.waitFor("answer", 180'000)).object();
    if (figures.isEmpty() || figures.contains("error"_L1)) {
        run.fail(written, figures.isEmpty() ? u"no answer within three minutes"_s : figures.value("error"_L1).toString());
        return;
    }
    const auto value = [&figures](QLatin1StringView key) { return figures.value(key).toDouble(); };
    const double ms = value("written"_L1);
    run.add({written, u"1,000 workers commanded at once: click → all recorded, written and announced"_s, ms, u"ms"_s,
             u"bare hiredis, one pipeline: %1 ms; longest round %2 ms"_s.arg(value("bare"_L1), 0, 'f', 1)
                 .arg(value("writtenMost"_L1), 0, 'f', 0),
             u"≤ 1,000 ms"_s, value("writtenMost"_L1) <= 1'000, 0});
    run.add({stall, u"GUI event-loop stall meanwhile, longest"_s, value("stall"_L1), u"ms"_s, u"of all rounds"_s, u"≤ 50 ms"_s,
             value("stall"_L1) <= 50, 1});
    run.add({scroll, u"10,000 commands scrolled: a frame, p99"_s, value("frameP99"_L1), u"ms"_s,
             u"median %1 ms, 1600×1000, offscreen; a QTableView of Qt's own over the same rows: %2 ms, median %3 ms"_s
                 .arg(value("frame"_L1), 0, 'f', 1)
                 .arg(value("plainP99"_L1), 0, 'f', 1)
                 .arg(value("plain"_L1), 0, 'f', 1),
             u"≤ 16 ms"_s, value("frameP99"_L1) <= 16, 1});
    if (figures.contains("journal"_L1)) {
        run.add({journal, u"journal: an intent → on the disk, off the GUI thread"_s, value("journal"_L1), u"ms"_s,
                 u"one after another, median of 100"_s, u"≤ 5 ms"_s, value("journal"_L1) <= 5, 2});
    } else {
        run.fail(journal, u"the journal did not take an entry"_s);
    }
}

} // namespace pulsedeck::bench
