// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/models/ledgerfixture.h"
#include "tests/support/hubscene.h"

namespace pulsedeck {

/// A hub with eight actors, and a ledger whose journal keeps what it is given.
struct Actors : LedgerFixture
{
    HubScene hub{fleet.store, fleet.clock, 8};
    FakeJournal journal;

    Actors() { ledger.setJournal(&journal); }
    ~Actors() { ledger.setJournal(nullptr); }

    void tell(quint64 key, CommandProgress::Outcome outcome, const QString &text = {}, Refusal refusal = Refusal::None)
    {
        CommandProgress one = progress(key, outcome);
        one.text = text;
        one.note = commandNoteFromText(text).value_or(CommandNote::None);
        one.refusal = refusal;
        ledger.takeProgress({one});
    }
    void found(quint64 key, bool present)
    {
        CommandProgress one = progress(key, CommandProgress::Outcome::Found);
        one.keyPresent = present;
        one.status = present ? WorkerStatus::Registered : WorkerStatus::Missing;
        ledger.takeProgress({one});
    }
    quint64 delivered(Act act, int actor)
    {
        const quint64 key = give(act, hub.handle(actor));
        step(1'500);
        tell(key, CommandProgress::Outcome::Delivered, QStringLiteral("delivered; the actor has not answered"));
        return key;
    }
};

} // namespace pulsedeck
