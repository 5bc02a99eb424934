// SPDX-License-Identifier: GPL-3.0-or-later
// Tab and Shift+Tab on every page, and whether all that is on it can be read whole at every size of window and letters.
#include "tests/gui/cuttexts.h"
#include "tests/gui/pagesfixture.h"
#include "tests/gui/tabwalk.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/notehistory.h"
#include "tests/support/testapplication.h"
#include "ui/common/scrollpane.h"
#include "ui/theme/theme.h"
#include "ui/window/historydialog.h"

#include <QAbstractScrollArea>
#include <QScopeGuard>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

void addPageRows()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : MainWindow::pageNames())
        QTest::newRow(qPrintable(name)) << name;
}

} // namespace

class PageKeysTest : public QObject
{
    Q_OBJECT

private slots:
    void tabLeadsThroughThePage_data()
    {
        addPageRows();
        QTest::newRow("alerts") << QString(AlertsPage::pageName);
    }

    /// From where the page is entered, once round the window: over all that can be used, and back the same way.
    void tabLeadsThroughThePage()
    {
        QFETCH(QString, name);
        PagesFixture f;
        f.openAll({1600, 1000});
        if (name == AlertsPage::pageName)
            f.addAlerts();
        f.window->showPage(name == "fleet"_L1 ? u"queues"_s : u"fleet"_s); // So that it is entered.
        const Page *page = f.show(name);
        QVERIFY(page && page->isVisible());
        QVERIFY(QApplication::focusWidget() && page->isAncestorOf(QApplication::focusWidget()));
        // What a page is entered at may itself be no stop.
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QWidget *first = QApplication::focusWidget();
        QVERIFY(first);
        const std::vector<TabStop> stops = walkTabs(*first);
        QCOMPARE(stops.back().widget, first);
        QStringList names;
        for (const TabStop &stop : stops)
            names.append(stop.name());
        const QString all = names.join(u' ');
        const QStringList missing = unreached(*page, stops);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u", "_s) + u" not in "_s + all));
        for (const TabStop &stop : stops) {
            if (!page->isAncestorOf(stop.widget))
                continue;
            QVERIFY2(stop.seen, qPrintable(stop.name() + u" in "_s + all));
            const bool marksItsRows =
                qobject_cast<QAbstractScrollArea *>(stop.widget) && !qobject_cast<ScrollPane *>(stop.widget);
            QVERIFY2(stop.marked || marksItsRows, qPrintable(stop.name()));
        }

        first->setFocus(Qt::TabFocusReason);
        for (size_t i = stops.size(); i-- > 0;) {
            QVERIFY2(QApplication::focusWidget() == stops[i].widget, qPrintable(stops[i].name() + u" in "_s + all));
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab, Qt::ShiftModifier);
        }
        QCOMPARE(QApplication::focusWidget(), first);
    }

    /// The Fleet page from top to bottom, the terms of its filter in front of the line they are typed into.
    void fleetIsWalkedFromTopToBottom()
    {
        PagesFixture f;
        f.openAll({1600, 1000});
        f.window->fleetPage().setFilterText(u"type:chromium source:prod-eu"_s);
        f.window->showPage(u"queues"_s);
        const Page *page = f.show(u"fleet"_s);
        QVERIFY(page);
        QWidget *first = QApplication::focusWidget();
        QVERIFY(first && page->isAncestorOf(first));
        QStringList names;
        for (const TabStop &stop : walkTabs(*first))
            names.append(stop.name());
        const QString all = names.join(u' ');
        const qsizetype top = names.indexOf("pulsedeck::FigureButton"_L1);
        QVERIFY2(top >= 0, qPrintable(all));
        std::rotate(names.begin(), names.begin() + top, names.end());
        qsizetype before = -1;
        for (const QString &name : {u"pulsedeck::FigureButton"_s, u"pulsedeck::FilterChip"_s, u"QLineEdit"_s,
                                    u"pulsedeck::PrefixedCombo"_s, u"pulsedeck::FleetView"_s, u"showHistory"_s}) {
            const qsizetype at = names.indexOf(name);
            QVERIFY2(at > before, qPrintable(name + u" in "_s + all));
            before = at;
        }
        QCOMPARE(names.count(u"pulsedeck::FilterChip"_s), 2);
    }

    void nothingIsCut_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("points");
        for (const QSize size : {QSize(1600, 1000), QSize(1280, 720)}) {
            for (const double points : {8.0, 10.0, 14.0})
                QTest::addRow("%dx%d, %.0f pt", size.width(), size.height(), points) << size << points;
        }
    }

    void nothingIsCut()
    {
        QFETCH(QSize, size);
        QFETCH(double, points);
        const auto usual = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        Theme::instance().setBodyPointSize(points);
        PagesFixture f;
        f.openAll(size);
        f.addAlerts();
        QVERIFY(f.alerts.alerts().size() > 0);
        for (const QString &name : MainWindow::pageNames() + QStringList{AlertsPage::pageName}) {
            QVERIFY2(f.show(name), qPrintable(name));
            // Layouts and tool tips come with the turns of the event loop.
            const auto cut = [&f, &name] {
                f.window->grab();
                return QString(name + u": "_s + cutTexts(*f.window).join(u"; "_s));
            };
            QTRY_COMPARE_WITH_TIMEOUT(cut(), QString(name + u": "_s), 20'000);
        }
    }

    /// A sentence of the History dialog gets longer while that is open.
    void whatGetsLongerIsReadWhole()
    {
        WindowFixture f;
        NoteHistory history;
        HistoryDialog dialog(&history, f.settings);
        dialog.show();
        QTRY_COMPARE_WITH_TIMEOUT(cutTexts(dialog).join(u"; "_s), QString(), 20'000);
        history.held.recording = true;
        history.held.from = f.clock.nowMs() - 7'200'000;
        history.held.to = f.clock.nowMs();
        history.held.bytes = 312'400'000;
        history.held.path = u"/home/operator/.local/share/pulsedeck/history.sqlite"_s;
        emit history.stateChanged(history.held);
        QTRY_COMPARE_WITH_TIMEOUT(cutTexts(dialog).join(u"; "_s), QString(), 20'000);
    }
};

PULSEDECK_TEST(PageKeysTest, runWithTheme)
#include "pagekeys_test.moc"
