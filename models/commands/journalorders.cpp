// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/journalorders.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

/// Whether it leaves something behind that later reads are explained by.
bool isOrder(const JournalEntry &step)
{
    const std::optional<Act> act = actFromName(step.act);
    return act == Act::Drain || act == Act::Resume || act == Act::PauseQueue || act == Act::ResumeQueue || act == Act::PauseFleet
           || act == Act::ResumeFleet;
}

} // namespace

JournalOrders::JournalOrders(CommandLedger &ledger, Journal &journal, const Clock &clock, QObject *parent)
    : JournalOrders({[&ledger](const QUuid &command) { return ledger.entry(command) != nullptr; },
                     [&ledger](const std::vector<RecordedCommand> &orders) { ledger.takeOrders(orders); }},
                    journal, clock, parent)
{ }

JournalOrders::JournalOrders(Receiver receiver, Journal &journal, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_to(std::move(receiver))
    , m_journal(journal)
    , m_clock(clock)
{
    connect(&journal, &Journal::answered, this, &JournalOrders::take);
    connect(&journal, &Journal::appended, this, [this] {
        m_again = true;
        look();
    });
    JournalQuery newest;
    newest.limit = 1;
    ask(Asked::Newest, newest);
}

void JournalOrders::ask(Asked what, const JournalQuery &query)
{
    m_asked = what;
    m_query = query;
    m_token = m_journal.nextToken();
    m_journal.query(query, m_token);
}

void JournalOrders::look()
{
    if (m_asked != Asked::Nothing || !std::exchange(m_again, false))
        return;
    JournalQuery rows;
    rows.kinds = {JournalKind::Command};
    rows.afterRow = m_lastRow;
    rows.limit = mostRows;
    m_newestRow = m_lastRow;
    m_page = 0;
    ask(Asked::Rows, rows);
}

void JournalOrders::take(quint64 token, const JournalPage &page)
{
    if (token != m_token)
        return;
    const Asked asked = std::exchange(m_asked, Asked::Nothing);
    if (asked == Asked::Newest)
        m_lastRow = page.entries.isEmpty() ? 0 : page.entries.constFirst().row;
    else if (asked == Asked::Rows)
        takeRows(page);
    else if (asked == Asked::Steps)
        takeSteps(page);
    if (m_asked == Asked::Nothing)
        look();
}

void JournalOrders::takeRows(const JournalPage &page)
{
    for (const JournalEntry &step : page.entries) {
        m_newestRow = qMax(m_newestRow, step.row);
        if (!isOrder(step) || step.group.isNull() || (m_to.knows && m_to.knows(step.command)))
            continue;
        m_fresh.insert(step.command);
        if (!m_groups.contains(step.group))
            m_groups.append(step.group);
    }
    if (page.more && !page.entries.isEmpty() && ++m_page < mostPages) {
        JournalQuery older = m_query;
        older.beforeRow = page.entries.constLast().row;
        ask(Asked::Rows, older);
        return;
    }
    if (!page.error.isEmpty())
        m_newestRow = m_lastRow; // They are asked for again with the next look.
    askSteps();
}

/// A new step says neither who asked for the command nor when: the first one of its command does.
void JournalOrders::askSteps()
{
    if (m_groups.isEmpty()) {
        std::vector<RecordedCommand> commands = commandsFromHistory(std::exchange(m_steps, {}), m_clock);
        std::stable_sort(commands.begin(), commands.end(), [](const RecordedCommand &a, const RecordedCommand &b) {
            return a.entry.requestedAt < b.entry.requestedAt;
        });
        m_fresh.clear();
        m_lastRow = m_newestRow;
        if (!commands.empty())
            m_to.take(commands);
        return;
    }
    JournalQuery steps;
    steps.kinds = {JournalKind::Command};
    steps.group = m_groups.takeFirst();
    steps.limit = mostRows;
    m_page = 0;
    ask(Asked::Steps, steps);
}

void JournalOrders::takeSteps(const JournalPage &page)
{
    if (!page.error.isEmpty()) {
        // As while the program that gave the order closes the file: it is all read again with the next look.
        m_groups.clear();
        m_fresh.clear();
        m_steps.clear();
        return;
    }
    for (const JournalEntry &step : page.entries) {
        if (m_fresh.contains(step.command))
            m_steps.prepend(step);
    }
    if (page.more && !page.entries.isEmpty() && ++m_page < mostPages) {
        JournalQuery older = m_query;
        older.beforeRow = page.entries.constLast().row;
        ask(Asked::Steps, older);
        return;
    }
    askSteps();
}

} // namespace pulsedeck
