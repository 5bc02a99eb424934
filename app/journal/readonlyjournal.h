// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/journal/journalreader.h"

#include <QTimer>

namespace pulsedeck {

/// A journal file that is only read, on this thread, for a program without a window that follows what others write. The file
/// need not be there yet. Nothing is written, and a file of an older version is left as it is. appended() comes at each look,
/// whether or not something was added.
class ReadOnlyJournal final : public Journal
{
    Q_OBJECT

public:
    static constexpr int lookEveryMs = 500;

    explicit ReadOnlyJournal(const QString &path, QObject *parent = nullptr);

    void query(const JournalQuery &query, quint64 token) override;
    void readPlans() override;
    void readCommandHistory(qint64 withinMs) override;
    void readEnds(qint64 afterRow) override;
    /// Not recording.
    JournalState state() const override { return {}; }

protected:
    /// Refuses.
    void record(const QList<JournalEntry> &entries, quint64 token, const QList<RollingRecord> &plans) override;

private:
    template <typename Question> void ask(Question question);

    JournalReader m_reader;
    QTimer m_look;
};

} // namespace pulsedeck
