// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuedock.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttonrows.h"
#include "ui/common/buttons.h"
#include "ui/common/columnscroll.h"
#include "ui/common/docktitle.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerheading.h"
#include "ui/queues/queuecells.h"
#include "ui/queues/queuechart.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

enum QueueFactRow { RedisKey, Source, Waiting, AtWork, Delayed, Failed, Rates, EmptyIn, Since };

} // namespace

QueueDock::QueueDock(const FleetStore &store, QWidget *parent)
    : QDockWidget(tr("Queue"), parent)
    , m_store(store)
    , m_pages(new QStackedWidget)
{
    setObjectName(u"queueDock"_s);
    setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    setTitleBarWidget(new DockTitle(*this, tr("Close; Enter on a queue opens it again")));
    auto *note = new QWidget;
    auto *middle = vbox(note, -1, {16, 16, 16, 16});
    middle->addStretch(2);
    auto *title = new ToneLabel(tr("Select a queue"), ToneLabel::Tone::Text, ToneLabel::Face::Title, note);
    title->setAlignment(Qt::AlignHCenter);
    middle->addWidget(title);
    middle->addStretch(3);
    m_pages->addWidget(note);
    m_pages->addWidget(buildDetail());
    auto *frame = new Band(Qt::LeftEdge, Band::Ground::Chrome, this);
    auto *inside = vbox(frame, 0);
    inside->setContentsMargins(1, 0, 0, 0);
    inside->addWidget(m_pages, 1);
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, frame);
    m_act = plainButton({}, u"queueAct"_s, foot);
    m_show = plainButton(tr("Show &workers"), u"queueWorkers"_s, foot);
    m_means = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, foot);
    m_means->setWordWrap(true);
    auto *buttons = new ButtonRows(8);
    buttons->setFilled(false);
    buttons->addWidget(m_act);
    buttons->addWidget(m_show);
    auto *column = vbox(foot, 6, {12, 8, 12, 8});
    column->addLayout(buttons);
    column->addWidget(m_means);
    inside->addWidget(foot);
    setWidget(frame);
    connect(m_act, &QPushButton::clicked, this, &QueueDock::actRequested);
    connect(m_show, &QPushButton::clicked, this, &QueueDock::workersRequested);
    const auto open = [this](QListWidgetItem *item) {
        const WorkerHandle worker = m_store.findSerial(item->data(Qt::UserRole).toUInt());
        if (worker != noWorker)
            emit workerRequested(worker);
    };
    connect(m_workers, &QListWidget::itemActivated, this, open);
    followTheme(this, [this] { setMinimumWidth(leastWidth()); });
    showQueue(nullptr, 0, 0);
}

int QueueDock::leastWidth()
{
    return px(300);
}

QWidget *QueueDock::buildDetail()
{
    auto *detail = new QWidget;
    m_heading = new WorkerHeading(detail);
    m_form = new QFormLayout;
    m_form->setLabelAlignment(Qt::AlignLeft);
    m_form->setHorizontalSpacing(px(12));
    m_form->setVerticalSpacing(px(3));
    for (const QString &label : {tr("Key"), tr("Source"), tr("Waiting"), tr("At work"), tr("Delayed"), tr("Failed"),
                                 tr("In and out"), tr("Empty in"), tr("Paused")}) {
        auto *value =
            new ToneLabel(ToneLabel::Tone::Text, m_values.empty() ? ToneLabel::Face::Id : ToneLabel::Face::Body, detail);
        value->setWrappedInForm();
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_form->addRow(new ToneLabel(label, ToneLabel::Tone::Dim, ToneLabel::Face::Body, detail), value);
        m_values.push_back(value);
    }
    m_chartTitle = new SectionTitle(tr("Waiting"), detail);
    m_chart = new QueueChart(detail);
    m_flowTitle = new SectionTitle(tr("In and out per minute"), detail);
    m_flow = new QueueFlowChart(detail);
    m_pausesTitle = new SectionTitle(tr("Pauses"), detail);
    m_pauses = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, detail))->named(u"queuePauses"_s);
    m_pauses->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_workersTitle = new SectionTitle(tr("Workers here"), detail);
    m_workers = new QListWidget(detail);
    m_workers->setObjectName(u"queueWorkerList"_s);
    m_workers->setAccessibleName(tr("Workers of this queue"));
    m_workers->setFrameShape(QFrame::NoFrame);
    m_workers->setUniformItemSizes(true);
    m_workers->setMinimumHeight(px(120));
    m_workers->setToolTip(tr("Enter or a double click shows the worker in the Fleet page"));
    auto *column = vbox(detail, 8, {12, 8, 12, 8});
    column->addWidget(m_heading);
    column->addLayout(m_form);
    addWidgets(column, {m_chartTitle, m_chart, m_flowTitle, m_flow, m_workersTitle});
    column->addWidget(m_workers, 1);
    addWidgets(column, {m_pausesTitle, m_pauses});
    return new ColumnScroll(detail);
}

