// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history.h"

#include <QMutex>
#include <QThread>
#include <QTimer>

#include <map>
#include <memory>

namespace pulsedeck {

class HistoryExporter;
class HistoryReader;
class HistoryWriter;
struct HistoryShared;

/// The history in one SQLite file in WAL mode. One process records it; others that are given the same file show what it recorded,
/// a second later, and one of them takes over when it has ended. Everything that touches the file is done on threads of its
/// own. What was written is on the disk at once: a process that is killed loses what it did not hand over, two seconds at most.
/// Errors of the file are in state(), and what comes while it cannot be written is kept in memory for up to 20 minutes. The file
/// is never moved, repaired or replaced. At most maxQueued beats and changes wait to be written.
class SqlHistory : public History
{
    Q_OBJECT

public:
    static constexpr size_t maxQueued = 2'000'000;
    static constexpr int extendedEveryMs = 250;

    enum class Use {
        Record,
        Read, ///< Nothing is written, and state() says shown: for a program that only looks, and for exported files.
    };

    /// \a maxBytes: the file cannot grow further, as if the disk was full; for tests. 0: no bound but the limits.
    explicit SqlHistory(const QString &path, const HistoryLimits &limits = {}, Use use = Use::Record, qint64 maxBytes = 0,
                        QObject *parent = nullptr);
    /// Writes what waits and seals it, then closes the file.
    ~SqlHistory() override;

    void write(HistoryFrame frame) override;
    void ask(HistoryQuery query, quint64 token, quint64 asker) override;
    HistoryState state() const override { return m_state; }
    void setLimits(const HistoryLimits &limits) override;
    void prune(qint64 before) override;
    void exportSpan(qint64 from, qint64 to, const QString &path, quint64 token) override;
    void cancelExport(quint64 token) override;

private:
    struct Askers
    {
        QMutex mutex;
        std::map<quint64, quint64> latest; ///< The latest token of each asker.
    };

    void takeState(HistoryState state);
    void startExporter();

    const QString m_path;
    std::unique_ptr<HistoryShared> m_shared;
    HistoryState m_state;
    QThread m_writerThread;
    QThread m_readerThread;
    QThread m_exporterThread; ///< Runs from the first export on.
    HistoryWriter *m_writer; ///< Lives on m_writerThread, which deletes it.
    HistoryReader *m_reader; ///< Lives on m_readerThread, which deletes it.
    HistoryExporter *m_exporter = nullptr; ///< Lives on m_exporterThread, which deletes it.
    std::shared_ptr<Askers> m_askers;
    QTimer m_extendedTimer; ///< Runs while an extended() would come too soon after the last one.
    qint64 m_extendedTo = 0;
    qint64 m_refused = 0; ///< What the full queue did not take.
    bool m_extendedDue = false;
    bool m_temporary;
};

/// Where the console keeps its history: history.sqlite next to the journal.
QString defaultHistoryPath();

} // namespace pulsedeck
