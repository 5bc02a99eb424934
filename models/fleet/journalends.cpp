// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/journalends.h"

#include <utility>

namespace pulsedeck {

JournalEnds::JournalEnds(FleetStore &store, Journal &journal, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_journal(journal)
{
    connect(&journal, &Journal::endsRead, this, &JournalEnds::take);
    connect(&journal, &Journal::appended, this, [this] { m_again = true; });
    connect(&store, &FleetStore::ticked, this, &JournalEnds::look);
    ask();
}

void JournalEnds::ask()
{
    m_asking = true;
    m_again = false;
    m_unseen = m_store.unseenZombies();
    m_journal.readEnds(m_lastRow);
}

void JournalEnds::take(const QList<EndRecord> &ends, qint64 lastRow)
{
    m_asking = false;
    m_lastRow = qMax(m_lastRow, lastRow);
    for (const EndRecord &end : ends)
        m_store.takePastEnd(end.source, end.worker, {end.end, m_store.clock().fromWall(end.at)});
    if (!std::exchange(m_read, true))
        emit read();
}

void JournalEnds::look()
{
    if (m_asking)
        return;
    const int unseen = m_store.unseenZombies();
    if (unseen > m_unseen || (m_again && unseen > 0))
        ask();
    else
        m_unseen = unseen;
}

} // namespace pulsedeck
