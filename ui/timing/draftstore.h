// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/worker.h"
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

/// The drafts of all sources that were looked at; each is kept while another source is edited, and goes with its source.
/// GUI thread.
class DraftStore : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this. \a settings keep which rules were chosen.
    DraftStore(const TimingLibrary &library, const FleetStore &store, const SourceListModel &sources, QSettings &settings,
               QObject *parent);

    /// Makes it at first.
    TimingDraft &of(SourceId source);
    /// The source has another profile in force, or the same anew: a draft that was not edited follows it.
    void follow(SourceId source);
    /// \a profile was applied to the source.
    void settle(SourceId source, const TimingProfile &profile);
    /// From now on drafts are checked by these rules; an empty \a id: by what the rules chosen say now.
    void setRules(const QString &id);
    /// Forgets those of sources that are gone.
    void keepOnly(const std::vector<SourceId> &sources);
    /// Sources with a draft that was not applied, and how many of its values were edited.
    std::vector<std::pair<SourceId, int>> open() const;

signals:
    /// Some draft: an edit, or what is said of it.
    void changed();
    /// An edit leaves behind what went wrong before it.
    void edited();

private:
    const TimingLibrary &m_library;
    const FleetStore &m_store;
    const SourceListModel &m_sources;
    QSettings &m_settings;
    std::map<SourceId, std::unique_ptr<TimingDraft>> m_drafts;
};

} // namespace pulsedeck
