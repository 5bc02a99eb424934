// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/page.h"

class QListView;
class QPushButton;
class QStackedWidget;

namespace pulsedeck {

class ConnectionTester;
class HubStore;
class SecretStore;
class SourceDetails;
class SourcePanel;
class ToneLabel;
class WriteAccess;

/// The Connections page: every source at the left, all about the chosen one at the right.
class ConnectionsPage : public Page
{
    Q_OBJECT

public:
    /// \a hubs may be null, and so may \a hubPanel, which is owned from here on; \a secrets and \a tester too: see SourceEditor.
    ConnectionsPage(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock, HubStore *hubs,
                    SourcePanel *hubPanel, SecretStore *secrets = nullptr, ConnectionTester *tester = nullptr,
                    QWidget *parent = nullptr);

    void showSource(SourceId source);
    /// The source on show, 0 for none.
    SourceId currentSource() const;
    QListView *list() const { return m_list; }
    /// Where layouts are kept that are made here; without it none can be made.
    void setLayoutFolder(const QString &folder);
    /// How many sources are connected, of how many.
    QString navigationText() const override;
    QString whyNoPast() const override;
    bool isSettled() const override;
    /// Those of the hub panel, while there is a hub.
    QStringList views() const override;
    void showView(const QString &view) override;
    void refresh() override;

signals:
    void addRequested();
    void demoRequested();
    void connectRequested(pulsedeck::SourceId source);
    void disconnectRequested(pulsedeck::SourceId source);
    /// Keep these settings of the source, and connect it again.
    void saved(const pulsedeck::SourceSettings &settings);
    /// Enter the password, or a hub's token.
    void passwordRequested(pulsedeck::SourceId source);
    void removeRequested(pulsedeck::SourceId source);
    /// Look again which systems live there.
    void lookAgainRequested(pulsedeck::SourceId source);
    /// A layout was written into the folder, and is right.
    void layoutMade();
    void sourceMenuRequested(pulsedeck::SourceId source, const QPoint &globalPos);

protected:
    void showEvent(QShowEvent *event) override;

private:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    QWidget *buildList();
    QWidget *buildEmpty();
    void review();
    SourceId firstHub() const;
    int connectedCount() const;

    FleetStore &m_store;
    SourceListModel &m_sources;
    SourcePanel *m_hubPanel;
    QWidget *m_listPanel = nullptr;
    QListView *m_list = nullptr;
    ToneLabel *m_counts = nullptr;
    QPushButton *m_add = nullptr;
    QStackedWidget *m_right = nullptr;
    SourceDetails *m_details = nullptr;
    QWidget *m_empty = nullptr;
};

} // namespace pulsedeck
