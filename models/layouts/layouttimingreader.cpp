// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layouttimingreader.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

qint64 timingMs(const QJsonValue &seconds)
{
    return qRound64(seconds.toDouble() * 1000);
}

double factorOf(const QJsonObject &object)
{
    return object["factor"_L1].toDouble(1);
}

/// Calls \a use(object, its path) for each object of a list.
template <typename Use> void eachObject(const QJsonObject &parent, const QString &member, const QString &path, Use use)
{
    const QJsonArray list = parent[member].toArray();
    for (qsizetype i = 0; i < list.size(); ++i)
        use(list.at(i).toObject(), QString(path + u'/' + member + u'/' + QString::number(i)));
}

} // namespace

LayoutTimingReader::LayoutTimingReader(const QJsonObject &timing, const QString &path, Fail fail)
    : m_timing(timing)
    , m_path(path)
    , m_fail(std::move(fail))
{ }

QByteArray LayoutTimingReader::known(const QJsonObject &object, const QString &member, const QString &path)
{
    const QByteArray name = object[member].toString().toUtf8();
    if (object.contains(member) && !m_names.contains(name))
        m_fail(path + u'/' + member, tr("There is no parameter “%1”.").arg(QString::fromUtf8(name)));
    return name;
}

LayoutTimingParameter LayoutTimingReader::parameter(const QJsonObject &object, const QString &path)
{
    using Role = LayoutTimingParameter::Role;
    LayoutTimingParameter parameter;
    parameter.name = object["name"_L1].toString().toUtf8();
    parameter.title = object["title"_L1].toString();
    parameter.where = object["where"_L1].toString();
    parameter.defaultMs = timingMs(object["default"_L1]);
    eachObject(object, u"byVersion"_s, path, [&parameter](const QJsonObject &one, const QString &) {
        parameter.byVersion.emplace_back(one["before"_L1].toString(), timingMs(one["value"_L1]));
    });
    parameter.fixed = object["fixed"_L1].toBool();
    parameter.measured = object["measured"_L1].toString();
    const QString role = object["role"_L1].toString();
    parameter.role = role == "limit"_L1 ? Role::Limit : role == "command"_L1 ? Role::Command : Role::None;
    if (object.contains("follows"_L1)) {
        const QJsonObject follows = object["follows"_L1].toObject();
        // Those before it only: so no two follow each other.
        parameter.follows = known(follows, u"of"_s, path + "/follows"_L1);
        parameter.followFactor = factorOf(follows);
        parameter.followPlusMs = timingMs(follows["plus"_L1]);
        if (!parameter.fixed)
            m_fail(path + "/follows"_L1, tr("What follows from another value is fixed."));
    }
    if (m_names.contains(parameter.name))
        m_fail(path + "/name"_L1, tr("It is there twice."));
    m_names.append(parameter.name);
    return parameter;
}

LayoutTimingRule LayoutTimingReader::rule(const QJsonObject &object, const QString &path)
{
    LayoutTimingRule rule;
    if (object.contains("right"_L1) == object.contains("limit"_L1))
        m_fail(path, tr("One of right and limit is needed, and only one."));
    rule.left = known(object, u"left"_s, path);
    rule.right = known(object, u"right"_s, path);
    rule.factor = factorOf(object);
    rule.plusMs = timingMs(object["plus"_L1]);
    rule.limitMs = timingMs(object["limit"_L1]);
    rule.strict = object["strict"_L1].toBool();
    rule.error = object["severity"_L1].toString() == "error"_L1;
    rule.means = object["means"_L1].toString();
    return rule;
}

LayoutTimingPreset LayoutTimingReader::preset(const QJsonObject &object, const QString &path)
{
    LayoutTimingPreset preset;
    preset.title = object["title"_L1].toString();
    eachObject(object, u"values"_s, path, [this, &preset](const QJsonObject &value, const QString &place) {
        preset.values.emplace_back(known(value, u"name"_s, place), timingMs(value["value"_L1]));
    });
    return preset;
}

void LayoutTimingReader::read(Layout *layout)
{
    eachObject(m_timing, u"parameters"_s, m_path,
               [&](const QJsonObject &one, const QString &path) { layout->parameters.push_back(parameter(one, path)); });
    eachObject(m_timing, u"rules"_s, m_path,
               [&](const QJsonObject &one, const QString &path) { layout->rules.push_back(rule(one, path)); });
    eachObject(m_timing, u"presets"_s, m_path,
               [&](const QJsonObject &one, const QString &path) { layout->presets.push_back(preset(one, path)); });
}

} // namespace pulsedeck
