// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/commandchild.h"

#include "app/journal/sqljournal.h"
#include "bench/baseline.h"
#include "bench/benchfleet.h"
#include "bench/loopwatch.h"
#include "bench/sourcerig.h"
#include "bench/statistics.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/writeaccess.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commandtable.h"
#include "ui/theme/theme.h"

#include <QEventLoop>
#include <QHeaderView>
#include <QJsonObject>
#include <QScrollBar>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int atOnce = 1'000;
constexpr int scrolledEntries = 10'000;
constexpr int limitMs = 30'000;

class CommandRig : public QObject
{
public:
    CommandRig(WatchedApplication &application, const char *url, const char *socketPath, const char *journalPath)
        : m_application(application)
        , m_bare(socketPath)
        , m_rig(QString::fromLocal8Bit(url), SourceRig::Table::With)
        , m_journal(QString::fromLocal8Bit(journalPath))
        , m_ledger(m_rig.store(), m_rig.clock())
        , m_sources(m_rig.store())
        , m_access(m_rig.store(), m_sources, m_rig.clock())
        , m_rolling(m_rig.store(), m_sources, m_ledger, m_access)
        , m_settings(m_folder.filePath(u"bench.ini"_s), QSettings::IniFormat)
        , m_actions({m_rig.store(), m_sources, m_ledger, m_rolling, m_access, m_rig.clock(), m_settings}, nullptr)
        , m_model(m_ledger, m_rig.clock())
        , m_table(m_model, m_actions, CommandTable::Form::Page)
    {
        qRegisterMetaType<QList<Command>>();
        qRegisterMetaType<QList<CommandProgress>>();
        m_ledger.setJournal(&m_journal);
        m_ledger.setOperator(u"bench@here"_s);
        FleetSource *source = m_rig.source();
        connect(&m_ledger, &CommandLedger::carryOut, source,
                [source](SourceId, const QList<Command> &commands) { source->carryOut(commands); });
        connect(source, &FleetSource::commandsProgressed, &m_ledger, &CommandLedger::takeProgress);
        m_plain.setModel(&m_model);
        m_plain.verticalHeader()->setDefaultSectionSize(m_table.verticalHeader()->defaultSectionSize());
        m_plain.verticalHeader()->hide();
        m_plain.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
        for (QTableView *view : {static_cast<QTableView *>(&m_table), &m_plain}) {
            view->resize(1600, 1000);
            view->show();
        }
    }

    bool begin(int workers)
    {
        m_bare.fill(workers);
        m_rig.start();
        if (m_rig.waitUntilLive(workers, limitMs) < 0)
            return false;
        FleetSource *source = m_rig.source();
        QMetaObject::invokeMethod(
            source, [source] { source->setWritable(true); }, Qt::QueuedConnection);
        m_rig.run(500); // The rights are found out.
        for (WorkerHandle handle = 0; handle < WorkerHandle(m_rig.store().capacity()); ++handle) {
            if (m_rig.store().worker(handle).used)
                m_workers.push_back(handle);
        }
        return int(m_workers.size()) >= workers;
    }

    /// From the click to the answer for the last of them; -1 if that did not come, or one was not written.
    double command()
    {
        CommandRequest request;
        request.act = Act::ShutdownNow;
        request.reason = u"bench"_s;
        request.workers = take();
        QUuid group;
        QEventLoop loop;
        qint64 over = 0;
        m_application.beginWatch();
        const qint64 from = steadyNs();
        // A click is an event of its own.
        QTimer::singleShot(0, &loop, [&] { group = m_ledger.issue(request); });
        connect(&m_ledger, &CommandLedger::groupChanged, &loop, [&](const QUuid &id) {
            if (id != group || over > 0 || m_ledger.group(id)->counts[size_t(CommandStage::Requested)] > 0)
                return;
            over = steadyNs();
            loop.quit();
        });
        QTimer::singleShot(limitMs, &loop, &QEventLoop::quit);
        loop.exec();
        m_rig.run(500); // The news of the command keys comes after the answers.
        m_longestMs.push_back(m_application.stalls().longestMs);
        const CommandGroup *done = m_ledger.group(group);
        if (over == 0 || !done || done->counts[size_t(CommandStage::Announced)] != atOnce)
            return -1;
        return double(over - from) / 1e6;
    }

