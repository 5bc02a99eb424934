// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int deepest = 64; ///< Levels that are shown.
constexpr qsizetype longestString = 4'000; ///< Of one string inside a value.

bool isUnseen(QChar character)
{
    switch (character.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_PrivateUse:
        return true;
    default:
        return false;
    }
}

/// Whether the surrogate at \a i is half of a pair.
bool isPair(const QString &text, qsizetype i)
{
    return text.at(i).isHighSurrogate() ? i + 1 < text.size() && text.at(i + 1).isLowSurrogate()
                                        : i > 0 && text.at(i - 1).isHighSurrogate();
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
        else if (isUnseen(character) || (character.isSurrogate() && !isPair(text, i)))
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
                m_text += u"… %1 more"_s.arg(array.size() - i);
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
                m_text += u"… %1 more"_s.arg(left);
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

} // namespace

QString plainLine(const QString &text, qsizetype longest)
{
    QString line = text.size() > longest ? QString(text.left(longest - 1) + u'…') : text;
    for (QChar &character : line) {
        if (character == u'\n' || character == u'\t' || character == u'\r')
            character = u' ';
        else if (isUnseen(character))
            character = QChar::ReplacementCharacter;
    }
    return line;
}

QString jsonLineText(const QJsonValue &value, qsizetype longest)
{
    Writer writer(longest, false);
    writer.write(value, 0);
    return writer.text().size() > longest ? QString(writer.text().left(longest - 1) + u'…') : writer.text();
}

JsonText jsonIndentedText(const QJsonValue &value, qsizetype longest)
{
    Writer writer(longest, true);
    writer.write(value, 0);
    return {writer.text(), writer.isCut()};
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
    if (error.error == QJsonParseError::NoError && document.array().size() == 1) {
        input.value = document.array().first();
        return input;
    }
    qsizetype offset = error.offset - 1;
    input.problem = error.errorString();
    if (error.error == QJsonParseError::NoError) {
        input.problem = u"more than one value"_s;
        offset = 0;
    }
    const QString before = QString::fromUtf8(bytes.first(qBound<qsizetype>(0, offset, bytes.size())));
    input.line = int(before.count(u'\n')) + 1;
    input.column = int(before.size() - (before.lastIndexOf(u'\n') + 1)) + 1;
    return input;
}

} // namespace pulsedeck
