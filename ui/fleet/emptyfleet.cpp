// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/emptyfleet.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/sourcewords.h"
#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Step = EmptyFleet::Step;

EmptyFleet troubled(const QString &name, const SourceStatus &status, qint64 now)
{
    const bool failed = status.state == SourceState::Failed;
    const QString message = status.message.isEmpty() ? sourceStateText(status, now) : status.message;
    const QString text = status.hint.isEmpty() ? message : QString(message + u"\n"_s + status.hint);
    // It answers, and what it says is not the whole truth: an empty list is then no empty fleet.
    const bool incomplete = status.isConnected() || status.isCutOff();
    const QString title = failed       ? u"Cannot read %1"_s
                          : incomplete ? u"The workers of %1 are unknown"_s
                                       : u"No connection to %1"_s;
    return {failed ? Glyph::Error : Glyph::Warning, title.arg(name), text,
            failed ? Step::Edit : Step::Retry,      status.source,   true};
}

} // namespace

EmptyFleet emptyFleet(const FleetStore &store, const FleetFilter &filter, int matches)
{
    if (matches > 0)
        return {};
    const std::vector<SourceId> sources = store.sources();
    if (sources.empty())
        return {Glyph::Connections,
                u"No source yet"_s,
                u"Add a Redis or a Signal Hub in the menu Sources, or start the demo fleet."_s,
                Step::None,
                0,
                true};

    std::vector<SourceStatus> visible;
    int workers = 0;
    for (const SourceId id : sources) {
        if (store.isSourceVisible(id)) {
            visible.push_back(store.sourceStatus(id));
            workers += store.sourceWorkerCount(id);
        }
    }
    if (visible.empty())
        return {
            Glyph::Hidden, u"All sources are hidden"_s, u"Tick one in the list of sources to see its workers."_s, Step::None, 0,
            true};
    if (!filter.isReadable())
        return {
            Glyph::Warning,
            u"The filter cannot be read"_s,
            u"Nothing is shown, so that nothing is done to workers it was to keep away. What is wrong stands below the filter."_s,
            Step::ClearFilter,
            0,
            true};
    if (workers > 0 && !filter.isEmpty())
        return {Glyph::Search,
                u"No worker matches"_s,
                u"None of %1 fits %2."_s.arg(countedWord(workers, u"worker"_s), filter.text()),
                Step::ClearFilter,
                0,
                true};

    const qint64 now = store.viewNow();
    // What is furthest on its way is said first: reading, then connecting, then what is wrong.
    for (const SourceStatus &status : visible) {
        if (status.state != SourceState::Loading)
            continue;
        const QString text =
            status.total > 0
                ? QString(groupedNumber(status.loaded) + u" of "_s + groupedNumber(status.total) + u' ' + status.traits->workers)
                : (status.traits->has(SourceFact::Push) ? u"Looking for "_s : u"Listing "_s) + status.traits->workers;
        const Glyph glyph = status.traits->has(SourceFact::Messages) ? Glyph::Hub : Glyph::Redis;
        return {glyph,      u"Reading the fleet"_s, QString(text + u" · "_s + store.sourceName(status.source)),
                Step::None, status.source,          false};
    }
    for (const SourceStatus &status : visible) {
        if (status.state == SourceState::Connecting && status.lostAt == 0)
            return {Glyph::Connections,
                    QString(u"Connecting to "_s + store.sourceName(status.source)),
                    u"The first view follows as soon as it answers."_s,
                    Step::None,
                    status.source,
                    false};
    }
    for (const SourceStatus &status : visible) {
        const bool unsure = status.isPartial() || status.forgotten;
        if (isTrouble(status.state) || unsure || status.state == SourceState::Connecting)
            return troubled(store.sourceName(status.source), status, now);
    }
    bool allOff = true;
    for (const SourceStatus &status : visible)
        allOff &= status.state == SourceState::Off;
    const SourceStatus &first = visible.front();
    const QString name = store.sourceName(first.source);
    if (allOff) {
        const QString title = visible.size() == 1 ? QString(u"Disconnected from "_s + name) : u"Disconnected from all sources"_s;
        return {Glyph::Off, title, u"Nothing is read until you connect again."_s, Step::Connect, first.source, true};
    }
    if (!filter.isEmpty())
        return {Glyph::Search, u"No worker matches"_s, u"There is no worker at all yet."_s, Step::ClearFilter, 0, true};
    if (first.traits->registers()) {
        return {
            Glyph::Hub,
            u"No actors at "_s + name,
            u"It is connected, and nobody is registered there. A hub that was silent for ten seconds has forgotten its actors,\n"
            u"and they have to register again. One shows here as soon as the list is read again."_s,
            Step::None,
            first.source,
            true};
    }
    return {Glyph::Fleet,
            u"No workers in "_s + name,
            u"It is connected, and no key worker:* nor any counter in cluster:active_connections was found.\n"
            u"A worker shows here as soon as it registers. If you expected some, check the database number."_s,
            Step::None,
            first.source,
            true};
}

} // namespace pulsedeck
