// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubfields.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool isPlain(const QString &text)
{
    return std::none_of(text.begin(), text.end(), [](QChar character) {
        if (character >= u' ' && character <= u'~')
            return false; // Nearly all there is, without a look at the tables of Unicode.
        return character.category() == QChar::Other_Control || character.category() == QChar::Other_Format
               || character.category() == QChar::Separator_Line || character.category() == QChar::Separator_Paragraph;
    });
}

} // namespace

QString HubFields::text(QLatin1StringView name, qsizetype longest)
{
    const QString read = optionalText(name, longest);
    if (m_sound && read.isEmpty())
        fail(name, tr("“%1” is missing"));
    return read;
}

QString HubFields::optionalText(QLatin1StringView name, qsizetype longest)
{
    const QJsonValue value = m_object.value(name);
    if (value.isUndefined() || value.isNull())
        return {};
    if (!value.isString()) {
        fail(name, tr("“%1” is not a text"));
        return {};
    }
    const QString read = value.toString();
    if (read.size() > longest) {
        fail(name, tr("“%1” is too long"));
        return {};
    }
    if (!isPlain(read)) {
        fail(name, tr("“%1” contains control characters"));
        return {};
    }
    return read;
}

std::optional<qint64> HubFields::readWhole(const QJsonValue &value, qint64 low, qint64 high) const
{
    if (!value.isDouble())
        return std::nullopt;
    const double read = value.toDouble();
    if (!std::isfinite(read) || std::abs(read) > double(largest) || std::trunc(read) != read)
        return std::nullopt;
    const auto whole = qint64(read);
    if (whole < low || whole > high)
        return std::nullopt;
    return whole;
}

qint64 HubFields::whole(QLatin1StringView name, qint64 low, qint64 high)
{
    const auto read = readWhole(m_object.value(name), low, high);
    if (!read)
        fail(name, tr("“%1” is not a whole number in its range"));
    return read.value_or(0);
}

qint64 HubFields::optionalWhole(QLatin1StringView name, qint64 low, qint64 high)
{
    const QJsonValue value = m_object.value(name);
    return value.isUndefined() || value.isNull() ? 0 : whole(name, low, high);
}

std::optional<qint64> HubFields::timeOrNull(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (value.isNull())
        return std::nullopt;
    return qMax<qint64>(0, whole(name, -latestMs, latestMs)); // A TTL below zero puts it into the past, however far.
}

double HubFields::number(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isDouble() || !std::isfinite(value.toDouble())) {
        fail(name, tr("“%1” is not a number"));
        return 0;
    }
    return value.toDouble();
}

bool HubFields::flag(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isBool())
        fail(name, tr("“%1” is neither true nor false"));
    return value.toBool();
}

QJsonArray HubFields::array(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isArray())
        fail(name, tr("“%1” is not a list"));
    return value.toArray();
}

QStringList HubFields::texts(QLatin1StringView name, qsizetype most, qsizetype longest)
{
    QStringList read;
    const QJsonArray values = array(name);
    for (const QJsonValue &value : values) {
        if (read.size() >= most)
            break;
        const QString text = value.toString();
        if (!value.isString() || text.size() > longest || !isPlain(text)) {
            fail(name, tr("“%1” contains an entry that is not a short text"));
            return {};
        }
        read.append(text);
    }
    return read;
}

void HubFields::fail(QLatin1StringView name, const QString &what)
{
    if (m_sound && m_problem)
        *m_problem = what.arg(name);
    m_sound = false;
}

} // namespace pulsedeck
