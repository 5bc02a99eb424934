// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/workereventmodel.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QFormLayout;
class QPushButton;
class QListView;

namespace pulsedeck {

class IntervalChart;
class SectionTitle;
class ToneLabel;
class TtlChart;
class WorkerHeading;
class CommandLedger;

/// Everything known of one worker: facts, two charts, events. It is brought up to date at most twice a second, once a
/// second for what moves with time alone, and not at all while it is not visible.
class WorkerDetail : public QWidget
{
    Q_OBJECT

public:
    explicit WorkerDetail(FleetStore &store, QWidget *parent = nullptr);

    void setWorker(WorkerHandle handle);
    /// From where it is known how the worker took its command; null, as at first: from nowhere. Outlives this.
    void setLedger(const CommandLedger *ledger) { m_ledger = ledger; }
    WorkerHandle worker() const { return m_handle; }
    WorkerHeading &heading() const { return *m_heading; }
    /// The text next to a label of the form ("Key"), for tests and assistive technology.
    QString fact(const QString &label) const;
    IntervalChart &intervals() const { return *m_intervals; }
    TtlChart &ttl() const { return *m_ttl; }
    QListView &events() const { return *m_eventList; }
    /// It shows another time than now: the store of that time has no events, the Activity page has.
    void setPast();

signals:
    /// Show all that was recorded of it.
    void historyRequested();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Fact
    {
        QString name;
        ToneLabel *label;
        ToneLabel *text;
    };
    /// The form's rows, in the order of their being added.
    enum class Row {
        Key,
        Identity,
        Endpoint,
        HostPid,
        Address,
        Name,
        Capabilities,
        Source,
        Started,
        LastBeat,
        Age,
        Sessions,
        AtWork,
        Jobs,
        Registered,
        Renewed,
        Expires,
        Version,
        Queues,
        Memory,
        Drained,
        Pace,
        Notes
    };
    ToneLabel *addFact(const QString &name, bool id, Qt::TextElideMode elide);
    void refresh();
    void refreshFacts(qint64 now);
    void refreshActor(const Worker &worker, const ActorFacts &facts, qint64 now);
    void refreshWorker(const Worker &worker, qint64 now);
    void refreshFactsOfSystem(const Worker &worker);
    /// "4.1 s ago = 60 s − 55.9 s left": how its age is known.
    QString ageText(const Worker &worker, qint64 now) const;
    /// A row without text is not shown.
    void put(Row row, const QString &text, const QString &toolTip = {});
    void onPublished(const FleetChanges &changes);
    /// The time the worker's rows show: when its source was lost, if it is.
    qint64 shownNow() const;

    FleetStore &m_store;
    const CommandLedger *m_ledger = nullptr;
    WorkerEventModel *m_events;
    WorkerHeading *m_heading;
    QFormLayout *m_form;
    std::vector<Fact> m_facts;
    SectionTitle *m_intervalTitle;
    IntervalChart *m_intervals;
    SectionTitle *m_ttlTitle;
    TtlChart *m_ttl;
    SectionTitle *m_eventTitle;
    QPushButton *m_history;
    QListView *m_eventList;
    QTimer m_timer;
    WorkerHandle m_handle = noWorker;
    quint32 m_serial = 0;
    int m_ticks = 0;
    bool m_changed = false;
};

} // namespace pulsedeck
