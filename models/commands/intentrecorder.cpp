// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/intentrecorder.h"

#include <QTimer>

namespace pulsedeck {

void IntentRecorder::setJournal(Journal *journal)
{
    if (m_journal == journal)
        return;
    if (m_journal)
        disconnect(m_journal, nullptr, this, nullptr);
    m_journal = journal;
    // What waits for the old one goes without it.
    const QList<quint64> waiting = m_waiting.keys();
    for (const quint64 token : waiting)
        onLate(token);
    m_waiting.clear();
    if (journal) {
        connect(journal, &Journal::written, this, &IntentRecorder::onWritten);
        connect(journal, &QObject::destroyed, this, [this] { m_journal = nullptr; });
    }
}

void IntentRecorder::record(const std::vector<quint64> &keys, const QList<JournalEntry> &intents)
{
    if (!m_journal) {
        emit settled(keys, false, true);
        return;
    }
    constexpr qsizetype mostLate = 256;
    if (m_waiting.size() > mostLate)
        erase_if(m_waiting, [](const auto &place) { return place.value().gone; });
    const quint64 token = m_journal->nextToken();
    m_waiting.insert(token, {keys, false});
    QTimer::singleShot(std::chrono::milliseconds(waitMs), this, [this, token] { onLate(token); });
    m_journal->write(intents, token);
}

void IntentRecorder::onWritten(quint64 token, bool ok)
{
    const auto found = m_waiting.find(token);
    if (found == m_waiting.end())
        return;
    const Waiting waiting = *found;
    m_waiting.erase(found);
    emit settled(waiting.keys, ok, !waiting.gone);
}

void IntentRecorder::onLate(quint64 token)
{
    const auto found = m_waiting.find(token);
    if (found == m_waiting.end() || found->gone)
        return;
    found->gone = true;
    const std::vector<quint64> keys = found->keys;
    emit settled(keys, false, true);
}

} // namespace pulsedeck
