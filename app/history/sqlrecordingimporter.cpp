// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/sqlrecordingimporter.h"

#include "app/history/recordingjob.h"

namespace pulsedeck {

quint64 SqlRecordingImporter::start(const QString &recording, const QString &file)
{
    const quint64 token = ++m_lastToken;
    auto *job = new RecordingJob(recording, file, this);
    m_jobs.emplace(token, job);
    connect(job, &RecordingJob::progressed, this, [this, token](int percent) { emit progressed(token, percent); });
    connect(job, &RecordingJob::ended, this, [this, token, job](const QString &error) {
        m_jobs.erase(token);
        job->deleteLater(); // It is in the middle of an answer of its history.
        emit ended(token, error);
    });
    job->start();
    return token;
}

void SqlRecordingImporter::cancel(quint64 token)
{
    if (const auto found = m_jobs.find(token); found != m_jobs.end())
        found->second->cancel();
}

} // namespace pulsedeck
