// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/readonlyjournal.h"

namespace pulsedeck {

ReadOnlyJournal::ReadOnlyJournal(const QString &path, QObject *parent)
    : Journal(parent)
    , m_reader(path)
{
    connect(&m_reader, &JournalReader::answered, this, &Journal::answered);
    connect(&m_reader, &JournalReader::plansRead, this, &Journal::plansRead);
    connect(&m_reader, &JournalReader::commandHistoryRead, this, &Journal::commandHistoryRead);
    connect(&m_reader, &JournalReader::endsRead, this, &Journal::endsRead);
    m_look.setInterval(lookEveryMs);
    connect(&m_look, &QTimer::timeout, this, &Journal::appended);
    m_look.start();
}

/// Calls \a question from the event loop: whoever asks has returned when the answer comes.
template <typename Question> void ReadOnlyJournal::ask(Question question)
{
    QMetaObject::invokeMethod(
        this, [this, question] { question(m_reader); }, Qt::QueuedConnection);
}

void ReadOnlyJournal::query(const JournalQuery &query, quint64 token)
{
    ask([query, token](JournalReader &reader) { reader.query(query, token); });
}

void ReadOnlyJournal::readPlans()
{
    ask([](JournalReader &reader) { reader.readPlans(); });
}

void ReadOnlyJournal::readCommandHistory(qint64 withinMs)
{
    ask([withinMs](JournalReader &reader) { reader.readCommandHistory(withinMs); });
}

void ReadOnlyJournal::readEnds(qint64 afterRow)
{
    ask([afterRow](JournalReader &reader) { reader.readEnds(afterRow); });
}

void ReadOnlyJournal::record(const QList<JournalEntry> &, quint64 token, const QList<RollingRecord> &)
{
    if (token != 0)
        QMetaObject::invokeMethod(
            this, [this, token] { emit written(token, false); }, Qt::QueuedConnection);
}

} // namespace pulsedeck
