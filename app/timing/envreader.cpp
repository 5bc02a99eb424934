// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingfilereading.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

bool isNameLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/// Walks the assignments of an environment file. A quoted value may span several lines, which are no
/// assignments.
class EnvLines
{
public:
    struct Assignment
    {
        QByteArrayView name; ///< Within the text.
        qsizetype from = 0; ///< Of the value, without quotes.
        qsizetype length = 0;
        int line = 0;
        bool quoted = false;
        bool doubtful = false; ///< docker compose accepts it, dotenv does not.
    };

    explicit EnvLines(const QByteArray &text)
        : m_text(text)
    {
        if (text.startsWith("\xef\xbb\xbf"))
            m_at = 3;
    }

    /// The next assignment; false at the end.
    bool next(Assignment *assignment)
    {
        while (m_at < m_text.size()) {
            const int line = m_line;
            const bool found = readLine(assignment);
            assignment->line = line;
            toNextLine();
            if (found)
                return true;
        }
        return false;
    }

private:
    void skipBlanks()
    {
        while (m_at < m_text.size() && isBlank(m_text.at(m_at)))
            ++m_at;
    }

    void toNextLine()
    {
        while (m_at < m_text.size() && !isLineEnd(m_text.at(m_at)))
            ++m_at;
        passLineEnd();
    }

    void passLineEnd()
    {
        if (m_at >= m_text.size())
            return;
        const bool pair = m_text.at(m_at) == '\r' && m_at + 1 < m_text.size() && m_text.at(m_at + 1) == '\n';
        m_at += pair ? 2 : 1;
        ++m_line;
    }

    QByteArrayView word()
    {
        const qsizetype from = m_at;
        while (m_at < m_text.size() && isNameLetter(m_text.at(m_at)))
            ++m_at;
        return QByteArrayView(m_text).sliced(from, m_at - from);
    }

    bool readLine(Assignment *assignment)
    {
        skipBlanks();
        assignment->name = word();
        if (assignment->name == "export" && m_at < m_text.size() && isBlank(m_text.at(m_at))) {
            skipBlanks();
            assignment->name = word();
        }
        if (assignment->name.isEmpty())
            return false; // Empty, a comment, or unknown.
        const qsizetype nameEnd = m_at;
        skipBlanks();
        const char sign = m_at < m_text.size() ? m_text.at(m_at) : '\n';
        if (sign != '=' && sign != ':')
            return false;
        ++m_at;
        // A colon follows the name at once, and a blank follows it.
        const bool parted = m_at >= m_text.size() || isBlank(m_text.at(m_at)) || isLineEnd(m_text.at(m_at));
        assignment->doubtful = sign == ':' && (m_at - 1 != nameEnd || !parted);
        skipBlanks();
        const char first = m_at < m_text.size() ? m_text.at(m_at) : '\n';
        // What not every reader accepts as an assignment opens no quotes over the following lines.
        const bool quote = first == '"' || first == '\'' || first == '`';
        assignment->quoted = quote && !assignment->doubtful && readQuoted(first, assignment);
        if (!assignment->quoted)
            readPlain(assignment);
        return true;
    }

    /// From the quote to the closing one, which only a comment may follow in its line. False if there is none: then the quote is
    /// an ordinary character.
    bool readQuoted(char quote, Assignment *assignment)
    {
        qsizetype end = m_at + 1;
        while (end < m_text.size() && m_text.at(end) != quote)
            end += quote == '"' && m_text.at(end) == '\\' ? 2 : 1;
        if (end >= m_text.size())
            return false;
        qsizetype after = end + 1;
        while (after < m_text.size() && isBlank(m_text.at(after)))
            ++after;
        if (after < m_text.size() && !isLineEnd(m_text.at(after)) && m_text.at(after) != '#')
            return false;
        assignment->from = m_at + 1;
        assignment->length = end - assignment->from;
        while (m_at < end) {
            if (isLineEnd(m_text.at(m_at)))
                passLineEnd();
            else
                ++m_at;
        }
        return true;
    }

    /// To the end of the line or to a comment, which begins with #, as dotenv reads it also without a blank before it.
    void readPlain(Assignment *assignment)
    {
        assignment->from = m_at;
        while (m_at < m_text.size() && !isLineEnd(m_text.at(m_at))) {
            if (m_text.at(m_at) == '#')
                break;
            ++m_at;
        }
        qsizetype end = m_at;
        while (end > assignment->from && isBlank(m_text.at(end - 1)))
            --end;
        assignment->length = end - assignment->from;
    }

    const QByteArray &m_text;
    qsizetype m_at = 0;
    int m_line = 1;
};

} // namespace

TimingFileReading readEnv(const QByteArray &text, TimingFileText::Kind kind, const TimingLibrary &library)
{
    TimingFileReading reading;
    reading.file.kind = kind;
    reading.file.text = text;

    const std::vector<HeldVariable> known = variablesOf(kind, library);
    std::vector<FoundVariable> found;
    std::vector<OtherVariable> others;
    EnvLines lines(text);
    EnvLines::Assignment assignment;
    while (lines.next(&assignment)) {
        reading.names.push_back({assignment.name.data() - text.constData(), assignment.name.size()});
        const QString name = QString::fromUtf8(assignment.name);
        const HeldVariable *held = variableNamed(name, known);
        if (!held) {
            others.push_back({name, {}, assignment.line});
            continue;
        }
        const QByteArrayView number = QByteArrayView(text).sliced(assignment.from, assignment.length).trimmed();
        FoundVariable one;
        one.held = *held;
        one.line = assignment.line;
        one.number = {number.data() - text.constData(), number.size()};
        one.said = number.toByteArray();
        if (assignment.doubtful)
            one.problem =
                TimingReaderTexts::tr("not every reader accepts this colon: put it right after the name, and a blank after it");
        found.push_back(one);
    }
    takeVariables(found, &reading);
    nameNearMisses(others, known, &reading);
    return reading;
}

} // namespace pulsedeck
