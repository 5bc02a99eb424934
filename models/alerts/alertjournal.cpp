// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertjournal.h"

#include "models/alerts/alertwords.h"
#include "models/core/clock.h"
#include "models/core/format.h"
#include "models/journal/journal.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QJsonObject silenceFacts(const AlertSilence &silence)
{
    return {{u"silence"_s, silence.id},
            {u"rule"_s, silence.rule},
            {u"groups"_s, QJsonArray::fromStringList(silence.groups)},
            {u"from"_s, silence.from},
            {u"until"_s, silence.until}};
}

} // namespace

AlertJournal::AlertJournal(const AlertEngine &engine, const Clock &clock, Journal &journal, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_clock(clock)
    , m_journal(journal)
    , m_startedAt(clock.wallNowMs())
{
    connect(&engine, &AlertEngine::acknowledged, this, [this](const Alert &alert) {
        if (alert.acknowledged.at < m_startedAt)
            return;
        const QString source = alert.sources.size() == 1 ? alert.sources.front() : QString();
        write(u"acknowledged"_s, alert.acknowledged.by, alert.acknowledged.reason,
              tr("Alert acknowledged: %1").arg(alertTitle(alert)), source,
              {{u"alert"_s, alert.id}, {u"rule"_s, alert.rule.name}, {u"groups"_s, QJsonArray::fromStringList(alert.groups)}});
    });
    connect(&engine, &AlertEngine::silenceAdded, this, [this](const AlertSilence &silence) {
        const QString what = alertSilenceText(silence, m_engine.plan());
        const QString until = wallDateTimeText(silence.until);
        write(u"silenced"_s, silence.by, silence.reason,
              silence.from > m_clock.wallNowMs()
                  ? tr("Alerts will be silenced from %1 until %2: %3").arg(wallDateTimeText(silence.from), until, what)
                  : tr("Alerts silenced until %1: %2").arg(until, what),
              silence.source, silenceFacts(silence));
    });
    connect(&engine, &AlertEngine::silenceEnded, this, [this](const AlertSilence &silence, const QString &by) {
        write(u"silence-ended"_s, by, {}, tr("A silence has ended: %1").arg(alertSilenceText(silence, m_engine.plan())),
              silence.source, silenceFacts(silence));
    });
}

void AlertJournal::noteSwitch(const AlertRule &rule, bool on, const QString &by)
{
    write(on ? u"rule-on"_s : u"rule-off"_s, by, {},
          (on ? tr("Alert rule switched on: %1") : tr("Alert rule switched off: %1")).arg(rule.title), {},
          {{u"rule"_s, rule.name}});
}

void AlertJournal::write(const QString &step, const QString &by, const QString &reason, const QString &text,
                         const QString &source, const QJsonObject &facts)
{
    JournalEntry entry;
    entry.at = m_clock.wallNowMs();
    entry.kind = JournalKind::Console;
    entry.source = source;
    entry.step = step;
    entry.by = by;
    entry.reason = reason;
    entry.text = text;
    entry.facts = facts;
    m_journal.write({entry});
}

} // namespace pulsedeck
