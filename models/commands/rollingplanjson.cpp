// SPDX-License-Identifier: GPL-3.0-or-later
// How a rolling shutdown is kept for the next start of the console.
#include "models/commands/recordedcommand.h"
#include "models/commands/rollingplan.h"

#include <QJsonArray>
#include <QSet>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int formatVersion = 1;

template <typename T, size_t N> using Names = std::array<std::pair<T, QLatin1StringView>, N>;

constexpr Names<RollingStep::State, 6> stepStates{{
    {RollingStep::State::Queued, "queued"_L1},
    {RollingStep::State::Sent, "sent"_L1},
    {RollingStep::State::WaitingReplacement, "waiting-replacement"_L1},
    {RollingStep::State::Finished, "finished"_L1},
    {RollingStep::State::Failed, "failed"_L1},
    {RollingStep::State::Skipped, "skipped"_L1},
}};
constexpr Names<RollingPlan::State, 4> planStates{{
    {RollingPlan::State::Running, "running"_L1},
    {RollingPlan::State::Paused, "paused"_L1},
    {RollingPlan::State::Aborted, "aborted"_L1},
    {RollingPlan::State::Finished, "finished"_L1},
}};
constexpr Names<RollingOptions::Replacement, 3> replacements{{
    {RollingOptions::Replacement::None, "none"_L1},
    {RollingOptions::Replacement::SameHost, "same-host"_L1},
    {RollingOptions::Replacement::SameType, "same-type"_L1},
}};

template <typename T, size_t N> QString nameOf(const Names<T, N> &names, T value)
{
    for (const auto &[known, name] : names) {
        if (known == value)
            return name;
    }
    return {};
}

template <typename T, size_t N> std::optional<T> fromName(const Names<T, N> &names, const QJsonValue &text)
{
    for (const auto &[known, name] : names) {
        if (text.toString() == name)
            return known;
    }
    return std::nullopt;
}

// Ids are bytes; nearly all are plain ASCII and stay readable.
QString bytesText(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toPercentEncoding(":/@()[]"));
}

QByteArray bytesFrom(const QJsonValue &text)
{
    return QByteArray::fromPercentEncoding(text.toString().toLatin1());
}

qint64 wholeNumber(const QJsonValue &value)
{
    return qint64(value.toDouble());
}

} // namespace

QJsonObject RollingOptions::toJson() const
{
    return {
        {u"atATime"_s, atATime},
        {u"floorPercent"_s, floorPercent},
        {u"replacement"_s, nameOf(replacements, replacement)},
        {u"healthyBeats"_s, healthyBeats},
        {u"replacementWaitMs"_s, replacementWaitMs},
        {u"now"_s, now},
        {u"ttlMs"_s, ttlMs},
    };
}

std::optional<RollingOptions> RollingOptions::fromJson(const QJsonObject &json)
{
    RollingOptions options;
    const auto replacement = fromName(replacements, json["replacement"_L1]);
    options.atATime = json["atATime"_L1].toInt(0);
    options.floorPercent = json["floorPercent"_L1].toInt(-1);
    options.healthyBeats = json["healthyBeats"_L1].toInt(-1);
    options.replacementWaitMs = wholeNumber(json["replacementWaitMs"_L1]);
    options.now = json["now"_L1].toBool();
    options.ttlMs = wholeNumber(json["ttlMs"_L1]);
    if (!replacement || options.atATime < 1 || options.floorPercent < 0 || options.floorPercent > 100
        || options.healthyBeats < 0 || options.replacementWaitMs < 0 || options.ttlMs < 1)
        return std::nullopt;
    options.replacement = *replacement;
    return options;
}

