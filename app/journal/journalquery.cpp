// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalquery.h"

#include <QJsonDocument>
#include <QSqlQuery>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype mostWords = 12;
constexpr qsizetype mostTrigrams = 24; // Of one word: enough to leave few rows that have to be compared.
constexpr qsizetype trigram = 3;

/// A pattern for LIKE that finds the word anywhere. LIKE knows upper and lower case in ASCII only: any other letter may be any
/// letter.
QString patternFor(const QString &word)
{
    QString pattern = u"%"_s;
    for (const char32_t character : word.toUcs4()) {
        if (character == U'%' || character == U'_' || character == U'\\')
            pattern += u'\\';
        if (character > 0x7f && QChar::isLetter(character))
            pattern += u'_';
        else
            pattern += QString::fromUcs4(&character, 1);
    }
    return pattern + u'%';
}

/// All trigrams of the word, for a MATCH; empty for a shorter word.
QString trigramsOf(const QString &word)
{
    const QList<uint> characters = word.toUcs4();
    QStringList terms;
    for (qsizetype i = 0; i + trigram <= characters.size() && terms.size() < mostTrigrams; ++i) {
        QString term;
        for (qsizetype k = i; k < i + trigram; ++k) {
            const char32_t character = characters.at(k);
            term += character == U'"' ? u"\"\""_s : QString::fromUcs4(&character, 1);
        }
        terms.append(u'"' % term % u'"');
    }
    return terms.join(u" AND "_s);
}

} // namespace

QString journalColumns(bool hasFacts)
{
    return u"e.row, e.at, e.kind, e.source, e.worker, e.command, e.grp, e.act, e.step, e.who, e.reason, e.text, "_s
           + (hasFacts ? u"e.facts"_s : u"''"_s);
}

JournalEntry journalEntryFrom(const QSqlQuery &row)
{
    JournalEntry entry;
    entry.row = row.value(0).toLongLong();
    entry.at = row.value(1).toLongLong();
    entry.kind = JournalKind(qBound(0, row.value(2).toInt(), journalKindCount - 1));
    entry.source = row.value(3).toString();
    entry.worker = row.value(4).toString().toUtf8();
    entry.command = QUuid::fromString(row.value(5).toString());
    entry.group = QUuid::fromString(row.value(6).toString());
    entry.act = row.value(7).toString();
    entry.step = row.value(8).toString();
    entry.by = row.value(9).toString();
    entry.reason = row.value(10).toString();
    entry.text = row.value(11).toString();
    if (const QByteArray facts = row.value(12).toString().toUtf8(); !facts.isEmpty())
        entry.facts = QJsonDocument::fromJson(facts).object();
    return entry;
}

JournalSql::JournalSql(const QSqlDatabase &database, const JournalQuery &query, bool hasIndex, bool hasFacts)
    : m_database(database)
    , m_query(query)
    , m_hasFacts(hasFacts)
{
    m_narrow = !query.worker.isEmpty() || !query.command.isNull() || !query.group.isNull();
    if (!query.worker.isEmpty())
        addCondition(u"e.worker != '' AND e.worker = ?"_s, QString::fromUtf8(query.worker));
    if (!query.command.isNull())
        addCondition(u"e.command != '' AND e.command = ?"_s, journalIdText(query.command));
    if (!query.group.isNull())
        addCondition(u"e.grp != '' AND e.grp = ?"_s, journalIdText(query.group));
    if (!query.by.isEmpty())
        addCondition(u"e.who = ?"_s, query.by);
    if (query.from > 0)
        addCondition(u"e.at >= ?"_s, query.from);
    if (query.until > 0)
        addCondition(u"e.at < ?"_s, query.until);
    if (!query.kinds.isEmpty()) {
        QStringList kinds;
        for (const JournalKind kind : query.kinds)
            kinds.append(QString::number(int(kind)));
        m_conditions.append(u"e.kind IN ("_s % kinds.join(u',') % u')');
    }
    QStringList matches;
    const QStringList words = query.search.simplified().split(u' ', Qt::SkipEmptyParts).mid(0, mostWords);
    for (const QString &word : words) {
        addWord(word);
        const QString terms = trigramsOf(word);
        if (!terms.isEmpty())
            matches.append(terms);
    }
    if (hasIndex && !m_narrow)
        m_match = matches.join(u" AND "_s);
}

void JournalSql::addCondition(const QString &condition, const QVariant &value)
{
    m_conditions.append(condition);
    m_values.append(value);
}

