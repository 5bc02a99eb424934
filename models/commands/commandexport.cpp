// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandexport.h"

#include "models/core/csv.h"
#include "models/core/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTimeZone>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QJsonValue timeValue(qint64 ms)
{
    return ms > 0 ? QJsonValue(isoTimeText(ms)) : QJsonValue();
}

QJsonValue countValue(qint32 count)
{
    return count == unknownValue ? QJsonValue() : QJsonValue(count);
}

/// One property of an entry: the same names and values in JSON and in CSV.
struct Field
{
    QLatin1StringView name;
    QJsonValue (*value)(const CommandEntry &);
};

constexpr auto fieldTable = std::to_array<Field>({
    {"id"_L1, [](const CommandEntry &e) { return QJsonValue(e.command.id.toString(QUuid::WithoutBraces)); }},
    {"group"_L1, [](const CommandEntry &e) { return QJsonValue(e.command.group.toString(QUuid::WithoutBraces)); }},
    {"act"_L1, [](const CommandEntry &e) { return QJsonValue(actName(e.command.act)); }},
    {"worker"_L1, [](const CommandEntry &e) { return QJsonValue(QString::fromUtf8(e.command.worker)); }},
    {"source"_L1, [](const CommandEntry &e) { return QJsonValue(e.sourceName); }},
    {"type"_L1, [](const CommandEntry &e) { return QJsonValue(e.type); }},
    {"host"_L1, [](const CommandEntry &e) { return QJsonValue(QString::fromUtf8(e.host)); }},
    {"kind"_L1, [](const CommandEntry &e) { return QJsonValue(e.traits->kindName()); }},
    {"scope"_L1, [](const CommandEntry &e) { return QJsonValue(actScopeName(e.command.scope)); }},
    {"system"_L1, [](const CommandEntry &e) { return QJsonValue(e.traits->layout); }},
    {"queue"_L1,
     [](const CommandEntry &e) {
         return e.command.scope == ActScope::Queue ? QJsonValue(QString::fromUtf8(e.command.queue)) : QJsonValue();
     }},
    {"stage"_L1, [](const CommandEntry &e) { return QJsonValue(stageName(e.stage)); }},
    {"theirs"_L1, [](const CommandEntry &e) { return QJsonValue(e.theirs); }},
    {"recorded"_L1, [](const CommandEntry &e) { return QJsonValue(!e.unrecorded); }},
    {"requestedAt"_L1, [](const CommandEntry &e) { return timeValue(e.requestedAt); }},
    {"writtenAt"_L1, [](const CommandEntry &e) { return timeValue(e.writtenAt); }},
    {"announcedAt"_L1, [](const CommandEntry &e) { return timeValue(e.announcedAt); }},
    {"pickedUpAt"_L1, [](const CommandEntry &e) { return timeValue(e.pickedUpAt); }},
    {"emptiedAt"_L1, [](const CommandEntry &e) { return timeValue(e.emptiedAt); }},
    {"endedAt"_L1, [](const CommandEntry &e) { return timeValue(e.endedAt); }},
    {"commandUntil"_L1, [](const CommandEntry &e) { return timeValue(e.commandUntil); }},
    {"overdueAt"_L1, [](const CommandEntry &e) { return timeValue(e.overdueAt); }},
    {"forgottenAt"_L1, [](const CommandEntry &e) { return timeValue(e.forgottenAt); }},
    {"cancelAskedAt"_L1, [](const CommandEntry &e) { return timeValue(e.cancelAskedAt); }},
    {"tooLateAt"_L1, [](const CommandEntry &e) { return timeValue(e.tooLateAt); }},
    {"receivers"_L1, [](const CommandEntry &e) { return countValue(e.receivers); }},
    {"sessionsBefore"_L1, [](const CommandEntry &e) { return countValue(e.sessionsBefore); }},
    {"sessionsLeft"_L1, [](const CommandEntry &e) { return countValue(e.sessionsLeft); }},
    {"sessionsCut"_L1, [](const CommandEntry &e) { return countValue(e.sessionsCut); }},
    {"by"_L1, [](const CommandEntry &e) { return QJsonValue(e.command.by); }},
    {"reason"_L1, [](const CommandEntry &e) { return QJsonValue(e.command.reason); }},
    {"refusal"_L1, [](const CommandEntry &e) { return QJsonValue(QLatin1StringView(refusalWords(e))); }},
    {"text"_L1, [](const CommandEntry &e) { return QJsonValue(e.text); }},
});

QString csvText(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
}

} // namespace

QJsonObject commandJson(const CommandEntry &entry)
{
    QJsonObject object;
    for (const Field &field : fieldTable)
        object.insert(field.name, field.value(entry));
    return object;
}

QByteArray commandsJson(const CommandLedger &ledger, const std::vector<quint64> &keys)
{
    QJsonArray array;
    for (const quint64 key : keys) {
        if (const CommandEntry *entry = ledger.entry(key))
            array.append(commandJson(*entry));
    }
    return QJsonDocument(array).toJson(QJsonDocument::Indented);
}

QByteArray commandsCsv(const CommandLedger &ledger, const std::vector<quint64> &keys)
{
    QByteArray csv;
    for (const Field &field : fieldTable) {
        if (!csv.isEmpty())
            csv += ',';
        csv += field.name.data();
    }
    csv += "\r\n";
    for (const quint64 key : keys) {
        const CommandEntry *entry = ledger.entry(key);
        if (!entry)
            continue;
        bool first = true;
        for (const Field &field : fieldTable) {
            if (!std::exchange(first, false))
                csv += ',';
            csv += csvCell(csvText(field.value(*entry)));
        }
        csv += "\r\n";
    }
    return csv;
}

} // namespace pulsedeck