/// A row without a value is not shown.
void QueueDock::setFact(size_t row, const QString &value, const QString &why)
{
    m_values[row]->setText(value);
    m_values[row]->setToolTip(why);
    m_form->setRowVisible(int(row), !value.isEmpty());
}

void QueueDock::showQueue(const QueueFacts *queue, int selected, qint64 spanMs)
{
    m_pages->setCurrentIndex(queue ? 1 : 0);
    m_show->setEnabled(queue && queue->workersKnown);
    m_show->setToolTip(!queue || queue->workersKnown ? tr("The workers of this queue, in the Fleet page (W)")
                                                     : tr("Which workers serve this queue is not known."));
    if (!queue)
        return;
    const qint64 now = m_store.viewNow();
    const QueueSample &latest = queue->latest;
    const QString state = selected > 1 ? tr("one of %Ln selected", nullptr, selected) : queueStateText(*queue);
    m_heading->set(queueGlyph(*queue), queue->name, state, queueTone(*queue));
    setFact(RedisKey, latest.key.isEmpty() ? queue->name : visibleLine(QString::fromUtf8(latest.key)));
    setFact(Source, tr("%1 · %2", "source, and system").arg(queue->source, latest.traits->system));
    setFact(Waiting,
            latest.oldestMs >= 0 && latest.waiting > 0
                ? tr("%1 · oldest %2").arg(queueCountText(latest.waiting), queueAgeText(latest.oldestMs))
                : queueCountText(latest.waiting),
            latest.waiting > 0 ? whyUnknown(*queue, QueueFigure::Oldest) : QString());
    setFact(AtWork, queueCountText(latest.atWork), whyUnknown(*queue, QueueFigure::AtWork));
    setFact(Delayed, queueCountText(latest.delayed), whyUnknown(*queue, QueueFigure::Delayed));
    setFact(Failed, latest.failed < 0 ? QString() : queueCountText(latest.failed));
    setFact(Rates,
            queue->inPerMinute < 0 && queue->outPerMinute < 0
                ? queueRateText(-1)
                : tr("%1 in, %2 out per minute").arg(queueRateText(queue->inPerMinute), queueRateText(queue->outPerMinute)),
            queue->outPerMinute < 0 ? whyUnknown(*queue, QueueFigure::Out) : whyUnknown(*queue, QueueFigure::In));
    const auto growth = queue->growth();
    setFact(EmptyIn, latest.waiting > 0 && growth && *growth <= -1
                         ? tr("about %1").arg(estimateText(qRound64(double(latest.waiting) / -*growth * 60'000)))
                         : QString());
    setFact(Since, pausedText(*queue));
    const QueueRecord *record = m_store.queues().find(queue->key);
    if (record) {
        m_chart->show(*queue, *record, now, spanMs, m_store.clock());
        m_flow->show(record->flow, now, spanMs, m_store.clock());
    }
    m_chartTitle->setSummary(m_chart->summary());
    m_flowTitle->setSummary(m_flow->accessibleDescription());
    m_flowTitle->setVisible(!m_flow->isBare());
    m_flow->setVisible(!m_flow->isBare());
    showPauses(*queue, record, now);
    showWorkers(*queue);
}

/// Since when, and by whom; empty if it is not paused.
QString QueueDock::pausedText(const QueueFacts &queue) const
{
    if (!queue.latest.paused && !queue.allPaused)
        return {};
    const OrderNote *const by =
        queue.latest.paused ? m_store.recordedPause(queue.key) : m_store.recordedFleetPause(queue.key.source, queue.key.system);
    const qint64 now = m_store.viewNow();
    if (by) {
        const QString text = tr("since %1 by %2", "a time, and an operator").arg(columnDayText(by->at, now), by->by);
        return by->reason.isEmpty() ? text : tr("%1: %2", "who paused it and when, and why").arg(text, by->reason);
    }
    return queue.pausedSince > 0 ? tr("since %1, by whom is not known here").arg(columnDayText(queue.pausedSince, now))
                                 : tr("since when and by whom is not known here");
}

/// Those seen from here, the newest first.
void QueueDock::showPauses(const QueueFacts &queue, const QueueRecord *record, qint64 now)
{
    QStringList lines;
    if (queue.pausedSince > 0)
        lines.append(tr("since %1 · %2", "a pause that goes on, and how long it is")
                         .arg(columnDayText(queue.pausedSince, now), durationText(qMax<qint64>(0, now - queue.pausedSince))));
    const std::vector<QueuePause> none;
    const std::vector<QueuePause> &pauses = record ? record->pauses : none;
    for (auto pause = pauses.rbegin(); pause != pauses.rend(); ++pause)
        lines.append(pause->from == 0
                         ? tr("until %1", "a pause that began before it was seen").arg(clockText(pause->until))
                         : tr("%1 to %2 · %3", "a pause, and how long it was")
                               .arg(clockText(pause->from), clockText(pause->until), durationText(pause->until - pause->from)));
    m_pauses->setText(lines.join(u'\n'));
    m_pauses->setVisible(!lines.isEmpty());
    m_pausesTitle->setVisible(!lines.isEmpty());
    m_pausesTitle->setSummary(tr("as seen from here; Ctrl+E opens Activity"));
}

void QueueDock::showWorkers(const QueueFacts &queue)
{
    m_workersTitle->setSummary(queue.workersKnown ? groupedNumber(queue.workerCount()) : tr("not reported"));
    m_workersTitle->setToolTip(whyUnknown(queue, QueueFigure::Workers));
    const std::vector<WorkerHandle> workers = queueWorkers(m_store, queue.key);
    std::vector<ListedWorker> listed;
    for (const WorkerHandle handle : workers) {
        if (listed.size() == size_t(mostListed)) {
            listed.push_back({0, tr("and %Ln more", nullptr, int(workers.size()) - mostListed), Glyph::Fleet});
            break;
        }
        const Worker &worker = m_store.worker(handle);
        // What a lost one reported last is no news of it.
        const QString status = queueWorkerOf(worker) == QueueWorker::Lost ? livenessLabel(worker)
                               : isStatusAssumed(worker)                  ? QString()
                                                                          : reportedStatus(m_store, handle);
        const QString id = visibleLine(plainId(worker));
        QString text = status.isEmpty() ? id : tr("%1 · %2", "a worker, and its status").arg(id, status);
        if (const qint64 jobs = atWorkOn(m_store, handle, queue.key.name); jobs > 0)
            text = tr("%1 · %2", "a worker, and how many jobs of the queue").arg(text, worker.traits->countedJobs(jobs));
        listed.push_back({worker.serial, text, shownGlyph(m_store, handle)});
    }
    if (listed == m_listed)
        return;
    // As long as they are the same workers the list keeps its current line.
    const bool same = std::equal(listed.begin(), listed.end(), m_listed.begin(), m_listed.end(),
                                 [](const ListedWorker &one, const ListedWorker &other) { return one.serial == other.serial; });
    m_listed = std::move(listed);
    if (!same)
        m_workers->clear();
    for (size_t i = 0; i < m_listed.size(); ++i) {
        QListWidgetItem *item = same ? m_workers->item(int(i)) : new QListWidgetItem(m_workers);
        item->setIcon(glyphIcon(m_listed[i].glyph));
        item->setText(m_listed[i].text);
        item->setData(Qt::UserRole, m_listed[i].serial);
    }
}

void QueueDock::setAct(const QString &text, const QString &whyNot, const QString &means)
{
    m_act->setText(text);
    m_act->setEnabled(whyNot.isEmpty());
    m_act->setToolTip(whyNot);
    m_means->setText(whyNot.isEmpty() ? means : whyNot);
    m_means->setVisible(!m_means->text().isEmpty());
}

QString QueueDock::facts() const
{
    QStringList lines;
    for (size_t row = 0; row < m_values.size(); ++row) {
        if (!m_values[row]->text().isEmpty())
            lines.append(m_values[row]->text());
    }
    return lines.join(u'\n');
}

} // namespace pulsedeck
