// SPDX-License-Identifier: GPL-3.0-or-later
// wrangler.jsonc and wrangler.json. Qt's parser says whether it is JSON; where each value stands is found by walking
// over the same bytes, which it does not tell.
#include "app/timing/timingfilereading.h"

#include "models/timing/jsonplace.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Walks a document that is known to be sound.
class WranglerWalk
{
public:
    WranglerWalk(const QByteArray &json, TimingFileReading &reading, const TimingLibrary &library)
        : m_json(json)
        , m_reading(reading)
        , m_known(variablesOf(TimingFileText::Kind::Wrangler, library))
    { }

    void walk()
    {
        value(Where::Root, {});
        if (!m_reading.error.isEmpty())
            return;
        takeVariables(m_found, &m_reading);
        nameNearMisses(m_others, m_known, &m_reading);
    }

private:
    enum class Where : quint8 { Root, Vars, Environments, Environment, Elsewhere };

    char peek() const { return m_at < m_json.size() ? m_json.at(m_at) : '\0'; }
    int line() const { return lineOfOffset(m_json, m_at); }

    void skipSpace()
    {
        while (m_at < m_json.size() && QByteArrayView(" \t\r\n").contains(m_json.at(m_at)))
            ++m_at;
    }

    /// With its quotes.
    QByteArrayView string()
    {
        const qsizetype from = m_at++;
        while (m_at < m_json.size() && m_json.at(m_at) != '"')
            m_at += m_json.at(m_at) == '\\' ? 2 : 1;
        m_at = std::min(m_at + 1, m_json.size());
        return QByteArrayView(m_json).sliced(from, m_at - from);
    }

    /// Escapes are the parser's business.
    static QString textOf(QByteArrayView quoted)
    {
        return QJsonDocument::fromJson("[" + quoted.toByteArray() + "]").array().at(0).toString();
    }

    TimingFileReading::Span spanOf(QByteArrayView inside) const { return {inside.data() - m_json.constData(), inside.size()}; }

    QByteArrayView scalar()
    {
        skipSpace();
        if (peek() == '"')
            return string();
        const qsizetype from = m_at;
        while (m_at < m_json.size() && !QByteArrayView(",:]} \t\r\n").contains(m_json.at(m_at)))
            ++m_at;
        return QByteArrayView(m_json).sliced(from, m_at - from);
    }

    void value(Where where, const QString &environment)
    {
        skipSpace();
        if (peek() == '{')
            object(where, environment);
        else if (peek() == '[')
            array();
        else
            scalar();
    }

    void array()
    {
        ++m_at;
        for (skipSpace(); peek() != ']' && peek() != '\0'; skipSpace()) {
            value(Where::Elsewhere, {});
            skipSpace();
            if (peek() == ',')
                ++m_at;
        }
        ++m_at;
    }

    void object(Where where, const QString &environment)
    {
        QStringList seen;
        ++m_at;
        for (skipSpace(); peek() == '"'; skipSpace()) {
            const int at = line();
            const QByteArrayView key = string();
            m_reading.names.push_back(spanOf(key));
            const QString name = textOf(key);
            skipSpace();
            ++m_at; // The colon.
            if (where == Where::Vars) {
                variable(name, environment, at);
            } else {
                Where inside = Where::Elsewhere;
                if (where == Where::Root)
                    inside = name == "vars"_L1 ? Where::Vars : name == "env"_L1 ? Where::Environments : inside;
                else if (where == Where::Environments)
                    inside = Where::Environment;
                else if (where == Where::Environment && name == "vars"_L1)
                    inside = Where::Vars;
                if (inside != Where::Elsewhere && seen.contains(name))
                    twice(name, at);
                seen.append(name);
                value(inside, inside == Where::Environment ? name : environment);
            }
            skipSpace();
            if (peek() == ',')
                ++m_at;
        }
        ++m_at;
    }

    /// A parser takes the second for the whole, and an edit in the first would change nothing.
    void twice(const QString &name, int at)
    {
        if (!m_reading.error.isEmpty())
            return;
        m_reading.errorLine = at;
        m_reading.error = u"line %1: “%2” stands there a second time"_s.arg(at).arg(name.left(60));
    }

