// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/sources/sourcelistmodel.h"
#include "ui/theme/band.h"

#include <vector>

class QFormLayout;
class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

class FactsPanel;
class GlyphMark;
class ToneLabel;
class WriteAccess;
class TroublePanel;

/// The right side of the Connections page: one source's condition in words, what is known of it, and what can be done.
class SourceDetails : public Band
{
    Q_OBJECT

public:
    SourceDetails(FleetStore &store, SourceListModel &sources, const WriteAccess &access, const Clock &clock,
                  QWidget *parent = nullptr);

    void setSource(SourceId source);
    SourceId source() const { return m_source; }

public slots:
    /// Reads everything anew; the page calls it once a second and when the source changed.
    void refresh();

signals:
    void connectRequested(pulsedeck::SourceId source);
    void disconnectRequested(pulsedeck::SourceId source);
    void editRequested(pulsedeck::SourceId source);
    void passwordRequested(pulsedeck::SourceId source);
    void removeRequested(pulsedeck::SourceId source);

private:
    void build();
    void refreshButtons(const SourceSettings &settings, const SourceStatus &status);

    FleetStore &m_store;
    SourceListModel &m_sources;
    const WriteAccess &m_access;
    const Clock &m_clock;
    SourceId m_source = 0;
    GlyphMark *m_mark = nullptr;
    GlyphMark *m_lock = nullptr;
    ToneLabel *m_writing = nullptr;
    ToneLabel *m_name = nullptr;
    ToneLabel *m_headline = nullptr;
    TroublePanel *m_trouble = nullptr;
    FactsPanel *m_facts = nullptr;
    QPushButton *m_connect = nullptr;
    QPushButton *m_disconnect = nullptr;
    QPushButton *m_hide = nullptr;
    QPushButton *m_edit = nullptr;
    QPushButton *m_remove = nullptr;
    ToneLabel *m_remembered = nullptr;
};

} // namespace pulsedeck