void JournalSql::addWord(const QString &word)
{
    const QString pattern = patternFor(word);
    QStringList places;
    for (const QString &column : {u"worker"_s, u"text"_s, u"reason"_s, u"source"_s, u"who"_s, u"act"_s}) {
        places.append(u"e."_s % column % u" LIKE ? ESCAPE '\\'"_s);
        m_values.append(pattern);
    }
    m_conditions.append(u'(' % places.join(u" OR "_s) % u')');
}

/// Where to look, newest rows first.
std::vector<JournalSql::Part> JournalSql::parts() const
{
    const QString where = m_conditions.isEmpty() ? u"1"_s : m_conditions.join(u" AND "_s);
    if (!m_match.isEmpty()) {
        const QString indexed = u"(SELECT indexed FROM progress)"_s;
        return {{u"entries e NOT INDEXED WHERE e.row > "_s % indexed % u" AND "_s % where, m_values},
                {u"search s CROSS JOIN entries e ON e.row = s.rowid WHERE search MATCH ? AND "_s % where,
                 QVariantList{m_match} + m_values, Part::Way::Search}};
    }
    if (m_narrow)
        return {{u"entries e WHERE "_s % where, m_values}};
    const bool byTimeOrKind =
        (m_query.from > 0 || m_query.until > 0 || !m_query.kinds.isEmpty()) && m_query.search.isEmpty() && m_query.by.isEmpty();
    if (byTimeOrKind)
        return {{u"entries e INDEXED BY entries_at WHERE "_s % where, m_values, Part::Way::ByTime}};
    return {{u"entries e NOT INDEXED WHERE "_s % where, m_values}};
}

QSqlError JournalSql::readRows(const Part &part, int most, QList<JournalEntry> *entries) const
{
    // In the index the order is that of s.rowid; naming it lets FTS walk backwards instead of sorting.
    const QString row = part.way == Part::Way::Search ? u"s.rowid"_s : u"e.row"_s;
    QString bounds;
    QVariantList values = part.values;
    if (m_query.beforeRow > 0) {
        bounds += u" AND "_s % row % u" < ?"_s;
        values.append(m_query.beforeRow);
    }
    if (m_query.afterRow > 0) {
        bounds += u" AND "_s % row % u" > ?"_s;
        values.append(m_query.afterRow);
    }
    values.append(most);
    const QString rows = part.from % bounds % u" ORDER BY "_s % row % u" DESC LIMIT ?"_s;
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    query.prepare(part.way == Part::Way::ByTime
                      ? QString(u"SELECT "_s % journalColumns(m_hasFacts)
                                % u" FROM entries e WHERE e.row IN (SELECT e.row FROM "_s % rows % u") ORDER BY e.row DESC"_s)
                      : QString(u"SELECT "_s % journalColumns(m_hasFacts) % u" FROM "_s % rows));
    for (const QVariant &value : std::as_const(values))
        query.addBindValue(value);
    if (!query.exec())
        return query.lastError();
    while (query.next())
        entries->append(journalEntryFrom(query));
    return query.lastError();
}

QSqlError JournalSql::count(const Part &part, int most, qint64 *found) const
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    query.prepare(u"SELECT count(*) FROM (SELECT 1 FROM "_s % part.from % u" LIMIT ?)"_s);
    for (const QVariant &value : part.values)
        query.addBindValue(value);
    query.addBindValue(most);
    if (!query.exec() || !query.next())
        return query.lastError();
    *found += query.value(0).toLongLong();
    return {};
}

QSqlError JournalSql::read(JournalPage *page)
{
    const int limit = qBound(1, m_query.limit, mostInPage);
    const std::vector<Part> places = parts();
    for (const Part &part : places) {
        const int wanted = limit + 1 - int(page->entries.size());
        if (wanted <= 0)
            break;
        if (const QSqlError error = readRows(part, wanted, &page->entries); error.isValid())
            return error;
    }
    page->more = page->entries.size() > limit;
    if (page->more)
        page->entries.resize(limit);
    if (m_query.beforeRow > 0 || m_query.afterRow > 0)
        return {};
    if (!page->more) {
        page->matches = page->entries.size();
        return {};
    }
    qint64 found = 0;
    for (const Part &part : places) {
        const int wanted = mostCounted + 1 - int(found);
        if (wanted <= 0)
            break;
        if (const QSqlError error = count(part, wanted, &found); error.isValid())
            return error;
    }
    page->atLeast = found > mostCounted;
    page->matches = qMin<qint64>(found, mostCounted);
    return {};
}

} // namespace pulsedeck
