// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/jsonplace.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace pulsedeck {

void JsonWalker::skipSpace()
{
    while (m_at < m_json.size() && QByteArrayView(" \t\r\n").contains(m_json[m_at]))
        ++m_at;
}

void JsonWalker::skipComma()
{
    skipSpace();
    if (peek() == ',')
        ++m_at;
}

QByteArrayView JsonWalker::string()
{
    const qsizetype from = m_at++;
    while (m_at < m_json.size() && m_json[m_at] != '"')
        m_at += m_json[m_at] == '\\' ? 2 : 1;
    m_at = std::min(m_at + 1, m_json.size());
    return m_json.sliced(from, m_at - from);
}

QByteArrayView JsonWalker::scalar()
{
    if (peek() == '"')
        return string();
    const qsizetype from = m_at;
    while (m_at < m_json.size() && !QByteArrayView(",:]} \t\r\n").contains(m_json[m_at]))
        ++m_at;
    return m_json.sliced(from, m_at - from);
}

void JsonWalker::skipValue()
{
    int depth = 0;
    do {
        skipSpace();
        const char c = peek();
        if (c == '\0')
            return;
        if (c == '{' || c == '[')
            ++depth;
        else if (c == '}' || c == ']')
            --depth;
        if (QByteArrayView("{[}],:").contains(c))
            ++m_at;
        else
            scalar();
    } while (depth > 0);
}

bool JsonWalker::enter(const QString &name)
{
    skipSpace();
    const char open = peek();
    if (open != '{' && open != '[')
        return false;
    ++m_at;
    for (int index = 0;; ++index) {
        skipSpace();
        if (peek() == '\0' || peek() == '}' || peek() == ']')
            return false;
        if (open == '{') {
            const QString key = textOf(string());
            skipSpace();
            ++m_at; // The colon.
            skipSpace();
            if (key == name)
                return true;
        } else if (name == QString::number(index)) {
            return true;
        }
        skipValue();
        skipComma();
    }
}

QString JsonWalker::textOf(QByteArrayView quoted)
{
    return QJsonDocument::fromJson("[" + quoted.toByteArray() + "]").array().at(0).toString(); // The parser knows escapes.
}

int lineOfOffset(QByteArrayView text, qsizetype offset)
{
    const QByteArrayView before = text.first(qBound<qsizetype>(0, offset, text.size()));
    return 1 + int(std::count(before.begin(), before.end(), '\n'));
}

int jsonLine(QByteArrayView json, const QStringList &path)
{
    JsonWalker walker(json);
    walker.skipSpace();
    qsizetype found = walker.at();
    for (const QString &name : path) {
        if (!walker.enter(name))
            break;
        found = walker.at();
    }
    return lineOfOffset(json, found);
}

} // namespace pulsedeck
