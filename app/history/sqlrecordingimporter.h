// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/recordingimporter.h"

#include <map>

namespace pulsedeck {

class RecordingJob;

/// Imports recordings by way of a temporary history each. GUI thread.
class SqlRecordingImporter : public RecordingImporter
{
    Q_OBJECT

public:
    using RecordingImporter::RecordingImporter;

    quint64 start(const QString &recording, const QString &file) override;
    void cancel(quint64 token) override;

private:
    std::map<quint64, RecordingJob *> m_jobs; ///< Those under way, its children.
    quint64 m_lastToken = 0;
};

} // namespace pulsedeck
