// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/addressguard.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString withoutToken(const QString &text, bool *taken)
{
    static const QRegularExpression token(u"((?i:bearer)\\s+\\S+|eyJ[0-9A-Za-z_-]{5,}\\.[0-9A-Za-z_-]*(\\.[0-9A-Za-z_-]*)?)"_s);
    QString clean = text;
    clean.remove(token);
    if (clean != text)
        *taken = true;
    return clean;
}

QString withoutHubSecrets(const QString &address, bool *taken)
{
    bool token = false;
    QString clean = withoutToken(address, &token);
    *taken |= token;
    const qsizetype scheme = clean.indexOf("://"_L1);
    const qsizetype from = scheme < 0 ? 0 : scheme + 3;
    // The way by SSH is no secret. It has fields of its own: here it is taken as a whole only, or what is typed letter by letter
    // behind the ? could be the beginning of a token.
    static const QRegularExpression way(u"\\?(?:ssh|jump)=[^&#?]*(?:&(?:ssh|jump)=[^&#?]*)*(?:&(?:s|ss|ssh|j|ju|jum|jump)?)?$"_s);
    QString behind;
    if (const QRegularExpressionMatch match = way.match(clean, from); match.hasMatch()) {
        behind = match.captured();
        clean.truncate(match.capturedStart());
    }
    static const QRegularExpression marks(u"[?#]"_s);
    if (const qsizetype mark = clean.indexOf(marks, from); mark >= 0) {
        // All but the mark is taken while it is typed; a whole part that was pasted goes with its mark.
        const qsizetype after = clean.size() - mark - 1;
        if (after > 0 || token) {
            clean.truncate(after == 1 ? mark + 1 : mark);
            *taken = true;
        }
    }
    if (const qsizetype at = clean.lastIndexOf(u'@'); at >= from) {
        clean.remove(from, at + 1 - from);
        *taken = true;
    }
    return clean + behind;
}

} // namespace pulsedeck
