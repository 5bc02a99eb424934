// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/worker.h"

#include <QWidget>

#include <memory>

namespace pulsedeck {

class FleetStore;
class HubDesk;
class SourceListModel;
class WriteAccess;

/// All about one Signal Hub besides its actors: how it does, who can be found in it, and messages to and from them.
/// Three tabs. While it is on show the desk asks the hub for its figures. What was typed and not sent is kept for each
/// hub. GUI thread.
class HubPanel : public QWidget
{
    Q_OBJECT

public:
    HubPanel(HubDesk &desk, FleetStore &store, const SourceListModel &sources, WriteAccess &access, const Clock &clock,
             QWidget *parent = nullptr);
    ~HubPanel() override;

    /// 0, as at first, for none.
    void setHub(SourceId source);
    SourceId hub() const;
    /// "overview", "discover" or "messages"; others change nothing.
    void showTab(const QString &name);
    QString currentTab() const;
    /// Opens the Discover tab and asks the hub, as its button does.
    void discover();
    /// The Discover tab has asked, and has no answer yet.
    bool isAsking() const;
    /// Shown at the top of the Overview tab, which takes it over. Null for none, as at first.
    void setFactsWidget(QWidget *facts);
    /// Opens the Messages tab with \a address as whom to write to; nothing else of the draft changes.
    void writeTo(const QString &address);

public slots:
    /// Texts that count time. The panel calls it itself once a second while it is on show.
    void refresh();

signals:
    /// Show this actor in the Fleet page.
    void workerRequested(pulsedeck::WorkerHandle worker);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
