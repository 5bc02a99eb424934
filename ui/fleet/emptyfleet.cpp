// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/emptyfleet.h"

#include "models/core/format.h"
#include "ui/common/sourcewords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Step = EmptyFleet::Step;

EmptyFleet note(Glyph glyph, const QString &title, const QString &text, Step step = Step::None, SourceId source = 0,
                bool settled = true)
{
    return {{glyph, title, text}, step, source, settled};
}

EmptyFleet troubled(const QString &name, const SourceStatus &status, qint64 now)
{
    const bool failed = status.state == SourceState::Failed;
    const QString message = status.message.isEmpty() ? sourceStateText(status, now) : status.message;
    const QString text = status.hint.isEmpty() ? message : QString(message + u'\n' + status.hint);
    // It answers, but not with everything: an empty list is then no empty fleet.
    const bool incomplete = status.isConnected() || status.isCutOff();
    const QString title = failed       ? EmptyFleet::tr("Cannot read %1")
                          : incomplete ? EmptyFleet::tr("The workers of %1 are unknown")
                                       : EmptyFleet::tr("No connection to %1");
    return note(failed ? Glyph::Error : Glyph::Warning, title.arg(name), text, failed ? Step::Edit : Step::Retry, status.source);
}

EmptyFleet reading(const QString &name, const SourceStatus &status)
{
    const QString text = status.total > 0 ? EmptyFleet::tr("%1 of %2 · %3", "so many, of how many workers, and of which source")
                                                .arg(groupedNumber(status.loaded), status.traits->counted(status.total), name)
                         : status.traits->has(SourceFact::Push)     ? EmptyFleet::tr("Looking for workers · %1").arg(name)
                         : status.traits->has(SourceFact::Messages) ? EmptyFleet::tr("Listing actors · %1").arg(name)
                                                                    : EmptyFleet::tr("Listing · %1").arg(name);
    return note(sourceKindGlyph(*status.traits), EmptyFleet::tr("Reading the fleet"), text, Step::None, status.source, false);
}

/// It was read, and it has no workers.
EmptyFleet nobody(const QString &name, const SourceStatus &status)
{
    const SourceTraits &traits = *status.traits;
    const QString title = traitText(traits.emptyTitle).arg(name);
    if (!traits.emptyText.isEmpty())
        return note(sourceKindGlyph(traits), title, traitText(traits.emptyText), Step::None, status.source);
    return note(
        Glyph::Fleet, title,
        status.look.commands > 0
            ? EmptyFleet::tr("It is connected, but none of the systems that are known was found.\n"
                             "Workers appear here as soon as they are seen. If you expected some, check the database number, or "
                             "describe them in a layout.")
        : traits.has(SourceFact::Counters)
            ? EmptyFleet::tr("It is connected, but no key %1* and no counter in cluster:active_connections was found.\n"
                             "A worker appears here as soon as it registers. If you expected some, check the database number.")
                  .arg(QString::fromUtf8(traits.recordPrefix))
            : EmptyFleet::tr("It is connected, but lists none. They appear here as soon as they are seen."),
        Step::None, status.source);
}

} // namespace

QString EmptyFleet::stepLabel() const
{
    switch (step) {
    case Step::None:
        break;
    case Step::ClearFilter:
        return tr("Clear filter");
    case Step::Retry:
        return tr("Retry now");
    case Step::Edit:
        return tr("Edit…");
    case Step::Connect:
        return tr("Connect");
    }
    return {};
}

EmptyFleet emptyFleet(const FleetStore &store, const FleetFilter &filter, int matches)
{
    if (matches > 0)
        return {};
    const std::vector<SourceId> sources = store.sources();
    if (sources.empty())
        return note(Glyph::Connections, EmptyFleet::tr("No source yet"),
                    EmptyFleet::tr("Add a Redis or a Signal Hub in the Sources menu, or start the demo fleet."));

    std::vector<SourceStatus> visible;
    int workers = 0;
    for (const SourceId id : sources) {
        if (store.isSourceVisible(id)) {
            visible.push_back(store.sourceStatus(id));
            workers += store.sourceWorkerCount(id);
        }
    }
    if (visible.empty())
        return note(Glyph::Hidden, EmptyFleet::tr("All sources are hidden"),
                    EmptyFleet::tr("Check one in the list of sources to see its workers."));
    if (!filter.isReadable())
        return note(Glyph::Warning, EmptyFleet::tr("The filter cannot be read"),
                    EmptyFleet::tr("Nothing is shown, so that no command reaches workers it was meant to exclude. The problem is "
                                   "explained below the filter."),
                    Step::ClearFilter);
    if (workers > 0 && !filter.isEmpty())
        return note(Glyph::Search, EmptyFleet::tr("No worker matches"),
                    EmptyFleet::tr("None of %Ln worker(s) matches %1.", nullptr, workers).arg(filter.text()), Step::ClearFilter);

    const qint64 now = store.viewNow();
    // The source that is furthest on its way comes first: reading, then connecting, then what is wrong.
    for (const SourceStatus &status : visible) {
        if (status.state == SourceState::Loading)
            return reading(store.sourceName(status.source), status);
    }
    for (const SourceStatus &status : visible) {
        if (status.state == SourceState::Connecting && status.lostAt == 0)
            return note(Glyph::Connections, EmptyFleet::tr("Connecting to %1").arg(store.sourceName(status.source)),
                        EmptyFleet::tr("Its workers appear as soon as it answers."), Step::None, status.source, false);
    }
    for (const SourceStatus &status : visible) {
        const bool unsure = status.isPartial() || status.forgotten;
        if (isTrouble(status.state) || unsure || status.state == SourceState::Connecting)
            return troubled(store.sourceName(status.source), status, now);
    }
    const SourceStatus &first = visible.front();
    const QString &name = store.sourceName(first.source);
    if (std::all_of(visible.begin(), visible.end(), [](const SourceStatus &one) { return one.state == SourceState::Off; }))
        return note(Glyph::Off,
                    visible.size() == 1 ? EmptyFleet::tr("Disconnected from %1").arg(name)
                                        : EmptyFleet::tr("Disconnected from all sources"),
                    EmptyFleet::tr("Nothing is read until you connect again."), Step::Connect, first.source);
    if (!filter.isEmpty())
        return note(Glyph::Search, EmptyFleet::tr("No worker matches"), EmptyFleet::tr("There are no workers yet."),
                    Step::ClearFilter);
    return nobody(name, first);
}

} // namespace pulsedeck
