// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/jsontext.h"

#include "models/core/visibletext.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class JsonTexts
{
    Q_DECLARE_TR_FUNCTIONS(JsonTexts)
};

constexpr int deepest = 64; ///< Levels that are shown.
constexpr qsizetype longestString = 4'000; ///< Of one string inside a value.

/// Whether the surrogate at \a i is half of a pair.
bool isPair(const QString &text, qsizetype i)
{
    return text.at(i).isHighSurrogate() ? i + 1 < text.size() && text.at(i + 1).isLowSurrogate()
                                        : i > 0 && text.at(i - 1).isHighSurrogate();
}

/// The tokens of a text that Qt's parser takes: it finds where they end, and leaves what is in them to others.
class JsonTokens
{
public:
    explicit JsonTokens(QByteArrayView json)
        : m_json(json)
    { }

    qsizetype at() const { return m_at; }
    /// The first byte of the next token, which says its kind; 0 at the end.
    char peek()
    {
        while (m_at < m_json.size() && QByteArrayView(" \t\r\n").contains(m_json[m_at]))
            ++m_at;
        return m_at < m_json.size() ? m_json[m_at] : '\0';
    }
    QByteArrayView next()
    {
        const char first = peek();
        const qsizetype from = m_at;
        if (first == '"') {
            for (++m_at; m_at < m_json.size() && m_json[m_at] != '"';)
                m_at += m_json[m_at] == '\\' ? 2 : 1;
            m_at = qMin(m_at + 1, m_json.size());
        } else if (QByteArrayView("{}[],:").contains(first)) {
            ++m_at;
        } else {
            while (m_at < m_json.size() && !QByteArrayView("{}[],:\" \t\r\n").contains(m_json[m_at]))
                ++m_at;
        }
        return m_json.sliced(from, m_at - from);
    }

private:
    QByteArrayView m_json;
    qsizetype m_at = 0;
};

QString stringOf(QByteArrayView quoted)
{
    return QJsonDocument::fromJson("[" + quoted.toByteArray() + "]").array().at(0).toString();
}

/// Writes a value until there is no room left.
class Writer
{
public:
    Writer(qsizetype longest, bool indented)
        : m_longest(longest)
        , m_indented(indented)
    { }

    void write(const QJsonValue &value, int depth);
    void write(JsonTokens &tokens, int depth);
    const QString &text() const { return m_text; }
    bool isCut() const { return m_cut; }

private:
    bool isFull()
    {
        m_cut = m_cut || m_text.size() >= m_longest;
        return m_text.size() >= m_longest;
    }
    void newLine(int depth)
    {
        if (m_indented)
            m_text += u'\n' + QString(2 * depth, u' ');
    }
    void string(const QString &text);

    QString m_text;
    qsizetype m_longest;
    bool m_indented;
    bool m_cut = false;
    bool m_ended = false; ///< In tokens: what follows is not read any more.
};

void Writer::string(const QString &text)
{
    m_text += u'"';
    const qsizetype most = qMin(longestString, qMax<qsizetype>(16, m_longest - m_text.size()));
    const qsizetype shown = qMin(text.size(), most);
    for (qsizetype i = 0; i < shown; ++i) {
        const QChar character = text.at(i);
        if (character == u'"' || character == u'\\')
            m_text += QString(u'\\') + character;
        else if (character == u'\n')
            m_text += u"\\n"_s;
        else if (character == u'\t')
            m_text += u"\\t"_s;
        else if ((!character.isSurrogate() && isUnseen(character.unicode())) || (character.isSurrogate() && !isPair(text, i)))
            m_text += u"\\u%1"_s.arg(uint(character.unicode()), 4, 16, QChar(u'0'));
        else
            m_text += character;
    }
    if (shown < text.size()) {
        m_text += u'…';
        m_cut = true;
    }
    m_text += u'"';
}

void Writer::write(const QJsonValue &value, int depth)
{
    const bool nested = value.isArray() || value.isObject();
    if (isFull() || (nested && depth > deepest)) {
        m_text += u'…';
        m_cut = true;
        return;
    }
    switch (value.type()) {
    case QJsonValue::String:
        string(value.toString());
        return;
    case QJsonValue::Array: {
        const QJsonArray array = value.toArray();
        m_text += u'[';
        for (qsizetype i = 0; i < array.size(); ++i) {
            if (i > 0)
                m_text += m_indented ? u","_s : u", "_s;
            newLine(depth + 1);
            if (isFull()) {
                m_text += JsonTexts::tr("… %1 more").arg(array.size() - i);
                break;
            }
            write(array.at(i), depth + 1);
        }
        if (!array.isEmpty())
            newLine(depth);
        m_text += u']';
        return;
    }
    case QJsonValue::Object: {
        const QJsonObject object = value.toObject();
        m_text += u'{';
        qsizetype left = object.size();
        for (auto field = object.begin(); field != object.end(); ++field, --left) {
            if (left < object.size())
                m_text += m_indented ? u","_s : u", "_s;
            newLine(depth + 1);
            if (isFull()) {
                m_text += JsonTexts::tr("… %1 more").arg(left);
                break;
            }
            string(field.key());
            m_text += u": "_s;
            write(field.value(), depth + 1);
        }
        if (!object.isEmpty())
            newLine(depth);
        m_text += u'}';
        return;
    }
    case QJsonValue::Undefined:
        return;
    default: {
        const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
        m_text += QString::fromUtf8(json.sliced(1, json.size() - 2));
        return;
    }
    }
}

