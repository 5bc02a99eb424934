// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuefacts.h"
#include "ui/theme/glyphs.h"

#include <QDockWidget>

class QFormLayout;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace pulsedeck {

class QueueChart;
class QueueFlowChart;
class SectionTitle;
class ToneLabel;
class WorkerHeading;

/// The dock of the Queues page: what is known of the queue that is selected, how many waited, who works here, and what can be
/// done with all that are selected. GUI thread.
class QueueDock : public QDockWidget
{
    Q_OBJECT

public:
    static constexpr int mostListed = 100; ///< Workers.

    explicit QueueDock(const FleetStore &store, QWidget *parent = nullptr);

    static int leastWidth();
    /// Null: nothing is selected. \a selected: how many are, the one shown among them.
    void showQueue(const QueueFacts *queue, int selected, qint64 spanMs);
    /// The words of the button that pauses or resumes; a \a whyNot disables it and is its tool tip.
    void setAct(const QString &text, const QString &whyNot, const QString &means);
    /// "name, value" lines as they are shown, for a test and for copying.
    QString facts() const;

signals:
    void actRequested();
    void workersRequested();
    void workerRequested(pulsedeck::WorkerHandle worker);

private:
    QWidget *buildDetail();
    void setFact(size_t row, const QString &value, const QString &why = {});
    QString pausedText(const QueueFacts &queue) const;
    void showPauses(const QueueFacts &queue, const QueueRecord *record, qint64 now);
    void showWorkers(const QueueFacts &queue);

    const FleetStore &m_store;
    QStackedWidget *m_pages;
    WorkerHeading *m_heading = nullptr;
    QFormLayout *m_form = nullptr;
    std::vector<ToneLabel *> m_values;
    SectionTitle *m_chartTitle = nullptr;
    QueueChart *m_chart = nullptr;
    SectionTitle *m_flowTitle = nullptr;
    QueueFlowChart *m_flow = nullptr;
    SectionTitle *m_pausesTitle = nullptr;
    ToneLabel *m_pauses = nullptr;
    SectionTitle *m_workersTitle = nullptr;
    QListWidget *m_workers = nullptr;
    QPushButton *m_act = nullptr;
    QPushButton *m_show = nullptr;
    ToneLabel *m_means = nullptr;
    struct ListedWorker
    {
        quint32 serial = 0; ///< 0: no worker, the line says how many more there are.
        QString text;
        Glyph glyph = Glyph::Fleet;
        bool operator==(const ListedWorker &) const = default;
    };
    std::vector<ListedWorker> m_listed;
};

} // namespace pulsedeck
