// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/workerdock.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/docktitle.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workeracts.h"
#include "ui/fleet/workerdetail.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// "Sidekiq process", "RQ worker"; what this console was made for is just a worker.
QString kindTitle(TraitsRef traits)
{
    const QString noun = traitText(traits->worker);
    return traits->isLaidOut() || traits->registers()
               ? WorkerDock::tr("%1 %2", "a system and what it calls a worker").arg(systemTitle(traits), noun)
               : capitalised(noun);
}

} // namespace

WorkerDock::WorkerDock(FleetStore &store, QWidget *parent)
    : QDockWidget(tr("Worker"), parent)
    , m_store(store)
    , m_title(new DockTitle(*this, tr("Close; Enter on a worker opens it again")))
    , m_pages(new QStackedWidget)
    , m_detail(new WorkerDetail(store))
    , m_inside(nullptr)
    , m_hidden(new Band(Qt::TopEdge, Band::Ground::Chrome))
    , m_hiddenText(new ToneLabel(ToneLabel::Tone::Late))
    , m_noteTitle(new ToneLabel(tr("Select a worker"), ToneLabel::Tone::Text, ToneLabel::Face::Title))
    , m_noteText(new ToneLabel(ToneLabel::Tone::Dim))
{
    setObjectName("workerDock"_L1);
    setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    setTitleBarWidget(m_title);

    auto *note = new QWidget;
    auto *layout = vbox(note, -1, {16, 16, 16, 16});
    layout->addStretch(2);
    for (ToneLabel *label : {m_noteTitle, m_noteText}) {
        label->setAlignment(Qt::AlignHCenter);
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    layout->addStretch(3);

    // In a low window the panel scrolls rather than squeezing its charts flat.
    auto *scroll = new ColumnScroll(m_detail);

    m_pages->addWidget(note);
    m_pages->addWidget(scroll);
    auto *frame = new Band(Qt::LeftEdge, Band::Ground::Chrome, this);
    m_inside = new QVBoxLayout(frame);
    m_inside->setContentsMargins(1, 0, 0, 0);
    m_inside->setSpacing(0);
    m_inside->addWidget(m_pages, 1);
    auto *hiddenLayout = hbox(m_hidden, -1, {12, 9, 12, 9});
    m_hiddenText->setObjectName(u"hiddenWorker"_s);
    m_hiddenText->setWordWrap(true);
    hiddenLayout->addWidget(m_hiddenText, 1);
    auto *showButton = new QPushButton(tr("Show in List"), m_hidden);
    showButton->setObjectName(u"showInList"_s);
    connect(showButton, &QPushButton::clicked, this, &WorkerDock::showRequested);
    hiddenLayout->addWidget(showButton);
    m_inside->addWidget(m_hidden);
    m_hidden->hide();
    setWidget(frame);
    followTheme(this, [this] { setMinimumWidth(leastWidth()); });
    // A large selection is counted again at most twice a second.
    m_timer.setSingleShot(true);
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, &WorkerDock::summarise);
    connect(&store, &FleetStore::published, this, [this] {
        if (m_selected.size() > 1 && isVisible() && !m_timer.isActive())
            m_timer.start();
    });
    summarise();
}

int WorkerDock::leastWidth()
{
    return px(360);
}

QString WorkerDock::note() const
{
    return m_pages->currentIndex() == 0 ? QString(m_noteTitle->text() + u"\n"_s + m_noteText->text()) : QString();
}

void WorkerDock::setCommands(WorkerActs *commands)
{
    delete m_commands;
    m_commands = commands ? commands->makePanel(nullptr) : nullptr;
    m_detail->setLedger(commands ? &commands->ledger() : nullptr);
    if (!m_commands)
        return;
    // Shown with the first selection: the dock, wide enough from the start, must not jump then, nor with longer words.
    m_commands->setMinimumWidth(1);
    m_inside->addWidget(m_commands);
    m_commands->setWorkers(m_selected);
}

