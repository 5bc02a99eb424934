// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/recordingjob.h"

#include <QFile>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

RecordingJob::RecordingJob(const QString &recording, const QString &file, QObject *parent)
    : QObject(parent)
    , m_recording(recording)
    , m_file(file)
{
    m_pool.setMaxThreadCount(1);
}

RecordingJob::~RecordingJob()
{
    m_pool.waitForDone(); // Its answer goes to this object.
}

std::shared_ptr<RecordingJob::Loaded> RecordingJob::load(const QString &path)
{
    auto loaded = std::make_shared<Loaded>();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        loaded->error = u"%1: %2"_s.arg(path, file.errorString());
        return loaded;
    }
    QString error;
    std::optional<BeatRecording> recording = BeatRecording::load(file, &error);
    if (!recording) {
        loaded->error = u"%1: %2"_s.arg(path, error);
        return loaded;
    }
    loaded->recording = std::move(*recording);
    loaded->frames = std::make_unique<RecordingFrames>(loaded->recording);
    if (loaded->frames->isEmpty())
        loaded->error = tr("%1 has no beats, or times that cannot be.").arg(path);
    return loaded;
}

void RecordingJob::start()
{
    m_pool.start([this, path = m_recording] {
        std::shared_ptr<Loaded> loaded = load(path);
        QMetaObject::invokeMethod(
            this, [this, loaded] { take(loaded); }, Qt::QueuedConnection);
    });
}

void RecordingJob::take(const std::shared_ptr<Loaded> &loaded)
{
    if (m_cancelled) {
        end(tr("The import was cancelled: no file was written."));
        return;
    }
    if (!loaded->error.isEmpty()) {
        end(loaded->error);
        return;
    }
    m_loaded = loaded;
    HistoryLimits limits;
    limits.keepForMs = HistoryLimits::mostKeepMs;
    limits.maxBytes = HistoryLimits::mostMaxBytes;
    m_history = std::make_unique<SqlHistory>(m_folder.filePath(u"history.sqlite"_s), limits);
    connect(m_history.get(), &History::answered, this, &RecordingJob::feed);
    connect(m_history.get(), &History::exportProgressed, this,
            [this](quint64, int percent) { tell(fedPercent + percent * (100 - fedPercent) / 100); });
    connect(m_history.get(), &History::exported, this, [this](quint64, const QString &error) {
        end(!error.isEmpty() && m_cancelled ? tr("The import was cancelled: no file was written.") : error);
    });
    feed();
}

void RecordingJob::feed()
{
    if (m_ended)
        return;
    if (const HistoryState state = m_history->state(); !state.message.isEmpty() || state.lost > 0) {
        end(state.message.isEmpty() ? tr("The recording is too large.") : state.message);
        return;
    }
    const BeatRecording &recording = m_loaded->recording;
    size_t handed = 0;
    while (handed < mostUnasked) {
        if (m_cancelled) {
            end(tr("The import was cancelled: no file was written."));
            return;
        }
        std::optional<HistoryFrame> frame = m_loaded->frames->next();
        if (!frame) {
            m_exportToken = m_history->nextToken();
            m_history->exportSpan(recording.from, recording.to + 1, m_file, m_exportToken);
            return;
        }
        handed += frame->beats.size() + frame->changes.size() + 1;
        tell(int((frame->until - recording.from) * fedPercent / qMax<qint64>(1, recording.to - recording.from)));
        m_history->write(std::move(*frame));
    }
    // Answered once all of that is written.
    m_history->ask(SpansQuery(), m_history->nextToken(), 0);
}

void RecordingJob::cancel()
{
    if (m_ended || m_cancelled)
        return;
    m_cancelled = true; // Seen when it is read, or when what was handed over is written.
    if (m_exportToken != 0)
        m_history->cancelExport(m_exportToken);
}

void RecordingJob::tell(int percent)
{
    if (percent > m_percent)
        emit progressed(m_percent = percent);
}

void RecordingJob::end(const QString &error)
{
    if (std::exchange(m_ended, true))
        return;
    if (error.isEmpty())
        tell(100);
    emit ended(error);
}

} // namespace pulsedeck
