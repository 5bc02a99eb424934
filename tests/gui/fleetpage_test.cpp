// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/fleetpagefixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetselection.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The table: filter, sort, select, copy, columns, groups, by mouse and keyboard.
class FleetPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().install(*qApp); }

    void filterNarrowsTheList()
    {
        FleetPageFixture f;
        f.open();
        QSignalSpy changed(f.page.get(), &FleetPage::filterChanged);
        f.page->setFilterText(u"liveness:zombie"_s);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(f.page->filterText(), u"liveness:zombie"_s);
        QVERIFY(f.model().matchCount() > 0);
        for (const quint32 handle : f.order())
            QCOMPARE(f.scene->store.worker(handle).liveness, Liveness::Zombie);
        f.page->escape();
        QCOMPARE(f.page->filterText(), QString());
        QCOMPARE(f.model().matchCount(), 40);
    }

    void headerClickSortsAndTurns()
    {
        FleetPageFixture f;
        f.open();
        f.model().setGrouping(FleetGrouping::None);
        f.clickHeader(FleetColumnId::LastBeat);
        QCOMPARE(f.model().sortColumn(), int(FleetColumnId::LastBeat));
        const QList<quint32> once = f.order();
        const Qt::SortOrder first = f.model().sortOrder();
        f.clickHeader(FleetColumnId::LastBeat);
        QVERIFY(f.model().sortOrder() != first);
        QVERIFY(f.order() != once);
        f.clickHeader(FleetColumnId::Type);
        QCOMPARE(f.model().sortColumn(), int(FleetColumnId::Type));
    }

    void mouseSelectsOneThenMore()
    {
        FleetPageFixture f;
        f.open();
        f.click(2);
        QCOMPARE(f.page->currentWorker(), f.model().handleAt(2));
        f.click(4, Qt::ControlModifier);
        QCOMPARE(f.view->selectedRows(), (std::vector<int>{2, 4}));
        f.click(5);
        f.click(7, Qt::ShiftModifier);
        QCOMPARE(f.view->selectedRows(), (std::vector<int>{5, 6, 7}));
    }

    void keyboardMovesAndSelects()
    {
        FleetPageFixture f;
        f.open();
        f.view->setFocus();
        f.click(2);
        QTest::keyClick(f.view, Qt::Key_Down);
        QCOMPARE(f.page->currentWorker(), f.model().handleAt(3));
        QTest::keyClick(f.view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(f.view->selectedRows(), (std::vector<int>{3, 4}));
    }

    void nextAttentionGoesRound()
    {
        FleetPageFixture f;
        f.open();
        f.page->setFilterText(u"liveness:stale,zombie"_s);
        const int matches = f.model().matchCount();
        QVERIFY(matches >= 3);
        QSet<WorkerHandle> seen;
        for (int i = 0; i < matches; ++i) {
            f.page->nextAttention();
            seen.insert(f.page->currentWorker());
        }
        QCOMPARE(int(seen.size()), matches);
        const WorkerHandle last = f.page->currentWorker();
        f.page->nextAttention();
        f.page->previousAttention();
        QCOMPARE(f.page->currentWorker(), last);
    }

    void copyAsTextHasAHeadingAndShownColumns()
    {
        FleetPageFixture f;
        f.open();
        f.click(2);
        f.click(3, Qt::ControlModifier);
        f.view->setFocus();
        QTest::keyClick(f.view, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().trimmed().split(u'\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains("Worker\tType"_L1));
        QVERIFY(!lines[0].contains("Heartbeats"_L1));
        QVERIFY(lines[1].contains(QString::fromUtf8(f.scene->store.worker(f.model().handleAt(2)).id)));
        QCOMPARE(lines[1].count(u'\t'), lines[0].count(u'\t'));
    }

    void copyAsJsonIsWhatTheCommandLinePrints()
    {
        FleetPageFixture f;
        f.open();
        f.click(2);
        f.page->copyJson();
        const QJsonArray array = QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).array();
        QCOMPARE(array.size(), 1);
        const QJsonObject worker = array.at(0).toObject();
        QCOMPARE(worker.value("source"_L1).toString(),
                 f.scene->store.sourceName(f.scene->store.worker(f.model().handleAt(2)).source));
        QVERIFY(worker.contains("ttlLeftMs"_L1));
        QVERIFY(!QString::fromUtf8(QJsonDocument(array).toJson()).contains("/playwright"_L1));
    }

    void columnsAreRememberedByTheNextPage()
    {
        FleetPageFixture f;
        f.open();
        QHeaderView *header = f.view->horizontalHeader();
        QVERIFY(!f.view->isColumnHidden(int(FleetColumnId::Type)));
        QVERIFY(f.view->isColumnHidden(int(FleetColumnId::Lifetime)));
        header->moveSection(header->visualIndex(int(FleetColumnId::TtlLeft)), 2);
        header->resizeSection(int(FleetColumnId::Worker), 211);
        auto *columns = f.page->findChild<FleetToolbar *>();
        QMenu *menu = columns->columnsButton().findChild<QMenu *>();
        QVERIFY(menu);
        QTest::mouseClick(&columns->columnsButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(menu->isVisible(), 10'000);
        QVERIFY(f.model().isHeld()); // While a menu is open nothing moves.
        for (QAction *action : menu->actions()) {
            if (action->text() == "Type"_L1 || action->text() == "Lifetime"_L1)
                action->trigger();
        }
        menu->close();
        f.clickHeader(FleetColumnId::Interval);
        f.clickHeader(FleetColumnId::Interval);
        const Qt::SortOrder order = f.model().sortOrder();
        f.close();

        f.open();
        QVERIFY(f.view->isColumnHidden(int(FleetColumnId::Type)));
        QVERIFY(!f.view->isColumnHidden(int(FleetColumnId::Lifetime)));
        QCOMPARE(f.view->horizontalHeader()->visualIndex(int(FleetColumnId::TtlLeft)), 2);
        QCOMPARE(f.view->columnWidth(int(FleetColumnId::Worker)), 211);
        QCOMPARE(f.model().sortColumn(), int(FleetColumnId::Interval));
        QCOMPARE(f.model().sortOrder(), order);
    }

    void stripTakesWhatIsLeft()
    {
        FleetPageFixture f;
        f.open();
        int all = 0;
        for (int column = 0; column < f.model().columnCount(); ++column)
            all += f.view->isColumnHidden(column) ? 0 : f.view->columnWidth(column);
        QCOMPARE(all, f.view->viewport()->width());
        QVERIFY(f.view->columnWidth(int(FleetColumnId::Strip)) > 200);
    }

    void narrowPageHidesSourceIntervalAndDock()
    {
        FleetPageFixture f;
        f.open({900, 600});
        QVERIFY(f.view->isColumnHidden(int(FleetColumnId::Source)));
        QVERIFY(f.view->isColumnHidden(int(FleetColumnId::Interval)));
        QVERIFY(!f.page->dockAction()->isChecked());
        f.click(2);
        QTest::keyClick(f.view, Qt::Key_Return);
        QVERIFY(f.page->dockAction()->isChecked()); // Enter opens it all the same.
        f.page->resize(1500, 600);
        QTRY_VERIFY_WITH_TIMEOUT(!f.view->isColumnHidden(int(FleetColumnId::Source)), 10'000);
        QVERIFY(f.page->dockAction()->isChecked());
    }

    void stripKeepsItsFloor_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("points");
        for (const QSize size : {QSize(1010, 600), QSize(1120, 640), QSize(1280, 820), QSize(1440, 920)}) {
            for (const double points : {8.0, 9.0, 11.0, 14.0})
                QTest::addRow("%dx%d, %.0f pt", size.width(), size.height(), points) << size << points;
        }
    }

    void stripKeepsItsFloor()
    {
        QFETCH(QSize, size);
        QFETCH(double, points);
        Theme::instance().setBodyPointSize(points);
        {
            FleetPageFixture f;
            f.open(size);
            const auto fits = [&f] {
                int all = 0;
                for (int column = 0; column < f.model().columnCount(); ++column)
                    all += f.view->isColumnHidden(column) ? 0 : f.view->columnWidth(column);
                return all == f.view->viewport()->width()
                       && f.view->columnWidth(int(FleetColumnId::Strip)) >= qMin(220, Theme::instance().scaled(220));
            };
            QVERIFY(fits());
            f.click(2);
            TRY_TRUE(fits()); // With the dock, where that has room next to it.
            for (const FleetColumnId id : {FleetColumnId::Worker, FleetColumnId::Status, FleetColumnId::LastBeat,
                                           FleetColumnId::TtlLeft, FleetColumnId::Sessions})
                QVERIFY(!f.view->isColumnHidden(int(id)));
        }
        Theme::instance().setBodyPointSize(0);
    }

    void columnsGiveWayInTheirOrder()
    {
        FleetPageFixture f;
        f.open({1500, 600});
        QStringList gone;
        for (int width = 1500; width >= 620; width -= 10) {
            f.page->resize(width, 600);
            QCoreApplication::sendPostedEvents();
            for (const FleetColumnId id :
                 {FleetColumnId::Source, FleetColumnId::Interval, FleetColumnId::Command, FleetColumnId::Type}) {
                const QString key = QString::fromLatin1(fleetColumn(id).key);
                if (f.view->isColumnHidden(int(id)) && !gone.contains(key))
                    gone.append(key);
            }
        }
        QCOMPARE(gone, (QStringList{u"source"_s, u"interval"_s, u"command"_s, u"type"_s}));
        f.page->resize(1500, 600);
        TRY_TRUE(!f.view->isColumnHidden(int(FleetColumnId::Type)) && !f.view->isColumnHidden(int(FleetColumnId::Source)));
    }

    void dockOpensWithTheFirstSelection()
    {
        FleetPageFixture f;
        f.open();
        QVERIFY(!f.page->dockAction()->isChecked()); // There is nothing to show in it.
        f.click(2);
        QVERIFY(f.page->dockAction()->isChecked());
        QTest::keyClick(f.view, Qt::Key_Escape);
        f.page->escape();
        QVERIFY(f.page->dockAction()->isChecked()); // It stays as it is,
        f.page->dockAction()->trigger();
        f.click(3);
        QVERIFY(!f.page->dockAction()->isChecked()); // and as the operator left it,
        f.close();
        f.open();
        f.click(2);
        QVERIFY(!f.page->dockAction()->isChecked()); // in the next session too.
        QTest::keyClick(f.view, Qt::Key_Return);
        QVERIFY(f.page->dockAction()->isChecked());
    }

    void narrowColumnShowsItsOrder()
    {
        FleetPageFixture f;
        f.open();
        QHeaderView *header = f.view->horizontalHeader();
        const int column = int(FleetColumnId::LastBeat);
        f.clickHeader(FleetColumnId::LastBeat);
        header->resizeSection(column, header->fontMetrics().horizontalAdvance(u"Last beat"_s) + 18);
        const QRect place(header->sectionViewportPosition(column), 0, header->sectionSize(column), header->height());
        const QImage one = header->viewport()->grab(place).toImage();
        f.clickHeader(FleetColumnId::LastBeat);
        const QImage other = header->viewport()->grab(place).toImage();
        QVERIFY(one != other); // The angle turned, so there is one.
    }

    void exportsWhatTheFilterShows()
    {
        FleetPageFixture f;
        f.open();
        f.page->setFilterText(u"type:chromium"_s);
        QSignalSpy exported(f.page.get(), &FleetPage::exported);
        const QString csv = f.folder.filePath(u"list.csv"_s);
        f.page->exportTo(csv);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, 20'000);
        const qint64 count = exported[0][0].toLongLong();
        QCOMPARE(count, qint64(f.page->matchingWorkers().size()));
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), count + 1);
        QVERIFY2(lines[0].startsWith("source,kind,id,type,"), lines[0].constData());
        const Worker &first = f.scene->store.worker(f.model().handleAt(1));
        QVERIFY2(lines[1].contains(first.id.mid(first.id.indexOf(':') + 1)), lines[1].constData()); // In the order of the list.
        const QString json = f.folder.filePath(u"list.json"_s);
        f.page->exportTo(json);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 2, 20'000);
        QFile objects(json);
        QVERIFY(objects.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(objects.readAll()).array().size(), count);
        QSignalSpy noticed(f.page.get(), &FleetPage::noticed);
        f.page->exportTo(f.folder.filePath(u"no/such/folder.csv"_s));
        QTRY_COMPARE_WITH_TIMEOUT(noticed.size(), 1, 20'000);
    }

    void headingFoldsByMouseAndKeyboard()
    {
        FleetPageFixture f;
        f.open();
        QVERIFY(f.model().isGroupRow(0));
        const int before = f.model().rowCount();
        const int inside = f.model().index(0, 0).data(FleetTableModel::GroupCountRole).toInt();
        QVERIFY(inside > 3);
        QTest::mouseClick(f.view->viewport(), Qt::LeftButton, {}, f.rowCentre(0));
        QCOMPARE(f.model().rowCount(), before - inside);
        f.view->setFocus();
        f.view->setCurrentIndex(f.model().index(0, 1));
        QTest::keyClick(f.view, Qt::Key_Right);
        QCOMPARE(f.model().rowCount(), before);
        QTest::keyClick(f.view, Qt::Key_Left);
        QCOMPARE(f.model().rowCount(), before - inside);
        QTest::keyClick(f.view, Qt::Key_Return);
        QCOMPARE(f.model().rowCount(), before);
    }

    void groupingIsChosenAndRemembered()
    {
        FleetPageFixture f;
        f.open();
        QComboBox &box = f.page->findChild<FleetToolbar *>()->groupBox();
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Down);
        QCOMPARE(f.model().grouping(), FleetGrouping::Type);
        f.page->setFilterText(u"type:chromium"_s);
        f.close();
        f.open();
        QCOMPARE(f.model().grouping(), FleetGrouping::Type);
        QCOMPARE(f.page->filterText(), u"type:chromium"_s);
        QCOMPARE(f.model().groupRows().size(), size_t(1 + (f.model().isGroupRow(f.model().rowCount() - 2) ? 1 : 0)));
    }

    void rowsSpeak()
    {
        FleetPageFixture f;
        f.open();
        const int row = f.rowOf(FleetScene::Part::Draining);
        const QString text = f.model().index(row, 0).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(text.contains("draining"_L1) && text.contains("2 sessions"_L1), qPrintable(text));
        // The other cells say what stands in them.
        const QString sessions = f.model().index(row, int(FleetColumnId::Sessions)).data(Qt::AccessibleTextRole).toString();
        QCOMPARE(sessions, u"Sessions 2"_s);
    }
};

PULSEDECK_TEST(FleetPageTest, runWithWidgets)
#include "fleetpage_test.moc"
