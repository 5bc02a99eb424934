// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"
#include "ui/common/band.h"

class QBoxLayout;
class QPushButton;

namespace pulsedeck {

class ButtonRows;
class EnvironmentTag;
class FactLines;
class GlyphMark;
class SubjectTable;
class ToneLabel;

/// What is known of one alert: what it is about, row by row, and its condition. And what can be done: acknowledge, silence until
/// a time, look at its workers. The first two ask for a reason. GUI thread.
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

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class ConditionLine { Rule, Now, For, Grouped, Ends, SentTo };

    void showCondition();
    void openWorker(WorkerHandle worker);
    QString listedText() const;
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
    ToneLabel *m_times;
    ToneLabel *m_subjects;
    EnvironmentTag *m_environment;
    SubjectTable *m_table;
    FactLines *m_condition;
    QBoxLayout *m_body = nullptr;
    QPushButton *m_acknowledge;
    QPushButton *m_silence;
    QPushButton *m_end;
    QPushButton *m_fleet;
    QPushButton *m_timeline;
};

} // namespace pulsedeck
