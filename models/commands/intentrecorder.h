// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QHash>
#include <QObject>

#include <vector>

namespace pulsedeck {

/// Has the intents of commands recorded in the journal before anything is done about them: they may go once the journal has them,
/// has failed, or has taken longer than waitMs. GUI thread.
class IntentRecorder : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 waitMs = 2'000;

    using QObject::QObject;

    /// Null: what is given from now on, and what waits, goes unrecorded. The journal outlives this.
    void setJournal(Journal *journal);
    Journal *journal() const { return m_journal; }
    /// One line per key. settled() follows; at once if there is no journal.
    void record(const std::vector<quint64> &keys, const QList<JournalEntry> &intents);

signals:
    /// \a go: from now on they may be sent. A late answer comes without it.
    void settled(const std::vector<quint64> &keys, bool recorded, bool go);

private:
    struct Waiting
    {
        std::vector<quint64> keys;
        bool gone = false; ///< The journal took too long; they went without it.
    };

    void onWritten(quint64 token, bool ok);
    void onLate(quint64 token);

    Journal *m_journal = nullptr;
    QHash<quint64, Waiting> m_waiting; ///< By journal token.
};

} // namespace pulsedeck
