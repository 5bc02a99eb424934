// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingplan.h"

#include <algorithm>
#include <vector>

namespace pulsedeck::rollingtest {

using namespace Qt::StringLiterals;

using Presence = RollingView::Presence;
using PlanState = RollingPlan::State;
using StepState = RollingStep::State;

/// A small fleet that a test moves by hand, and the view of it.
struct World
{
    struct Member
    {
        SourceId source = 1;
        QByteArray id;
        QString type;
        QByteArray host;
        Presence presence = Presence::Counted;
        QUuid command; ///< Null for one that is not in the plan.
        bool child = false; ///< It hangs under another.
    };

    qint64 now = 1'000'000;
    std::vector<Member> members;
    std::vector<RollingView::Newcomer> newcomers;
    std::vector<SourceId> connected{1, 2};
    QHash<QUuid, CommandStage> stages;
    QHash<QUuid, QString> notes;
    QHash<SourceId, QString> barred;

    void add(int count, const QString &type, bool inPlan = true, SourceId source = 1)
    {
        for (int i = 0; i < count; ++i) {
            const QByteArray number = QByteArray::number(int(members.size())).rightJustified(8, '0');
            Member member;
            member.source = source;
            member.id = type.toUtf8() + ':' + number + "-0000-0000-0000-000000000000";
            member.type = type;
            member.host = "10.0.0." + number + ":3131";
            if (inPlan)
                member.command = QUuid::createUuidV5(QUuid(), member.id);
            members.push_back(member);
        }
    }

    std::vector<RollingView::Capacity> capacity() const
    {
        std::vector<RollingView::Capacity> list;
        for (const Member &member : members) {
            const auto found = std::find_if(list.begin(), list.end(), [&](const RollingView::Capacity &c) {
                return c.source == member.source && c.type == member.type && c.child == member.child;
            });
            const int one = member.presence == Presence::Counted ? 1 : 0;
            if (found == list.end())
                list.push_back({member.source, member.type, one, 0, member.child});
            else
                found->available += one;
        }
        return list;
    }

    RollingPlan begin(const RollingOptions &options) const
    {
        std::vector<RollingStep> steps;
        for (const Member &member : members) {
            if (member.command.isNull())
                continue;
            RollingStep step;
            step.command = member.command;
            step.source = member.source;
            step.worker = member.id;
            step.type = member.type;
            step.host = member.host;
            step.child = member.child;
            steps.push_back(step);
        }
        RollingPlan plan(QUuid::createUuid(), options, steps, capacity(), now, u"anna@desk"_s, u"new image"_s);
        plan.setSourceName(1, u"prod"_s);
        plan.setSourceName(2, u"staging"_s);
        return plan;
    }

    RollingView view() const
    {
        RollingView view;
        view.now = now;
        view.capacity = capacity();
        view.newcomers = newcomers;
        view.connected = connected;
        view.stages = stages;
        view.notes = notes;
        view.barred = barred;
        for (const Member &member : members) {
            if (!member.command.isNull())
                view.workers.insert(member.command, member.presence);
        }
        return view;
    }

    Member &of(const RollingPlan &plan, int step)
    {
        return *std::find_if(members.begin(), members.end(),
                             [&](const Member &m) { return m.command == plan.steps()[size_t(step)].command; });
    }

    /// The worker of this step drained and went.
    void finish(const RollingPlan &plan, int step)
    {
        of(plan, step).presence = Presence::Left;
        stages.insert(plan.steps()[size_t(step)].command, CommandStage::Gone);
    }

    void newcomer(const QByteArray &id, const QString &type, int healthyBeats, const QByteArray &host = "10.9.9.9:1")
    {
        newcomers.push_back({1, id, type, host, now, healthyBeats});
    }
};

inline RollingOptions options(int atATime, int floorPercent)
{
    RollingOptions options;
    options.atATime = atATime;
    options.floorPercent = floorPercent;
    return options;
}

using Indexes = std::vector<int>;

} // namespace pulsedeck::rollingtest
