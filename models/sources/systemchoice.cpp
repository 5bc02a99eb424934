// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/systemchoice.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostChoices = 100;
constexpr qsizetype longestSystemName = 64;

} // namespace

bool SystemChoice::isPrefix(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    return bytes.size() <= longestPrefix
           && std::none_of(bytes.begin(), bytes.end(), [](char c) { return uchar(c) < 0x20 || uchar(c) == 0x7f; });
}

QString systemChoicesText(const SystemChoices &choices)
{
    QJsonObject all;
    for (auto one = choices.begin(); one != choices.end(); ++one) {
        if (one->isUsual())
            continue;
        QJsonObject choice;
        if (!one->on)
            choice.insert(u"on"_s, false);
        if (!one->prefix.isEmpty())
            choice.insert(u"prefix"_s, one->prefix);
        all.insert(one.key(), choice);
    }
    return all.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact));
}

SystemChoices systemChoicesFromText(const QString &text)
{
    SystemChoices choices;
    const QJsonObject all = QJsonDocument::fromJson(text.toUtf8()).object();
    for (auto one = all.begin(); one != all.end() && choices.size() < mostChoices; ++one) {
        const QJsonObject object = one.value().toObject();
        SystemChoice choice;
        choice.on = object.value(u"on"_s).toBool(true);
        choice.prefix = object.value(u"prefix"_s).toString();
        if (!SystemChoice::isPrefix(choice.prefix))
            choice.prefix.clear();
        if (!choice.isUsual() && !one.key().isEmpty() && one.key().size() <= longestSystemName)
            choices.insert(one.key(), choice);
    }
    return choices;
}

} // namespace pulsedeck
