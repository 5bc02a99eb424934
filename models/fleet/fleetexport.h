// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QSaveFile>
#include <QTimer>

#include <memory>

namespace pulsedeck {

/// The columns of the CSV, in order: the keys of workerJson(), beginning with those that identify a worker.
const QStringList &fleetCsvColumns();
/// One line by the rules of csvCell(), without the line end; lists are joined with spaces, unknown values are empty.
QByteArray fleetCsvLine(const QJsonObject &worker);

/// Writes workers into a file, a slice for each turn of the event loop, so that a hundred thousand do not block the window.
/// The file takes its name when it is complete. Workers that left the store meanwhile are left out. One run; GUI thread.
class FleetExport : public QObject
{
    Q_OBJECT

public:
    enum class Format { Csv, Json };
    static constexpr size_t sliceWorkers = 500;

    /// \a store outlives it.
    explicit FleetExport(const FleetStore &store, QObject *parent = nullptr);
    ~FleetExport() override;

    /// \a serials: Worker::serial of each, in the order in which they are to be written.
    void begin(std::vector<quint32> serials, const QString &path, Format format);

signals:
    /// \a error is empty when the file is complete.
    void finished(const QString &error, qint64 written);

private:
    void writeSlice();
    void end(const QString &error);

    const FleetStore &m_store;
    std::unique_ptr<QSaveFile> m_file;
    std::vector<quint32> m_serials;
    size_t m_next = 0;
    qint64 m_written = 0;
    Format m_format = Format::Csv;
    QTimer m_timer;
};

} // namespace pulsedeck