    void variable(const QString &name, const QString &environment, int at)
    {
        const auto held =
            std::find_if(m_known.begin(), m_known.end(), [&name](const HeldVariable &one) { return one.variable.name == name; });
        if (held == m_known.end()) {
            m_others.push_back({name, environment, at});
            value(Where::Elsewhere, {});
            return;
        }
        FoundVariable one;
        one.held = *held;
        one.environment = environment;
        skipSpace();
        one.line = line();
        const char first = peek();
        if (first == '{' || first == '[') {
            one.problem = u"it is no text and no whole number"_s;
            value(Where::Elsewhere, {});
        } else {
            const QByteArrayView raw = scalar();
            const bool quoted = first == '"';
            const QByteArrayView number = quoted ? raw.sliced(1, raw.size() - 2).trimmed() : raw;
            one.said = quoted ? textOf(raw).toUtf8() : raw.toByteArray();
            one.number = spanOf(number);
            QString why;
            if (number != QByteArrayView(one.said).trimmed() && numberOf(one.said, held->variable.unit, &why))
                one.problem = u"it is written with escapes, which are not edited"_s;
        }
        m_found.push_back(one);
    }

    const QByteArray &m_json;
    TimingFileReading &m_reading;
    std::vector<HeldVariable> m_known;
    std::vector<FoundVariable> m_found;
    std::vector<OtherVariable> m_others;
    qsizetype m_at = 0;
};

} // namespace

QByteArray withoutComments(const QByteArray &text)
{
    QByteArray json = text;
    if (json.startsWith("\xef\xbb\xbf"))
        json.replace(0, 3, "   ");
    const auto blank = [&json](qsizetype from, qsizetype to) {
        for (qsizetype i = from; i < to; ++i) {
            if (json.at(i) != '\n' && json.at(i) != '\r')
                json[i] = ' ';
        }
    };
    char before = '\0'; // What stood before a comma, blanks and comments apart.
    qsizetype comma = -1; // The last thing seen, if it was one.
    for (qsizetype at = 0; at < json.size();) {
        const char c = json.at(at);
        const QByteArrayView rest = QByteArrayView(json).sliced(at);
        if (rest.startsWith("//")) {
            qsizetype end = at;
            while (end < json.size() && json.at(end) != '\n' && json.at(end) != '\r')
                ++end;
            blank(at, end);
            at = end;
        } else if (rest.startsWith("/*")) {
            const qsizetype end = json.indexOf("*/", at + 2);
            if (end < 0)
                return json; // It is no JSON, and the parser says where.
            blank(at, end + 2);
            at = end + 2;
        } else if (c == '"') {
            ++at;
            while (at < json.size() && json.at(at) != '"')
                at += json.at(at) == '\\' ? 2 : 1;
            ++at;
            before = '"';
            comma = -1;
        } else if (c == ',') {
            comma = before == ',' || before == '{' || before == '[' || before == '\0' ? -1 : at;
            before = c;
            ++at;
        } else if (QByteArrayView(" \t\r\n").contains(c)) {
            ++at;
        } else {
            if ((c == '}' || c == ']') && comma >= 0)
                json[comma] = ' ';
            before = c;
            comma = -1;
            ++at;
        }
    }
    return json;
}

bool isWranglerJson(const QString &path, const QByteArray &text)
{
    const QString name = QFileInfo(path).fileName().toLower();
    if (name.endsWith(".jsonc"_L1) || (name.startsWith("wrangler"_L1) && name.endsWith(".json"_L1)))
        return true;
    if (!name.endsWith(".json"_L1))
        return false;
    const QJsonObject root = QJsonDocument::fromJson(withoutComments(text)).object();
    return root.value("vars"_L1).isObject() || root.value("env"_L1).isObject() || root.contains("compatibility_date"_L1);
}

TimingFileReading readWranglerJson(const QByteArray &text, const TimingLibrary &library)
{
    TimingFileReading reading;
    reading.form = TimingFileReading::Form::Json;
    reading.file.kind = TimingFileText::Kind::Wrangler;
    reading.file.text = text;
    const QByteArray json = withoutComments(text);
    QJsonParseError mistake;
    const QJsonDocument document = QJsonDocument::fromJson(json, &mistake);
    if (mistake.error != QJsonParseError::NoError || !document.isObject()) {
        const bool sound = mistake.error == QJsonParseError::NoError;
        reading.errorLine = sound ? 1 : lineOfOffset(json, mistake.offset);
        reading.error = u"line %1: %2"_s.arg(reading.errorLine)
                            .arg(sound ? u"an object is expected"_s : u"this is no JSON (%1)"_s.arg(mistake.errorString()));
        return reading;
    }
    WranglerWalk(json, reading, library).walk();
    return reading;
}

} // namespace pulsedeck
