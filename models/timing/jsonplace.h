// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

namespace pulsedeck {

/// Goes over the bytes of a valid JSON document, for the places of things in it. \a json outlives it.
class JsonWalker
{
public:
    explicit JsonWalker(QByteArrayView json)
        : m_json(json)
    { }

    qsizetype at() const { return m_at; }
    /// '\0' at the end.
    char peek() const { return m_at < m_json.size() ? m_json[m_at] : '\0'; }
    void skip() { ++m_at; }
    void skipSpace();
    /// Past the comma between two members or elements, if one is here.
    void skipComma();
    /// The string here, with its quotes.
    QByteArrayView string();
    /// The string, number or word here, with quotes.
    QByteArrayView scalar();
    void skipValue();
    /// Goes to the member or element \a name of the value here; false, and somewhere behind it, if there is none.
    bool enter(const QString &name);

    /// What a string says: \a quoted as string() gives it.
    static QString textOf(QByteArrayView quoted);

private:
    QByteArrayView m_json;
    qsizetype m_at = 0;
};

/// Line, from 1, of the value at \a path in \a json, a valid document; a number in the path is an index into an array:
/// {"ruleSets", "0", "rules", "3", "factor"}. The line of the deepest value found if the path leads nowhere. For messages.
int jsonLine(QByteArrayView json, const QStringList &path);
/// Line of a byte offset, from 1.
int lineOfOffset(QByteArrayView text, qsizetype offset);

} // namespace pulsedeck
