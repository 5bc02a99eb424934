// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/jsonplace.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace pulsedeck {

namespace {

/// Walks a document that is known to be valid, so that it only has to find where things end.
class Walker
{
public:
    explicit Walker(QByteArrayView json)
        : m_json(json)
    { }

    void skipSpace()
    {
        while (m_at < m_json.size() && QByteArrayView(" \t\r\n").contains(m_json[m_at]))
            ++m_at;
    }

    qsizetype at() const { return m_at; }

    char peek() const { return m_at < m_json.size() ? m_json[m_at] : '\0'; }

    QByteArrayView string()
    {
        const qsizetype from = m_at++;
        while (m_at < m_json.size() && m_json[m_at] != '"')
            m_at += m_json[m_at] == '\\' ? 2 : 1;
        m_at = std::min(m_at + 1, m_json.size());
        return m_json.sliced(from, m_at - from);
    }

    void skipValue()
    {
        int depth = 0;
        do {
            skipSpace();
            const char c = peek();
            if (c == '\0')
                return;
            if (c == '"') {
                string();
            } else if (c == '{' || c == '[') {
                ++depth;
                ++m_at;
            } else if (c == '}' || c == ']') {
                --depth;
                ++m_at;
            } else if (c == ',' || c == ':') {
                ++m_at;
            } else {
                while (m_at < m_json.size() && !QByteArrayView(",:]} \t\r\n").contains(m_json[m_at]))
                    ++m_at;
            }
        } while (depth > 0);
    }

    /// Goes to the member or element \a name of the value here; false, and somewhere behind it, if there is none.
    bool enter(const QString &name)
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
                const QByteArray key = "[" + string().toByteArray() + "]"; // Escapes are the parser's business.
                skipSpace();
                ++m_at; // The colon.
                skipSpace();
                if (QJsonDocument::fromJson(key).array().at(0).toString() == name)
                    return true;
            } else if (name == QString::number(index)) {
                return true;
            }
            skipValue();
            skipSpace();
            if (peek() == ',')
                ++m_at;
        }
    }

private:
    QByteArrayView m_json;
    qsizetype m_at = 0;
};

} // namespace

int lineOfOffset(QByteArrayView text, qsizetype offset)
{
    const QByteArrayView before = text.first(qBound<qsizetype>(0, offset, text.size()));
    return 1 + int(std::count(before.begin(), before.end(), '\n'));
}

int jsonLine(QByteArrayView json, const QStringList &path)
{
    Walker walker(json);
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
