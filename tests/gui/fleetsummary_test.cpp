// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/systemscene.h"
#include "tests/support/testapplication.h"
#include "ui/common/figurebutton.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetstrip.h"
#include "ui/window/fleetsummary.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/savedviews.h"

#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class FleetSummaryTest : public QObject
{
    Q_OBJECT

private slots:
    void skewAndCounts()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addSource(2, u"staging"_s);
        f.addWorkers(1, 101); // The first clock is 4.2 s ahead, the others 20 ms behind.
        f.addWorkers(2, 50);
        FleetSummary survey(f.store);
        survey.setFilters({FleetFilter::parse(u"skew>1s"_s), FleetFilter::parse(u"source:staging"_s), FleetFilter()});
        survey.finishRound();
        QCOMPARE(survey.skew().known, 151);
        QCOMPARE(survey.skew().median, -20);
        QCOMPARE(survey.skew().beyond, 2);
        QCOMPARE(survey.skew().worst, 4'200);
        QCOMPARE(survey.counts(), (std::vector<int>{2, 50, 151}));

        f.store.setSourceVisible(2, false);
        survey.finishRound();
        QCOMPARE(survey.skew().known, 101);
        QCOMPARE(survey.counts(), (std::vector<int>{1, 0, 101}));
    }

    void emptyFleet()
    {
        WindowFixture f;
        FleetSummary survey(f.store);
        survey.finishRound();
        QCOMPARE(survey.skew().known, 0);
        QVERIFY(survey.counts().empty());
    }

    /// What a system does not report is not nothing.
    void sessionsThatNobodyCounts()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        FleetBatch batch;
        batch.source = 1;
        batch.generation = 1;
        batch.at = f.clock.nowMs();
        WorkerText text;
        text.number = 1'000;
        text.id = "emails/10.0.0.1:50123";
        text.traits = bullTraits();
        batch.texts.append(text);
        WorkerSample sample;
        sample.number = text.number;
        sample.readAt = batch.at;
        sample.keyPresent = true;
        batch.samples.append(sample);
        f.store.apply(batch);
        f.store.publish();
        const auto says = [&f](const QString &words) {
            const FleetStrip strip(f.store);
            const QList<QLabel *> labels = strip.findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) { return label->text() == words; });
        };
        QVERIFY(says(u"not reported by 1 worker"_s));
        QVERIFY(says(u"–"_s));
        f.addWorkers(1, 2);
        QVERIFY(says(u"active on 3 workers"_s));
    }

    void goesRoundByItself()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        for (int i = 0; i < 10; ++i)
            f.addWorkers(1, 2'000); // The same ones: only news.
        FleetSummary survey(f.store);
        survey.setFilters({FleetFilter::parse(u"type:chromium"_s)});
        QSignalSpy finished(&survey, &FleetSummary::finished);
        QVERIFY(finished.wait(10'000));
        QCOMPARE(survey.counts(), (std::vector<int>{2'000}));
    }

    void attentionMeansTheSameEverywhere()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addSource(2, u"staging"_s);
        f.addWorkers(1, 30);
        f.addWorkers(2, 12);
        f.open();
        auto *views = f.window->findChild<NavigationPanel *>()->viewList()->model();
        const QModelIndex attention = views->index(0, 0);
        QCOMPARE(attention.data().toString(), u"Needs attention"_s);
        TRY_TRUE(!attention.data(NavCountRole).toString().isEmpty()); // Counted for the first time.
        const FleetTableModel &model = f.window->fleetPage().model();
        QSet<int> seen;
        for (int step = 0; step < 60; ++step) {
            f.clock.step(700);
            if (step % 3 == 0 && step < 40)
                f.addWorkers(1, step % 2 ? 20 : 5); // Those beat, the others fall behind.
            if (step == 50)
                f.setState(2, SourceState::Waiting);
            f.store.publish();
            int heading = 0;
            for (const int row : model.groupRows()) {
                if (model.index(row, 0).data().toString() == "Needs attention"_L1)
                    heading = model.index(row, 0).data(FleetTableModel::GroupCountRole).toInt();
            }
            const int counted = f.store.figures().attention;
            seen.insert(counted);
            QCOMPARE(attention.data(NavCountRole).toString(), QString::number(counted));
            // Within the second until the next ordering the group may have no heading yet.
            if (heading > 0)
                QCOMPARE(heading, counted);
            int figures = 0;
            for (const FigureButton *figure : f.window->findChildren<FigureButton *>()) {
                // One of which nothing is known, or not yet, needs nobody's attention; nor does one that is well.
                const bool other = figure->filter() == "liveness:unknown"_L1 || figure->filter() == "liveness:settling"_L1
                                   || figure->filter().startsWith("liveness:alive not"_L1);
                if (!other)
                    figures += figure->count();
            }
            QCOMPARE(figures, counted);
        }
        QVERIFY(seen.size() > 2);
    }

    void viewsAreRemembered()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"views.ini"_s), QSettings::IniFormat);
        int builtIn = 0;
        {
            SavedViews views(settings);
            const QAbstractItemModelTester tester(&views, QAbstractItemModelTester::FailureReportingMode::QtTest);
            builtIn = views.rowCount();
            QVERIFY(builtIn > 0);
            for (int row = 0; row < builtIn; ++row)
                QVERIFY2(views.filter(row).problems().isEmpty(), qPrintable(views.filterText(row)));
            QVERIFY(views.save(u"mine"_s, u"type:chromium age>10s"_s));
            QVERIFY(views.save(u"MINE"_s, u"type:firefox"_s)); // The same name: another filter, not another view.
            QCOMPARE(views.rowCount(), builtIn + 1);
            QVERIFY(!views.save(u" "_s, u"type:firefox"_s));
            views.remove(0); // Built in: stays.
            QCOMPARE(views.rowCount(), builtIn + 1);
            for (int i = 1; i < SavedViews::maxOwn; ++i)
                QVERIFY(views.save(QString::number(i), u"id:%1"_s.arg(i)));
            QVERIFY(!views.save(u"one too many"_s, u"id:x"_s));
        }
        SavedViews again(settings);
        QCOMPARE(again.rowCount(), builtIn + SavedViews::maxOwn);
        QCOMPARE(again.filterText(builtIn), u"type:firefox"_s);
        again.remove(builtIn);
        SavedViews afterRemoval(settings);
        QCOMPARE(afterRemoval.rowCount(), builtIn + SavedViews::maxOwn - 1);
    }
};

PULSEDECK_TEST(FleetSummaryTest, runWithTheme)

#include "fleetsummary_test.moc"
