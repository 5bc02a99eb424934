// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertmemory.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto alertMemoryKey = "alerts/kept"_L1;

QJsonObject jsonOfMark(const QString &id, const AlertMark &mark)
{
    return {{u"id"_s, id}, {u"at"_s, mark.at}, {u"by"_s, mark.by}, {u"reason"_s, mark.reason}};
}

QJsonObject jsonOfSilence(const AlertSilence &silence)
{
    return {
        {u"id"_s, silence.id},         {u"rule"_s, silence.rule},    {u"groups"_s, QJsonArray::fromStringList(silence.groups)},
        {u"source"_s, silence.source}, {u"from"_s, silence.from},    {u"until"_s, silence.until},
        {u"by"_s, silence.by},         {u"reason"_s, silence.reason}};
}

} // namespace

AlertMemory::AlertMemory(AlertEngine &engine, const Clock &clock, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_clock(clock)
    , m_settings(settings)
    , m_startedAt(clock.nowMs())
{
    restore();
    connect(&engine, &AlertEngine::happened, this, &AlertMemory::take);
    connect(&engine, &AlertEngine::changed, this, &AlertMemory::store);
}

void AlertMemory::restore()
{
    m_stored = m_settings.value(alertMemoryKey).toByteArray();
    const QJsonObject kept = QJsonDocument::fromJson(m_stored).object();
    for (const QJsonValue &one : kept.value("silences"_L1).toArray()) {
        AlertSilence silence;
        silence.id = one["id"_L1].toString();
        silence.rule = one["rule"_L1].toString();
        for (const QJsonValue &group : one["groups"_L1].toArray())
            silence.groups.append(group.toString());
        // As an earlier version kept it.
        if (const QString group = one["group"_L1].toString(); !group.isEmpty())
            silence.groups = QStringList(group);
        silence.source = one["source"_L1].toString();
        silence.from = one["from"_L1].toInteger();
        silence.until = one["until"_L1].toInteger();
        silence.by = one["by"_L1].toString();
        silence.reason = one["reason"_L1].toString();
        m_engine.addSilence(silence); // Which refuses those that are over.
    }
    for (const QJsonValue &one : kept.value("marks"_L1).toArray()) {
        if (m_recalled.size() < mostMarks)
            m_recalled.insert(one["id"_L1].toString(),
                              {one["at"_L1].toInteger(), one["by"_L1].toString(), one["reason"_L1].toString()});
    }
}

void AlertMemory::take(const QString &id, AlertGroups::Event event)
{
    if (event != AlertGroups::Event::Fired || m_recalled.isEmpty())
        return;
    const AlertMark mark = m_recalled.take(id);
    if (mark && m_clock.nowMs() - m_startedAt <= recallMs)
        m_engine.acknowledge(id, mark);
}

void AlertMemory::store()
{
    if (m_clock.nowMs() - m_startedAt > recallMs)
        m_recalled.clear();
    QJsonArray silences;
    for (const AlertSilence &silence : m_engine.silences())
        silences.append(jsonOfSilence(silence));
    QJsonArray marks;
    for (auto one = m_recalled.cbegin(); one != m_recalled.cend(); ++one)
        marks.append(jsonOfMark(one.key(), *one));
    for (const Alert &alert : m_engine.alerts()) {
        if (alert.isFiring() && alert.acknowledged && marks.size() < mostMarks)
            marks.append(jsonOfMark(alert.id, alert.acknowledged));
    }
    const QByteArray text =
        QJsonDocument(QJsonObject{{u"silences"_s, silences}, {u"marks"_s, marks}}).toJson(QJsonDocument::Compact);
    if (text == std::exchange(m_stored, text))
        return;
    m_settings.setValue(alertMemoryKey, text);
}

} // namespace pulsedeck
