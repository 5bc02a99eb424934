// SPDX-License-Identifier: GPL-3.0-or-later
// Workers of several systems on the Fleet page: columns, headings, the line that healthy ones collapse into, marks and words.
#include "models/core/format.h"
#include "models/fleet/liveness.h"
#include "tests/gui/fleetpagefixture.h"
#include "tests/support/patience.h"
#include "tests/support/systemscene.h"
#include "tests/support/testapplication.h"
#include "ui/common/docktitle.h"
#include "ui/common/figurebutton.h"
#include "ui/common/fleetmap.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerheading.h"
#include "ui/fleet/beatstripdelegate.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/fleet/gotodialog.h"
#include "ui/fleet/intervalchart.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QScopeGuard>
#include <QtCharts/QChart>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

struct SystemPage : FleetPageFixture
{
    std::unique_ptr<SystemScene> systems;

    explicit SystemPage(int workers = 40)
        : FleetPageFixture(workers)
    { }
    void addSystems() { systems = std::make_unique<SystemScene>(*scene); }
    bool shows(FleetColumnId column) const { return !view->isColumnHidden(int(column)); }
    int stripWidth() const { return view->columnWidth(int(FleetColumnId::Strip)); }
    QString heading(FleetColumnId column) const
    {
        return model().headerData(int(column), Qt::Horizontal, Qt::DisplayRole).toString();
    }
    void groupBySystem() const
    {
        QComboBox &box = page->findChild<FleetToolbar *>()->groupBox();
        box.setCurrentIndex(box.findData(int(FleetGrouping::System)));
        emit box.activated(box.currentIndex());
    }
    QCheckBox &healthyBox() const { return page->findChild<FleetToolbar *>()->healthyBox(); }
    /// -1 if there is none.
    int headingRow(const QString &title) const
    {
        for (const int row : model().groupRows()) {
            if (model().index(row, 0).data().toString() == title)
                return row;
        }
        return -1;
    }
    /// The line for the rest of the group whose heading stands in \a row.
    int restRow(int row) const
    {
        for (++row; row < model().rowCount(); ++row) {
            if (model().isRestRow(row))
                return row;
            if (model().isGroupRow(row))
                return -1;
        }
        return -1;
    }
    QVariantMap words(const QString &title) const
    {
        return model().index(headingRow(title), 0).data(FleetTableModel::GroupDetailRole).toMap();
    }
    int count(const QString &title) const
    {
        return model().index(headingRow(title), 0).data(FleetTableModel::GroupCountRole).toInt();
    }
    WorkerDetail &detail() const { return page->findChild<WorkerDock *>()->detail(); }
    StatusWords statusOf(const QByteArray &id) const
    {
        return statusWords(scene->store, systems->find(id), scene->clock.nowMs(), 0, {});
    }
};

} // namespace

class SystemPageTest : public QObject
{
    Q_OBJECT

private slots:
    /// An example that matches nothing here would be none.
    void theFilterShowsWordsThatAreThere()
    {
        SystemPage f;
        f.open({1600, 700});
        const auto example = [&f] { return f.page->findChild<FleetToolbar *>()->filter().line().placeholderText(); };
        QCOMPARE(example(), u"status:draining type:chromium age>10s"_s);
        f.addSystems();
        f.scene->store.setSourceVisible(FleetScene::prod, false);
        f.scene->store.setSourceVisible(FleetScene::staging, false);
        f.scene->store.publish();
        QVERIFY2(!example().contains("chromium"_L1), qPrintable(example()));
        f.page->setFilterText(example());
        QVERIFY(f.model().filter().isReadable());
        const QString term = example();
        f.page->setFilterText({});
        const QStringList terms = example().split(u' ');
        QVERIFY2(terms.size() == 3 && terms[1].startsWith("system:"_L1), qPrintable(example()));
        f.page->setFilterText(terms[1]);
        QVERIFY2(f.model().matchCount() > 0, qPrintable(terms[1]));
    }

