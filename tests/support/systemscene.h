// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fleetscene.h"

namespace pulsedeck {

TraitsRef sidekiqTraits();
TraitsRef rqTraits();
TraitsRef celeryTraits();
TraitsRef horizonTraits();
TraitsRef bullTraits();

/// Puts workers of other systems next to those of a FleetScene, as sources that read them by a layout would: Sidekiq and RQ in
/// its first source, Horizon in its second, Celery and BullMQ in sources of their own; each with the exceptions its system knows,
/// and two minutes of beats behind them.
class SystemScene
{
public:
    static constexpr SourceId tasks = 3;
    static constexpr SourceId web = 4;

    explicit SystemScene(FleetScene &scene);

    WorkerHandle find(const QByteArray &id) const;

private:
    struct Member
    {
        SourceId source = FleetScene::prod;
        WorkerText text;
        WorkerSample sample; ///< As it is now; readAt and beatAt are ages, in ms.
        qint64 everyMs = 0; ///< 0: one beat, at its age.
    };

    void addSource(SourceId id, const QString &name);
    Member member(SourceId source, TraitsRef traits, const QByteArray &id, qint64 beatAgeMs, qint64 everyMs) const;
    void add(Member member);
    void addSidekiq();
    void addRq();
    void addCelery();
    void addHorizon();
    void addBull();
    void addQueues();

    FleetScene &m_scene;
    std::vector<std::pair<SourceId, quint32>> m_generations;
    WorkerNumber m_next = 100'000;
};

} // namespace pulsedeck
