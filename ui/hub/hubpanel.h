// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "ui/common/sourcepanel.h"

#include <memory>

namespace pulsedeck {

class FleetStore;
class HubDesk;
class SourceListModel;
class WriteAccess;

/// All about one Signal Hub besides its actors: how it does, who can be found in it, and messages to and from them.
/// Three tabs. While it is on show the desk asks the hub for its figures. What was typed and not sent is kept for each
/// hub. GUI thread.
class HubPanel : public SourcePanel
{
    Q_OBJECT

public:
    HubPanel(HubDesk &desk, FleetStore &store, const SourceListModel &sources, WriteAccess &access, const Clock &clock,
             QWidget *parent = nullptr);
    ~HubPanel() override;

    void setSource(SourceId source) override;
    SourceId source() const override;
    /// "overview", "discover" or "messages"; others change nothing.
    void showTab(const QString &name);
    QString currentTab() const;
    /// False while the Discover tab has asked and has no answer yet.
    bool isSettled() const override;
    /// The tabs: "hub", "hub-discover", "hub-messages".
    QStringList views() const override;
    /// For the Discover tab the hub is asked, as by its button: without an answer there would be nothing to see.
    void showView(const QString &view) override;
    /// In the Overview tab.
    void setFactsWidget(QWidget *facts) override;
    /// Opens the Messages tab with \a address as whom to write to; nothing else of the draft changes.
    void writeTo(const QString &address);

public slots:
    /// Texts that count time. The panel calls it itself once a second while it is on show.
    void refresh();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