void Writer::write(JsonTokens &tokens, int depth)
{
    const char first = tokens.peek();
    const bool nested = first == '{' || first == '[';
    if (isFull() || (nested && depth > deepest)) {
        m_text += u'…';
        m_cut = m_ended = true;
        return;
    }
    if (!nested) {
        const QByteArrayView token = tokens.next();
        if (first == '"')
            string(stringOf(token));
        else
            m_text += QString::fromUtf8(token);
        return;
    }
    const char close = first == '{' ? '}' : ']';
    tokens.next();
    m_text += QChar::fromLatin1(first);
    bool any = false;
    while (!m_ended && tokens.peek() != close && tokens.peek() != '\0') {
        if (tokens.peek() == ',') {
            tokens.next();
            m_text += m_indented ? u","_s : u", "_s;
        }
        any = true;
        newLine(depth + 1);
        if (first == '{' && !isFull()) {
            string(stringOf(tokens.next()));
            tokens.next(); // The colon.
            m_text += u": "_s;
        }
        write(tokens, depth + 1);
    }
    if (!m_ended)
        tokens.next();
    if (any)
        newLine(depth);
    m_text += QChar::fromLatin1(close);
}

/// \a json, which Qt's parser took, without blanks and strictly: numbers digit by digit, where that parser lets pass
/// what is none, and strings with the escapes that everybody reads. False, and where, if a number is none.
bool takeExactly(QByteArrayView json, QByteArray *exact, qsizetype *wrongAt)
{
    static const QRegularExpression number(u"^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"_s);
    JsonTokens tokens(json);
    while (const char first = tokens.peek()) {
        *wrongAt = tokens.at();
        const QByteArrayView token = tokens.next();
        if (first == '"') {
            const QByteArray written = QJsonDocument(QJsonArray{stringOf(token)}).toJson(QJsonDocument::Compact);
            *exact += QByteArrayView(written).sliced(1, written.size() - 2);
            continue;
        }
        const bool isSign = QByteArrayView("{}[],:").contains(first);
        const bool isWord = token == "true" || token == "false" || token == "null";
        if (!isSign && !isWord && !number.match(QString::fromLatin1(token)).hasMatch())
            return false;
        *exact += token;
    }
    return true;
}

} // namespace

QString plainLine(const QString &text, qsizetype longest)
{
    const QString line = visibleLine(text.size() > longest ? text.left(longest) : text);
    return text.size() > longest || line.size() > 4 * longest ? QString(line.left(longest - 1) + u'…') : line;
}

QString jsonLineText(const QJsonValue &value, qsizetype longest)
{
    Writer writer(longest, false);
    writer.write(value, 0);
    return writer.text().size() > longest ? QString(writer.text().left(longest - 1) + u'…') : writer.text();
}

QString exactLineText(const QByteArray &exact, qsizetype longest)
{
    JsonTokens tokens(exact);
    Writer writer(longest, false);
    if (!exact.isEmpty())
        writer.write(tokens, 0);
    return writer.text().size() > longest ? QString(writer.text().left(longest - 1) + u'…') : writer.text();
}

JsonText jsonIndentedText(const QJsonValue &value, qsizetype longest)
{
    Writer writer(longest, true);
    writer.write(value, 0);
    return {writer.text(), writer.isCut()};
}

JsonText exactIndentedText(const QByteArray &exact, qsizetype longest)
{
    JsonTokens tokens(exact);
    Writer writer(longest, true);
    if (!exact.isEmpty())
        writer.write(tokens, 0);
    return {writer.text(), writer.isCut()};
}

QString exactWhole(const QByteArray &exact)
{
    constexpr int step = 4;
    QByteArray whole;
    int depth = 0;
    const auto newLine = [&] { whole += '\n' + QByteArray(step * depth, ' '); };
    JsonTokens tokens(exact);
    while (const char first = tokens.peek()) {
        const QByteArrayView token = tokens.next();
        const bool opens = first == '{' || first == '[';
        const bool empty = opens && (tokens.peek() == '}' || tokens.peek() == ']');
        if ((first == '}' || first == ']')) {
            --depth;
            newLine();
        }
        whole += token;
        if (empty) {
            whole += tokens.next();
        } else if (opens) {
            ++depth;
            newLine();
        } else if (first == ',') {
            newLine();
        } else if (first == ':') {
            whole += ' ';
        }
    }
    return QString::fromUtf8(whole);
}

QString jsonWhole(const QJsonValue &value, bool indented)
{
    const auto format = indented ? QJsonDocument::Indented : QJsonDocument::Compact;
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(format)).trimmed();
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(format)).trimmed();
    if (value.isUndefined())
        return {};
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.sliced(1, json.size() - 2));
}

JsonInput readJson(const QString &text)
{
    JsonInput input;
    if (text.trimmed().isEmpty())
        return input;
    // The parser takes objects and arrays only; inside brackets it takes any value.
    const QByteArray bytes = text.toUtf8();
    const QByteArray json = '[' + bytes + ']';
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    qsizetype offset = error.offset - 1;
    input.problem = error.errorString();
    if (error.error == QJsonParseError::NoError && document.array().size() == 1) {
        if (takeExactly(bytes, &input.exact, &offset)) {
            input.value = document.array().first();
            input.problem.clear();
            return input;
        }
        input.exact.clear();
        input.problem = JsonTexts::tr("this is not a JSON number");
    } else if (error.error == QJsonParseError::NoError) {
        input.problem = JsonTexts::tr("more than one value");
        offset = 0;
    }
    const QString before = QString::fromUtf8(bytes.first(qBound<qsizetype>(0, offset, bytes.size())));
    input.line = int(before.count(u'\n')) + 1;
    input.column = int(before.size() - (before.lastIndexOf(u'\n') + 1)) + 1;
    return input;
}

} // namespace pulsedeck
