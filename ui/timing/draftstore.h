// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

/// The drafts of all sources that were looked at; each is kept while another source is edited, and goes with its source.
/// GUI thread.
class DraftStore : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this. \a settings keep which rules were chosen.
    DraftStore(const TimingLibrary &library, const FleetStore &store, const SourceListModel &sources, QSettings &settings,
               QObject *parent);

    /// The draft of \a source; made at the first call.
    TimingDraft &of(SourceId source);
    /// To be called when the profile in force may have changed: a draft without edits follows it.
    void follow(SourceId source);
    /// \a profile was applied to the source.
    void settle(SourceId source, const TimingProfile &profile);
    /// Checks all drafts by these rules; with an empty \a id again by the rules chosen.
    void setRules(const QString &id);
    /// Removes the drafts of all other sources.
    void keepOnly(const std::vector<SourceId> &sources);
    /// Sources with a draft that was not applied, and how many of its values were edited.
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
    std::map<SourceId, std::unique_ptr<TimingDraft>> m_drafts;
};

} // namespace pulsedeck
