// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/consoleprobe.h"

#include "bench/loopwatch.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"

#include <QEventLoop>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int repaintLimitMs = 10'000;

void sendKey(QWidget *widget, int key, const QString &text)
{
    QKeyEvent press(QEvent::KeyPress, key, Qt::NoModifier, text);
    QCoreApplication::sendEvent(widget, &press);
    QKeyEvent release(QEvent::KeyRelease, key, Qt::NoModifier, text);
    QCoreApplication::sendEvent(widget, &release);
}

void click(QWidget *widget, const QPoint &at)
{
    const QPointF global = widget->mapToGlobal(at);
    for (const QEvent::Type type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
        QMouseEvent event(type, at, global, Qt::LeftButton, type == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton,
                          Qt::NoModifier);
        QCoreApplication::sendEvent(widget, &event);
    }
}

void wait(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

ConsoleProbe::ConsoleProbe(WatchedApplication &application, FleetStore &store, FleetPage &page, const Clock &clock)
    : m_application(application)
    , m_store(store)
    , m_page(page)
    , m_view(*page.findChild<FleetView *>())
    , m_clock(clock)
{
    m_storedMs.reserve(4'000'000);
    m_application.watchPaints(m_view.viewport());
    connect(&m_application, &WatchedApplication::painted, this, &ConsoleProbe::onPainted);
    connect(&m_store, &FleetStore::published, this, [this] {
        for (Waiting &beat : m_waiting)
            beat.published = true;
    });
}

void ConsoleProbe::begin()
{
    m_storedMs.clear();
    m_paintedMs.clear();
    m_waiting.clear();
    m_unseen = 0;
}

void ConsoleProbe::onBatch(const FleetBatch &batch)
{
    const qint64 now = m_clock.nowMs();
    m_visible.clear();
    const int last = m_view.rowAt(m_view.viewport()->height() - 1);
    for (int row = m_view.rowAt(0); row >= 0 && row <= (last < 0 ? m_page.model().rowCount() - 1 : last); ++row) {
        if (const WorkerHandle handle = m_page.model().handleAt(row); handle != noWorker)
            m_visible.emplace_back(m_store.worker(handle).number, handle);
    }
    std::sort(m_visible.begin(), m_visible.end());
    for (const WorkerSample &sample : batch.samples) {
        if (!sample.newBeat || sample.lastHeartbeat == 0)
            continue;
        m_storedMs.push_back(double(now - sample.lastHeartbeat));
        const auto found = std::lower_bound(m_visible.begin(), m_visible.end(), std::pair(sample.number, WorkerHandle(0)));
        if (found != m_visible.end() && found->first == sample.number)
            m_waiting.push_back({found->second, sample.lastHeartbeat, false});
    }
}

void ConsoleProbe::onPainted(const QRegion &region)
{
    const qint64 now = m_clock.nowMs();
    std::erase_if(m_waiting, [&](const Waiting &beat) {
        if (!beat.published)
            return false; // A paint that comes before the views were told may have left the row out.
        const int row = m_page.model().rowOf(beat.handle);
        const QRect rect(0, row < 0 ? -1 : m_view.rowViewportPosition(row), m_view.viewport()->width(), 1);
        if (row < 0 || !m_view.viewport()->rect().intersects(rect)) {
            ++m_unseen;
            return true;
        }
        if (!region.intersects(rect))
            return false;
        m_paintedMs.push_back(double(now - beat.beatAt));
        return true;
    });
}

/// Acts, then runs the event loop until \a changed was emitted and the table has been painted after it; 10 s for never.
template <typename Act, typename Sender, typename Signal>
double ConsoleProbe::timed(Act act, const Sender *sender, Signal changed)
{
    QEventLoop loop;
    bool done = false;
    bool hasChanged = false;
    qint64 over = 0;
    connect(sender, changed, &loop, [&] { hasChanged = true; });
    connect(&m_application, &WatchedApplication::painted, &loop, [&] {
        if (!hasChanged || done)
            return;
        done = true;
        over = steadyNs();
        loop.quit();
    });
    QTimer::singleShot(repaintLimitMs, &loop, &QEventLoop::quit);
    const qint64 from = steadyNs();
    act();
    if (!done)
        loop.exec();
    return done ? double(over - from) / 1e6 : repaintLimitMs;
}

std::vector<double> ConsoleProbe::typeFilter(const QString &text, int rounds)
{
    std::vector<double> ms;
    m_page.focusFilter();
    const auto *field = m_page.findChild<FilterField *>();
    auto *line = field ? field->findChild<QLineEdit *>() : nullptr;
    if (!line)
        return {};
    const auto type = [&](int key, const QString &word) {
        // The text is one of which every key changes what matches, so there is something to repaint each time.
        ms.push_back(timed([&] { sendKey(line, key, word); }, &m_page, &FleetPage::filterChanged));
        wait(70); // A fast typist; also off the beat of the publishing timer.
    };
    for (int round = 0; round < rounds; ++round) {
        for (const QChar letter : text)
            type(letter.toUpper().unicode(), QString(letter));
        for (qsizetype i = 0; i < text.size(); ++i)
            type(Qt::Key_Backspace, {});
    }
    return ms;
}

std::vector<double> ConsoleProbe::clickHeaders(int rounds)
{
    std::vector<double> ms;
    QHeaderView *header = m_view.horizontalHeader();
    for (int round = 0; round < rounds; ++round) {
        for (const FleetColumnId column : {FleetColumnId::Worker, FleetColumnId::LastBeat, FleetColumnId::Type,
                                           FleetColumnId::TtlLeft, FleetColumnId::Interval}) {
            const int section = int(column);
            if (header->isSectionHidden(section))
                continue;
            const QPoint middle(header->sectionViewportPosition(section) + header->sectionSize(section) / 2,
                                header->height() / 2);
            for (int direction = 0; direction < 2; ++direction) {
                ms.push_back(timed([&] { click(header->viewport(), middle); }, &m_page.model(), &FleetTableModel::orderChanged));
                wait(70);
            }
        }
    }
    return ms;
}

} // namespace pulsedeck::bench
