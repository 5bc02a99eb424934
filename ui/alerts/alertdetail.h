// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"
#include "ui/common/band.h"

class QPushButton;

namespace pulsedeck {

class GlyphMark;
class ToneLabel;

/// What is known of one alert, and what can be done about it: acknowledge, silence until a time, look at its workers. Both acts
/// ask for a reason. GUI thread.
class AlertDetail : public Band
{
    Q_OBJECT

public:
    /// \a by: who acts.
    AlertDetail(AlertEngine &engine, const FleetStore &store, const QString &by, QWidget *parent = nullptr);

    /// Null: nothing is selected.
    void show(const Alert *alert);
    void acknowledge();
    void openSilences();
    void showInFleet();
    void showInTimeline();

signals:
    void filterRequested(const QString &filter);
    void timelineRequested(const QString &filter);
    void workerRequested(pulsedeck::WorkerHandle worker);
    /// About what was just tried.
    void noticed(const QString &text, const QString &hint);

private:
    void silence(qint64 forMs, const QString &length);
    void endSilence();
    bool isHost(const QString &group) const;
    QString filterOf() const;
    QString timesText() const;

    AlertEngine &m_engine;
    const FleetStore &m_store;
    const QString m_by;
    std::optional<Alert> m_alert;
    GlyphMark *m_mark;
    ToneLabel *m_title;
    ToneLabel *m_place;
    ToneLabel *m_rule;
    ToneLabel *m_times;
    ToneLabel *m_subjects;
    QPushButton *m_acknowledge;
    QPushButton *m_silence;
    QPushButton *m_end;
    QPushButton *m_fleet;
    QPushButton *m_timeline;
};

} // namespace pulsedeck
