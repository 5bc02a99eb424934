// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/pastbeats.h"
#include "models/timing/whatif.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <memory>

namespace pulsedeck {

/// Takes recordings of a source's beats for the what-if: in slices of some thousand workers per turn of the event loop,
/// again every few seconds while they are visible, and prepares the answers on a thread of its own. A recording loaded
/// from a file takes their place until backToLive(). While another time is shown they are those recorded until then. GUI thread.
class BeatRecorder : public QObject
{
    Q_OBJECT

public:
    static constexpr WorkerHandle slice = 4'000; ///< Handles looked at in one turn.
    static constexpr int takeEveryMs = 10'000;

    /// \a past: where the beats come from while another time is shown; null: the store's.
    BeatRecorder(const FleetStore &store, PastBeats *past = nullptr, QObject *parent = nullptr);
    ~BeatRecorder() override;

    /// With a \a system, the word of a layout, only its workers. \a configuredMs as WhatIf has it.
    void setSource(SourceId source, const QString &system = {}, qint64 configuredMs = 0);
    /// Only while active are recordings taken.
    void setActive(bool active);
    /// The last minutes that count; 0: all.
    void setWindow(qint64 windowMs);
    qint64 window() const { return m_windowMs; }

    /// The prepared answers; null until the first are ready. What they rest on is recording().
    std::shared_ptr<const WhatIf> whatIf() const { return m_whatIf; }
    std::shared_ptr<const BeatRecording> recording() const { return m_recording; }
    bool isLoaded() const { return m_loaded; }
    bool isOfPast() const { return m_past != nullptr; }
    /// Why the beats could not be read, in words; empty while all is well.
    const QString &trouble() const { return m_trouble; }

    /// saved() follows.
    void save(const QString &path);
    /// loaded() follows; without an error the recording is in force.
    void load(const QString &path);
    void backToLive();

signals:
    /// whatIf() and recording() are new.
    void ready();
    void saved(const QString &path, const QString &error);
    void loaded(const QString &path, const QString &error);

private:
    void take();
    void takeSlice();
    void prepare();
    /// \a work on the pool; what it returns is run on the GUI thread, unless this is gone.
    void inBackground(std::function<std::function<void()>()> work);

    const FleetStore &m_store;
    PastBeats *m_past;
    QString m_trouble;
    SourceId m_source = 0;
    QString m_system;
    qint64 m_configuredMs = 0;
    QThreadPool m_pool;
    QTimer m_takeAgain;
    QTimer m_nextSlice;
    BeatRecording m_taking;
    WorkerHandle m_next = 0;
    std::shared_ptr<const BeatRecording> m_recording;
    std::shared_ptr<const WhatIf> m_whatIf;
    quint64 m_turn = 0; ///< What was asked for before a change of source, window or recording is dropped.
    qint64 m_windowMs = 0;
    bool m_loaded = false;
    bool m_active = false;
};

} // namespace pulsedeck
