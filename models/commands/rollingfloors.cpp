// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingfloors.h"

#include <QCoreApplication>

namespace pulsedeck {

namespace {

class FloorTexts
{
    Q_DECLARE_TR_FUNCTIONS(FloorTexts)
};

template <typename List, typename Test> int indexWhere(const List &list, const Test &test)
{
    const auto found = std::find_if(list.begin(), list.end(), test);
    return found == list.end() ? -1 : int(found - list.begin());
}

RollingView::Capacity capacityOf(const std::vector<RollingView::Capacity> &capacity, SourceId source, const QString &type,
                                 bool child)
{
    const auto found = std::find_if(capacity.begin(), capacity.end(), [&](const RollingView::Capacity &one) {
        return one.source == source && one.type == type && one.child == child;
    });
    return found == capacity.end() ? RollingView::Capacity() : *found;
}

} // namespace

int RollingFloors::add(SourceId source, const QString &type, const std::vector<RollingView::Capacity> &baseline, bool child)
{
    int place = sourceIndex(source);
    if (place < 0) {
        place = int(sources.size());
        sources.push_back({source, FloorTexts::tr("source %1").arg(source)});
    }
    int index = typeIndex(place, type, child);
    if (index < 0) {
        index = int(types.size());
        const RollingView::Capacity now = capacityOf(baseline, source, type, child);
        types.push_back({place, type, now.available + now.unknown});
        types.back().child = child;
    }
    return index;
}

int RollingFloors::addSource(const QString &name)
{
    const int known = indexWhere(sources, [&name](const Source &source) { return source.name == name; });
    if (known >= 0)
        return known;
    sources.push_back({0, name});
    return int(sources.size()) - 1;
}

int RollingFloors::sourceIndex(SourceId source) const
{
    return indexWhere(sources, [source](const Source &one) { return one.id == source; });
}

int RollingFloors::typeIndex(int source, const QString &type, bool child) const
{
    return indexWhere(types, [&](const Type &one) { return one.source == source && one.type == type && one.child == child; });
}

QString RollingFloors::typeText(int index) const
{
    const Type &type = types[size_t(index)];
    const QString name = type.type.isEmpty() ? FloorTexts::tr("The fleet without types") : type.type;
    return sources.size() < 2 ? name
                              : FloorTexts::tr("%1 on %2", "a type on a source").arg(name, sources[size_t(type.source)].name);
}

QStringList RollingFloors::sourceNames() const
{
    QStringList names;
    for (const Source &source : sources)
        names.append(source.name);
    return names;
}

std::vector<SourceId> RollingFloors::knownSources() const
{
    std::vector<SourceId> ids;
    for (const Source &source : sources) {
        if (source.id != 0)
            ids.push_back(source.id);
    }
    return ids;
}

std::vector<int> RollingFloors::available(const RollingView &view, const std::vector<RollingStep> &steps) const
{
    std::vector<int> left;
    for (const Type &type : types)
        left.push_back(capacityOf(view.capacity, sources[size_t(type.source)].id, type.type, type.child).available);
    for (const RollingStep &step : steps) {
        if (step.isLeaving() && view.presenceOf(step) == RollingView::Presence::Counted)
            --left[size_t(step.typeIndex)];
    }
    return left;
}

std::vector<int> RollingFloors::fallen(const RollingView &view, const std::vector<int> &available)
{
    std::vector<int> found;
    for (size_t i = 0; i < types.size(); ++i) {
        Type &type = types[i];
        const int floor = floorOf(int(i));
        if (!view.isConnected(sources[size_t(type.source)].id)) {
            type.lowSince = 0;
        } else if (available[i] >= floor) {
            type.lowSince = 0;
            // At the floor nothing can go yet: what was accepted stays so until something can.
            type.accepted = type.accepted && available[i] == floor;
        } else if (type.lowSince == 0) {
            type.lowSince = view.now;
        } else if (!type.accepted && view.now - type.lowSince >= patienceMs) {
            found.push_back(int(i));
        }
    }
    return found;
}

} // namespace pulsedeck
