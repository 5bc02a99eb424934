// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowpages.h"

#include "models/fleet/sourcelistmodel.h"
#include "models/history/history.h"
#include "ui/fleet/fleetpage.h"
#include "ui/timing/timingpage.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/welcomepage.h"
#include "ui/window/windowmenus.h"
#include "ui/window/windowtravel.h"

#include <QAction>
#include <QApplication>
#include <QFileInfo>
#include <QSettings>
#include <QStackedWidget>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto pageKey = "window/page"_L1;

} // namespace

WindowPages::WindowPages(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{
    connect(&m_parts.navigation, &NavigationPanel::pageChosen, this, &WindowPages::showNumbered);
    connect(&m_parts.menus, &WindowMenus::pageRequested, this, &WindowPages::showNumbered);
}

void WindowPages::add(Page *page, const Page *before)
{
    const auto at = m_pages.insert(std::find(m_pages.begin(), m_pages.end(), before), page);
    const int row = int(at - m_pages.begin());
    m_parts.rows.addPage(row, page->name(), page->title(), page->glyph());
    m_parts.menus.addPage(row, page->title());
    m_parts.stack.addWidget(page);
    const auto count = [this, page] {
        if (!m_travel || m_travel->shownFor(page) == page)
            m_parts.rows.setCount(m_parts.rows.rowOf(page->name()), page->navigationText());
    };
    connect(page, &Page::countChanged, this, count);
    connect(page, &Page::workerRequested, this, &WindowPages::showWorker);
    connectPage(page);
    count();
    if (!m_awaited.isEmpty() && page->name() == m_awaited)
        show(page);
}

/// What a page of any time asks for.
void WindowPages::connectPage(Page *page)
{
    connect(page, &Page::filterRequested, this, &WindowPages::showFiltered);
    connect(page, &Page::noticed, &m_parts.notice, &NoticeBar::showAnswer);
    connect(page, &Page::succeeded, &m_parts.notice, &NoticeBar::showSuccess);
}

void WindowPages::setTravel(WindowTravel &travel)
{
    m_travel = &travel;
    connect(m_travel, &WindowTravel::pagesMade, this, &WindowPages::connectMade);
    connect(m_travel, &WindowTravel::pastWorkerRequested, this, [this](WorkerHandle worker) {
        show(&m_parts.fleet);
        fleet().showWorker(worker);
    });
    connect(m_travel, &WindowTravel::changed, this, [this] {
        refresh();
        refreshCounts();
    });
    connect(m_travel, &WindowTravel::countChanged, this, &WindowPages::refreshCounts);
    connect(m_travel, &WindowTravel::titleChanged, this, &WindowPages::refreshTitle);
}

void WindowPages::connectMade(const std::vector<Page *> &made)
{
    for (Page *each : made)
        connectPage(each);
}

Page *WindowPages::named(const QString &name) const
{
    const auto found = std::find_if(m_pages.begin(), m_pages.end(), [&name](const Page *one) { return one->name() == name; });
    return found == m_pages.end() ? nullptr : *found;
}

Page *WindowPages::shown() const
{
    return m_travel ? m_travel->shownFor(m_chosen) : m_chosen;
}

FleetPage &WindowPages::fleet() const
{
    return m_travel ? m_travel->fleet() : m_parts.fleet;
}

TimingPage &WindowPages::timing() const
{
    return m_travel ? m_travel->timing() : m_parts.timing;
}

bool WindowPages::isAway() const
{
    return m_travel && m_travel->isAway();
}

void WindowPages::restore()
{
    const QString last = m_parts.settings.value(pageKey).toString();
    m_chosen = named(last);
    if (m_chosen)
        return;
    m_chosen = &m_parts.fleet;
    m_awaited = last;
}

void WindowPages::setTitleNote(const QString &note)
{
    if (std::exchange(m_titleNote, note) != note)
        refreshTitle();
}

void WindowPages::show(Page *page)
{
    if (m_chosen != page) {
        m_parts.notice.endAnswer();
        m_awaited.clear();
    }
    m_chosen = page;
    refresh();
    m_parts.settings.setValue(pageKey, m_chosen->name());
}

void WindowPages::showWorker(WorkerHandle worker)
{
    const WorkerHandle there = m_travel ? m_travel->shownHandle(worker) : worker;
    if (there == noWorker && worker != noWorker) {
        m_parts.notice.showAnswer(tr("The worker was not there then."), QString());
        return;
    }
    show(&m_parts.fleet);
    fleet().showWorker(there);
}

void WindowPages::showRecordedWorker(const QString &source, const QByteArray &id)
{
    const FleetStore &store = fleet().model().store();
    for (const SourceId each : store.sources()) {
        const WorkerHandle worker = store.find(each, id);
        if (worker != noWorker && (source.isEmpty() || store.sourceName(each) == source)) {
            show(&m_parts.fleet);
            fleet().showWorker(worker);
            return;
        }
    }
    m_parts.notice.showAnswer(isAway() ? tr("The worker was not there then.") : tr("The worker is no longer in the list."),
                              QString());
}

void WindowPages::showFiltered(const QString &filter)
{
    fleet().setFilterText(filter);
    show(&m_parts.fleet);
}

QWidget *WindowPages::shownWidget() const
{
    return m_chosen == &m_parts.fleet && !isAway() && m_parts.sources.all().empty() ? static_cast<QWidget *>(&m_parts.welcome)
                                                                                    : shown();
}

/// What has the keyboard first. A page that hands it on by itself is a stop of Tab in front of everything in it, from which Tab
/// leads past all that stands before its entry.
QWidget *WindowPages::entryOf(QWidget *shown)
{
    if (QWidget *proxy = shown->focusProxy()) {
        shown->setFocusProxy(nullptr);
        m_entries.insert(shown, proxy);
    }
    QWidget *entry = m_entries.value(shown);
    return entry ? entry : shown;
}

void WindowPages::refresh()
{
    QWidget *widget = shownWidget();
    const bool changes = m_parts.stack.currentWidget() != widget;
    // The focus stays in the navigation; from anywhere else it moves to the page.
    const bool stays = m_parts.navigation.isAncestorOf(QApplication::focusWidget());
    QWidget *entry = entryOf(widget);
    m_parts.stack.setCurrentWidget(widget);
    if (changes && !stays)
        entry->setFocus(Qt::OtherFocusReason);
    const int row = m_parts.rows.rowOf(m_chosen->name());
    m_parts.notice.setSourcesShown(widget == &m_parts.fleet);
    m_parts.navigation.setCurrentPage(row);
    m_parts.menus.setCurrentPage(row);
    m_parts.menus.setFleetShown(widget == &fleet());
    m_parts.menus.escape->setEnabled(widget != &m_parts.welcome && shown()->hasEscape());
    shown()->refresh();
    refreshTitle();
}

void WindowPages::refreshTitle()
{
    const QString when = m_travel ? m_travel->titlePart() : QString();
    const QString what = m_parts.stack.currentWidget() == &m_parts.welcome ? QString() : m_chosen->title();
    const QString title = what.isEmpty()   ? u"Pulsedeck"_s // untranslated: a name
                          : when.isEmpty() ? QString(u"Pulsedeck · "_s + what) // untranslated: a name
                                           : tr("Pulsedeck · %1 %2", "a page, and of which time").arg(what, when);
    // What the note says is of now, as the counts of the saved views are.
    const QString note = m_titleNote.isEmpty() || isAway() ? QString() : QString(u" · "_s + m_titleNote);
    m_parts.window.setWindowTitle(title + note + shownFileText());
}

/// For the title of a window that shows a file.
QString WindowPages::shownFileText() const
{
    const HistoryState state = m_parts.history ? m_parts.history->state() : HistoryState();
    return state.shown ? u" · "_s + tr("shown from %1, nothing is recorded").arg(QFileInfo(state.path).fileName()) : QString();
}

void WindowPages::refreshCounts()
{
    for (size_t row = 0; row < m_pages.size(); ++row)
        m_parts.rows.setCount(int(row), (m_travel ? m_travel->shownFor(m_pages[row]) : m_pages[row])->navigationText());
}

} // namespace pulsedeck
