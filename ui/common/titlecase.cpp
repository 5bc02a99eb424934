// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/titlecase.h"

#include <QLocale>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString titleCase(const QString &text)
{
    // Other languages write their menus as their sentences. The default locale is English where there is no catalogue.
    if (const auto language = QLocale().language(); language != QLocale::English && language != QLocale::C)
        return text;
    static const QStringList small{u"a"_s,  u"an"_s, u"the"_s, u"and"_s, u"or"_s,   u"of"_s,   u"to"_s, u"in"_s,
                                   u"at"_s, u"on"_s, u"by"_s,  u"for"_s, u"from"_s, u"with"_s, u"min"_s};
    QStringList words = text.split(u' ');
    for (qsizetype i = 0; i < words.size(); ++i) {
        QString &word = words[i];
        QString plain = word;
        plain.remove(u'&');
        if (i > 0 && (small.contains(plain) || small.contains(plain.chopped(plain.endsWith(u')') ? 1 : 0))))
            continue;
        for (QChar &letter : word) {
            if (letter == u'&' || letter == u'(')
                continue;
            letter = letter.toUpper();
            break;
        }
    }
    return words.join(u' ');
}

QString menuText(QString name)
{
    return name.replace(u'&', "&&"_L1);
}

} // namespace pulsedeck
