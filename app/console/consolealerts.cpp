// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/consolealerts.h"

#include "models/alerts/alertjournal.h"
#include "models/alerts/alertplanreader.h"
#include "ui/alerts/alertspage.h"
#include "ui/window/mainwindow.h"

#include <QFileInfo>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConsoleAlerts::ConsoleAlerts(FleetStore &store, SourceListModel &sources, const Clock &clock, QSettings &settings,
                             const QString &by)
    : m_store(store)
    , m_sources(sources)
    , m_clock(clock)
    , m_by(by)
    , m_engine(store)
    , m_memory(m_engine, clock, settings)
    , m_turns(QFileInfo(settings.fileName()).absolutePath())
    , m_dispatcher(m_engine, clock)
    , m_notifier(m_engine, settings)
    , m_outlets(m_engine, m_dispatcher, m_notifier, m_turns, store)
    , m_switches(settings)
{
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&sources, signal, this, &ConsoleAlerts::takeSources);
    connect(&sources, &QAbstractItemModel::modelReset, this, &ConsoleAlerts::takeSources);
    connect(&sources, &QAbstractItemModel::dataChanged, this, &ConsoleAlerts::takeSources); // Also of its state.
    connect(&sources, &SourceListModel::visibilityChanged, this, &ConsoleAlerts::takeSources);
    connect(&store, &FleetStore::sourceAdded, this, &ConsoleAlerts::takeSources);
    connect(&store, &FleetStore::sourceChanged, this, &ConsoleAlerts::takeSources);
    connect(&store, &FleetStore::pausedChanged, this, &ConsoleAlerts::takeSources);
    m_dispatcher.setTurns(&m_turns);
    takeSources();
}

/// Where this window does not look another program has to send.
void ConsoleAlerts::takeSources()
{
    QMap<SourceId, SendingSource> sources;
    for (const SourceSettings &source : m_sources.all()) {
        m_engine.setEnvironment(source.id, source.environment);
        const bool watched = !m_store.isPaused() && m_store.isSourceVisible(source.id)
                             && m_store.sourceStatus(source.id).state != SourceState::Off;
        sources.insert(source.id, {sendingAddress(source), source.environment, watched});
    }
    m_turns.set(sources, m_engine.plan());
}

void ConsoleAlerts::readRules(const QString &file)
{
    AlertPlan plan = AlertPlanReader::builtIn();
    if (QFileInfo::exists(file)) {
        const AlertPlanReading reading = AlertPlanReader::readFile(file);
        if (reading.ok())
            plan = plan.with(reading.plan);
        else
            m_problem = reading.problems.front().toString();
    }
    m_plan = plan;
    applyRules();
}

void ConsoleAlerts::applyRules()
{
    m_engine.setPlan(m_switches.applied(m_plan));
    m_dispatcher.reload();
    takeSources();
}

void ConsoleAlerts::switchRule(const QString &rule, bool on)
{
    const AlertRule *known = m_plan.rule(rule);
    if (!known)
        return;
    m_switches.set(rule, on, m_plan);
    if (m_journal)
        m_journal->noteSwitch(*known, on, m_by);
    applyRules();
}

void ConsoleAlerts::recordIn(Journal &journal)
{
    m_journal = new AlertJournal(m_engine, m_clock, journal, this);
}

void ConsoleAlerts::addTo(MainWindow &window)
{
    auto *page = new AlertsPage(m_engine, m_store, m_by, &window);
    page->setOutlets(&m_outlets);
    window.addPage(page);
    const auto note = [this, &window] {
        const auto calling = int(m_engine.calling().size());
        window.setTitleNote(calling > 0 ? tr("%Ln alert(s)", nullptr, calling) : QString());
    };
    connect(page, &Page::countChanged, &window, note);
    connect(page, &AlertsPage::ruleSwitched, this, &ConsoleAlerts::switchRule);
    connect(page, &AlertsPage::timelineRequested, &window, [page, &window](const QString &filter) {
        emit page->filterRequested(filter); // Both pages show what the one filter matches.
        window.showPage(u"timeline"_s);
    });
    note();
    connect(&m_notifier, &AlertNotifier::opened, &window, [&window] {
        window.bringToFront();
        window.showPage(AlertsPage::pageName);
    });
    if (!m_problem.isEmpty())
        window.showNotice(tr("The file of alert rules has a mistake: the built-in rules are in force"), m_problem);
}

} // namespace pulsedeck
