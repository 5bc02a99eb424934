// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/beatrecorder.h"

#include <QFile>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace pulsedeck {

BeatRecorder::BeatRecorder(const FleetStore &store, PastBeats *past, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_past(past)
{
    // One after the other: an older answer never overtakes a newer one.
    m_pool.setMaxThreadCount(1);
    m_takeAgain.setInterval(takeEveryMs);
    connect(&m_takeAgain, &QTimer::timeout, this, &BeatRecorder::take);
    m_nextSlice.setInterval(0);
    connect(&m_nextSlice, &QTimer::timeout, this, &BeatRecorder::takeSlice);
    if (!m_past)
        return;
    connect(m_past, &PastBeats::outdated, this, &BeatRecorder::take);
    connect(m_past, &PastBeats::taken, this,
            [this](const std::shared_ptr<const BeatRecording> &recording, const QString &trouble) {
                if (m_loaded)
                    return;
                m_trouble = trouble;
                m_recording = recording;
                prepare();
            });
}

BeatRecorder::~BeatRecorder()
{
    // What runs there answers to this object.
    m_pool.clear();
    m_pool.waitForDone();
}

void BeatRecorder::inBackground(std::function<std::function<void()>()> work)
{
    m_pool.start([this, work = std::move(work)] {
        std::function<void()> answer = work();
        QMetaObject::invokeMethod(this, std::move(answer), Qt::QueuedConnection);
    });
}

void BeatRecorder::setSource(SourceId source, const QString &system, qint64 configuredMs)
{
    if (m_source == source && m_system == system)
        return;
    m_source = source;
    m_system = system;
    const bool heldOtherwise = m_configuredMs != configuredMs;
    m_configuredMs = configuredMs;
    if (m_loaded) { // A loaded recording stays until backToLive().
        if (heldOtherwise)
            prepare();
        return;
    }
    m_recording.reset();
    m_whatIf.reset();
    ++m_turn;
    m_nextSlice.stop();
    emit ready();
    if (m_active)
        take();
}

void BeatRecorder::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    if (!active) {
        m_takeAgain.stop();
        m_nextSlice.stop();
        if (m_past)
            m_past->stop();
        return;
    }
    if (!m_past) // What is recorded of a moment stays as it is.
        m_takeAgain.start();
    take();
}

void BeatRecorder::setWindow(qint64 windowMs)
{
    if (m_windowMs == windowMs)
        return;
    m_windowMs = windowMs;
    if (m_recording)
        prepare();
}

void BeatRecorder::take()
{
    if (m_loaded || !m_active || m_source == 0 || m_nextSlice.isActive())
        return;
    if (m_past) {
        m_past->take(m_source, m_system);
        return;
    }
    m_taking = BeatRecording::begin(m_store, m_source);
    m_next = 0;
    m_nextSlice.start();
}

void BeatRecorder::takeSlice()
{
    m_taking.addWorkers(m_store, m_source, m_next, m_next + slice, m_system);
    m_next += slice;
    if (m_next < WorkerHandle(m_store.capacity()))
        return;
    m_nextSlice.stop();
    m_recording = std::make_shared<const BeatRecording>(std::move(m_taking));
    m_taking = {};
    prepare();
}

void BeatRecorder::prepare()
{
    const quint64 turn = ++m_turn;
    inBackground(
        [this, turn, recording = m_recording, window = m_windowMs, configured = m_configuredMs]() -> std::function<void()> {
            auto prepared = std::make_shared<const WhatIf>(*recording, window, configured);
            return [this, turn, prepared = std::move(prepared)] {
                if (turn != m_turn)
                    return;
                m_whatIf = prepared;
                emit ready();
            };
        });
}

void BeatRecorder::save(const QString &path)
{
    if (!m_recording) {
        QMetaObject::invokeMethod(
            this, [this, path] { emit saved(path, tr("Nothing is recorded yet.")); }, Qt::QueuedConnection);
        return;
    }
    inBackground([this, path, recording = m_recording]() -> std::function<void()> {
        QString error;
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            error = file.errorString();
        else if (recording->save(file, &error) && !file.commit())
            error = file.errorString();
        return [this, path, error] { emit saved(path, error); };
    });
}

void BeatRecorder::load(const QString &path)
{
    inBackground([this, path, window = m_windowMs, configured = m_configuredMs]() -> std::function<void()> {
        QString error;
        std::shared_ptr<const BeatRecording> recording;
        std::shared_ptr<const WhatIf> prepared;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            error = file.errorString();
        } else if (std::optional<BeatRecording> read = BeatRecording::load(file, &error)) {
            recording = std::make_shared<const BeatRecording>(std::move(*read));
            prepared = std::make_shared<const WhatIf>(*recording, window, configured);
        } else if (error.isEmpty()) {
            error = tr("This is not a recording.");
        }
        return [this, path, window, configured, error, recording, prepared] {
            if (recording) {
                ++m_turn; // A live one that is being prepared comes too late.
                m_loaded = true;
                m_nextSlice.stop();
                m_recording = recording;
                m_whatIf = prepared;
                emit ready();
                if (window != m_windowMs || configured != m_configuredMs)
                    prepare();
            }
            emit loaded(path, error);
        };
    });
}

void BeatRecorder::backToLive()
{
    if (!m_loaded)
        return;
    m_loaded = false;
    m_recording.reset();
    m_whatIf.reset();
    ++m_turn;
    emit ready();
    take();
}

} // namespace pulsedeck
