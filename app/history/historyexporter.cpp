// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyexporter.h"

#include "app/history/segmentsealer.h"

#include <QFile>
#include <QFileInfo>
#include <QLockFile>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr std::array exportSideFiles{"-wal"_L1, "-shm"_L1, "-journal"_L1};

bool isRecorded(const QString &path)
{
    const QString lockPath = path % u".lock"_s;
    if (!QFile::exists(lockPath))
        return false;
    QLockFile lock(lockPath);
    lock.setStaleLockTime(0);
    return !lock.tryLock(0) && lock.error() == QLockFile::LockFailedError;
}

void removeExport(const QString &path)
{
    QFile::remove(path);
    for (const QLatin1StringView side : exportSideFiles)
        QFile::remove(path % side);
}

bool syncPath(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const bool ok = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    return ok;
}

/// SQLite would read side files that are left of the file before as those of the new one. What is in them belongs to the old
/// file, which stays whole until it is replaced.
void settleSideFiles(const QString &path)
{
    const auto isThere = [&path](QLatin1StringView side) { return QFile::exists(path % side); };
    if (std::none_of(exportSideFiles.begin(), exportSideFiles.end(), isThere))
        return;
    {
        HistoryFile before(path, HistoryFile::Mode::Write);
        if (!before.open())
            before.run(u"PRAGMA journal_mode=DELETE"_s);
        before.closeFile();
    }
    for (const QLatin1StringView side : exportSideFiles)
        QFile::remove(path % side);
}

/// Empty, or what went wrong, and then everything is as it was.
QString putInPlace(const QString &written, const QString &path)
{
    settleSideFiles(path);
    if (!syncPath(written) || std::rename(QFile::encodeName(written).constData(), QFile::encodeName(path).constData()) != 0)
        return qt_error_string();
    syncPath(QFileInfo(path).absolutePath());
    return {};
}

} // namespace

HistoryExporter::HistoryExporter(const QString &path, HistoryShared &shared)
    : m_segments(path, shared, 0, [this](qint64 from, qint64 to) { emit unreadable(from, to); })
{ }

void HistoryExporter::cancel(quint64 token)
{
    const QMutexLocker lock(&m_mutex);
    m_cancelled.insert(token);
}

bool HistoryExporter::isCancelled(quint64 token)
{
    const QMutexLocker lock(&m_mutex);
    return m_stops || m_cancelled.contains(token);
}

void HistoryExporter::exportSpan(qint64 from, qint64 to, const QString &path, quint64 token)
{
    const QString error = exportTo(path, from, to, token);
    emit exported(token, error);
    const QMutexLocker lock(&m_mutex);
    m_cancelled.erase(token);
}

QString HistoryExporter::exportTo(const QString &path, qint64 from, qint64 to, quint64 token)
{
    // What is there is replaced: that must not be a history that is still read or recorded.
    const QFileInfo target(path);
    if (target.exists()
        && (target.canonicalFilePath() == QFileInfo(m_segments.file().path()).canonicalFilePath()
            || isRecorded(target.canonicalFilePath())))
        return tr("%1 is in use as a history: choose another file.").arg(path);
    // Through a link the file it leads to is replaced, as by any other program that writes a file.
    const QString place = target.exists() ? target.canonicalFilePath() : path;
    m_segments.open(); // If it fails there may be something in memory all the same.
    const QString partial = place % u".part"_s;
    QLockFile writing(partial % u".lock"_s);
    writing.setStaleLockTime(0);
    if (!writing.tryLock(0) && writing.error() == QLockFile::LockFailedError)
        return tr("%1 is being written by another export.").arg(path);
    removeExport(partial);
    QString error;
    {
        HistoryFile file(partial, HistoryFile::Mode::Write);
        error = file.open().message;
        if (error.isEmpty())
            error = writeSegments(file, from, to, token);
        file.closeFile();
    }
    if (error.isEmpty())
        error = putInPlace(partial, place);
    if (!error.isEmpty())
        removeExport(partial);
    return error;
}

