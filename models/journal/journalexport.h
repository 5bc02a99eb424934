// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QJsonObject>
#include <QThread>

#include <memory>

namespace pulsedeck {

class JournalFileWriter;

/// One entry as an object: time in ISO 8601 UTC, kind, source, worker, command, group, act, step, by, reason, text.
QJsonObject journalEntryJson(const JournalEntry &entry);
/// One line by the rules of csvCell(), without the line end.
QByteArray journalEntryCsv(const JournalEntry &entry);
QByteArray journalCsvHeading();

/// Writes all that a query finds into a file, page by page, newest first, on a thread of its own; a page is asked for when the
/// one before it is written. The file takes its name when it is complete. At most maxEntries. GUI thread.
class JournalExport : public QObject
{
    Q_OBJECT

public:
    enum class Format { Csv, Json };
    static constexpr qint64 maxEntries = 1'000'000;

    JournalExport(Journal &journal, QObject *parent = nullptr);
    /// Cancels an export in progress; no partial file is left.
    ~JournalExport() override;

    /// One at a time: does nothing while one is under way.
    void begin(const JournalQuery &query, const QString &path, Format format);
    bool isRunning() const { return m_running; }
    qint64 written() const { return m_written; }

signals:
    void progressed(qint64 written);
    /// \a error is empty when the file is complete; \a cut when there was more than maxEntries.
    void finished(const QString &error, qint64 written, bool cut);

private:
    void ask();
    void takePage(quint64 token, const JournalPage &page);
    void takeWritten(const QString &error);
    void end(const QString &error, bool cut);

    Journal &m_journal;
    JournalQuery m_query;
    QThread m_thread;
    JournalFileWriter *m_writer; ///< Lives on m_thread, which deletes it.
    quint64 m_token = 0;
    qint64 m_written = 0;
    bool m_running = false;
    bool m_last = false;
    bool m_cut = false;
};

} // namespace pulsedeck
