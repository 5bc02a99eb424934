// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/sourcepanel.h"
#include "ui/hub/hubcontext.h"

#include <QTimer>

class QTabWidget;

namespace pulsedeck {

class HubDiscover;
class HubMessageTab;
class HubOverview;

/// One Signal Hub besides its actors: its state, a search for actors, and messages to and from them.
/// Three tabs. While it is on show the figures of the hub are requested. What was typed and not sent is kept for each
/// hub. GUI thread.
class HubPanel : public SourcePanel
{
    Q_OBJECT

public:
    HubPanel(HubStore &hubs, FleetStore &store, const SourceListModel &sources, WriteAccess &access, const Clock &clock,
             QWidget *parent = nullptr);
    ~HubPanel() override;

    void setSource(SourceId source) override;
    SourceId source() const override { return m_source; }
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
    void watch(bool on);

    const HubContext m_context;
    QTabWidget *m_tabs;
    HubOverview *m_overview;
    HubDiscover *m_discover;
    HubMessageTab *m_messages;
    SourceId m_source = 0;
    QTimer m_second;
};

} // namespace pulsedeck
