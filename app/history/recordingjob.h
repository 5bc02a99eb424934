// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/history/sqlhistory.h"
#include "models/history/recordingframes.h"

#include <QTemporaryDir>
#include <QThreadPool>

#include <memory>

namespace pulsedeck {

/// One import of a recording: it is read on a thread of its own, recorded into a temporary history, and that is exported. GUI
/// thread.
class RecordingJob : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t mostUnasked = 100'000; ///< Beats and changes handed over before it is waited for them.
    static constexpr int fedPercent = 90; ///< Of the whole, when all is recorded and the export begins.

    RecordingJob(const QString &recording, const QString &file, QObject *parent = nullptr);
    /// Waits for what is being read.
    ~RecordingJob() override;

    void start();
    /// ended() follows.
    void cancel();

signals:
    void progressed(int percent);
    void ended(const QString &error);

private:
    struct Loaded
    {
        BeatRecording recording;
        std::unique_ptr<RecordingFrames> frames;
        QString error;
    };

    static std::shared_ptr<Loaded> load(const QString &path);
    void take(const std::shared_ptr<Loaded> &loaded);
    void feed();
    void tell(int percent);
    void end(const QString &error);

    const QString m_recording;
    const QString m_file;
    QTemporaryDir m_folder;
    std::shared_ptr<Loaded> m_loaded;
    std::unique_ptr<SqlHistory> m_history;
    quint64 m_exportToken = 0; ///< 0: it is not being exported yet.
    int m_percent = 0;
    bool m_cancelled = false;
    bool m_ended = false;
    QThreadPool m_pool;
};

} // namespace pulsedeck
