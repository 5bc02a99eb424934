// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QSqlError>
#include <QSqlQuery>

#include <memory>

namespace pulsedeck {

class JournalFile;

/// What the consoles that share a journal have recorded lately, so that an event in a system is recorded once, whoever
/// saw it. Of an entry that is only seen (JournalEntry::seen) one is enough: the same kind, source, worker, act and
/// step from another console within sameWithinMs. A command that another console has given itself is that console's to
/// tell of, at all its steps, for commandForMs. What one console sees twice are two events. Used by the writer, inside
/// its transactions.
class JournalSightings
{
public:
    static constexpr qint64 sameWithinMs = 10'000;
    static constexpr qint64 commandForMs = 30LL * 60 * 1'000;
    static constexpr qint64 lastingForMs = commandForMs; ///< For a clock that is off and a field that cannot be read.

    explicit JournalSightings(JournalFile &file);

    /// To be called when the file was opened, for writing; false if it cannot be.
    bool open();
    void close();
    /// Whether another console has recorded it already.
    bool isTold(const JournalEntry &entry);
    /// It is being written: false with lastError() if that cannot be noted.
    bool note(const JournalEntry &entry);
    QSqlError lastError() const { return m_error; }

private:
    bool prune(qint64 now);

    JournalFile &m_file;
    const QString m_console; ///< This one's name among them, for as long as it lives.
    std::unique_ptr<QSqlQuery> m_look;
    std::unique_ptr<QSqlQuery> m_meet;
    std::unique_ptr<QSqlQuery> m_note;
    QSqlError m_error;
    qint64 m_prunedAt = 0;
};

} // namespace pulsedeck
