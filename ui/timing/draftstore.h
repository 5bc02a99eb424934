// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutcatalog.h"
#include "models/protocol/worker.h"
#include "ui/timing/timingdraft.h"

#include <QObject>

#include <map>
#include <memory>
#include <utility>
#include <vector>

class QSettings;

namespace pulsedeck {

class FleetStore;
class SourceListModel;

/// The drafts of all sources that were looked at, and of each system in them; each is kept while another one is edited, and goes
/// with its source. Those of systems are what an operator says of them, and stay in the settings by the source's address.
/// GUI thread.
class DraftStore : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this. \a settings keep which rules were chosen. \a layouts may be null, and may be filled later; what
    /// is not in them is looked for among the built-in ones.
    DraftStore(const TimingLibrary &library, const FleetStore &store, const SourceListModel &sources, QSettings &settings,
               const LayoutCatalog *layouts, QObject *parent);

    /// The store shows another time: no draft is kept, and a timing that is older than before is followed too.
    void setPast() { m_past = true; }
    /// The draft of \a source; made at the first call. With a \a system, the word of a layout that system() knows, of that one.
    TimingDraft &of(SourceId source, const QString &system = {});
    /// The timing of a system; null if it has none or is the fleet that the console was made for.
    const TimingLibrary *system(const QString &word);
    /// What the workers of the fleet that the console was made for are called.
    QString ownTitle() const;
    /// To be called when the profile in force may have changed: a draft without edits follows it.
    void follow(SourceId source);
    /// \a profile was applied to the source.
    void settle(SourceId source, const TimingProfile &profile);
    /// Checks all drafts by these rules; with an empty \a id again by the rules chosen.
    void setRules(const QString &id);
    /// Removes the drafts of all other sources.
    void keepOnly(const std::vector<SourceId> &sources);
    /// Sources with a draft that was not applied, and how many of its values were edited. Nothing is applied to a system.
    std::vector<std::pair<SourceId, int>> open() const;

signals:
    /// A draft, or the result of its check, changed.
    void changed();
    /// The operator edited a draft, undid or redid an edit.
    void edited();

private:
    const TimingLibrary &m_library;
    const FleetStore &m_store;
    const SourceListModel &m_sources;
    QSettings &m_settings;
    void restore(TimingDraft &draft, const QString &key) const;
    void keep(const TimingDraft &draft, const QString &key);

    const Layout *layout(const QString &word) const;
    TimingDraft *find(SourceId source) const;

    const LayoutCatalog *m_layouts;
    bool m_past = false;
    std::map<QString, std::unique_ptr<TimingLibrary>> m_systems; ///< Null for those without timing.
    std::map<std::pair<SourceId, QString>, std::unique_ptr<TimingDraft>> m_drafts;
};

} // namespace pulsedeck
