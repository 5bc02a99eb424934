// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubtext.h"

#include "models/core/visibletext.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int deepest = 32;
constexpr qsizetype longestSearched = 64 * 1024;
const QString hidden = u"—"_s;

bool namesSecret(const QString &field)
{
    const QString name = field.toLower();
    return name.contains("token"_L1) || name.contains("secret"_L1) || name.contains("password"_L1) || name.contains("jwt"_L1)
           || name == "authorization"_L1;
}

QJsonValue shown(const QJsonValue &value, int depth)
{
    if (depth > deepest)
        return hidden;
    switch (value.type()) {
    case QJsonValue::String:
        return hubWithoutTokens(value.toString());
    case QJsonValue::Array: {
        QJsonArray clean;
        const QJsonArray array = value.toArray();
        for (const QJsonValue &element : array)
            clean.append(shown(element, depth + 1));
        return clean;
    }
    case QJsonValue::Object: {
        QJsonObject clean;
        const QJsonObject object = value.toObject();
        for (auto field = object.begin(); field != object.end(); ++field) {
            const bool secret = namesSecret(field.key()) && !field.value().isNull() && !field.value().isBool();
            clean.insert(hubWithoutTokens(field.key()), secret ? QJsonValue(hidden) : shown(field.value(), depth + 1));
        }
        return clean;
    }
    default:
        return value;
    }
}

} // namespace

QString hubWithoutTokens(const QString &text)
{
    static const QRegularExpression tokens(
        u"renewal-[0-9A-Za-z-]+|stkn-[0-9A-Za-z+/=_-]+|eyJ[0-9A-Za-z_-]*(\\.[0-9A-Za-z_-]*)*|(?i:bearer)\\s+\\S+"_s);
    // Nearly no text has one: looked for without an expression.
    const bool marked = text.contains("renewal-"_L1) || text.contains("stkn-"_L1) || text.contains("eyJ"_L1)
                        || text.contains("bearer"_L1, Qt::CaseInsensitive);
    if (!marked)
        return text;
    if (text.size() > longestSearched)
        return hidden;
    QString clean = text;
    clean.replace(tokens, hidden);
    return clean;
}

QString hubShownText(const QString &text, qsizetype longest)
{
    QString line = hubWithoutTokens(text);
    if (line.size() > 4 * longest) // What simplified() would walk through is not shown anyway.
        line.truncate(4 * longest);
    line = visibleLine(line).simplified();
    if (line.size() > longest)
        line = line.left(longest - 1) + u'…';
    return line;
}

QJsonValue hubShownJson(const QJsonValue &value)
{
    return shown(value, 0);
}

qsizetype utf8Size(QStringView text)
{
    qsizetype bytes = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text.at(i).unicode();
        if (unit < 0x80) {
            bytes += 1;
        } else if (unit < 0x800) {
            bytes += 2;
        } else if (QChar::isHighSurrogate(unit) && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
            bytes += 4;
            ++i;
        } else {
            bytes += 3; // A lone surrogate too: it becomes a replacement character.
        }
    }
    return bytes;
}

} // namespace pulsedeck
