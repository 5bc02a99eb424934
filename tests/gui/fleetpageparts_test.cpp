// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/workereventmodel.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/gui/commandfixture.h"
#include "tests/gui/fleetpagefixture.h"
#include "tests/support/patience.h"
#include "tests/support/systemscene.h"
#include "tests/support/testapplication.h"
#include "ui/common/figurebutton.h"
#include "ui/common/fleetmap.h"
#include "ui/common/fleetwords.h"
#include "ui/common/sourcewords.h"
#include "ui/common/workerheading.h"
#include "ui/fleet/emptyfleet.h"
#include "ui/fleet/filterproblem.h"
#include "ui/fleet/gotodialog.h"
#include "ui/fleet/intervalchart.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/fleet/ttlchart.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/sources/firstlook.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QCompleter>
#include <QLineEdit>
#include <QListView>
#include <QMap>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <QWindow>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Header strip, map, dock, banner, and what is said when there is nothing to show.
class FleetPagePartsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        Theme::instance().install(*qApp);
        qRegisterMetaType<SourceId>("pulsedeck::SourceId");
    }

    void dockShowsTheSelectedWorker()
    {
        FleetPageFixture f;
        f.open();
        auto *dock = f.page->findChild<WorkerDock *>();
        QVERIFY(dock->note().startsWith("Select a worker"_L1));
        const WorkerHandle draining = f.scene->find(FleetScene::Part::Draining);
        f.page->showWorker(draining);
        QCOMPARE(dock->note(), QString());
        const WorkerDetail &detail = dock->detail();
        QCOMPARE(detail.worker(), draining);
        QCOMPARE(detail.heading().stateText(), u"draining 2 sessions · 0:18 left"_s);
        QCOMPARE(detail.fact(u"Key"_s), QString(u"worker:"_s + QString::fromUtf8(f.scene->store.worker(draining).id)));
        QVERIFY(!detail.fact(u"Endpoint"_s).contains(u'/'));
        QVERIFY(detail.fact(u"Sessions"_s).startsWith(u"2 active · "_s));
        QVERIFY2(detail.intervals().summary().startsWith("last "_L1), qPrintable(detail.intervals().summary()));
        QVERIFY(detail.intervals().pointCount() > 5);
        QVERIFY2(detail.ttl().summary().endsWith("left of 30 s"_L1), qPrintable(detail.ttl().summary()));
        QVERIFY(detail.events().model()->rowCount() >= 2);
        QVERIFY(!detail.intervals().accessibleDescription().isEmpty());
    }

    void gridReachesTheEdgeAfterAResize()
    {
        TtlChart chart; // Of nobody: the grid alone.
        chart.resize(160, 120);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart, patience));
        for (const QSize &size : {QSize(420, 120), QSize(300, 150), QSize(640, 104)}) {
            chart.resize(size);
            const QImage image = chart.grab().toImage();
            const QRect plot = chart.chart()->plotArea().toRect();
            QVERIFY(plot.width() > size.width() - 60);
            const QRgb ground = image.pixel(plot.right() - 3, 0);
            const auto lines = [&](int x) {
                QList<int> rows;
                for (int y = plot.top() - 1; y <= plot.bottom() + 1; ++y) {
                    if (image.pixel(x, y) != ground && (rows.isEmpty() || rows.last() != y - 1))
                        rows.append(y);
                }
                return rows;
            };
            const QList<int> left = lines(plot.left() + 20);
            QVERIFY2(left.size() >= 3, qPrintable(QString::number(left.size())));
            QCOMPARE(lines(plot.center().x()), left);
            QCOMPARE(lines(plot.right() - 3), left);
        }
    }

    void dockKeepsItsWidthWhenCommandsShow()
    {
        CommandFixture f;
        f.open({1600, 900});
        const auto *dock = f.window->findChild<WorkerDock *>();
        auto *page = f.window->findChild<FleetPage *>();
        const auto *drain = dock->findChild<QPushButton *>(u"drain"_s);
        QVERIFY(drain && !drain->isVisible());
        const int width = dock->width();
        page->showWorker(f.workers(1).front());
        QTRY_VERIFY_WITH_TIMEOUT(drain->isVisible() && !drain->size().isEmpty(), 10'000);
        QCOMPARE(dock->width(), width);
        for (const QString &name : {u"drain"_s, u"shutDown"_s, u"cancelCommand"_s}) {
            const auto *button = dock->findChild<QPushButton *>(name);
            const int text = button->fontMetrics().horizontalAdvance(button->text());
            QVERIFY2(button->width() >= text + 12,
                     qPrintable(u"%1: %2 for %3"_s.arg(button->text()).arg(button->width()).arg(text)));
        }
        page->findChild<FleetView *>()->selectAll();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(dock->width(), width);
    }

    void escapeClosesTheCompletionsFirst()
    {
        CommandFixture f;
        f.open();
        auto *page = f.window->findChild<FleetPage *>();
        page->focusFilter();
        auto *line = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        QVERIFY(line);
        QTest::keyClicks(line, u"not type:opera type:chro"_s);
        auto *completer = page->findChild<QCompleter *>();
        QTRY_VERIFY_WITH_TIMEOUT(completer->popup()->isVisible(), 10'000);
        // As the window system sends it: what is a shortcut of the window is tried as one first.
        QTest::keyClick(completer->popup()->window()->windowHandle(), Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!completer->popup()->isVisible(), 10'000);
        QCOMPARE(page->filterText(), u"not type:opera type:chro"_s);
        QTest::keyClick(f.window.get(), Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(page->filterText(), QString(), 10'000);
    }

    void dockSaysThatItsWorkerIsGone()
    {
        FleetPageFixture f;
        f.open();
        auto *dock = f.page->findChild<WorkerDock *>();
        const WorkerHandle handle = f.model().handleAt(f.model().rowCount() - 3);
        f.page->showWorker(handle);
        const Worker worker = f.scene->store.worker(handle);
        FleetBatch batch;
        batch.source = worker.source;
        batch.generation = f.scene->store.sourceStatus(worker.source).generation;
        batch.at = f.scene->clock.nowMs();
        WorkerSample sample;
        sample.number = worker.number;
        sample.readAt = batch.at;
        sample.ttl = -2;
        sample.end = WorkerEnd::Left;
        batch.samples.append(sample);
        f.scene->store.apply(batch);
        // For minutes: its row stays under the cursor, and the dock says what became of it.
        f.scene->advance(120'000);
        QCOMPARE(f.page->currentWorker(), handle);
        QVERIFY(f.model().rowOf(handle) >= 0);
        const QString state = f.page->findChild<WorkerHeading *>()->stateText();
        QVERIFY2(state.startsWith(u"left "_s), qPrintable(state));
        f.scene->advance(15 * 60'000);
        QCOMPARE(f.scene->store.findSerial(worker.serial), noWorker);
        QVERIFY2(dock->note().startsWith(QString(shortId(worker) + u" is gone"_s)), qPrintable(dock->note()));
        f.click(2);
        QVERIFY(dock->note().isEmpty());
        f.page->escape();
        QVERIFY2(dock->note().startsWith(u"Select a worker"_s), qPrintable(dock->note()));
    }

    void dockOfARemovedSourceClaimsNoEnd()
    {
        FleetPageFixture f;
        f.open();
        auto *dock = f.page->findChild<WorkerDock *>();
        const WorkerHandle handle = f.model().handleAt(f.model().rowCount() - 3);
        f.page->showWorker(handle);
        const Worker worker = f.scene->store.worker(handle);
        f.scene->store.removeSource(worker.source);
        f.scene->advance(1'000);
        QCOMPARE(f.scene->store.findSerial(worker.serial), noWorker);
        QVERIFY2(dock->note().startsWith(QString(shortId(worker) + u" is no longer shown"_s)), qPrintable(dock->note()));
        QVERIFY2(!dock->note().contains("ended"_L1), qPrintable(dock->note()));
    }

    void dockSumsUpSeveral()
    {
        FleetPageFixture f;
        f.open();
        f.click(1);
        f.click(4, Qt::ShiftModifier);
        const QString note = f.page->findChild<WorkerDock *>()->note();
        QVERIFY2(note.startsWith("4 workers selected"_L1), qPrintable(note));
        QVERIFY(note.contains("active session"_L1));
    }

    void dockSaysWhatIsOddInWords()
    {
        FleetPageFixture f;
        f.open();
        f.page->showWorker(f.scene->find(FleetScene::Part::Crashed));
        QVERIFY(f.page->findChild<WorkerDetail *>()->fact(u"Notes"_s).contains("the process died"_L1));
        f.page->showWorker(f.scene->find(FleetScene::Part::Skewed));
        QVERIFY(f.page->findChild<WorkerDetail *>()->fact(u"Notes"_s).contains("clock is off by +4.2 s"_L1));
    }

    void whoDiedIsInTheColourOfTheDead()
    {
        FleetPageFixture f;
        f.open();
        for (const auto part : {FleetScene::Part::Stale, FleetScene::Part::Crashed, FleetScene::Part::Hung}) {
            const Worker &worker = f.scene->store.worker(f.scene->find(part));
            QVERIFY2(stateTone(worker) == Tone::Stale, qPrintable(livenessName(worker)));
        }
    }

    void dockLeadsToTheHistory()
    {
        FleetPageFixture f;
        f.open();
        QSignalSpy history(f.page.get(), &FleetPage::historyRequested);
        const WorkerHandle handle = f.scene->find(FleetScene::Part::Draining);
        f.page->showWorker(handle);
        auto *button = f.page->findChild<QPushButton *>(u"showHistory"_s);
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(history.size(), 1);
        QCOMPARE(history[0][0].toByteArray(), f.scene->store.worker(handle).id);
    }

    /// Next to the id where there is room, else below it.
    void theStateOfAWorkerIsReadWhole()
    {
        QWidget ground;
        auto *column = new QVBoxLayout(&ground);
        auto *heading = new WorkerHeading(&ground);
        column->addWidget(heading);
        column->addStretch(1);
        ground.resize(px(360), px(300));
        ground.show();
        heading->set(Glyph::Ok, u"rq2"_s, u"available"_s, Tone::Ordinary);
        QTRY_COMPARE_WITH_TIMEOUT(heading->height(), px(24), 20'000);
        heading->set(Glyph::Crashed, u"rq2"_s, u"crashed: no process listens on its command channel, and its key is there"_s,
                     Tone::Stale);
        const int line = QFontMetrics(Theme::instance().bodyFont()).lineSpacing();
        QTRY_VERIFY_WITH_TIMEOUT(heading->height() >= px(24) + 2 * line - 2, 20'000);
        ground.resize(px(1'200), px(300));
        QTRY_COMPARE_WITH_TIMEOUT(heading->height(), px(24), 20'000);
    }

    void eventsOfTheDockAreReadWhole()
    {
        FleetPageFixture f;
        f.open();
        f.page->showWorker(f.scene->find(FleetScene::Part::Draining));
        auto *list = f.page->findChild<WorkerDetail *>()->findChild<QListView *>();
        QVERIFY(list && list->isVisible() && !list->uniformItemSizes());
        QStandardItemModel events;
        for (const QString &text :
             {u"draining"_s, u"crashed: no process listens on its command channel, and nobody has been asked"_s}) {
            auto *item = new QStandardItem(text);
            item->setData(qint64(1'000), WorkerEventModel::TimeRole);
            item->setData(int(FleetEventKind::ListenerLost), WorkerEventModel::KindRole);
            item->setData(0, WorkerEventModel::ToneRole);
            events.appendRow(item);
        }
        QListView view;
        view.setItemDelegate(list->itemDelegate());
        view.setResizeMode(QListView::Adjust);
        view.setModel(&events);
        view.resize(px(360), px(200));
        view.show();
        const auto height = [&](int row) { return view.visualRect(events.index(row, 0)).height(); };
        const int line = QFontMetrics(Theme::instance().bodyFont()).lineSpacing();
        QTRY_VERIFY_WITH_TIMEOUT(height(1) >= height(0) + line, 20'000);
        view.resize(px(1'000), px(200));
        QTRY_COMPARE_WITH_TIMEOUT(height(1), height(0), 20'000);
    }

    void theKeyboardIsSeenInTheEventsOfTheDock()
    {
        FleetPageFixture f;
        f.open();
        f.page->showWorker(f.scene->find(FleetScene::Part::Draining));
        f.page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(f.page.get(), patience));
        auto *list = f.page->findChild<WorkerDetail *>()->findChild<QListView *>();
        QVERIFY(list && list->model()->rowCount() > 0);
        list->setCurrentIndex(list->model()->index(0, 0));
        f.view->setFocus(Qt::TabFocusReason);
        QVERIFY(!list->hasFocus());
        const QImage without = list->grab().toImage();
        list->setFocus(Qt::TabFocusReason);
        QVERIFY(list->hasFocus());
        QVERIFY(list->grab().toImage() != without);
    }

    void figureFiltersAndClears()
    {
        FleetPageFixture f;
        f.open();
        const QList<FigureButton *> figures = f.page->findChildren<FigureButton *>();
        FigureButton *stale = nullptr;
        for (FigureButton *figure : figures)
            stale = figure->filter() == "liveness:stale"_L1 ? figure : stale;
        QVERIFY(stale);
        QCOMPARE(stale->count(), f.scene->store.figures().stale);
        QTest::mouseClick(stale, Qt::LeftButton);
        QCOMPARE(f.page->filterText(), u"liveness:stale"_s);
        QCOMPARE(f.model().matchCount(), stale->count());
        QVERIFY(stale->isChecked());
        QTest::mouseClick(stale, Qt::LeftButton);
        QCOMPARE(f.page->filterText(), QString());
        QVERIFY(!stale->isChecked());
    }

    void mapKeepsPlacesAndSelects()
    {
        FleetPageFixture f(100);
        f.open();
        auto *map = f.page->findChild<FleetMap *>();
        QCOMPARE(map->workersPerCell(), 1);
        const WorkerHandle late = f.scene->find(FleetScene::Part::Late);
        const QRect place = map->cellRectOf(late);
        QVERIFY(!place.isEmpty());
        f.scene->advance(500);
        f.scene->addWorker();
        QCOMPARE(map->cellRectOf(late), place);
        QTest::mouseClick(map, Qt::LeftButton, {}, place.center());
        QCOMPARE(f.page->currentWorker(), late);
    }

    void mapOrdersTypesByName()
    {
        FleetScene scene(60, 0, 20);
        FleetMap map(scene.store);
        map.resize(500, 60);
        map.setVisible(true);
        QMap<QString, int> lefts;
        for (int handle = 0; handle < scene.store.capacity(); ++handle) {
            const Worker &worker = scene.store.worker(WorkerHandle(handle));
            const QRect cell = map.cellRectOf(WorkerHandle(handle));
            const QString type = scene.store.typeName(worker.type);
            if (worker.used && !cell.isEmpty())
                lefts.insert(type, qMin(lefts.value(type, 10'000), cell.left()));
        }
        QVERIFY(lefts.size() > 2);
        const QList<int> byName = lefts.values();
        QVERIFY(std::is_sorted(byName.begin(), byName.end()));
    }

    /// A system without types is called by its name; only next to types is there a word for the lack of one.
    void mapNamesASystemWithoutTypes()
    {
        StepClock clock;
        FleetStore store(clock);
        store.addSource(FleetScene::prod, {});
        SourceStatus status;
        status.source = FleetScene::prod;
        status.state = SourceState::Live;
        status.generation = 1;
        store.applyStatus(status);
        const auto add = [&](WorkerNumber number, const QByteArray &type) {
            FleetBatch batch;
            batch.source = FleetScene::prod;
            batch.generation = 1;
            batch.at = clock.nowMs();
            WorkerText text;
            text.number = number;
            text.id = "w" + QByteArray::number(number) + "@app-1";
            text.type = type;
            text.traits = celeryTraits();
            WorkerSample sample;
            sample.number = number;
            sample.readAt = sample.beatAt = batch.at;
            sample.keyPresent = true;
            sample.newBeat = true;
            sample.status = WorkerStatus::Available;
            batch.texts.append(text);
            batch.samples.append(sample);
            store.apply(batch);
            store.publish();
        };
        FleetMap map(store);
        map.resize(500, 60);
        map.setVisible(true);
        add(1, {});
        QCOMPARE(map.labels(), QStringList(u"Celery"_s));
        add(2, "android");
        QCOMPARE(map.labels(), QStringList({u"android"_s, u"no type"_s}));
        map.grab();

        // The only one with a type leaves, and its place stays: other names are painted where all cells are as before.
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = 1;
        batch.at = clock.nowMs();
        batch.removed.append(2);
        store.apply(batch);
        store.publish();
        QCOMPARE(map.labels(), QStringList(u"Celery"_s));
        const QImage painted = map.grab().toImage();
        map.resize(501, 60);
        map.grab();
        map.resize(500, 60);
        QCOMPARE(map.labels(), QStringList(u"Celery"_s));
        QCOMPARE(painted, map.grab().toImage()); // As if all of it were painted.
        // Another one takes that place.
        add(3, "android");
        QCOMPARE(map.labels(), QStringList({u"android"_s, u"no type"_s}));
    }

    /// Fourteen systems in the width that a window of 1280 px leaves: their names stand on two lines, and none is left out.
    void mapNamesManySystems()
    {
        QList<FoundSystem> found;
        QStringList names;
        for (const QString &name : {u"arq"_s, u"asynq"_s, u"bullmq"_s, u"celery"_s, u"dramatiq"_s, u"gocraft"_s, u"hangfire"_s,
                                    u"horizon"_s, u"playwright"_s, u"resque"_s, u"rq"_s, u"saq"_s, u"sidekiq"_s, u"streams"_s}) {
            const Layout *layout = LayoutCatalog::builtIn().find(name);
            QVERIFY2(layout, qPrintable(name));
            FoundSystem system;
            system.layout = name;
            system.title = layout->title;
            system.workers = system.alive = 6;
            found.append(system);
            names.append(systemTitle(traitsOf(*layout)));
        }
        std::sort(names.begin(), names.end(), [](const QString &a, const QString &b) { return a.toLower() < b.toLower(); });
        FirstLook look;
        look.resize(900, 90);
        look.setSystems(found);
        look.show();
        auto *map = look.findChild<FleetMap *>();
        QVERIFY(map);
        QTRY_VERIFY_WITH_TIMEOUT(map->isVisible(), 20'000);
        map->resize(640, 64);
        QCOMPARE(map->labels(), names);
        map->resize(380, 64);
        QCOMPARE(map->workersPerCell(), 1);
        const QStringList cut = map->labels();
        QCOMPARE(cut.size(), names.size());
        for (int i = 0; i < names.size(); ++i)
            QVERIFY2(names[i] == cut[i] || names[i].startsWith(cut[i].chopped(1)), qPrintable(cut[i]));
    }

    void mapOfAFewNeverAggregates()
    {
        FleetScene scene(85, 0, 20);
        FleetMap map(scene.store);
        map.resize(130, 60); // Too narrow for the names of the types.
        map.setVisible(true);
        QCOMPARE(map.workersPerCell(), 1);
    }

    void mapSpeaksInOneSentence()
    {
        FleetScene scene(60, 25, 130);
        FleetMap map(scene.store);
        map.resize(500, 60);
        map.setVisible(true);
        scene.advance(250);
        QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(&map);
        QVERIFY(spoken);
        QCOMPARE(spoken->role(), QAccessible::Graphic);
        QCOMPARE(spoken->text(QAccessible::Name), u"Fleet map"_s);
        const QString text = spoken->text(QAccessible::Description);
        QVERIFY2(text.contains(u" workers, "_s) && text.contains(u" late"_s), qPrintable(text));
    }

    void mapAggregatesALargeFleetAndShowsTheWorst()
    {
        FleetScene scene(5'000, 25, 20);
        FleetMap map(scene.store);
        map.resize(500, 60);
        map.setVisible(true);
        QVERIFY(map.workersPerCell() > 1);
        const WorkerHandle noTtl = scene.find(FleetScene::Part::BadField);
        QVERIFY(noTtl != noWorker);
        QCOMPARE(map.workerAt(map.cellRectOf(noTtl).center()), noTtl); // The worst of its cell.
    }

    void bannerTellsOfALostSourceAndRetries()
    {
        FleetPageFixture f;
        f.open();
        auto *banner = f.page->findChild<SourceBanner *>();
        QCOMPARE(banner->lineCount(), 0);
        QVERIFY(banner->isHidden());
        f.scene->setState(FleetScene::prod, SourceState::Waiting, u"connection refused"_s, u"is Redis running?"_s);
        QCOMPARE(banner->lineCount(), 1);
        QVERIFY(banner->isVisible());
        const QString text = banner->lineText(0);
        for (const QString &part :
             {u"prod-eu"_s, u"connection refused"_s, u"is Redis running?"_s, u"rows show the state of"_s, u"next try in 8 s"_s})
            QVERIFY2(text.contains(part), qPrintable(text));
        QSignalSpy retry(f.page.get(), &FleetPage::reconnectRequested);
        QTest::mouseClick(&banner->line(0).retryButton(), Qt::LeftButton);
        QCOMPARE(retry.size(), 1);
        QCOMPARE(retry.at(0).at(0).value<SourceId>(), FleetScene::prod);
        f.scene->setState(FleetScene::prod, SourceState::Live);
        QVERIFY(banner->isHidden());
    }

    void bannerNamesTheLimitOfWorkers()
    {
        FleetPageFixture f;
        f.open();
        auto *banner = f.page->findChild<SourceBanner *>();
        QCOMPARE(banner->lineCount(), 0);
        f.scene->store.setMostWorkers(1);
        f.scene->addWorker();
        QCOMPARE(banner->lineCount(), 1);
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->lineText(0).contains(u"1 worker is not shown: the console holds at most 1 "_s),
                 qPrintable(banner->lineText(0)));
    }

    void rowsOfALostSourceStandStill()
    {
        FleetPageFixture f;
        f.open();
        const QList<quint32> before = f.order();
        const int dead = f.scene->store.figures().stale + f.scene->store.figures().zombie;
        f.scene->setState(FleetScene::prod, SourceState::Waiting);
        f.scene->advance(90'000);
        QCOMPARE(f.order().size(), before.size());
        QVERIFY(f.scene->store.figures().stale + f.scene->store.figures().zombie <= dead); // Never counted as dead.
        QVERIFY(f.scene->store.figures().unknown > 20);
    }

    void emptyFilterOffersToClear()
    {
        FleetPageFixture f;
        f.open();
        f.page->setFilterText(u"type:opera"_s);
        auto *note = f.page->findChild<EmptyNote *>();
        QVERIFY(note->isVisible());
        QCOMPARE(note->words().title, u"No worker matches"_s);
        QTest::mouseClick(&note->button(), Qt::LeftButton);
        QCOMPARE(f.page->filterText(), QString());
        QVERIFY(!note->isVisible());
    }

    void emptyStatesHaveTheirOwnWordsAndStep()
    {
        using Step = EmptyFleet::Step;
        FleetScene scene(0);
        const auto words = [&scene] { return emptyFleet(scene.store, FleetFilter(), 0); };
        QVERIFY(words().title.startsWith("No workers in prod-eu"_L1));
        QVERIFY(words().text.contains("worker:*"_L1));
        scene.setLoading(FleetScene::prod, 180, 412);
        QCOMPARE(words().title, u"Reading the fleet"_s);
        QVERIFY(words().text.startsWith("180 of 412 workers"_L1));
        QVERIFY(!words().settled);
        scene.setState(FleetScene::staging, SourceState::Off);
        scene.setState(FleetScene::prod, SourceState::Failed, u"wrong password"_s, u"Enter it again"_s);
        QCOMPARE(words().title, u"Cannot read prod-eu"_s);
        QVERIFY(words().text.contains("wrong password"_L1));
        QCOMPARE(words().step, Step::Edit);
        scene.setState(FleetScene::prod, SourceState::Waiting, u"connection refused"_s);
        QCOMPARE(words().step, Step::Retry);
        QCOMPARE(words().source, FleetScene::prod);
        scene.setState(FleetScene::prod, SourceState::Off);
        QCOMPARE(words().step, Step::Connect);
        scene.store.setSourceVisible(FleetScene::prod, false);
        scene.store.setSourceVisible(FleetScene::staging, false);
        QCOMPARE(words().title, u"All sources are hidden"_s);
        QCOMPARE(emptyFleet(scene.store, FleetFilter(), 5).title, QString());
    }

    void anUnreadableFilterSaysWhatThereIs()
    {
        FleetPageFixture f(60);
        for (const QSize &size : {QSize(1500, 700), QSize(900, 600)}) {
            f.open(size);
            f.page->setFilterText(u"flag:nonsense type:chromium"_s);
            QCOMPARE(f.model().rowCount(), 0);
            auto *note = f.page->findChild<EmptyNote *>();
            QVERIFY(note->isVisible());
            QCOMPARE(note->words().title, u"The filter cannot be read"_s);
            // All of it can be read: it takes as many lines as it needs.
            auto *problem = f.page->findChild<FilterProblem *>();
            QVERIFY(problem->isVisible());
            QVERIFY2(problem->text().contains("crashed"_L1), qPrintable(problem->text()));
            QVERIFY(problem->text().contains("bad-counter"_L1));
            QVERIFY(f.page->rect().contains(problem->geometry()));
            QVERIFY(problem->height() >= problem->heightForWidth(problem->width()));
            QTest::mouseClick(&note->button(), Qt::LeftButton);
            QCOMPARE(f.page->filterText(), QString());
            QVERIFY(!problem->isVisible());
            QVERIFY(f.model().rowCount() > 60);
            f.close();
        }
    }

    void whatCannotBeSeenIsNoEmptyFleet()
    {
        FleetScene scene(0);
        scene.store.setSourceVisible(FleetScene::staging, false);
        SourceStatus status = scene.store.sourceStatus(FleetScene::prod);
        status.state = SourceState::Sweeping;
        status.gaps = ViewGap::KeysUnlisted;
        status.setTrouble({SourceTrouble::Incomplete, u"Workers cannot be found, as SCAN is refused."_s, {}});
        scene.store.applyStatus(status);
        const EmptyFleet note = emptyFleet(scene.store, FleetFilter(), 0);
        QCOMPARE(note.title, u"The workers of prod-eu are unknown"_s);
        QVERIFY(note.text.contains(u"SCAN is refused"_s));
        QCOMPARE(note.glyph, Glyph::Warning);
        QCOMPARE(sourceGlyph(status), Glyph::Warning);
        QCOMPARE(sourceShortState(status), u"incomplete"_s);
        QCOMPARE(sourceTone(status), ToneLabel::Tone::Late);
        QCOMPARE(sourceCountText(status, 0), u"unknown"_s);
        QVERIFY(wantsBanner(status));
        status.state = SourceState::Stalled;
        status.gaps = {};
        status.lostAt = scene.clock.nowMs() - 5'000;
        status.setTrouble({SourceTrouble::MasterLost, u"This replica has lost its master."_s, {}});
        scene.store.applyStatus(status);
        QCOMPARE(emptyFleet(scene.store, FleetFilter(), 0).title, u"The workers of prod-eu are unknown"_s);
        QCOMPARE(sourceShortState(status), u"cut off"_s);
        QCOMPARE(sourceStateText(status, scene.clock.nowMs()), u"cut off from its master for 5.0 s"_s);
    }

    void firstViewIsAnnouncedOnceAllIsRead()
    {
        FleetPageFixture f(5);
        f.scene->setState(FleetScene::prod, SourceState::Loading);
        f.page = std::make_unique<FleetPage>(f.scene->store, f.scene->sources, f.settings);
        QSignalSpy ready(f.page.get(), &FleetPage::firstViewReady);
        f.page->show();
        QVERIFY(QTest::qWaitForWindowExposed(f.page.get(), patience));
        QCOMPARE(ready.size(), 0);
        f.scene->setState(FleetScene::prod, SourceState::Live);
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, 10'000);
        f.scene->advance(1'000);
        QCOMPARE(ready.size(), 1);
    }

    void goToFindsByAPartOfTheId()
    {
        FleetPageFixture f;
        f.open();
        f.page->goToId();
        auto *dialog = f.page->findChild<GoToDialog *>();
        QVERIFY(dialog);
        const WorkerHandle wanted = f.scene->find(FleetScene::Part::Gappy);
        const QByteArray &id = f.scene->store.worker(wanted).id;
        QTest::keyClicks(&dialog->line(), QString::fromUtf8(id.mid(id.indexOf(':') + 1, 8)));
        QTest::keyClick(&dialog->line(), Qt::Key_Return);
        QCOMPARE(f.page->currentWorker(), wanted);
    }
};

PULSEDECK_TEST(FleetPagePartsTest, runWithWidgets)
#include "fleetpageparts_test.moc"
