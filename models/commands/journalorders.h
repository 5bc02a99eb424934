// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/journal/journal.h"

#include <functional>

namespace pulsedeck {

/// Reports what other consoles, or pulsedeckctl, write into a journal that is shared with them: who drained a worker or paused a
/// queue, and who undid it. A ledger takes it, or whoever else wants to know. Begins with what is added after it was made; what
/// was there before is in the command history. Looks after each Journal::appended, at most mostRows new rows at a time. GUI
/// thread.
class JournalOrders : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostRows = 2'000; ///< Of one answer; there may be several.
    static constexpr int mostPages = 20; ///< Of new rows, or of the steps of one group: what is older is left out.

    struct Receiver
    {
        std::function<bool(const QUuid &command)> knows; ///< It is of this console; null: none is.
        std::function<void(const std::vector<RecordedCommand> &orders)> take; ///< Oldest first, as far as each has come.
    };

    /// All of them outlive this.
    JournalOrders(CommandLedger &ledger, Journal &journal, const Clock &clock, QObject *parent = nullptr);
    JournalOrders(Receiver receiver, Journal &journal, const Clock &clock, QObject *parent = nullptr);

    /// It is known what was there before: all that is added from now on is reported.
    bool isFollowing() const { return m_asked != Asked::Newest; }

private:
    enum class Asked : quint8 { Nothing, Newest, Rows, Steps };

    void look();
    void ask(Asked what, const JournalQuery &query);
    void take(quint64 token, const JournalPage &page);
    void takeRows(const JournalPage &page);
    void takeSteps(const JournalPage &page);
    void askSteps();

    const Receiver m_to;
    Journal &m_journal;
    const Clock &m_clock;
    Asked m_asked = Asked::Nothing;
    JournalQuery m_query; ///< That is asked.
    quint64 m_token = 0;
    int m_page = 0;
    qint64 m_lastRow = -1; ///< Up to it everything was looked at; -1: not known yet.
    qint64 m_newestRow = 0; ///< Of the rows being looked at.
    bool m_again = false; ///< Something was added meanwhile.
    QSet<QUuid> m_fresh; ///< Commands with new steps.
    QList<QUuid> m_groups; ///< Theirs: all of their steps are to be read.
    QList<JournalEntry> m_steps; ///< Of those commands, oldest first within each group.
};

} // namespace pulsedeck
