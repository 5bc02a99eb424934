// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingplandata.h"

#include "models/commands/formerjournal.h"
#include "models/core/enumtable.h"
#include "models/sources/sourcekind.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QSet>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int formatVersion = 1;

constexpr auto stepStateNames = std::to_array<NamedId<RollingStep::State>>({
    {RollingStep::State::Queued, "queued"},
    {RollingStep::State::Sent, "sent"},
    {RollingStep::State::WaitingReplacement, "waiting-replacement"},
    {RollingStep::State::Finished, "finished"},
    {RollingStep::State::Failed, "failed"},
    {RollingStep::State::Skipped, "skipped"},
});
static_assert(isInOrder(stepStateNames, RollingStep::State::Skipped));
constexpr auto planStateNames = std::to_array<NamedId<RollingState>>({
    {RollingState::Running, "running"},
    {RollingState::Paused, "paused"},
    {RollingState::Aborted, "aborted"},
    {RollingState::Finished, "finished"},
});
static_assert(isInOrder(planStateNames, RollingState::Finished));

// Ids are bytes; nearly all are plain ASCII and stay readable.
QString bytesText(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toPercentEncoding(":/@()[]"));
}

QByteArray bytesFrom(const QJsonValue &text)
{
    return QByteArray::fromPercentEncoding(text.toString().toLatin1());
}

qint64 momentFrom(const QJsonValue &value, qint64 wallOffset)
{
    const qint64 wall = value.toInteger();
    return wall > 0 ? wall - wallOffset : 0;
}

QJsonObject stepJson(const RollingStep &step, qint64 wallOffset)
{
    QJsonObject object{
        {u"command"_s, step.command.toString(QUuid::WithoutBraces)},
        {u"worker"_s, bytesText(step.worker)},
        {u"kind"_s, step.traits->fullKind()},
        {u"host"_s, bytesText(step.host)},
        {u"typeIndex"_s, step.typeIndex},
        {u"state"_s, nameFromId(stepStateNames, step.state)},
        {u"stage"_s, stageName(step.stage)},
    };
    if (step.sentAt > 0)
        object.insert(u"sentAt"_s, step.sentAt + wallOffset);
    if (step.goneAt > 0)
        object.insert(u"goneAt"_s, step.goneAt + wallOffset);
    if (!step.replacedBy.isEmpty())
        object.insert(u"replacedBy"_s, bytesText(step.replacedBy));
    if (step.left)
        object.insert(u"left"_s, true);
    return object;
}

std::optional<RollingStep> stepFrom(const QJsonObject &json, const RollingFloors &floors, qint64 wallOffset)
{
    RollingStep step;
    step.command = QUuid::fromString(json["command"_L1].toString());
    step.worker = bytesFrom(json["worker"_L1]);
    step.host = bytesFrom(json["host"_L1]);
    step.sentAt = momentFrom(json["sentAt"_L1], wallOffset);
    step.goneAt = momentFrom(json["goneAt"_L1], wallOffset);
    step.replacedBy = bytesFrom(json["replacedBy"_L1]);
    const QString kind = json["kind"_L1].toString();
    step.traits = kind.isEmpty() ? formerKind(json, step.worker) : SourceKind::workerKind(kind);
    step.left = json["left"_L1].toBool();
    step.typeIndex = json["typeIndex"_L1].toInt(-1);
    const auto state = idFromName(stepStateNames, json["state"_L1].toString());
    const auto stage = stageFromName(json["stage"_L1].toString());
    if (step.command.isNull() || step.worker.isEmpty() || !state || !stage || step.typeIndex < 0
        || step.typeIndex >= int(floors.types.size()))
        return std::nullopt;
    step.type = floors.types[size_t(step.typeIndex)].type;
    step.child = floors.types[size_t(step.typeIndex)].child;
    step.state = *state;
    step.stage = *stage;
    return step;
}

} // namespace

int RollingPlanData::count(RollingStep::State wanted) const
{
    return int(std::count_if(steps.begin(), steps.end(), [wanted](const RollingStep &step) { return step.state == wanted; }));
}

int RollingPlanData::underway() const
{
    return int(std::count_if(steps.begin(), steps.end(), [](const RollingStep &step) { return step.isUnderway(); }));
}

QJsonObject RollingPlanData::toJson(qint64 wallOffset) const
{
    QJsonArray typeList;
    for (const RollingFloors::Type &type : floors.types) {
        QJsonObject object{
            {u"source"_s, floors.sources[size_t(type.source)].name}, {u"type"_s, type.type}, {u"baseline"_s, type.baseline}};
        if (type.child)
            object.insert(u"child"_s, true);
        typeList.append(object);
    }
    QJsonArray stepList;
    for (const RollingStep &step : steps)
        stepList.append(stepJson(step, wallOffset));
    return {
        {u"version"_s, formatVersion},
        {u"group"_s, group.toString(QUuid::WithoutBraces)},
        {u"options"_s, options.toJson()},
        {u"by"_s, by},
        {u"reason"_s, reason},
        {u"startedAt"_s, startedAt > 0 ? startedAt + wallOffset : 0},
        {u"state"_s, nameFromId(planStateNames, state)},
        {u"explanation"_s, explanation},
        {u"activeMs"_s, activeMs},
        {u"activeAtEnd"_s, activeAtEnd},
        {u"types"_s, typeList},
        {u"steps"_s, stepList},
    };
}

std::optional<RollingPlanData> RollingPlanData::fromJson(const QJsonObject &json, qint64 wallOffset)
{
    RollingPlanData data;
    data.group = QUuid::fromString(json["group"_L1].toString());
    const auto options = RollingOptions::fromJson(json["options"_L1].toObject());
    const auto state = idFromName(planStateNames, json["state"_L1].toString());
    if (json["version"_L1].toInt() != formatVersion || data.group.isNull() || !options || !state)
        return std::nullopt;
    data.options = *options;
    data.floors.percent = options->floorPercent;
    data.by = json["by"_L1].toString();
    data.reason = json["reason"_L1].toString();
    data.startedAt = momentFrom(json["startedAt"_L1], wallOffset);
    data.activeMs = json["activeMs"_L1].toInteger();
    data.activeAtEnd = json["activeAtEnd"_L1].toInteger();

    const QJsonArray types = json["types"_L1].toArray();
    for (const QJsonValue &value : types) {
        // Ids of sources are given again by each start of the console.
        RollingFloors::Type type{data.floors.addSource(value["source"_L1].toString()), value["type"_L1].toString(),
                                 value["baseline"_L1].toInt(-1)};
        type.child = value["child"_L1].toBool();
        if (type.baseline < 0)
            return std::nullopt;
        data.floors.types.push_back(type);
    }
    QSet<QUuid> commands;
    const QJsonArray steps = json["steps"_L1].toArray();
    for (const QJsonValue &value : steps) {
        const std::optional<RollingStep> step = stepFrom(value.toObject(), data.floors, wallOffset);
        if (!step || commands.contains(step->command))
            return std::nullopt;
        commands.insert(step->command);
        data.steps.push_back(*step);
    }
    data.state = *state;
    data.explanation = json["explanation"_L1].toString();
    if (!data.hasEnded()) {
        data.state = RollingState::Paused;
        data.pausedByItself = true;
        data.explanation = QCoreApplication::translate("RollingPlan", "The console was restarted.");
    }
    return data;
}

} // namespace pulsedeck
