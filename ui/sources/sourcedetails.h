// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/band.h"

class QBoxLayout;
class QPushButton;
class QStackedWidget;

namespace pulsedeck {

class FactsPanel;
class EnvironmentMark;
class EnvironmentTag;
class GlyphMark;
class HubStore;
class ConnectionTester;
class SecretStore;
class SourceEditor;
class SourcePanel;
class ToneLabel;
class TroublePanel;
class WriteAccess;

/// The right side of the Connections page: one source's condition, what is known of it, and what can be done. For a hub its panel
/// is in between, with figures, actors and messages. Next to it, where there is room or on request, its settings: edited and
/// tested in place.
class SourceDetails : public Band
{
    Q_OBJECT

public:
    /// \a hubs may be null, and so may \a hubPanel, which is owned from here on: then only the facts of a hub are shown.
    SourceDetails(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock, HubStore *hubs,
                  SourcePanel *hubPanel, SecretStore *secrets, ConnectionTester *tester, QWidget *parent = nullptr);

    void setSource(SourceId source);
    SourceId source() const { return m_source; }
    /// Where layouts are kept that are made here; without it none can be made.
    void setLayoutFolder(const QString &folder);

public slots:
    /// Reads everything again; the page calls it once a second and when the source changes.
    void refresh();

signals:
    void connectRequested(pulsedeck::SourceId source);
    void disconnectRequested(pulsedeck::SourceId source);
    void passwordRequested(pulsedeck::SourceId source);
    /// Keep these settings of the source, and connect it again.
    void saved(const pulsedeck::SourceSettings &settings);
    void removeRequested(pulsedeck::SourceId source);
    /// Look again which systems live there.
    void lookAgainRequested(pulsedeck::SourceId source);
    void layoutMade();
    void workerRequested(pulsedeck::WorkerHandle worker);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void placeEditor();
    void build();
    QWidget *buildFacts();
    QWidget *buildFooter();
    void refreshFacts(const SourceSettings &settings, const SourceStatus &status, qint64 now);
    void refreshButtons(const SourceSettings &settings, const SourceStatus &status);

    FleetStore &m_store;
    SourceListModel &m_sources;
    WriteAccess &m_access;
    const Clock &m_clock;
    HubStore *m_hubs;
    SourceId m_source = 0;
    GlyphMark *m_mark = nullptr;
    GlyphMark *m_lock = nullptr;
    ToneLabel *m_writing = nullptr;
    EnvironmentMark *m_environment = nullptr;
    ToneLabel *m_name = nullptr;
    EnvironmentTag *m_environmentWord = nullptr;
    ToneLabel *m_headline = nullptr;
    TroublePanel *m_trouble = nullptr;
    QStackedWidget *m_stack = nullptr;
    FactsPanel *m_facts = nullptr;
    FactsPanel *m_hubFacts = nullptr;
    SourcePanel *m_hubPanel = nullptr;
    QWidget *m_redisView = nullptr;
    QWidget *m_hubView = nullptr;
    QPushButton *m_connect = nullptr;
    QPushButton *m_disconnect = nullptr;
    QPushButton *m_hide = nullptr;
    QPushButton *m_edit = nullptr;
    SourceEditor *m_editor = nullptr;
    bool m_editing = false; ///< The settings were asked for; else they are shown where there is room.
    QPushButton *m_remove = nullptr;
    ToneLabel *m_remembered = nullptr;
    QWidget *m_footer = nullptr;
    QString m_layoutFolder;
};

} // namespace pulsedeck