QString HistoryExporter::writeSegments(HistoryFile &file, qint64 from, qint64 to, quint64 token)
{
    std::vector<HistorySegment> all = m_segments.segments(from, to);
    std::erase_if(all, [from](const HistorySegment &one) { // It only meets the span.
        return one.info.ends <= from && one.info.latest < from;
    });
    if (all.empty())
        return tr("Nothing is recorded of that time: no file was written.");
    qint64 begins = to;
    qint64 ends = from;
    std::set<qint64> runs;
    int percent = 0;
    for (size_t i = 0; i < all.size(); ++i) {
        if (isCancelled(token))
            return tr("The export was cancelled: no file was written.");
        const HistorySegment &segment = all[i];
        if (!file.inTransaction([&] { return copySegment(file, segment); }))
            return file.trouble(file.lastError()).message;
        begins = qMin(begins, segment.info.begins);
        ends = qMax(ends, segment.info.ends);
        runs.insert(segment.info.run);
        if (const int done = int(100 * (i + 1) / all.size()); done != std::exchange(percent, done))
            emit progressed(token, done);
    }
    const bool ok = file.inTransaction([&] {
        for (const HistoryRun &run : m_segments.runs()) {
            if (runs.contains(run.id)
                && !file.execute(u"INSERT INTO run (id, began, last, host, pid, version) VALUES (?, ?, ?, ?, ?, ?)"_s,
                                 {run.id, qMax(run.from, begins), qMin(run.to, ends), run.host, run.pid, run.version}))
                return false;
        }
        std::map<LaneId, std::vector<HistoryLane>> lanes;
        LaneId next = 1;
        for (HistoryLane &lane : m_segments.lanes(begins, ends + 1)) {
            next = qMax(next, lane.id + 1);
            lanes[BeatBlock::blockOf(lane.id)].push_back(std::move(lane));
        }
        for (const auto &[number, some] : lanes) {
            if (!file.writeLanes(number, some, true))
                return false;
        }
        EventsAnswer events;
        if (m_segments.file().isOpen())
            m_segments.file().readEvents({begins, ends + 1, 100'000}, &events);
        return file.writeEvents(events.events) && file.execute(u"UPDATE nextlane SET id = ?"_s, {next});
    });
    return ok ? file.endExport().message : file.trouble(file.lastError()).message;
}

bool HistoryExporter::copyRows(HistoryFile &file, const HistorySegment &segment, const QString &table, qint64 first, qint64 last)
{
    QSqlQuery &rows = m_segments.file().statement(u"SELECT key, packed FROM "_s % table % u" WHERE key BETWEEN ? AND ?"_s);
    rows.bindValue(0, first);
    rows.bindValue(1, last);
    if (!rows.exec()) {
        m_segments.noteDamage(segment);
        return true; // The rest is worth having.
    }
    while (rows.next()) {
        if (!file.execute(u"INSERT OR REPLACE INTO "_s % table % u" (key, packed) VALUES (?, ?)"_s,
                          {rows.value(0), rows.value(1)}))
            return false;
    }
    if (rows.lastError().isValid())
        m_segments.noteDamage(segment);
    rows.finish();
    return true;
}

bool HistoryExporter::copySegment(HistoryFile &file, const HistorySegment &segment)
{
    const qint64 id = segment.info.id;
    if (segment.open) {
        SegmentSealer sealer(file, segment.info);
        for (const LaneId number : m_segments.blocksOf(segment)) {
            if (!sealer.addBlock(number, m_segments.part(segment, HistoryFile::Part::States, number),
                                 m_segments.part(segment, HistoryFile::Part::Beats, number)))
                return false;
        }
        return sealer.finish();
    }
    for (const QString &table : {u"beats"_s, u"states"_s, u"fine"_s, u"minute"_s}) {
        if (!copyRows(file, segment, table, HistoryFile::keyOf(id, 0), HistoryFile::keyOf(id + 1, 0) - 1))
            return false;
    }
    if (!copyRows(file, segment, u"coarse"_s, id, id))
        return false;
    QSqlQuery &row = m_segments.file().statement(
        u"SELECT id, run, begins, ends, earliest, latest, beats, overview FROM segment WHERE id = ?"_s);
    row.bindValue(0, id);
    if (!row.exec() || !row.next())
        return true; // Removed meanwhile, as it is too old.
    QVariantList values;
    for (int i = 0; i < 8; ++i)
        values.append(row.value(i));
    row.finish();
    return file.execute(u"INSERT OR REPLACE INTO segment (id, run, begins, ends, earliest, latest, beats, overview) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
                        values);
}

} // namespace pulsedeck
