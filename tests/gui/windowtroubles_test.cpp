// SPDX-License-Identifier: GPL-3.0-or-later
// Many sources in trouble at once: status bar, banner and navigation stay readable and calm.
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/window/navigationdelegate.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/statuscell.h"
#include "ui/window/statusstrip.h"

#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// Six hubs and a Redis that nobody reaches.
void addTroubled(WindowFixture &f)
{
    for (SourceId id = 1; id <= 6; ++id) {
        f.addHub(id, u"127.0.0.1:%1"_s.arg(8700 + id), SourceState::Waiting);
        f.setState(id, SourceState::Waiting, u"Nothing listens at 127.0.0.1:%1."_s.arg(8700 + id),
                   u"Check the port, and whether the hub runs."_s);
    }
    f.addSource(7, u"127.0.0.1:6399"_s, SourceState::Failed);
    f.setState(7, SourceState::Failed, u"The password was refused"_s, u"Enter it again."_s);
}

std::vector<StatusCell *> cellsFromLeft(const MainWindow &window)
{
    std::vector<StatusCell *> cells;
    for (StatusCell *cell : window.findChildren<StatusCell *>()) {
        if (cell->isVisible())
            cells.push_back(cell);
    }
    std::sort(cells.begin(), cells.end(), [](StatusCell *a, StatusCell *b) { return a->x() < b->x(); });
    return cells;
}

} // namespace

class WindowTroublesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { Theme::instance().setBodyPointSize(0); }

    void statusCellsSayWholeWords_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<qreal>("points");
        QTest::newRow("1280x720") << QSize(1280, 720) << 9.0;
        QTest::newRow("smallest") << QSize(1060, 680) << 9.0;
        QTest::newRow("1280x720, 12 pt") << QSize(1280, 720) << 12.0;
        QTest::newRow("1600x1000") << QSize(1600, 1000) << 9.0;
    }

    void statusCellsSayWholeWords()
    {
        QFETCH(QSize, size);
        QFETCH(qreal, points);
        Theme::instance().setBodyPointSize(points);
        WindowFixture f;
        addTroubled(f);
        f.open(size);
        const std::vector<StatusCell *> cells = cellsFromLeft(*f.window);
        int end = 0;
        int sources = 0;
        for (const StatusCell *cell : cells) {
            QVERIFY2(cell->x() >= end - 1, qPrintable(cell->accessibleName())); // None over another.
            end = cell->geometry().right() + 1;
            QVERIFY2(cell->width() >= cell->widthOf(cell->form()), qPrintable(cell->accessibleName()));
            const bool source = cell->accessibleName().startsWith("127.0.0.1"_L1);
            sources += source;
            if (source)
                QVERIFY(cell->form() != StatusCell::Form::Name); // What is wrong has its word.
        }
        QVERIFY(end <= f.window->width());
        QVERIFY(sources >= 2);
        auto *more = f.window->findChild<StatusCell *>(u"moreSources"_s);
        QCOMPARE(more->isVisible(), sources < 7);
        if (sources == 7)
            return;
        // The worst first.
        QVERIFY2(cells.front()->accessibleName().startsWith("127.0.0.1:6399"_L1), qPrintable(cells.front()->accessibleName()));

        QCOMPARE(more->accessibleName(), u"+%1 more"_s.arg(7 - sources));
        for (StatusCell *cell : f.window->findChildren<StatusCell *>()) {
            if (cell->isHidden() && cell->accessibleName().startsWith("127.0.0.1"_L1))
                QVERIFY2(more->toolTip().contains(cell->accessibleName()), qPrintable(more->toolTip()));
        }
        more->setFocus();
        QTest::keyClick(more, Qt::Key_Space);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
    }

    void whoIsWellKeepsItsPlace()
    {
        WindowFixture f;
        for (SourceId id = 1; id <= 3; ++id)
            f.addSource(id, u"prod %1"_s.arg(id));
        f.setState(3, SourceState::Waiting, u"lost"_s);
        f.open({1600, 900});
        QStringList names;
        for (const StatusCell *cell : cellsFromLeft(*f.window)) {
            if (cell->accessibleName().startsWith("prod"_L1))
                names << cell->accessibleName().left(6);
        }
        QCOMPARE(names, (QStringList{u"prod 1"_s, u"prod 2"_s, u"prod 3"_s}));
        QVERIFY(!f.window->findChild<StatusCell *>(u"moreSources"_s)->isVisible());
    }

    /// Whatever the width: figures that become a little longer and shorter do not make cells say more and less in turn.
    void statusCellsDoNotFlicker()
    {
        WindowFixture f;
        for (SourceId id = 1; id <= 3; ++id)
            f.addSource(id, u"prod %1"_s.arg(id));
        StatusStrip strip(f.store, f.sources, f.access, f.clock, nullptr);
        strip.show();
        SkewSummary skew;
        skew.known = 3;
        strip.setSkew(skew);
        const auto told = [&](int roundTripMs) {
            for (SourceId id = 1; id <= 3; ++id) {
                SourceStatus status = f.store.sourceStatus(id);
                status.roundTripMs = roundTripMs;
                f.store.applyStatus(status);
            }
            strip.refresh();
            QString forms;
            for (const StatusCell *cell : strip.findChildren<StatusCell *>()) {
                if (cell->isVisibleTo(&strip))
                    forms += cell->accessibleName().left(6) + QString::number(int(cell->form())) + u' ';
            }
            return forms;
        };
        QSet<QString> all;
        for (int width = 250; width < 1400; width += 2) {
            strip.resize(width, strip.sizeHint().height());
            told(9);
            const QString settled = told(12); // One digit more, in each of three cells.
            for (const int roundTripMs : {9, 12, 9, 12})
                QCOMPARE(told(roundTripMs), settled);
            all.insert(settled);
        }
        QVERIFY2(all.size() > 4, qPrintable(QString::number(all.size()))); // With room all of them say more.
        QVERIFY(told(9).count(u"0 "_s) >= 3);
    }

    void bannerGoesFromLeftToRightByKeys()
    {
        WindowFixture f;
        addTroubled(f);
        f.addWorkers(7, 3);
        f.open({1280, 720});
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        const SourceBannerLine &line = f.window->findChild<SourceBanner *>()->line();
        const auto walk = [](const QList<QWidget *> &buttons) {
            buttons.first()->setFocus();
            for (qsizetype i = 1; i < buttons.size(); ++i) {
                if (buttons.at(i)->x() <= buttons.at(i - 1)->x())
                    return false;
                QTest::keyClick(buttons.at(i - 1), Qt::Key_Tab);
                if (!buttons.at(i)->hasFocus())
                    return false;
            }
            return true;
        };
        QTRY_VERIFY_WITH_TIMEOUT(line.nextButton().x() > 0, 10'000);
        QVERIFY(walk({&line.retryButton(), &line.editButton(), &line.previousButton(), &line.nextButton()}));
        f.window->showNotice(u"Nothing was drained"_s, u"Writing is locked."_s);
        QTRY_VERIFY_WITH_TIMEOUT(line.closeButton().x() > line.nextButton().x(), 10'000);
        QVERIFY(walk({&line.previousButton(), &line.nextButton(), &line.closeButton()}));
    }

    void aVeryLongNameLeavesRoomForTheState()
    {
        WindowFixture f;
        f.addSource(1, QString(300, u'x'));
        f.addSource(2, u"prod"_s);
        f.open({1280, 720});
        for (const StatusCell *cell : cellsFromLeft(*f.window))
            QVERIFY(cell->width() < 620);
        QVERIFY(cellsFromLeft(*f.window).front()->toolTip().contains(QString(300, u'x')));
        QVERIFY(f.window->findChild<NavigationPanel *>()->width() < 300);
    }

    void oneBannerWithTheRestBehindIt()
    {
        WindowFixture f;
        addTroubled(f);
        f.addWorkers(7, 3);
        f.open({1280, 720});
        auto *banner = f.window->findChild<SourceBanner *>();
        QVERIFY(banner->isVisible());
        QCOMPARE(banner->lineCount(), 7);
        QCOMPARE(banner->current(), 0);
        QVERIFY2(banner->line().text().contains("The password was refused"_L1), qPrintable(banner->line().text()));
        QVERIFY(banner->line().accessibleName().contains("1 of 7"_L1));
        QVERIFY(f.window->fleetPage().findChildren<SourceBanner *>().isEmpty());
        const auto settled = [&] {
            return f.window->fleetPage().mapTo(f.window.get(), QPoint()).y()
                   == banner->mapTo(f.window.get(), QPoint()).y() + banner->height();
        };
        QTRY_VERIFY_WITH_TIMEOUT(settled(), 10'000);
        const int height = banner->height();
        const QPoint page = f.window->fleetPage().mapTo(f.window.get(), QPoint());

        QToolButton &next = banner->line().nextButton();
        next.setFocus();
        QTest::keyClick(&next, Qt::Key_Space);
        QCOMPARE(banner->current(), 1);
        QVERIFY(banner->line().text().contains("8701"_L1));
        // Somebody looks at it: what comes or goes elsewhere does not take it away.
        f.setState(3, SourceState::Failed, u"The token was refused"_s);
        QVERIFY(banner->line().text().contains("8701"_L1));
        QTest::mouseClick(&banner->line().previousButton(), Qt::LeftButton);
        QTest::mouseClick(&banner->line().previousButton(), Qt::LeftButton);
        QTest::mouseClick(&banner->line().previousButton(), Qt::LeftButton);
        QCOMPARE(banner->current(), 6); // Round and round.

        // A word of the program is in the same line, at once, and the page stays where it is.
        f.window->showNotice(u"Nothing was drained"_s, u"Writing is locked."_s);
        QCOMPARE(banner->lineCount(), 8);
        QVERIFY(banner->line().text().contains("Nothing was drained"_L1));
        QTRY_COMPARE_WITH_TIMEOUT(f.window->fleetPage().mapTo(f.window.get(), QPoint()), page, 10'000);
        QCOMPARE(banner->height(), height);
        QTest::mouseClick(&banner->line().closeButton(), Qt::LeftButton);
        QCOMPARE(banner->lineCount(), 7);
        QVERIFY(banner->line().text().contains("refused"_L1));

        // Where sources are the matter anyway they are not told of above it.
        f.window->showPage(u"connections"_s);
        QVERIFY(!visible<NoticeBar>(*f.window));
        f.window->showPage(u"fleet"_s);
        QVERIFY(visible<NoticeBar>(*f.window));
        for (SourceId id = 1; id <= 7; ++id)
            f.setState(id, id == 7 ? SourceState::Live : SourceState::Sweeping);
        QVERIFY(!visible<NoticeBar>(*f.window));
    }

    void longWordsWrapOnceForAll()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.setState(1, SourceState::Waiting, u"short"_s);
        f.addSource(2, u"lab"_s);
        f.setState(2, SourceState::Failed, QString(u"Words and more words about what is wrong there. "_s).repeated(5));
        f.addWorkers(1, 2);
        f.addWorkers(2, 2);
        f.open({1280, 720});
        auto *banner = f.window->findChild<SourceBanner *>();
        const int line = QFontMetrics(Theme::instance().bodyFont()).lineSpacing();
        QTRY_VERIFY_WITH_TIMEOUT(banner->height() > 2 * line, 10'000);
        const int height = banner->height();
        QTest::mouseClick(&banner->line().nextButton(), Qt::LeftButton);
        QVERIFY(banner->line().text().contains("short"_L1));
        QCOMPARE(banner->height(), height);
    }

    void pageTitlesAreWhole_data()
    {
        QTest::addColumn<qreal>("points");
        for (const int points : {8, 9, 10, 12, 14})
            QTest::addRow("%d pt", points) << qreal(points);
    }

    void pageTitlesAreWhole()
    {
        QFETCH(qreal, points);
        Theme::instance().setBodyPointSize(points);
        const auto restore = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        WindowFixture f;
        f.addHub(1, u"signal-hub.production.example.net:8787"_s);
        f.addSource(2, u"prod-eu"_s);
        f.open({qMax(1280, int(1280 * points / 9)), 720});
        auto *panel = f.window->findChild<NavigationPanel *>();
        QVERIFY(!panel->isCompact());
        const NavigationDelegate *delegate = panel->findChildren<NavigationDelegate *>().constFirst();
        const QListView *pages = panel->pageList();
        for (int row = 0; row < pages->model()->rowCount(); ++row) {
            const QModelIndex index = pages->model()->index(row, 0);
            QVERIFY2(pages->viewport()->width() >= delegate->wholeWidth(index), qPrintable(index.data().toString()));
        }
        // A hub's name has the room it needs, and all of it is in the tool tip in any case.
        QVERIFY(f.sources.index(0).data(Qt::ToolTipRole).toString().startsWith("signal-hub.production.example.net:8787"_L1));
    }

    void shortHubNamesAreWhole()
    {
        WindowFixture f;
        f.addHub(1, u"127.0.0.1:8787"_s);
        f.addHub(2, u"hub.eu-central-1:8787"_s);
        f.open({1280, 720});
        auto *panel = f.window->findChild<NavigationPanel *>();
        const NavigationDelegate *delegate = panel->findChildren<NavigationDelegate *>().at(1);
        for (int row = 0; row < 2; ++row)
            QVERIFY(panel->sourceList()->viewport()->width() >= delegate->wholeWidth(f.sources.index(row)));
    }
};

PULSEDECK_TEST(WindowTroublesTest, runWithTheme)

#include "windowtroubles_test.moc"
