// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"
#include "tests/models/modelfleet.h"

namespace pulsedeck {

/// A journal in memory that says when it has taken something, if it is let.
class NoteJournal final : public Journal
{
    Q_OBJECT

public:
    void record(const QList<JournalEntry> &news, quint64 token, const QList<RollingRecord> &) override
    {
        entries += news;
        if (token == 0)
            return;
        if (answers)
            emit written(token, ok);
        else
            held.append(token);
    }
    void query(const JournalQuery &, quint64) override { }
    void readPlans() override { }
    void readCommandHistory(qint64) override { }
    JournalState state() const override { return {}; }

    QStringList steps() const
    {
        QStringList steps;
        for (const JournalEntry &entry : entries)
            steps.append(entry.step);
        return steps;
    }

    QList<JournalEntry> entries;
    QList<quint64> held;
    bool answers = true;
    bool ok = true;
};

} // namespace pulsedeck