void WorkerDock::setSelection(const std::vector<WorkerHandle> &selected, WorkerHandle current)
{
    m_selected = selected;
    m_hidden->hide();
    const bool left = selected.empty() && m_shown != 0 && m_store.findSerial(m_shown) == noWorker;
    m_lost = left ? m_shownName : QString();
    const Worker *only = selected.size() == 1 ? &m_store.worker(selected.front()) : nullptr;
    m_shown = only ? only->serial : 0;
    m_shownName = only ? workerName(m_store, selected.front()) : QString();
    m_title->setText(only ? kindTitle(only->traits) : windowTitle());
    m_shownSource = only ? only->source : m_lost.isEmpty() ? SourceId(0) : m_shownSource;
    if (m_commands)
        m_commands->setWorkers(selected);
    if (selected.size() == 1) {
        m_detail->setWorker(current);
        m_pages->setCurrentIndex(1);
        return;
    }
    m_pages->setCurrentIndex(0);
    m_detail->setWorker(noWorker);
    summarise();
}

void WorkerDock::setLookedAt(WorkerHandle worker, const QString &why)
{
    const Worker &seen = m_store.worker(worker);
    m_lost.clear();
    m_shown = seen.serial;
    m_shownName = workerName(m_store, worker);
    m_title->setText(kindTitle(seen.traits));
    m_shownSource = seen.source;
    m_detail->setWorker(worker);
    m_pages->setCurrentIndex(1);
    m_hiddenText->setText(why);
    m_hidden->show();
}

void WorkerDock::summarise()
{
    if (m_selected.size() == 1 || m_hidden->isVisibleTo(this))
        return;
    if (m_selected.empty() && !m_lost.isEmpty()) {
        // Only what is known: a source that was removed took live workers with it.
        const std::vector<SourceId> sources = m_store.sources();
        const bool sourceThere = std::find(sources.begin(), sources.end(), m_shownSource) != sources.end();
        m_noteTitle->setText((sourceThere ? tr("%1 is gone") : tr("%1 is no longer shown")).arg(m_lost));
        m_noteText->setText(sourceThere
                                ? tr("It is no longer listed. Activity shows what happened to it.")
                                : tr("Its source was removed from the console. Whether it is still running is not known."));
        return;
    }
    if (m_selected.empty()) {
        m_noteTitle->setText(tr("Select a worker"));
        m_noteText->setText(tr("Click a row, or a cell of the map above, to see its heartbeats, its key and its events."));
        return;
    }
    std::vector<std::pair<Glyph, int>> counts;
    qint64 sessions = 0;
    bool countsSessions = false;
    bool allSessions = true; // And not jobs or tasks.
    for (const WorkerHandle handle : m_selected) {
        const Worker &worker = m_store.worker(handle);
        if (!worker.used)
            continue;
        countsSessions = countsSessions || worker.traits->has(SourceFact::Sessions);
        allSessions = allSessions && !worker.traits->isLaidOut();
        const Glyph glyph = glyphOf(worker);
        const auto found = std::find_if(counts.begin(), counts.end(), [glyph](const auto &one) { return one.first == glyph; });
        if (found == counts.end())
            counts.emplace_back(glyph, 1);
        else
            ++found->second;
        if (worker.activeSessions > 0 && worker.endedAt == 0)
            sessions += worker.activeSessions;
    }
    std::sort(counts.begin(), counts.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    QStringList lines;
    for (const auto &[glyph, count] : counts)
        lines.append(tr("%1 %2", "a count and a state").arg(groupedNumber(count), glyphWord(glyph)));
    if (countsSessions)
        lines.append(allSessions ? tr("%Ln active session(s)", nullptr, int(sessions)) : tr("%L1 at work").arg(sessions));
    const int selected = int(m_selected.size());
    m_noteTitle->setText(countsSessions ? tr("%Ln worker(s) selected", nullptr, selected)
                                        : tr("%Ln actor(s) selected", nullptr, selected));
    m_noteText->setText(lines.join(u'\n'));
}

} // namespace pulsedeck
