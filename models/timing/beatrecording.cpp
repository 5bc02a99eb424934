// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/beatrecording.h"

#include "models/protocol/timingparameter.h"

#include <QCborStreamReader>
#include <QCborStreamWriter>
#include <QCoreApplication>
#include <QFileDevice>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// A list, so that it can be read in one pass without further memory:
// [format, version, source, to, [timing…], [[from, to]…], workers, then per worker id, type, interval, ttl, [first beat, gap,
// gap…]].
constexpr auto formatName = "pulsedeck-recording"_L1;
constexpr int formatVersion = 1;
constexpr qsizetype longestRecordedText = 512;
constexpr int mostSpans = 10'000;

/// Reads one item after the other; after the first that is not as expected ok() is false.
class RecordingReader
{
    Q_DECLARE_TR_FUNCTIONS(RecordingReader)

public:
    explicit RecordingReader(QIODevice &device)
        : m_reader(&device)
    { }

    bool ok() const { return m_ok; }

    qint64 integer()
    {
        if (!m_ok || !m_reader.isInteger() || m_reader.lastError() != QCborError::NoError)
            return fail();
        // Twice the range of a qint64 can stand there.
        if (m_reader.isUnsignedInteger() && m_reader.toUnsignedInteger() > quint64(std::numeric_limits<qint64>::max()))
            return fail();
        const qint64 value = m_reader.toInteger();
        m_reader.next();
        return value;
    }

    QString text()
    {
        if (!m_ok || !m_reader.isString())
            return QString::number(fail());
        QString whole;
        while (true) {
            const auto piece = m_reader.readString();
            if (piece.status == QCborStreamReader::EndOfString)
                return whole;
            whole += piece.data;
            if (piece.status == QCborStreamReader::Error || whole.size() > longestRecordedText) {
                fail();
                return {};
            }
        }
    }

    QByteArray bytes() { return text().toUtf8(); }

    /// Size of the array that begins here, which is then entered; -1 if there is none or it is larger than \a most.
    qint64 enter(quint64 most)
    {
        if (!m_ok || !m_reader.isArray() || !m_reader.isLengthKnown() || m_reader.length() > most)
            return fail(-1);
        const qint64 size = qint64(m_reader.length());
        if (!m_reader.enterContainer())
            return fail(-1);
        return size;
    }

    void leave()
    {
        if (m_ok && !m_reader.leaveContainer())
            fail();
    }

private:
    qint64 fail(qint64 value = 0)
    {
        m_ok = false;
        return value;
    }

    QCborStreamReader m_reader;
    bool m_ok = true;
};

} // namespace

BeatRecording BeatRecording::begin(const FleetStore &store, SourceId source)
{
    BeatRecording recording;
    recording.source = store.sourceName(source);
    recording.to = store.viewNow();
    recording.from = recording.to;
    recording.timing = store.timing(source);
    recording.unknown = store.unknownSpans(source);
    for (UnknownSpan &span : recording.unknown) {
        if (span.to == 0)
            span.to = recording.to;
    }
    return recording;
}

void BeatRecording::addWorkers(const FleetStore &store, SourceId wanted, WorkerHandle firstHandle, WorkerHandle endHandle,
                               const QString &system)
{
    endHandle = qMin(endHandle, WorkerHandle(store.capacity()));
    for (WorkerHandle handle = firstHandle; handle < endHandle; ++handle) {
        const pulsedeck::Worker &worker = store.worker(handle);
        if (!worker.used || worker.source != wanted || (!system.isEmpty() && worker.traits->layout != system))
            continue;
        const BeatHistory &history = store.beats(handle);
        if (history.size() < 2)
            continue;
        // The time a worker was gone is no gap between its beats. What one does while it is paused says nothing of one that
        // works.
        const SourceTraits &traits = *worker.traits;
        const bool pauses = traits.pausedPace.intervalMs > 0 && traits.pausedPace != traits.idlePace;
        if (pauses && worker.status == WorkerStatus::Paused)
            continue;
        const PastPaces *past = pauses ? store.pastPaces(handle) : nullptr;
        const qint64 since = qMax(worker.countedFrom(), past ? past->heldUntil(traits.pausedPace.intervalMs) : 0);
        const int begin = since > 0 ? history.lowerBound(since, to) : 0;
        if (history.size() - begin < 2)
            continue;
        Worker entry;
        entry.id = worker.id;
        entry.type = store.typeName(worker.type).toUtf8();
        entry.interval = worker.interval;
        entry.ttl = worker.learntTtl;
        entry.first = quint32(beats.size());
        for (int i = begin; i < history.size(); ++i) {
            // A beat between begin() and now belongs to the next recording.
            const qint64 beat = history.at(i, to);
            if (beat <= to)
                beats.push_back(beat);
        }
        entry.count = quint32(beats.size()) - entry.first;
        if (entry.count < 2) {
            beats.resize(entry.first);
            continue;
        }
        from = qMin(from, beats[entry.first]);
        workers.push_back(entry);
    }
}

