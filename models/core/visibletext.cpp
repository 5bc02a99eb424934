// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/visibletext.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString shown(const QString &text, bool inOneLine)
{
    const auto stays = [inOneLine](QChar c) { return !inOneLine && (c == u'\n' || c == u'\t'); };
    const bool plain = std::all_of(text.begin(), text.end(), [&](QChar c) {
        // Pairs are looked at below.
        return stays(c) || (!c.isSurrogate() && !isUnseen(c.unicode()));
    });
    if (plain)
        return text;
    QString out;
    out.reserve(text.size() + 16);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const bool pair = c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const char32_t codePoint = pair ? QChar::surrogateToUcs4(c, text.at(i + 1)) : char32_t(c.unicode());
        if (stays(c) || !isUnseen(codePoint))
            out += pair ? text.mid(i, 2) : QString(c);
        else if (inOneLine && QChar::category(codePoint) == QChar::Other_Control)
            out += u' ';
        else
            out += u"[U+%1]"_s.arg(QString::number(codePoint, 16).toUpper().rightJustified(4, u'0'));
        i += pair ? 1 : 0;
    }
    return out;
}

} // namespace

bool isUnseen(char32_t codePoint)
{
    switch (QChar::category(codePoint)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

QString visibleText(const QString &text)
{
    return shown(text, false);
}

QString visibleLine(const QString &text)
{
    return shown(text, true);
}

} // namespace pulsedeck
