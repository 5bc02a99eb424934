// SPDX-License-Identifier: GPL-3.0-or-later
// wrangler.jsonc and wrangler.json. Qt's parser decides whether it is JSON; the places of the values are found by walking over
// the same bytes.
#include "app/timing/timingfilereading.h"

#include "models/timing/jsonplace.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Walks a document that is known to be valid.
class WranglerWalk
{
public:
    WranglerWalk(const QByteArray &json, TimingFileReading &reading, const TimingLibrary &library)
        : m_json(json)
        , m_walker(json)
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

    int line() const { return lineOfOffset(m_json, m_walker.at()); }

    TimingFileReading::Span spanOf(QByteArrayView inside) const { return {inside.data() - m_json.constData(), inside.size()}; }

    void value(Where where, const QString &environment)
    {
        m_walker.skipSpace();
        if (m_walker.peek() == '{')
            object(where, environment);
        else if (m_walker.peek() == '[')
            array();
        else
            m_walker.scalar();
    }

    void array()
    {
        m_walker.skip();
        for (m_walker.skipSpace(); m_walker.peek() != ']' && m_walker.peek() != '\0'; m_walker.skipSpace()) {
            value(Where::Elsewhere, {});
            m_walker.skipComma();
        }
        m_walker.skip();
    }

    void object(Where where, const QString &environment)
    {
        QStringList seen;
        m_walker.skip();
        for (m_walker.skipSpace(); m_walker.peek() == '"'; m_walker.skipSpace()) {
            const int at = line();
            const QByteArrayView key = m_walker.string();
            m_reading.names.push_back(spanOf(key));
            const QString name = JsonWalker::textOf(key);
            m_walker.skipSpace();
            m_walker.skip(); // The colon.
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
            m_walker.skipComma();
        }
        m_walker.skip();
    }

    /// A parser takes the second for the whole, and an edit in the first would change nothing.
    void twice(const QString &name, int at)
    {
        if (!m_reading.error.isEmpty())
            return;
        m_reading.errorLine = at;
        m_reading.error = TimingReaderTexts::tr("line %1: “%2” occurs a second time").arg(at).arg(name.left(60));
    }

    void variable(const QString &name, const QString &environment, int at)
    {
        const HeldVariable *held = variableNamed(name, m_known);
        if (!held) {
            m_others.push_back({name, environment, at});
            value(Where::Elsewhere, {});
            return;
        }
        FoundVariable one;
        one.held = *held;
        one.environment = environment;
        m_walker.skipSpace();
        one.line = line();
        const char first = m_walker.peek();
        if (first == '{' || first == '[') {
            one.problem = TimingReaderTexts::tr("it is neither a text nor a whole number");
            value(Where::Elsewhere, {});
        } else {
            const QByteArrayView raw = m_walker.scalar();
            const bool quoted = first == '"';
            const QByteArrayView number = quoted ? raw.sliced(1, raw.size() - 2).trimmed() : raw;
            one.said = quoted ? JsonWalker::textOf(raw).toUtf8() : raw.toByteArray();
            one.number = spanOf(number);
            QString why;
            if (number != QByteArrayView(one.said).trimmed() && numberOf(one.said, held->variable.unit, &why))
                one.problem = TimingReaderTexts::tr("it contains escapes, which are not edited");
        }
        m_found.push_back(one);
    }

    const QByteArray &m_json;
    JsonWalker m_walker;
    TimingFileReading &m_reading;
    std::vector<HeldVariable> m_known;
    std::vector<FoundVariable> m_found;
    std::vector<OtherVariable> m_others;
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
        reading.error = TimingReaderTexts::tr("line %1: %2")
                            .arg(reading.errorLine)
                            .arg(sound ? TimingReaderTexts::tr("expected an object")
                                       : TimingReaderTexts::tr("this is not JSON (%1)").arg(mistake.errorString()));
        return reading;
    }
    WranglerWalk(json, reading, library).walk();
    return reading;
}

} // namespace pulsedeck
