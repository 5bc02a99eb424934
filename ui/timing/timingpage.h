// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/writeaccess.h"
#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/timing/timingcontroller.h"
#include "ui/common/page.h"

#include <memory>
#include <utility>
#include <vector>

class QSettings;

namespace pulsedeck {

class CommandLedger;
class HubStore;
class LayoutCatalog;
class PastBeats;

/// What the Timing page looks at. All of it outlives the page.
struct TimingContext
{
    FleetStore &store;
    SourceListModel &sources;
    const Clock &clock;
    QSettings &settings;
    CommandLedger &ledger;
    WriteAccess &access;
    TimingController &controller;
    const HubStore *hubs = nullptr; ///< Null: there are no hubs.
    const LayoutCatalog *layouts = nullptr; ///< May be filled later; null: the built-in ones.
    PastBeats *past = nullptr; ///< Where the beats come from while another time is shown; null: the store's.
};

class TimingFiles;

/// The Timing page: parameters with live, edited and measured values; the ratio ladder; the what-if; history; review
/// and apply. Of systems that a layout describes their own parameters and rules: these can be tried, copied and exported, not
/// applied. GUI thread; what-ifs are computed on a thread pool.
class TimingPage : public Page
{
    Q_OBJECT

public:
    /// \a files may be null: then there is no export and no import of files.
    TimingPage(const TimingContext &context, TimingFiles *files, QWidget *parent = nullptr);
    ~TimingPage() override;

    /// The source whose timing is edited; the first one at first.
    SourceId source() const;
    void setSource(SourceId source);
    /// The word of the system in it whose timing is shown ("rq"); empty: the fleet that the console was made for, or a hub.
    QString system() const;
    /// Of a system that the source has no workers of, nothing happens.
    void setSystem(SourceId source, const QString &system);
    /// "v12"; with a dot when there is a draft.
    QString navigationText() const override;
    /// Sources with a draft that was not applied, and how many of its values were edited.
    std::vector<std::pair<SourceId, int>> openDrafts() const;
    /// False while the first what-if for this source is being computed.
    bool isSettled() const override;
    /// The systems that can be chosen: "rq", "sidekiq"; each in the first source that has it.
    QStringList views() const override;
    void showView(const QString &view) override;
    void fillMenu(QMenu &menu) override;
    bool isSearchable() const override { return true; }
    /// Shows only what was changed.
    void focusFilter() override;
    void showDiff(); ///< Ctrl+D

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