QJsonObject RollingPlan::toJson(qint64 wallOffset) const
{
    QJsonArray types;
    for (const Type &type : m_types) {
        types.append(QJsonObject{{u"source"_s, m_sources[size_t(type.source)].name},
                                 {u"type"_s, type.type},
                                 {u"baseline"_s, type.baseline}});
    }
    QJsonArray steps;
    for (size_t i = 0; i < m_steps.size(); ++i) {
        const RollingStep &step = m_steps[i];
        QJsonObject object{
            {u"command"_s, step.command.toString(QUuid::WithoutBraces)},
            {u"worker"_s, bytesText(step.worker)},
            {u"host"_s, bytesText(step.host)},
            {u"typeIndex"_s, m_stepTypes[i]},
            {u"state"_s, nameOf(stepStates, step.state)},
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
        steps.append(object);
    }
    return {
        {u"version"_s, formatVersion},
        {u"group"_s, m_group.toString(QUuid::WithoutBraces)},
        {u"options"_s, m_options.toJson()},
        {u"by"_s, m_by},
        {u"reason"_s, m_reason},
        {u"startedAt"_s, m_startedAt > 0 ? m_startedAt + wallOffset : 0},
        {u"state"_s, nameOf(planStates, m_state)},
        {u"explanation"_s, m_explanation},
        {u"activeMs"_s, m_activeMs},
        {u"activeAtEnd"_s, m_activeAtEnd},
        {u"types"_s, types},
        {u"steps"_s, steps},
    };
}

std::optional<RollingPlan> RollingPlan::fromJson(const QJsonObject &json, qint64 wallOffset)
{
    const auto moment = [wallOffset](const QJsonValue &value) {
        const qint64 wall = wholeNumber(value);
        return wall > 0 ? wall - wallOffset : 0;
    };
    RollingPlan plan;
    plan.m_group = QUuid::fromString(json["group"_L1].toString());
    const auto options = RollingOptions::fromJson(json["options"_L1].toObject());
    const auto state = fromName(planStates, json["state"_L1]);
    if (json["version"_L1].toInt() != formatVersion || plan.m_group.isNull() || !options || !state)
        return std::nullopt;
    plan.m_options = *options;
    plan.m_by = json["by"_L1].toString();
    plan.m_reason = json["reason"_L1].toString();
    plan.m_startedAt = moment(json["startedAt"_L1]);
    plan.m_activeMs = wholeNumber(json["activeMs"_L1]);
    plan.m_activeAtEnd = wholeNumber(json["activeAtEnd"_L1]);

    const QJsonArray types = json["types"_L1].toArray();
    for (const QJsonValue &value : types) {
        const QString name = value["source"_L1].toString();
        size_t source = 0;
        while (source < plan.m_sources.size() && plan.m_sources[source].name != name)
            ++source;
        if (source == plan.m_sources.size())
            plan.m_sources.push_back({0, name}); // Ids are given anew by each start of the console.
        Type type;
        type.source = int(source);
        type.type = value["type"_L1].toString();
        type.baseline = value["baseline"_L1].toInt(-1);
        if (type.baseline < 0)
            return std::nullopt;
        plan.m_types.push_back(type);
    }
    QSet<QUuid> commands;
    const QJsonArray steps = json["steps"_L1].toArray();
    for (const QJsonValue &value : steps) {
        RollingStep step;
        step.command = QUuid::fromString(value["command"_L1].toString());
        step.worker = bytesFrom(value["worker"_L1]);
        step.host = bytesFrom(value["host"_L1]);
        step.sentAt = moment(value["sentAt"_L1]);
        step.goneAt = moment(value["goneAt"_L1]);
        step.replacedBy = bytesFrom(value["replacedBy"_L1]);
        step.left = value["left"_L1].toBool();
        const auto stepState = fromName(stepStates, value["state"_L1]);
        const auto stage = stageFromName(value["stage"_L1].toString());
        const int type = value["typeIndex"_L1].toInt(-1);
        if (step.command.isNull() || commands.contains(step.command) || step.worker.isEmpty() || !stepState || !stage
            || type < 0 || type >= int(plan.m_types.size()))
            return std::nullopt;
        commands.insert(step.command);
        step.type = plan.m_types[size_t(type)].type;
        step.state = *stepState;
        step.stage = *stage;
        plan.m_steps.push_back(step);
        plan.m_stepTypes.push_back(type);
    }
    plan.m_state = *state;
    plan.m_explanation = json["explanation"_L1].toString();
    if (!plan.hasEnded()) {
        plan.m_state = State::Paused;
        plan.m_pausedByItself = true;
        plan.m_explanation = u"The console was restarted."_s;
    }
    return plan;
}

} // namespace pulsedeck
