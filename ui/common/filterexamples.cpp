// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/filterexamples.h"

#include "models/fleet/fleetfilterwords.h"
#include "models/fleet/fleetstore.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestExample = 16; ///< Of a name: a longer one would leave no room for the rest.

/// The first queue of \a system whose name is short and plain enough.
QString someQueue(const FleetStore &store, const QString &system)
{
    for (const auto &[key, record] : store.queues().all()) {
        const QString name = QString::fromUtf8(key.name);
        const bool plain =
            std::all_of(name.begin(), name.end(), [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_'; });
        if (store.isSourceVisible(key.source) && key.system == system && plain && !name.isEmpty()
            && name.size() <= longestExample)
            return name;
    }
    return {};
}

} // namespace

QString fleetFilterExample(const FleetStore &store)
{
    const std::vector<TraitsRef> kinds = store.kinds();
    const auto isOwn = [](TraitsRef kind) { return !kind->isLaidOut() && !kind->registers(); };
    if (kinds.empty() || std::any_of(kinds.begin(), kinds.end(), isOwn))
        return u"status:draining type:chromium age>10s"_s; // untranslated: the filter's own words
    const auto other = std::find_if(kinds.begin(), kinds.end(), [](TraitsRef kind) { return kind->isLaidOut(); });
    if (other == kinds.end())
        return u"liveness:late kind:actor age>10s"_s; // untranslated: likewise
    const QString queue = someQueue(store, (*other)->layout);
    const QString last = queue.isEmpty() ? u"age>10s"_s : u"queue:"_s + queue; // untranslated: likewise
    return u"liveness:late system:"_s + (*other)->layout + u' ' + last; // untranslated: likewise
}

QString queueFilterExample(const FleetStore &store)
{
    const auto &all = store.queues().all();
    const auto seen =
        std::find_if(all.begin(), all.end(), [&store](const auto &one) { return store.isSourceVisible(one.first.source); });
    const QString system = seen == all.end() ? QString() : QString(u"system:"_s + seen->first.system + u' ');
    return system + u"waiting>100 state:paused"_s; // untranslated: the filter's own words
}

} // namespace pulsedeck
