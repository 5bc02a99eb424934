// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalsightings.h"

#include "app/journal/journalfile.h"
#include "models/protocol/act.h"

#include <QSqlError>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 pruneEveryMs = 60'000;
constexpr QChar between{0x1f};

QString whatOf(const JournalEntry &entry)
{
    return QString(journalKindName(entry.kind) % between % entry.source % between % QString::fromUtf8(entry.worker) % between
                   % entry.act % between % entry.step)
        .left(1'000);
}

/// An announced shutdown is a shutdown to those who see it.
QString commandOf(const JournalEntry &entry)
{
    const std::optional<Act> given = actFromName(entry.act);
    const QString act = given && isShutdown(*given) ? actName(Act::Shutdown) : entry.act;
    return QString(u"own "_s % entry.source % between % QString::fromUtf8(entry.worker) % between % act).left(1'000);
}

/// What lasts, and is found again by each console that comes to it, however late.
bool isCondition(const JournalEntry &entry)
{
    return entry.kind == JournalKind::Fleet && (entry.step == u"clock-skew"_s || entry.step == u"problem"_s);
}

bool isCommand(const JournalEntry &entry)
{
    return entry.kind == JournalKind::Command && !entry.worker.isEmpty();
}

} // namespace

JournalSightings::JournalSightings(JournalFile &file)
    : m_file(file)
    , m_console(QUuid::createUuid().toString(QUuid::WithoutBraces))
{ }

bool JournalSightings::open()
{
    QSqlQuery make(m_file.database());
    for (const QString &statement :
         {u"CREATE TABLE IF NOT EXISTS sightings (what TEXT NOT NULL, at INTEGER NOT NULL, console TEXT NOT NULL, "
          "met TEXT NOT NULL DEFAULT '')"_s,
          u"CREATE INDEX IF NOT EXISTS sightings_what ON sightings(what, at)"_s}) {
        if (!make.exec(statement)) {
            m_error = make.lastError();
            return false;
        }
    }
    m_look = std::make_unique<QSqlQuery>(m_file.database());
    m_meet = std::make_unique<QSqlQuery>(m_file.database());
    m_note = std::make_unique<QSqlQuery>(m_file.database());
    m_look->setForwardOnly(true);
    if (m_look->prepare(u"SELECT rowid FROM sightings WHERE what = ? AND at BETWEEN ? AND ? AND console != ? "
                        "AND instr(met, ?) = 0 ORDER BY abs(at - ?) LIMIT 1"_s)
        && m_meet->prepare(u"UPDATE sightings SET met = met || ? || ' ' WHERE rowid = ?"_s)
        && m_note->prepare(u"INSERT INTO sightings (what, at, console) VALUES (?, ?, ?)"_s))
        return true;
    for (const auto *query : {m_look.get(), m_meet.get(), m_note.get()}) {
        if (query->lastError().isValid())
            m_error = query->lastError();
    }
    return false;
}

void JournalSightings::close()
{
    m_look.reset();
    m_meet.reset();
    m_note.reset();
}

bool JournalSightings::isTold(const JournalEntry &entry)
{
    if (!entry.seen || !m_look)
        return false;
    const auto find = [&](const QString &what, qint64 from) {
        m_look->bindValue(0, what);
        m_look->bindValue(1, from);
        m_look->bindValue(2, entry.at + sameWithinMs);
        m_look->bindValue(3, m_console);
        m_look->bindValue(4, m_console);
        m_look->bindValue(5, entry.at);
        const qint64 row = m_look->exec() && m_look->next() ? m_look->value(0).toLongLong() : 0;
        m_look->finish();
        return row;
    };
    if (isCommand(entry) && find(commandOf(entry), entry.at - commandForMs) > 0)
        return true;
    const qint64 row = find(whatOf(entry), entry.at - (isCondition(entry) ? lastingForMs : sameWithinMs));
    if (row == 0)
        return false;
    // Each line matches one of ours: what is seen once more is another event.
    m_meet->bindValue(0, m_console);
    m_meet->bindValue(1, row);
    m_meet->exec();
    return true;
}

bool JournalSightings::note(const JournalEntry &entry)
{
    if (!m_note || (!entry.seen && !isCommand(entry)))
        return true;
    m_note->bindValue(0, entry.seen ? whatOf(entry) : commandOf(entry));
    m_note->bindValue(1, entry.at);
    m_note->bindValue(2, m_console);
    if (!m_note->exec()) {
        m_error = m_note->lastError();
        return false;
    }
    return entry.at - m_prunedAt < pruneEveryMs || prune(entry.at);
}

bool JournalSightings::prune(qint64 now)
{
    m_prunedAt = now;
    QSqlQuery query(m_file.database());
    if (query.exec(u"DELETE FROM sightings WHERE at < "_s % QString::number(now - commandForMs)))
        return true;
    m_error = query.lastError();
    return false;
}

} // namespace pulsedeck