bool BeatRecording::save(QIODevice &device, QString *error) const
{
    QCborStreamWriter writer(&device);
    writer.startArray(7 + quint64(workers.size()) * 5);
    writer.append(formatName);
    writer.append(formatVersion);
    writer.append(source.left(longestRecordedText / 4));
    writer.append(to);
    writer.startArray(timingCount);
    for (const TimingId id : allTimings)
        writer.append(timingValue(timing, id));
    writer.endArray();
    writer.startArray(quint64(unknown.size()));
    for (const UnknownSpan &span : unknown) {
        writer.startArray(2);
        writer.append(span.from);
        writer.append(span.to);
        writer.endArray();
    }
    writer.endArray();
    writer.append(quint64(workers.size()));
    for (const Worker &worker : workers) {
        writer.append(QString::fromUtf8(worker.id));
        writer.append(QString::fromUtf8(worker.type));
        writer.append(qint64(worker.interval));
        writer.append(qint64(worker.ttl));
        writer.startArray(worker.count);
        for (quint32 i = 0; i < worker.count; ++i)
            writer.append(i == 0 ? beats[worker.first] : beats[worker.first + i] - beats[worker.first + i - 1]);
        writer.endArray();
    }
    const bool ended = writer.endArray();
    // The writer does not report errors of the device, such as a full disk; a file that is closed without one has it all.
    auto *file = qobject_cast<QFileDevice *>(&device);
    const bool flushed = !file || (file->flush() && file->error() == QFileDevice::NoError);
    if (ended && flushed)
        return true;
    if (error)
        *error = RecordingReader::tr("The recording could not be written: %1").arg(device.errorString());
    return false;
}

std::optional<BeatRecording> BeatRecording::load(QIODevice &device, QString *error)
{
    const auto fail = [error](const QString &text) -> std::optional<BeatRecording> {
        if (error)
            *error = text;
        return std::nullopt;
    };
    RecordingReader reader(device);
    const qint64 size = reader.enter(7 + quint64(maxWorkers) * 5);
    if (size < 7 || reader.text() != formatName)
        return fail(RecordingReader::tr("This is not a recording of Pulsedeck."));
    const qint64 version = reader.integer();
    if (reader.ok() && version != formatVersion)
        return fail(RecordingReader::tr("The recording has format %1, and this Pulsedeck reads format %2.")
                        .arg(version)
                        .arg(formatVersion));
    BeatRecording recording;
    recording.source = reader.text();
    recording.from = recording.to = reader.integer();
    const QString damaged = RecordingReader::tr("The recording is damaged or incomplete.");
    if (reader.enter(timingCount) != timingCount)
        return fail(damaged);
    for (const TimingId id : allTimings) {
        const qint64 ms = reader.integer();
        setTimingValue(recording.timing, id, ms > 0 ? ms : TimingProfile::notUsed);
    }
    recording.timing.name = RecordingReader::tr("as recorded");
    reader.leave();
    const qint64 spans = reader.enter(mostSpans);
    for (qint64 i = 0; i < spans && reader.ok(); ++i) {
        reader.enter(2);
        const qint64 from = reader.integer();
        recording.unknown.push_back({from, reader.integer()});
        reader.leave();
    }
    reader.leave();
    const qint64 workers = reader.integer();
    if (!reader.ok() || workers < 0 || size != 7 + workers * 5)
        return fail(damaged);
    const auto asMilliseconds = [](qint64 value) {
        return value >= 0 && value <= std::numeric_limits<qint32>::max() ? qint32(value) : unknownValue;
    };
    for (qint64 i = 0; i < workers; ++i) {
        Worker worker;
        worker.id = reader.bytes();
        worker.type = reader.bytes();
        worker.interval = asMilliseconds(reader.integer());
        worker.ttl = asMilliseconds(reader.integer());
        worker.first = quint32(recording.beats.size());
        const qint64 count = reader.enter(BeatHistory::capacity);
        qint64 beat = 0;
        for (qint64 k = 0; k < count && reader.ok(); ++k) {
            const qint64 step = reader.integer();
            // Beats ascend, and lie within a century of the epoch's.
            if (step < (k == 0 ? 0 : 1) || step > 10'000'000'000'000)
                return fail(damaged);
            beat += step;
            recording.beats.push_back(beat);
        }
        reader.leave();
        if (!reader.ok() || count < 2)
            return fail(damaged);
        worker.count = quint32(count);
        recording.from = qMin(recording.from, recording.beats[worker.first]);
        recording.workers.push_back(worker);
    }
    reader.leave();
    return reader.ok() ? std::optional(recording) : fail(damaged);
}

} // namespace pulsedeck
