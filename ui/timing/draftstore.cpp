// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/draftstore.h"

#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/timing/timingwords.h"

#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QString rulesKey = u"timing/rules"_s; // untranslated: a settings key

} // namespace

DraftStore::DraftStore(const TimingLibrary &library, const FleetStore &store, const SourceListModel &sources, QSettings &settings,
                       QObject *parent)
    : QObject(parent)
    , m_library(library)
    , m_store(store)
    , m_sources(sources)
    , m_settings(settings)
{ }

TimingDraft &DraftStore::of(SourceId source)
{
    std::unique_ptr<TimingDraft> &draft = m_drafts[source];
    if (!draft) {
        draft = std::make_unique<TimingDraft>(m_library);
        draft->setRules(m_settings.value(rulesKey).toString());
        if (m_sources.settings(source).traits()->registers())
            draft->setDomain(TimingDomain::Hub);
        draft->begin(m_store.timing(source));
        connect(draft.get(), &TimingDraft::changed, this, &DraftStore::changed);
        connect(&draft->undoStack(), &QUndoStack::indexChanged, this, &DraftStore::edited);
    }
    return *draft;
}

void DraftStore::follow(SourceId source)
{
    const auto found = m_drafts.find(source);
    if (found == m_drafts.end())
        return;
    TimingDraft &draft = *found->second;
    const TimingProfile &live = m_store.timing(source);
    if (live == draft.base()) {
        draft.setLive(live);
        return;
    }
    // Right after our own change the source still reports the former version for a moment.
    if (live.version > 0 && live.version < draft.base().version)
        return;
    // An edited draft keeps its base: only its author decides what happens to it.
    if (draft.isClean() || (draft.unreadable() == 0 && sameTiming(draft.profile(), live)))
        draft.begin(live);
    else
        draft.setLive(live);
}

void DraftStore::settle(SourceId source, const TimingProfile &profile)
{
    const auto found = m_drafts.find(source);
    // A rollback may be applied while a draft is edited: then the draft is kept.
    if (found != m_drafts.end() && (found->second->isClean() || sameTiming(found->second->profile(), profile)))
        found->second->begin(profile);
}

void DraftStore::setRules(const QString &id)
{
    if (!id.isEmpty())
        m_settings.setValue(rulesKey, id);
    for (const auto &[source, draft] : m_drafts)
        draft->setRules(id.isEmpty() ? draft->rules().id : id);
}

void DraftStore::keepOnly(const std::vector<SourceId> &sources)
{
    std::erase_if(m_drafts,
                  [&sources](const auto &one) { return std::find(sources.begin(), sources.end(), one.first) == sources.end(); });
}

std::vector<std::pair<SourceId, int>> DraftStore::open() const
{
    std::vector<std::pair<SourceId, int>> open;
    for (const auto &[source, draft] : m_drafts) {
        if (!draft->isClean())
            open.emplace_back(source, draft->changedCount());
    }
    return open;
}

} // namespace pulsedeck