    /// The same by a bare client; -1 if one was not set.
    double commandBare()
    {
        std::vector<std::string> ids;
        for (const WorkerHandle handle : take())
            ids.push_back(m_rig.store().worker(handle).id.toStdString());
        const qint64 from = steadyNs();
        const int set = m_bare.command(ids);
        const double ms = double(steadyNs() - from) / 1e6;
        m_rig.run(1'000); // What it set is seen, and taken up as somebody else's.
        return set == atOnce ? ms : -1;
    }

    /// Refused commands, until there are enough to scroll.
    void fill()
    {
        CommandRequest request;
        request.act = Act::Drain;
        while (m_model.rowCount() < scrolledEntries) {
            request.workers.assign(size_t(scrolledEntries - m_model.rowCount()), m_workers.front());
            m_ledger.issue(request); // Refused here: it has a command.
        }
        m_rig.run(500);
    }

    /// Milliseconds for each frame while the page's table is scrolled from end to end, or Qt's own view of the same model.
    std::vector<double> scroll(bool plain)
    {
        QTableView &view = plain ? m_plain : m_table;
        std::vector<double> ms;
        QScrollBar *bar = view.verticalScrollBar();
        constexpr int frames = 300;
        for (int frame = 0; frame < frames; ++frame) {
            const qint64 from = steadyNs();
            bar->setValue(int(qint64(bar->maximum()) * frame / frames));
            view.viewport()->repaint();
            ms.push_back(double(steadyNs() - from) / 1e6);
            QCoreApplication::processEvents();
        }
        return ms;
    }

    /// Milliseconds until an intent is on the disk, one after another.
    std::vector<double> record()
    {
        std::vector<double> ms;
        for (int i = 0; i < 100; ++i) {
            JournalEntry entry;
            entry.at = m_rig.clock().nowMs();
            entry.source = u"bench"_s;
            entry.worker = "chromium:7f3a9c12-0000-4000-8000-000000000000";
            entry.command = QUuid::createUuid();
            entry.act = u"drain"_s;
            entry.step = u"requested"_s;
            entry.text = u"Take no new sessions and stay up."_s;
            const quint64 token = m_journal.nextToken();
            QEventLoop loop;
            bool recorded = false;
            connect(&m_journal, &Journal::written, &loop, [&](quint64 answered, bool ok) {
                if (answered != token)
                    return;
                recorded = ok;
                loop.quit();
            });
            QTimer::singleShot(limitMs, &loop, &QEventLoop::quit);
            const qint64 from = steadyNs();
            m_journal.write({entry}, token);
            loop.exec();
            if (!recorded)
                return {};
            ms.push_back(double(steadyNs() - from) / 1e6);
        }
        return ms;
    }

    double longestMs() const { return greatest(m_longestMs); }

private:
    std::vector<WorkerHandle> take()
    {
        const std::vector<WorkerHandle> some(m_workers.end() - atOnce, m_workers.end());
        m_workers.resize(m_workers.size() - atOnce);
        return some;
    }

    WatchedApplication &m_application;
    BareClient m_bare;
    SourceRig m_rig;
    SqlJournal m_journal;
    CommandLedger m_ledger;
    SourceListModel m_sources;
    WriteAccess m_access;
    RollingRunner m_rolling;
    QTemporaryDir m_folder;
    QSettings m_settings;
    CommandActions m_actions;
    CommandTableModel m_model;
    CommandTable m_table;
    QTableView m_plain;
    std::vector<WorkerHandle> m_workers;
    std::vector<double> m_longestMs;
};

} // namespace

int commandChild(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    WatchedApplication application(argc, argv);
    Theme::instance().install(application);
    QJsonObject answer;
    const int rounds = qMax(1, QByteArray(argv[5]).toInt());
    CommandRig rig(application, argv[2], argv[3], argv[4]);
    std::vector<double> console;
    std::vector<double> bare;
    if (!rig.begin((rounds + 1) * 2 * atOnce + 1))
        answer.insert(u"error"_s, u"the workers were not read"_s);
    // The first round brings memory in and is not counted.
    for (int round = 0; answer.isEmpty() && round <= rounds; ++round) {
        const double ours = rig.command();
        const double theirs = rig.commandBare();
        if (ours < 0 || theirs < 0)
            answer.insert(u"error"_s,
                          ours < 0 ? u"not every command was written"_s : u"the bare client could not set every key"_s);
        if (round > 0) {
            console.push_back(ours);
            bare.push_back(theirs);
        }
    }
    if (answer.isEmpty()) {
        rig.fill();
        const std::vector<double> plain = rig.scroll(true);
        const std::vector<double> frames = rig.scroll(false);
        const std::vector<double> journal = rig.record();
        answer = {{u"written"_s, median(console)}, {u"writtenMost"_s, greatest(console)}, {u"bare"_s, median(bare)},
                  {u"stall"_s, rig.longestMs()},   {u"frame"_s, median(frames)},          {u"frameP99"_s, quantile(frames, 0.99)},
                  {u"plain"_s, median(plain)},     {u"plainP99"_s, quantile(plain, 0.99)}};
        if (!journal.empty())
            answer.insert(u"journal"_s, median(journal));
    }
    printAnswer(answer);
    return 0;
}

} // namespace pulsedeck::bench
