// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/sharedtiming.h"

namespace pulsedeck::fleet {

namespace {

constexpr QByteArrayView recordKey("fleet:timing");
constexpr QByteArrayView historyKey("fleet:timing:history");

} // namespace

SharedTiming::SharedTiming(FleetContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_script(context.links.proxy(), QStringLiteral(":/fleet/timing.lua"))
{ }

void SharedTiming::publish()
{
    TimingProfile profile = m_context.options.timing;
    profile.version = 1;
    auto record = profile.toRecord();
    record.insert("updatedAt", QByteArray::number(m_context.clock.nowMs()));
    record.insert("updatedBy", "pulsedeck-fleet");
    record.insert("reason", "first values of the simulated fleet");
    std::vector<QByteArrayView> arguments{recordKey}; // The channel has the name of the record.
    for (auto field = record.cbegin(); field != record.cend(); ++field) {
        arguments.push_back(field.key());
        arguments.push_back(field.value());
    }
    m_script.call({recordKey, historyKey}, arguments, [this](const RedisAnswer &answer) {
        if (answer.outcome == RedisAnswer::Outcome::Error)
            emit complained(QStringLiteral("The timing record could not be written: %1").arg(answer.text()));
        if (answer.ok() || answer.outcome == RedisAnswer::Outcome::Error)
            read();
    });
}

void SharedTiming::read()
{
    m_context.links.proxy().request({"HGETALL", recordKey}, [this](const RedisAnswer &answer) { onRecord(answer); });
}

void SharedTiming::onRecord(const RedisAnswer &answer)
{
    if (answer.outcome == RedisAnswer::Outcome::Error)
        emit complained(QStringLiteral("The timing record could not be read: %1").arg(answer.text()));
    else if (!answer.ok())
        return; // Asked again when the connection is back.

    TimingProfile timing = m_context.options.timing;
    if (answer.reply.size() >= 2) {
        auto record = timing.toRecord();
        QStringList problems;
        for (int i = 0; i + 1 < answer.reply.size(); i += 2)
            record.insert(answer.reply.at(i).bytes().toByteArray(), answer.reply.at(i + 1).bytes().toByteArray());
        timing = TimingProfile::fromRecord(record, &problems);
        for (const QString &problem : problems)
            emit complained(QStringLiteral("fleet:timing: %1").arg(problem));
    }
    const bool changed = !(timing == m_context.timing);
    m_context.timing = timing;
    emit settled(changed);
}

} // namespace pulsedeck::fleet
