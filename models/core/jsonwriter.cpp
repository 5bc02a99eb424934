// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/jsonwriter.h"

#include <QChar>
#include <QLocale>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestEscape = 6; ///< "\u001b"; in UTF-8 a unit of UTF-16 is three bytes at most.

bool isPlain(char16_t c)
{
    return c >= 0x20 && c < 0x7f && c != u'"' && c != u'\\';
}

char *escape(char16_t c, char *out)
{
    static constexpr std::pair<char16_t, char> known[]{{u'"', '"'},  {u'\\', '\\'}, {u'\b', 'b'}, {u'\f', 'f'},
                                                       {u'\n', 'n'}, {u'\r', 'r'},  {u'\t', 't'}};
    *out++ = '\\';
    for (const auto &[unit, letter] : known) {
        if (c == unit) {
            *out++ = letter;
            return out;
        }
    }
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *out++ = "0123456789abcdef"[(c >> shift) & 0xf];
    return out;
}

char *copied(QByteArrayView text, char *out)
{
    return std::copy(text.begin(), text.end(), out);
}

} // namespace

void JsonWriter::open(char bracket)
{
    *room(1) = bracket;
    m_first = true;
}

void JsonWriter::close(char bracket)
{
    m_first = true; // No comma stands before it.
    *room(1) = bracket;
}

// One resize() for all that belongs together: each append() looks at the whole array again.
char *JsonWriter::room(qsizetype size)
{
    const qsizetype before = m_out.size();
    const bool comma = !std::exchange(m_first, false);
    m_out.resize(before + comma + size);
    char *out = m_out.data() + before;
    if (comma)
        *out++ = ',';
    return out;
}

void JsonWriter::literal(QByteArrayView text)
{
    copied(text, room(text.size()));
}

void JsonWriter::name(QLatin1StringView name)
{
    char *out = room(name.size() + 3);
    *out++ = '"';
    copied("\":", copied(name, out));
    m_first = true;
}

void JsonWriter::value(qint64 number)
{
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    literal({digits, end - digits});
}

void JsonWriter::value(double number)
{
    if (std::isfinite(number))
        literal(QByteArray::number(number, 'g', QLocale::FloatingPointShortest));
    else
        value(nullptr);
}

void JsonWriter::value(QStringView text)
{
    char *out = room(longestEscape * text.size() + 2);
    *out++ = '"';
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text.utf16()[i];
        if (isPlain(c)) {
            *out++ = char(c);
            continue;
        }
        const bool isPair = QChar::isHighSurrogate(c) && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        const bool isHalf = QChar::isSurrogate(c) && !isPair;
        if (c < 0x20 || c == u'"' || c == u'\\' || isHalf
            || (m_escapes == Escapes::Unprintable && !isPair && !QChar::isPrint(c))) {
            out = escape(c, out);
            continue;
        }
        out = copied(text.mid(i, isPair ? 2 : 1).toUtf8(), out);
        i += isPair;
    }
    *out++ = '"';
    m_out.truncate(out - m_out.constData());
}

void JsonWriter::value(const QByteArray &text)
{
    if (!std::all_of(text.begin(), text.end(), [](char c) { return isPlain(uchar(c)); })) {
        value(QString::fromUtf8(text));
        return;
    }
    char *out = room(text.size() + 2);
    *out++ = '"';
    *copied(text, out) = '"';
}

void JsonWriter::value(const QStringList &texts)
{
    beginArray();
    for (const QString &text : texts)
        value(text);
    endArray();
}

} // namespace pulsedeck
