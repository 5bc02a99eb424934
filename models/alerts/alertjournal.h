// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"

namespace pulsedeck {

class Journal;

/// Writes into the journal what operators do about alerts: who acknowledged or silenced what, why, until when, and when a silence
/// ended. What an earlier run did, and AlertMemory restored, is there already and is not written again. GUI thread.
class AlertJournal : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this.
    AlertJournal(const AlertEngine &engine, const Clock &clock, Journal &journal, QObject *parent = nullptr);
    /// \a by has switched a rule on or off.
    void noteSwitch(const AlertRule &rule, bool on, const QString &by);

private:
    void write(const QString &step, const QString &by, const QString &reason, const QString &text, const QString &source,
               const QJsonObject &facts);

    const AlertEngine &m_engine;
    const Clock &m_clock;
    Journal &m_journal;
    const qint64 m_startedAt; ///< By the machine's clock.
};

} // namespace pulsedeck