    /// The strip has room to give: names of systems are not cut next to it.
    void namesOfSystemsAreReadWhole()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 700});
        const auto widest = [](const QStringList &names) {
            const QFontMetrics metrics(Theme::instance().bodyFont());
            int width = 0;
            for (const QString &name : names)
                width = qMax(width, metrics.horizontalAdvance(name));
            return width + px(16);
        };
        QVERIFY(f.view->columnWidth(int(FleetColumnId::System)) >= widest({u"playwright"_s, u"Sidekiq"_s, u"Horizon"_s}));
        SourceTraits traits = *celeryTraits();
        traits.layout = u"resque-scheduler"_s;
        traits.system = u"resque-scheduler"_s;
        FleetBatch batch;
        batch.source = SystemScene::tasks;
        batch.generation = f.scene->store.sourceStatus(SystemScene::tasks).generation;
        batch.at = f.scene->clock.nowMs();
        WorkerText text;
        text.number = f.scene->store.worker(f.systems->find("w1@tasks-d")).number + 100;
        text.id = "scheduler-1";
        text.traits = TraitsRef::of(traits);
        batch.texts = {text};
        WorkerSample sample;
        sample.number = text.number;
        sample.readAt = sample.beatAt = batch.at;
        sample.keyPresent = true;
        sample.newBeat = true;
        sample.status = WorkerStatus::Available;
        batch.samples = {sample};
        f.scene->store.apply(batch);
        f.scene->store.publish();
        QTRY_VERIFY_WITH_TIMEOUT(f.view->columnWidth(int(FleetColumnId::System)) >= widest({u"resque-scheduler"_s}), 20'000);
        QVERIFY(f.stripWidth() >= px(220));
    }

    /// Celery's workers have no types: a column of nothing takes room from the strip.
    void aColumnOfNothingStaysAway()
    {
        SystemPage f;
        f.open({1600, 700});
        f.addSystems();
        QVERIFY(f.shows(FleetColumnId::Type));
        for (const SourceId source : {FleetScene::prod, FleetScene::staging, SystemScene::web})
            f.scene->store.setSourceVisible(source, false);
        f.scene->store.publish();
        f.view->clearFocus();
        TRY_TRUE(!f.shows(FleetColumnId::Type));
        QVERIFY(f.shows(FleetColumnId::System));
        // Sidekiq's have: their tag.
        f.scene->store.setSourceVisible(FleetScene::prod, true);
        f.scene->store.publish();
        TRY_TRUE(f.shows(FleetColumnId::Type));
    }

    /// While it drains it says what is left, in its own unit, and then that nothing is.
    void aDrainSaysWhatIsLeft()
    {
        SystemPage f;
        f.addSystems();
        const WorkerHandle worker = f.systems->find("w1@tasks-d");
        const auto report = [&f, worker](int tasks) {
            FleetBatch batch;
            batch.source = SystemScene::tasks;
            batch.generation = f.scene->store.sourceStatus(SystemScene::tasks).generation;
            batch.at = f.scene->clock.nowMs();
            // Celery's workers have no word of their own for their status.
            WorkerText text;
            text.number = f.scene->store.worker(worker).number;
            text.id = "w1@tasks-d";
            text.traits = celeryTraits();
            batch.texts = {text};
            WorkerSample sample;
            sample.number = text.number;
            sample.readAt = batch.at;
            sample.beatAt = f.scene->store.worker(worker).beatAt;
            sample.keyPresent = true;
            sample.status = WorkerStatus::Draining;
            sample.activeSessions = tasks;
            batch.samples = {sample};
            f.scene->store.apply(batch);
            f.scene->store.publish();
        };
        const auto sentence = [&f, worker] { return stateSentence(f.scene->store, worker, f.scene->clock.nowMs()); };
        report(2);
        QCOMPARE(f.scene->store.worker(worker).liveness, Liveness::Alive);
        QVERIFY2(sentence().startsWith(u"draining 2 tasks for "_s), qPrintable(sentence()));
        QCOMPARE(f.statusOf("w1@tasks-d").text, u"draining 2 tasks"_s);
        report(0);
        QVERIFY2(sentence().startsWith(u"drained, for "_s), qPrintable(sentence()));
        QCOMPARE(f.statusOf("w1@tasks-d").text, u"drained"_s);
    }

    /// Its limits lie close together near the top, and a beat of some seconds lies on the ground.
    void labelsOfAChartGiveWayToOneAnother()
    {
        const auto usual = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        SystemPage f;
        f.addSystems();
        const WorkerHandle worker = f.systems->find("rq-thumbs-01");
        IntervalChart chart;
        chart.show();
        for (const qreal points : {8.0, 9.0, 14.0}) {
            Theme::instance().setBodyPointSize(points);
            for (const QSize size : {QSize(330, 90), QSize(336, 120), QSize(500, 160), QSize(500, 240), QSize(500, 340)}) {
                chart.resize(px(size.width()), px(size.height()));
                chart.showWorker(f.scene->store, worker, f.scene->clock.nowMs());
                const auto placed = chart.placedLabels();
                QVERIFY(placed.size() >= 2);
                // The greater limit is named above the lesser one.
                const auto topOf = [&placed](const QString &start) {
                    const auto found =
                        std::find_if(placed.begin(), placed.end(), [&](const auto &one) { return one.text.startsWith(start); });
                    return found == placed.end() ? -1 : found->place.top();
                };
                const int stale = topOf(u"stale threshold"_s);
                const int late = topOf(u"late "_s);
                QVERIFY2(stale >= 0 && late > stale,
                         qPrintable(u"%1 pt, %2 px: %3, %4"_s.arg(points).arg(chart.height()).arg(stale).arg(late)));
                for (size_t i = 0; i < placed.size(); ++i) {
                    QVERIFY2(placed[i].place.bottom() <= chart.chart()->plotArea().bottom() + 1, qPrintable(placed[i].text));
                    QVERIFY2(placed[i].place.top() >= 0, qPrintable(placed[i].text));
                    for (size_t j = 0; j < i; ++j)
                        QVERIFY2(!placed[i].place.intersects(placed[j].place),
                                 qPrintable(placed[i].text + u" on "_s + placed[j].text));
                }
            }
        }
    }

    void columnsComeWithOtherSystemsAndGoWithThem()
    {
        SystemPage f;
        f.open({1600, 700});
        for (const FleetColumnId column : {FleetColumnId::System, FleetColumnId::HostName, FleetColumnId::Queues})
            QVERIFY(!f.shows(column));
        QCOMPARE(f.heading(FleetColumnId::Sessions), u"Sessions"_s);
        f.addSystems();
        for (const FleetColumnId column : {FleetColumnId::System, FleetColumnId::HostName, FleetColumnId::Queues})
            QVERIFY(f.shows(column));
        QVERIFY(!f.shows(FleetColumnId::Pid) && !f.shows(FleetColumnId::Release)); // Those who want them show them.
        QCOMPARE(f.heading(FleetColumnId::Sessions), u"Busy"_s);
        QVERIFY(f.stripWidth() >= 220);
        f.scene->store.setSourceVisible(FleetScene::prod, false);
        f.scene->store.setSourceVisible(FleetScene::staging, false);
        f.scene->store.setSourceVisible(SystemScene::tasks, false);
        f.scene->store.setSourceVisible(SystemScene::web, false);
        f.scene->store.publish();
        for (const FleetColumnId column : {FleetColumnId::System, FleetColumnId::HostName, FleetColumnId::Queues})
            QVERIFY(!f.shows(column));
    }

    /// The addresses of hosts are told apart by their ends.
    void anAddressIsReadWhole()
    {
        SystemPage f;
        f.open({1600, 700});
        f.addSystems();
        QVERIFY(f.shows(FleetColumnId::HostName));
        const int room = f.view->columnWidth(int(FleetColumnId::HostName)) - px(16);
        for (const QString &address : {u"10.249.202.228"_s, u"10.222.201.100"_s, u"192.168.200.208"_s})
            QVERIFY2(QFontMetrics(Theme::instance().bodyFont()).horizontalAdvance(address) <= room, qPrintable(address));
    }

    void columnsGiveWayToTheStrip()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 700});
        f.groupBySystem();
        bool asideBefore = false;
        for (int width = 1'900; width >= 1'080; width -= 20) {
            f.page->resize(width, 700);
            const QByteArray at = QByteArray::number(width);
            QVERIFY2(f.stripWidth() >= 220, at.constData());
            for (const FleetColumnId column : {FleetColumnId::Worker, FleetColumnId::Status, FleetColumnId::LastBeat,
                                               FleetColumnId::TtlLeft, FleetColumnId::Sessions})
                QVERIFY2(f.shows(column), at.constData());
            // Grouped by system the headings say it: its column goes before those of host and queues.
            QVERIFY2(f.shows(FleetColumnId::Queues) || !f.shows(FleetColumnId::System), at.constData());
            QVERIFY2(f.shows(FleetColumnId::Queues) || !f.shows(FleetColumnId::Interval), at.constData());
            QVERIFY2(f.shows(FleetColumnId::HostName) || !f.shows(FleetColumnId::Queues), at.constData());
            asideBefore = asideBefore || !f.shows(FleetColumnId::System);
        }
        QVERIFY(asideBefore);
    }

    /// Where rows are of several systems and no heading names them, that column is the last to go, with or without types.
    void theSystemIsSaidWhereNoHeadingSaysIt()
    {
        for (const bool typed : {true, false}) {
            SystemPage f;
            f.addSystems();
            for (const SourceId source : {FleetScene::prod, FleetScene::staging})
                f.scene->store.setSourceVisible(source, typed);
            f.scene->store.publish();
            f.open({1'900, 700});
            QTRY_VERIFY_WITH_TIMEOUT(f.shows(FleetColumnId::System), 20'000);
            QTRY_COMPARE_WITH_TIMEOUT(f.shows(FleetColumnId::Type), typed, 20'000);
            bool queuesBefore = false;
            for (int width = 1'900; width >= 760; width -= 20) {
                f.page->resize(width, 700);
                const QByteArray at = QByteArray::number(width) + (typed ? ", types" : ", no types");
                QVERIFY2(f.stripWidth() >= 220 || width < 1'080, at.constData());
                QVERIFY2(f.shows(FleetColumnId::System)
                             || !(f.shows(FleetColumnId::Queues) || f.shows(FleetColumnId::HostName)
                                  || f.shows(FleetColumnId::Command) || f.shows(FleetColumnId::Type)),
                         at.constData());
                queuesBefore = queuesBefore || (f.shows(FleetColumnId::System) && !f.shows(FleetColumnId::Queues));
            }
            QVERIFY(queuesBefore);
        }
    }

    void cellsSayWhatTheSystemSays()
    {
        SystemPage f;
        f.addSystems();
        f.open();
        const auto text = [&](const QByteArray &id, FleetColumnId column) {
            return fleetColumn(column).text(f.scene->store, f.systems->find(id), f.scene->clock.nowMs());
        };
        const QByteArray busy = "app-2:18415:9f2c41ab77d5";
        QCOMPARE(text(busy, FleetColumnId::Worker), u"app-2:18415"_s);
        QCOMPARE(text(busy, FleetColumnId::System), u"Sidekiq"_s);
        QCOMPARE(text(busy, FleetColumnId::HostName), u"app-2"_s);
        QCOMPARE(text(busy, FleetColumnId::Pid), u"18415"_s);
        QCOMPARE(text(busy, FleetColumnId::Sessions), u"10 of 10"_s);
        QCOMPARE(text(busy, FleetColumnId::Queues), u"critical +2"_s);
        QCOMPARE(text(busy, FleetColumnId::Release), u"7.3.9"_s);
        QCOMPARE(text("shop-web-1-x7Qd:supervisor-mail", FleetColumnId::Worker), u"supervisor-mail"_s);
        QCOMPARE(f.statusOf(busy).text, u"running, all busy"_s);
        QCOMPARE(f.statusOf("app-4:18409:9f2c41ab77d3").text, u"quiet, 3 jobs left"_s);
        QCOMPARE(f.statusOf("app-4:18409:9f2c41ab77d3").textTone, Tone::Drain);
        QCOMPARE(f.statusOf("app-4:18409:9f2c41ab77d3").badge, QString()); // How long it may take is not known there.
        QCOMPARE(f.statusOf("app-4:18421:9f2c41ab77d7").text, u"ghost, no key"_s);
        QCOMPARE(f.statusOf("app-4:18421:9f2c41ab77d7").textTone, Tone::Zombie);
        QCOMPARE(f.statusOf("rq-thumbs-02").text, u"idle"_s);
        QCOMPARE(f.statusOf("rq-thumbs-02").badge, u"deaf"_s);
        QCOMPARE(f.statusOf("rq-thumbs-07").text, u"idle"_s);
        QCOMPARE(f.statusOf("rq-thumbs-07").badge, u"nobody listens"_s);
        QVERIFY(findings(f.scene->store, f.systems->find("rq-thumbs-07")).join(u'\n').contains(u"too old to take commands"_s));
        // Beats are seven minutes apart: of one that may be gone none is announced.
        const qint64 now = f.scene->clock.nowMs();
        const Worker &idle = f.scene->store.worker(f.systems->find("rq-thumbs-02"));
        QVERIFY(BeatStripDelegate::rareBeatText(idle, now, 405'000).contains(u"next in"_s));
        Worker unheard = f.scene->store.worker(f.systems->find("rq-thumbs-07"));
        QVERIFY(BeatStripDelegate::rareBeatText(unheard, now, 405'000).startsWith(u"beat "_s));
        QVERIFY(!BeatStripDelegate::rareBeatText(unheard, now, 405'000).contains(u"next in"_s));
        unheard.liveness = Liveness::Crashed;
        QVERIFY(!BeatStripDelegate::rareBeatText(unheard, now, 405'000).contains(u"next in"_s));
        QCOMPARE(f.statusOf("rq-thumbs-04").text, u"listens"_s);
        QCOMPARE(f.statusOf("rq-thumbs-04").badge, u"incomplete"_s);
        QCOMPARE(f.statusOf("rq-thumbs-01").badge, u"crashed"_s);
        QCOMPARE(f.statusOf("w1@tasks-b").text, u"leaving, 3 tasks left"_s);
        QCOMPARE(f.statusOf("w1@tasks-c").text, u"beats, consumes nothing"_s);
        QCOMPARE(f.statusOf("w1@tasks-a").text, u"online"_s);
        for (const auto &[id, glyph] : {std::pair<QByteArray, Glyph>("app-4:18421:9f2c41ab77d7", Glyph::Ghost),
                                        {"rq-thumbs-02", Glyph::Deaf},
                                        {"rq-thumbs-07", Glyph::NobodyListens},
                                        {"rq-thumbs-04", Glyph::Incomplete},
                                        {"w1@tasks-b", Glyph::Leaving},
                                        {"w1@tasks-c", Glyph::NotConsuming},
                                        {"shop-web-1-x7Qd:supervisor-mail", Glyph::PausedWorker},
                                        {"w1@tasks-a", Glyph::Alive}})
            QCOMPARE(glyphOf(f.scene->store.worker(f.systems->find(id))), glyph);
    }

    /// One system is found after the other: the columns do not move with each of them.
    void columnsAreFittedOnceWhileAViewIsRead()
    {
        SystemPage f;
        f.open({1600, 700});
        QVERIFY(!f.shows(FleetColumnId::System));
        f.scene->setState(FleetScene::prod, SourceState::Loading);
        f.addSystems();
        f.scene->store.publish();
        QVERIFY(f.scene->store.hasOtherSystems());
        QVERIFY(!f.shows(FleetColumnId::System));
        f.scene->setState(FleetScene::prod, SourceState::Live);
        QTRY_VERIFY_WITH_TIMEOUT(f.shows(FleetColumnId::System), 20'000);
    }

    /// How the list is grouped counts at once: where headings name the system, its column gives way.
    void theGroupingCountsWhileAViewIsRead()
    {
        SystemPage f;
        f.addSystems();
        f.open({1'900, 700});
        QTRY_VERIFY_WITH_TIMEOUT(f.shows(FleetColumnId::System), patience);
        const auto groupBy = [&f](FleetGrouping grouping) {
            QComboBox &box = f.page->findChild<FleetToolbar *>()->groupBox();
            box.setCurrentIndex(box.findData(int(grouping)));
            emit box.activated(box.currentIndex());
        };
        groupBy(FleetGrouping::System);
        for (int width = 1'900; width > 760 && f.shows(FleetColumnId::System); width -= 20)
            f.page->resize(width, 700);
        QVERIFY(!f.shows(FleetColumnId::System));
        groupBy(FleetGrouping::Attention);
        QVERIFY(f.shows(FleetColumnId::System));
        f.scene->setState(FleetScene::prod, SourceState::Loading);
        f.scene->store.publish();
        QVERIFY(f.shows(FleetColumnId::System));
        groupBy(FleetGrouping::System);
        QVERIFY(!f.shows(FleetColumnId::System));
    }

    /// No row says that no worker of a whole fleet takes jobs: the header does, since when and by whom in its tool tip.
    void aFleetThatIsSuspendedIsSaidAbove()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 700});
        const auto *label = f.page->findChild<ToneLabel *>(u"fleet-pause"_s);
        QVERIFY(label);
        QVERIFY(label->text().isEmpty() && !label->isVisible());
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = f.scene->store.sourceStatus(FleetScene::prod).generation;
        PauseSample pause;
        pause.traits = rqTraits();
        pause.known = true;
        pause.word = u"suspended"_s;
        const qint64 now = f.scene->clock.nowMs();
        const auto tell = [&](bool paused, qint64 ago = 0) {
            pause.readAt = now - ago;
            pause.paused = paused;
            batch.pauses = {pause};
            f.scene->store.apply(batch);
            f.scene->store.publish();
        };
        tell(false);
        QVERIFY(!label->isVisible());
        tell(true);
        QCOMPARE(label->text(), u"RQ suspended"_s);
        QVERIFY(label->isVisible());
        TRY_TRUE(label->parentWidget()->width() - label->width() >= px(14)); // Behind it stands a line.
        const QString toolTip = label->parentWidget()->toolTip();
        QVERIFY2(toolTip.contains(u"All workers of RQ are suspended since"_s), qPrintable(toolTip));
        const WorkerHandle idle = f.systems->find("rq-thumbs-05");
        QVERIFY(findings(f.scene->store, idle).join(u'\n').contains(u"All workers of RQ are suspended since"_s));
        QCOMPARE(shownGlyph(f.scene->store, idle), Glyph::PausedWorker);
        QCOMPARE(shownGlyph(f.scene->store, f.systems->find("rq-thumbs-02")), Glyph::Deaf); // What is worse is shown.
        QVERIFY(!findings(f.scene->store, f.systems->find("w1@tasks-a")).join(u'\n').contains(u"suspended"_s));
        tell(false);
        QVERIFY(label->text().isEmpty() && !label->isVisible());
        QVERIFY(!findings(f.scene->store, idle).join(u'\n').contains(u"suspended"_s));
        QVERIFY(shownGlyph(f.scene->store, idle) != Glyph::PausedWorker);
        // Of another day the day is said, too.
        constexpr qint64 threeDays = 3 * 86'400'000LL;
        tell(true, threeDays);
        const QString since = u"since "_s + columnDayText(now - threeDays, now);
        QVERIFY(since.contains(QLocale().toString(shownTime(now - threeDays), u"d MMM"_s)));
        const auto *below = f.page->findChild<ToneLabel *>(u"fleet-pause-since"_s);
        QVERIFY(below);
        QCOMPARE(below->text(), since);
        QVERIFY(label->parentWidget()->toolTip().contains(since));
        QVERIFY(findings(f.scene->store, idle).join(u'\n').contains(since));
    }

    void everyStateHasItsOwnShape()
    {
        std::vector<QImage> images;
        for (int glyph = 0; glyph <= int(Glyph::ByConnection); ++glyph) {
            QImage image(24, 24, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintGlyph(painter, QPointF(12, 12), 24, Glyph(glyph), Qt::black);
            painter.end();
            images.push_back(image);
        }
        for (size_t a = 0; a < images.size(); ++a) {
            for (size_t b = a + 1; b < images.size(); ++b) {
                // The clock stands for a late expiry, a clock that is off, and a beat by a clock.
                const auto isClock = [](size_t glyph) {
                    return Glyph(glyph) == Glyph::ExpiredUnseen || Glyph(glyph) == Glyph::ClockSkew
                           || Glyph(glyph) == Glyph::ByClock;
                };
                QVERIFY2((isClock(a) && isClock(b)) || images[a] != images[b], qPrintable(u"%1 and %2"_s.arg(a).arg(b)));
            }
        }
    }

    void groupedBySystem()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        QVERIFY(!f.healthyBox().isVisible());
        f.groupBySystem();
        QVERIFY(f.healthyBox().isVisible());
        QCOMPARE(f.count(u"Sidekiq"_s), 12);
        QCOMPARE(f.words(u"Sidekiq"_s), (QVariantMap{{u"ghost"_s, 1}, {u"draining"_s, 1}}));
        QCOMPARE(f.words(u"RQ"_s),
                 (QVariantMap{{u"crashed"_s, 1}, {u"deaf"_s, 1}, {u"nobody-listens"_s, 1}, {u"incomplete"_s, 1}}));
        QCOMPARE(f.words(u"Celery"_s), (QVariantMap{{u"leaving"_s, 1}, {u"not-consuming"_s, 1}}));
        QCOMPARE(f.count(u"Horizon"_s), 2); // Not the supervisors.
        QCOMPARE(f.words(u"Horizon"_s), (QVariantMap{{u"paused"_s, 1}}));
        QVERIFY(f.headingRow(u"playwright"_s) >= 0);
        const auto summary = [&](const QString &title) {
            return f.model().index(f.headingRow(title), 0).data(FleetTableModel::GroupSummaryRole).toString();
        };
        QCOMPARE(summary(u"Sidekiq"_s), u"prod-eu · 7.3.9 · beat 10 s, key TTL 60 s"_s);
        QCOMPARE(summary(u"Celery"_s), u"tasks-eu · 5.2.6 · beat 2 s by events, no keys"_s);
        QCOMPARE(summary(u"BullMQ"_s), u"web-eu · 6.7 · alive by their connections"_s);
        QVERIFY(summary(u"RQ"_s).contains(u"at work"_s));
        QVERIFY(summary(u"playwright"_s).contains(u"prod-eu "_s));
    }

    void healthyRowsCollapse()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        f.groupBySystem();
        const int heading = f.headingRow(u"Sidekiq"_s);
        const int rest = f.restRow(heading);
        QCOMPARE(rest, heading + 5); // Two exceptions, two healthy ones while there is room.
        QVERIFY(f.model().index(rest, 0).data().toString().startsWith(u"8 more, all running"_s));
        QVERIFY(f.model().index(rest, 0).data().toString().endsWith(u" busy"_s));
        QCOMPARE(f.model().restOf(rest).size(), size_t(8));
        // All exceptions have rows, whatever group they are in.
        for (int i = 0; i < f.scene->store.capacity(); ++i) {
            const Worker &worker = f.scene->store.worker(WorkerHandle(i));
            if (worker.used && needsAttention(worker))
                QVERIFY2(f.model().rowOf(WorkerHandle(i)) >= 0, worker.id.constData());
        }
        // A click shows them one by one, the check box and * all at once, and * again collapses them.
        f.click(rest);
        QCOMPARE(f.restRow(f.headingRow(u"Sidekiq"_s)), -1);
        QVERIFY(f.restRow(f.headingRow(u"playwright"_s)) >= 0);
        QTest::keyClick(f.view, Qt::Key_Asterisk);
        QVERIFY(!f.healthyBox().isChecked());
        QCOMPARE(f.restRow(f.headingRow(u"playwright"_s)), -1);
        QTest::keyClick(f.view, Qt::Key_Asterisk);
        QVERIFY(f.healthyBox().isChecked());
        QVERIFY(f.restRow(f.headingRow(u"Sidekiq"_s)) >= 0);
        f.healthyBox().click();
        QCOMPARE(f.restRow(f.headingRow(u"Sidekiq"_s)), -1);
        f.healthyBox().click();
        // It is remembered.
        f.close();
        f.open({1600, 900});
        QCOMPARE(f.model().grouping(), FleetGrouping::System);
        QVERIFY(f.restRow(f.headingRow(u"Sidekiq"_s)) >= 0);
    }

    void whoIsLookedForAndSelectedKeepsARow()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        f.groupBySystem();
        const int rest = f.restRow(f.headingRow(u"Sidekiq"_s));
        const WorkerHandle hidden = f.model().restOf(rest).back();
        QVERIFY(f.model().contains(hidden));
        f.page->showWorker(hidden);
        QVERIFY(f.model().rowOf(hidden) >= 0);
        QCOMPARE(f.page->currentWorker(), hidden);
        // Collapsed again, and ordered again, it stays.
        f.model().setHealthyCollapsed(true);
        QVERIFY(f.model().rowOf(hidden) >= 0);
        f.page->reorderNow();
        QCOMPARE(f.page->currentWorker(), hidden);
        QVERIFY(f.restRow(f.headingRow(u"Sidekiq"_s)) >= 0);
    }

    /// One whose process is gone is not up.
    void whoCrashedIsNotUp()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        f.page->showWorker(f.systems->find("rq-thumbs-05"));
        f.page->showDetails();
        QTRY_COMPARE_WITH_TIMEOUT(f.detail().fact(u"Identity"_s), u"rq-thumbs-05"_s, 20'000);
        QVERIFY2(f.detail().fact(u"Started"_s).contains(u" up "_s), qPrintable(f.detail().fact(u"Started"_s)));
        const WorkerHandle crashed = f.systems->find("rq-thumbs-01");
        QCOMPARE(f.scene->store.worker(crashed).liveness, Liveness::Crashed);
        f.page->showWorker(crashed);
        QTRY_COMPARE_WITH_TIMEOUT(f.detail().fact(u"Identity"_s), u"rq-thumbs-01"_s, 20'000);
        QVERIFY2(!f.detail().fact(u"Started"_s).isEmpty() && !f.detail().fact(u"Started"_s).contains(u" up "_s),
                 qPrintable(f.detail().fact(u"Started"_s)));
    }

    void aWorkerThatRecoversJoinsTheLine()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        f.groupBySystem();
        f.scene->advance(20'000); // Celery's beats have stopped: all of it is late, and in rows.
        QCOMPARE(f.restRow(f.headingRow(u"Celery"_s)), -1);
        QVERIFY(f.words(u"Celery"_s).contains(u"stale"_s));
    }

    void supervisorsHangUnderTheirMaster()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        const auto standsUnderItsMaster = [&] {
            const int master = f.model().rowOf(f.systems->find("shop-web-1-x7Qd"));
            return master >= 0 && f.model().rowOf(f.systems->find("shop-web-1-x7Qd:supervisor-default")) == master + 1;
        };
        QVERIFY(standsUnderItsMaster());
        // Among what needs attention the paused one stands by itself.
        QVERIFY(f.model().standsInAttention(f.systems->find("shop-web-1-x7Qd:supervisor-mail")));
        QVERIFY(!f.model().isHung(f.systems->find("shop-web-1-x7Qd:supervisor-mail")));
        f.groupBySystem();
        QVERIFY(standsUnderItsMaster());
        QCOMPARE(f.model().rowOf(f.systems->find("shop-web-1-x7Qd:supervisor-mail")),
                 f.model().rowOf(f.systems->find("shop-web-1-x7Qd")) + 2);
        f.model().sort(int(FleetColumnId::Worker), Qt::DescendingOrder);
        QVERIFY(standsUnderItsMaster());
    }

    void theHeaderCountsGhostsWithZombies()
    {
        SystemPage f(60);
        f.addSystems();
        f.open({1600, 700});
        const auto figures = f.page->findChildren<FigureButton *>();
        const auto figure = std::find_if(figures.begin(), figures.end(),
                                         [](const FigureButton *one) { return one->filter() == "liveness:zombie,ghost"_L1; });
        QVERIFY(figure != figures.end());
        const FleetFigures counted = f.scene->store.figures();
        QCOMPARE((*figure)->count(), counted.zombie + counted.ghost);
        (*figure)->click();
        QCOMPARE(f.model().matchCount(), counted.zombie + counted.ghost);
    }

    /// A supervisor that is well stands for no worker of its own, in the map as in the figures.
    void theMapCountsAsTheFiguresDo()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 700});
        const FleetStore &store = f.scene->store;
        int inNeed = 0;
        int children = 0;
        for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
            const Worker &worker = store.worker(handle);
            children += worker.used && worker.child;
            inNeed += worker.used && worker.child && needsAttention(worker);
        }
        QVERIFY(children > inNeed);
        const auto *map = f.page->findChild<FleetMap *>();
        TRY_EQUAL(map->accessibleDescription().section(u' ', 0, 0).toInt(), store.figures().total + inNeed);
    }

    void goToFindsByPidAndHost()
    {
        SystemPage f;
        f.addSystems();
        f.open();
        f.page->goToId();
        auto *dialog = f.page->findChild<GoToDialog *>();
        QTest::keyClicks(&dialog->line(), u"18403"_s);
        QCOMPARE(dialog->hits().count(), 1);
        dialog->line().clear();
        QTest::keyClicks(&dialog->line(), u"TASKS-d"_s);
        QCOMPARE(dialog->hits().count(), 1);
        QTest::keyClick(&dialog->line(), Qt::Key_Return);
        QCOMPARE(f.page->currentWorker(), f.systems->find("w1@tasks-d"));
    }

    void theDockIsCalledAsItsSystemCallsAWorker()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        const auto title = [&](WorkerHandle worker) {
            f.page->showWorker(worker);
            f.page->showDetails();
            return f.page->findChild<DockTitle *>()->text();
        };
        QCOMPARE(title(f.systems->find("app-2:18403:9f2c41ab77d1")), u"Sidekiq process"_s);
        QCOMPARE(title(f.systems->find("rq-thumbs-03")), u"RQ worker"_s);
        WorkerHandle own = 0;
        while (f.scene->store.worker(own).traits->isLaidOut() || f.scene->store.worker(own).traits->registers())
            ++own;
        QCOMPARE(title(own), u"Worker"_s);
        QCOMPARE(f.page->dockAction()->text(), u"Worker"_s); // In the menu it keeps its name.
    }

    /// The words of what it is, of its last beat and of its gaps each found room enough, and all of them stood there.
    void textsOfAStripStandApart()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        auto *strips = qobject_cast<BeatStripDelegate *>(f.view->itemDelegateForColumn(int(FleetColumnId::Strip)));
        QVERIFY(strips);
        int several = 0;
        for (const int width : {220, 330, 600}) {
            for (int row = 0; row < f.model().rowCount(); ++row) {
                const QModelIndex index = f.model().index(row, int(FleetColumnId::Strip));
                if (f.model().isGroupRow(row) || f.model().isRestRow(row))
                    continue;
                QImage image(width, 24, QImage::Format_RGB32);
                QPainter painter(&image);
                QStyleOptionViewItem option;
                option.rect = image.rect();
                strips->paint(&painter, option, index);
                const std::vector<QRect> &places = strips->lastPlaces();
                several += places.size() > 1;
                for (size_t i = 0; i < places.size(); ++i) {
                    for (size_t j = i + 1; j < places.size(); ++j) {
                        // Marks have the height of the strip, and may meet.
                        if (places[i].height() < 20 || places[j].height() < 20)
                            QVERIFY2(!places[i].intersects(places[j]), qPrintable(QString::number(row)));
                    }
                }
            }
        }
        QVERIFY(several > 0);
    }

    void theDockSaysWhatItsAgeRestsOn()
    {
        SystemPage f;
        f.addSystems();
        f.open({1600, 900});
        const auto show = [&](const QByteArray &id) {
            f.page->showWorker(f.systems->find(id));
            f.page->showDetails();
        };
        show("app-2:18403:9f2c41ab77d1");
        TRY_EQUAL(f.detail().fact(u"Identity"_s), u"app-2:18403:9f2c41ab77d1"_s);
        QCOMPARE(f.detail().fact(u"Age"_s), u"by TTL: 1.6 s ago = 60 s − 58.5 s left"_s);
        QCOMPARE(f.detail().fact(u"Host, pid"_s), u"app-2 · 18403 · shop"_s);
        QCOMPARE(f.detail().fact(u"Version"_s), u"Sidekiq 7.3.9"_s);
        QCOMPARE(f.detail().fact(u"Queues"_s), u"critical, default, mailers"_s);
        QCOMPARE(f.detail().fact(u"Memory"_s), u"412 MB"_s);
        QCOMPARE(f.detail().fact(u"At work"_s), u"1 of 10 busy"_s);
        QCOMPARE(f.detail().heading().accessibleName(), u"app-2:18403, running, 1 of 10 busy"_s);
        const Worker &process = f.scene->store.worker(f.systems->find("app-2:18403:9f2c41ab77d1"));
        FleetBatch batch;
        batch.source = process.source;
        batch.generation = f.scene->store.sourceStatus(process.source).generation;
        batch.workerJobs = {{process.number, {{"critical", 1}}}};
        f.scene->store.apply(batch);
        f.scene->store.publish();
        QTRY_COMPARE_WITH_TIMEOUT(f.detail().fact(u"At work"_s), u"1 of 10 busy · critical 1"_s, 20'000);
        show("rq-thumbs-03");
        TRY_TRUE(f.detail().fact(u"Age"_s).startsWith(u"by its own clock, −0.02 s: "_s));
        QCOMPARE(f.detail().fact(u"Jobs"_s), u"job-3"_s);
        QCOMPARE(f.detail().fact(u"At work"_s), u"1 of 1 busy · thumbs 1"_s); // It serves no other queue.
        show("rq-thumbs-01"); // It crashed.
        TRY_EQUAL(f.detail().fact(u"Jobs"_s), u"last known: job-1"_s);
        show("w1@tasks-a");
        TRY_TRUE(f.detail().fact(u"Age"_s).startsWith(u"by events: "_s));
        show("images:900");
        TRY_EQUAL(f.detail().fact(u"Age"_s), u"alive by its connection"_s);
        QCOMPARE(f.detail().fact(u"Memory"_s), QString());
    }
};

PULSEDECK_TEST(SystemPageTest, runWithTheme)
#include "systempage_test.moc"
