// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/draftstore.h"

#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/layouts/layouttraits.h"
#include "models/timing/systemtiming.h"
#include "ui/timing/timingwords.h"

#include <QSettings>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QString rulesKey = u"timing/rules"_s; // untranslated: a settings key

/// Where the values of a system are kept: by where the source is, as its name may be another source's, and may be changed.
/// Addresses have slashes, which would be groups.
QString keyOf(const QString &source, const QString &system)
{
    return u"timing/yours/"_s + QString::fromLatin1(QUrl::toPercentEncoding(source)) + u'/' + system;
}

} // namespace

DraftStore::DraftStore(const TimingLibrary &library, const FleetStore &store, const SourceListModel &sources, QSettings &settings,
                       const LayoutCatalog *layouts, QObject *parent)
    : QObject(parent)
    , m_library(library)
    , m_store(store)
    , m_sources(sources)
    , m_settings(settings)
    , m_layouts(layouts)
{ }

const Layout *DraftStore::layout(const QString &word) const
{
    const Layout *found = m_layouts ? m_layouts->find(word) : nullptr;
    return found ? found : LayoutCatalog::builtIn().find(word);
}

const TimingLibrary *DraftStore::system(const QString &word)
{
    const auto known = m_systems.find(word);
    if (known != m_systems.end())
        return known->second.get();
    const Layout *described = layout(word);
    std::optional<TimingLibrary> library = described ? systemTiming(*described) : std::nullopt;
    std::unique_ptr<TimingLibrary> &place = m_systems[word];
    if (library)
        place = std::make_unique<TimingLibrary>(std::move(*library));
    return place.get();
}

QString DraftStore::ownTitle() const
{
    const SourceTraits own;
    const Layout *described = layout(own.layout);
    return described ? described->title : traitText(own.workers);
}

TimingDraft *DraftStore::find(SourceId source) const
{
    const auto found = m_drafts.find({source, QString()});
    return found == m_drafts.end() ? nullptr : found->second.get();
}

TimingDraft &DraftStore::of(SourceId source, const QString &word)
{
    std::unique_ptr<TimingDraft> &draft = m_drafts[{source, word}];
    if (const TimingLibrary *own = draft || word.isEmpty() ? nullptr : system(word)) {
        draft = std::make_unique<TimingDraft>(*own);
        draft->begin(own->defaults());
        const SourceSettings settings = m_sources.settings(source);
        const QString key = keyOf(settings.address(), word);
        // Earlier versions kept them by its name.
        const QString formerKey = keyOf(settings.name, word);
        if (!m_settings.contains(key) && m_settings.contains(formerKey)) {
            m_settings.setValue(key, m_settings.value(formerKey));
            m_settings.remove(formerKey);
        }
        restore(*draft, key);
        connect(draft.get(), &TimingDraft::changed, this, [this, key, kept = draft.get()] { keep(*kept, key); });
        connect(draft.get(), &TimingDraft::changed, this, &DraftStore::changed);
        connect(&draft->undoStack(), &QUndoStack::indexChanged, this, &DraftStore::edited);
    }
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

void DraftStore::restore(TimingDraft &draft, const QString &key) const
{
    std::vector<TimingChange> changes;
    const QVariantMap values = m_settings.value(key).toMap();
    for (auto value = values.cbegin(); value != values.cend(); ++value) {
        const std::optional<TimingId> id = draft.library().find(value.key());
        bool ok = false;
        const qint64 ms = value.value().toLongLong(&ok);
        // Of another version of the layout, or changed by hand: what does not fit is left out.
        if (id && ok && (ms > 0 || ms == TimingProfile::notUsed))
            changes.push_back({*id, ms});
    }
    draft.change(changes, {});
    draft.undoStack().clear();
}

void DraftStore::keep(const TimingDraft &draft, const QString &key)
{
    if (m_past)
        return;
    QVariantMap values;
    for (const TimingParameter &parameter : draft.library().parameters) {
        const qint64 ms = draft.field(parameter.id).ms; // What is only seen there is no change.
        if (!parameter.follows && ms != timingValue(draft.base(), parameter.id))
            values.insert(parameter.name, ms);
    }
    if (values.isEmpty())
        m_settings.remove(key);
    else
        m_settings.setValue(key, values);
}

void DraftStore::follow(SourceId source)
{
    TimingDraft *found = find(source);
    if (!found)
        return;
    TimingDraft &draft = *found;
    const TimingProfile &live = m_store.timing(source);
    if (live == draft.base()) {
        draft.setLive(live);
        return;
    }
    // Right after our own change the source still reports the former version for a moment.
    if (!m_past && live.version > 0 && live.version < draft.base().version)
        return;
    // An edited draft keeps its base: only its author decides what happens to it.
    if (draft.isClean() || (draft.unreadable() == 0 && sameTiming(draft.profile(), live)))
        draft.begin(live);
    else
        draft.setLive(live);
}

void DraftStore::settle(SourceId source, const TimingProfile &profile)
{
    TimingDraft *draft = find(source);
    // A rollback may be applied while a draft is edited: then the draft is kept.
    if (draft && (draft->isClean() || sameTiming(draft->profile(), profile)))
        draft->begin(profile);
}

void DraftStore::setRules(const QString &id)
{
    if (!id.isEmpty())
        m_settings.setValue(rulesKey, id);
    for (const auto &[key, draft] : m_drafts)
        draft->setRules(id.isEmpty() ? draft->rules().id : id);
}

void DraftStore::keepOnly(const std::vector<SourceId> &sources)
{
    std::erase_if(m_drafts, [&sources](const auto &one) {
        return std::find(sources.begin(), sources.end(), one.first.first) == sources.end();
    });
}

std::vector<std::pair<SourceId, int>> DraftStore::open() const
{
    std::vector<std::pair<SourceId, int>> open;
    for (const auto &[key, draft] : m_drafts) {
        if (!draft->isSystem() && !draft->isClean())
            open.emplace_back(key.first, draft->changedCount());
    }
    return open;
}

} // namespace pulsedeck
