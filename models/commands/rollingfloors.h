// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingview.h"

#include <QStringList>

namespace pulsedeck {

/// The sources and the types of workers that a rolling shutdown touches, and how many of each type have to stay available. A
/// value; pure.
struct RollingFloors
{
    struct Source
    {
        SourceId id = 0; ///< 0 for one read back, until its name is found again.
        QString name;
        bool accepted = false; ///< That it is not connected, until it is.
    };
    struct Type
    {
        int source = 0; ///< Index into sources.
        QString type;
        int baseline = 0; ///< Available when the plan began, or perhaps: a floor must not be low for want of an answer.
        qint64 lowSince = 0; ///< Below its floor since then, 0 if not.
        bool accepted = false; ///< That it is at or below its floor; until it has recovered.
        bool child = false; ///< Of those that hang under others.
    };
    /// A type may be at or below its floor for so long before the plan pauses for it (nothing is sent meanwhile): one late beat,
    /// or a replacement that is about to count, is no anomaly.
    static constexpr qint64 patienceMs = 5'000;

    int percent = 0; ///< Share of the baseline that stays, 0…100.
    std::vector<Source> sources;
    std::vector<Type> types;

    /// Enters the source and the type of a step; returns the index of the type. Workers that hang under others have floors of
    /// their own.
    int add(SourceId source, const QString &type, const std::vector<RollingView::Capacity> &baseline, bool child = false);
    /// The index of a source with that name, which is entered if there is none.
    int addSource(const QString &name);
    /// -1 if there is none.
    int sourceIndex(SourceId source) const;
    int typeIndex(int source, const QString &type, bool child = false) const;

    const Source &sourceOf(const RollingStep &step) const { return sources[size_t(types[size_t(step.typeIndex)].source)]; }
    int floorOf(int type) const { return (types[size_t(type)].baseline * percent + 99) / 100; }
    /// "firefox", with several sources "firefox on prod".
    QString typeText(int type) const;
    QStringList sourceNames() const;
    std::vector<SourceId> knownSources() const;

    /// By type: what would be left if every worker that was told to go had gone.
    std::vector<int> available(const RollingView &view, const std::vector<RollingStep> &steps) const;
    /// Takes note of who is below its floor; returns the types that have been for too long, unless that is accepted.
    std::vector<int> fallen(const RollingView &view, const std::vector<int> &available);
};

} // namespace pulsedeck
