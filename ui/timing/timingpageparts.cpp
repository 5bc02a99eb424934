// SPDX-License-Identifier: GPL-3.0-or-later
// The Timing page's parts and what they are connected to.
#include "ui/theme/band.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"
#include "ui/timing/timingpageprivate.h"

#include <QFileInfo>
#include <QTabBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int measureEveryMs = 2'000;

} // namespace

void TimingPage::Private::build()
{
    m_notes = new TimingNotes(&q);
    auto *nothing = new ToneLabel(tr("No source is set up yet. Timing belongs to a source: connect one first."),
                                  ToneLabel::Tone::Dim, ToneLabel::Face::Body, &q);
    nothing->setObjectName(u"timingNothing"_s);
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setWordWrap(true);
    m_nothing = nothing;
    m_body = new QWidget(&q);

    m_parameters = new ParameterPanel(m_room, m_body);
    m_parameters->setMinimumWidth(px(parametersFrom));
    m_ladder = new RatioLadder(m_body);
    m_ladder->setMinimumWidth(px(ladderFrom));
    m_whatIf = new WhatIfPanel(m_room, m_context.clock, m_body);
    m_actions = new DraftActions(m_files != nullptr, m_body);
    m_history = new VersionStrip(m_context.desk.library(), m_context.clock, m_body);

    m_right = new QSplitter(Qt::Horizontal, m_body);
    m_right->setChildrenCollapsible(false);
    m_right->setHandleWidth(1);
    m_columns = new QSplitter(Qt::Horizontal, m_body);
    m_columns->setChildrenCollapsible(false);
    m_columns->setHandleWidth(1);

    // Parameters and ladder stand on the history; the what-if goes down to the status bar, as in the design.
    auto *left = new QWidget(m_body);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(0);
    m_columns->addWidget(m_parameters);
    m_columns->addWidget(m_ladder);
    leftLayout->addWidget(m_columns, 1);
    auto *strip = new Band(Qt::TopEdge, Band::Ground::Chrome, left);
    auto *stripLayout = new QVBoxLayout(strip);
    stripLayout->setContentsMargins(0, 1, 0, 0);
    stripLayout->addWidget(m_history);
    leftLayout->addWidget(strip);

    m_whatIfColumn = new Band(Qt::LeftEdge, Band::Ground::Chrome, m_body);
    auto *column = new QVBoxLayout(m_whatIfColumn);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_whatIf, 1);
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, m_whatIfColumn);
    auto *footLayout = new QVBoxLayout(foot);
    footLayout->setContentsMargins(0, 1, 0, 0);
    footLayout->addWidget(m_actions);
    column->addWidget(foot);
    m_right->addWidget(left);
    m_right->addWidget(m_whatIfColumn);

    m_tabs = new QTabBar(m_body);
    m_tabs->setObjectName(u"timingTabs"_s);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Parameters")); // In the order of TimingPage::Private::Tab.
    m_tabs->addTab(tr("Ratio ladder"));
    m_tabs->addTab(tr("What if, review and apply"));
    m_tabs->setCurrentIndex(LadderTab);
    m_tabs->hide();

    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    body->addWidget(m_tabs);
    body->addWidget(m_right, 1);
    auto *whole = new QVBoxLayout(&q);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_notes);
    whole->addWidget(m_nothing, 1);
    whole->addWidget(m_body, 1);
    m_measureTimer.setInterval(measureEveryMs);
}

void TimingPage::Private::connectParts()
{
    connect(&m_measureTimer, &QTimer::timeout, this, &Private::measure);
    connect(m_tabs, &QTabBar::currentChanged, this, &Private::fitColumns);
    connect(m_parameters, &ParameterPanel::sourceChosen, this, &Private::show);
    connect(m_parameters, &ParameterPanel::driftRequested, this,
            [this] { emit q.filterRequested(QString(u"drift:any"_s + sourceTerm())); });
    connect(m_ladder, &RatioLadder::rulesChosen, this, &Private::chooseSet);
    connect(m_whatIf, &WhatIfPanel::workerRequested, this, &Private::requestWorker);
    connect(m_whatIf, &WhatIfPanel::answered, this, [this] { m_actions->setDeaths(m_whatIf->answer().deaths); });
    connect(m_whatIf, &WhatIfPanel::exported, this, [this](const QString &path) {
        m_notes->setNote(TimingNotes::News, Glyph::Ok, tr("The recording is written to %1.").arg(QFileInfo(path).fileName()),
                         tr("Close"));
    });
    connect(m_actions, &DraftActions::reviewRequested, this, &Private::review);
    connect(m_actions, &DraftActions::revertRequested, this, [this] {
        if (m_draft)
            m_draft->revert();
    });
    connect(m_actions, &DraftActions::exportRequested, this, &Private::exportTo);
    connect(m_actions, &DraftActions::readRequested, this, &Private::readFrom);
    connect(m_actions, &DraftActions::constantsRequested, this, &Private::showConstants);
    connect(m_actions, &DraftActions::rulesRequested, this, &Private::chooseRules);
    connect(m_history, &VersionStrip::compareRequested, this, [this](const TimingProfile &profile) { compare(&profile); });
    connect(m_history, &VersionStrip::draftChosen, this, [this] { compare(nullptr); });
    connect(m_history, &VersionStrip::rollBackRequested, this, &Private::rollBack);
    connect(m_notes, &TimingNotes::buttonPressed, this, &Private::noteButton);
    if (m_files)
        connect(m_files, &TimingFiles::answered, this, &Private::takeFile);

    FleetStore &store = m_context.store;
    connect(&store, &FleetStore::sourceChanged, this, [this](SourceId source) {
        takeProfile(source);
        if (source == m_source) {
            reviewFleet();
            reviewHistory(); // The version in force may be another one.
        }
    });
    connect(&store, &FleetStore::sourceAdded, this, &Private::reviewSources);
    connect(&store, &FleetStore::sourceRemoved, this, &Private::reviewSources);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_context.sources, signal, this, &Private::reviewSources);
    connect(&m_context.sources, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &, const QModelIndex &, const QList<int> &) { reviewFleet(); });
    connect(&m_context.access, &WriteAccess::changed, this, &Private::reviewFleet);
    TimingDesk &desk = m_context.desk;
    connect(&desk, &TimingDesk::profileChanged, this, [this](SourceId source) {
        takeProfile(source);
        if (source == m_source) {
            reviewFleet();
            reviewHistory();
        }
    });
    const auto mine = [this](void (Private::*then)()) {
        return [this, then](SourceId source) {
            if (source == m_source)
                (this->*then)();
        };
    };
    connect(&desk, &TimingDesk::historyChanged, this, mine(&Private::reviewHistory));
    connect(&desk, &TimingDesk::rolloutChanged, this, mine(&Private::reviewRollout));
    // Whatever became of it, nothing is being written any more.
    connect(&desk, &TimingDesk::applied, this, [this](const TimingApplied &applied) {
        if (applied.source == m_source)
            reviewFleet();
    });
    connect(&desk, &TimingDesk::libraryChanged, this, [this] {
        for (const auto &one : m_drafts)
            one.second->setRules(one.second->rules().id); // Checked anew by what the rules say now.
        m_ladder->rebuild();
        m_whatIf->rebuildPresets();
        orderTabs();
    });
}

} // namespace pulsedeck
