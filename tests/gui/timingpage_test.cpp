// SPDX-License-Identifier: GPL-3.0-or-later
// Editing on the Timing page, by mouse and keyboard.
#include "tests/support/testapplication.h"
#include "ui/timing/deathcurve.h"
#include "ui/timing/parameterpanel.h"
#include "ui/timing/presetlist.h"

#include "tests/gui/timingpagefixture.h"
#include "tests/support/patience.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QListView>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class TimingPageTest : public QObject
{
    Q_OBJECT

private slots:
    void typedValueMovesTheLadder()
    {
        TimingPageFixture f;
        f.open();
        QCOMPARE(f.pair(u"W1"_s)->state(), Glyph::Ok);
        QVERIFY(!f.pair(u"W1"_s)->fixButton()->isVisible());
        // The state follows each keystroke, before anything is confirmed.
        f.type(TimingId::WorkerKeyTtl, u"15"_s, true);
        QCOMPARE(f.pair(u"W1"_s)->state(), Glyph::Warning);
        QVERIFY(f.pair(u"W1"_s)->accessibleName().contains(u"1.5×"_s));
        QVERIFY(f.pair(u"W1"_s)->accessibleName().contains(u"warning"_s));
        QTest::keyClick(f.field(TimingId::WorkerKeyTtl)->findChild<QLineEdit *>(), Qt::Key_Return);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"15 s"_s);
        f.type(TimingId::ShutdownCommandTtl, u"10"_s);
        QCOMPARE(f.pair(u"W3"_s)->state(), Glyph::Error);
        QCOMPARE(f.labelText(u"errorCount"_s), u"1 error"_s);
        QCOMPARE(f.labelText(u"warningCount"_s), u"1 warning"_s);
        QVERIFY(f.labelText(u"draftState"_s).contains(u"from v12 · 2 changed"_s));
        QCOMPARE(f.labelText(u"applyState"_s), u"1 error blocks Apply."_s);
        QCOMPARE(f.page->navigationText(), u"v12 •"_s);
    }

    void unitsAreUnderstood_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("shown");
        QTest::newRow("pasted minutes") << u"1m30s"_s << u"90 s"_s;
        QTest::newRow("milliseconds") << u"500 ms"_s << u"500 ms"_s;
        QTest::newRow("fraction") << u"2.5"_s << u"2.5 s"_s;
        QTest::newRow("clock") << u"1:30"_s << u"90 s"_s;
        QTest::newRow("bare") << u"45"_s << u"45 s"_s;
    }
    void unitsAreUnderstood()
    {
        QFETCH(QString, typed);
        QFETCH(QString, shown);
        TimingPageFixture f;
        f.open();
        f.type(TimingId::ReaperRunInterval, typed);
        QCOMPARE(f.fieldText(TimingId::ReaperRunInterval), shown);
    }

    void unreadableTextStaysAndIsExplained()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::ReaperRunInterval, u"5 parsecs"_s);
        QCOMPARE(f.fieldText(TimingId::ReaperRunInterval), u"5 parsecs"_s);
        DurationSpin *field = f.field(TimingId::ReaperRunInterval);
        QVERIFY(field->accessibleDescription().contains(u"parsecs"_s));
        QVERIFY(field->toolTip().contains(u"not a unit"_s));
        auto *table = f.page->findChild<TimingTable *>();
        const int row = static_cast<TimingTableModel *>(table->model())->rowOf(TimingId::ReaperRunInterval);
        QVERIFY(table->model()->index(row, 0).data(TimingTableModel::NoteRole).toString().contains(u"not a unit"_s));
        QCOMPARE(f.labelText(u"errorCount"_s), u"1 error"_s);
        // The rules go on with what was there before, not with the "5" that was readable for a moment.
        QVERIFY(f.pair(u"W7"_s)->accessibleName().contains(u"10.0×"_s));
        // Leaving the field does not take it away.
        f.field(TimingId::HeartbeatInterval)->setFocus();
        QCOMPARE(f.fieldText(TimingId::ReaperRunInterval), u"5 parsecs"_s);
        f.type(TimingId::ReaperRunInterval, u"5 min"_s);
        QCOMPARE(f.fieldText(TimingId::ReaperRunInterval), u"300 s"_s);
        QVERIFY(!f.part<QLabel>(u"errorCount"_s)->isVisible());
    }

    void valuesThatAreWrongByThemselves_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("why");
        QTest::newRow("zero") << u"0"_s << u"must not be 0"_s;
        QTest::newRow("negative") << u"-5"_s << u"negative"_s;
        QTest::newRow("overflow") << u"99999999999999999999"_s << u"too large"_s;
        QTest::newRow("too long") << u"40 d"_s << u"above the maximum"_s;
        QTest::newRow("empty") << u" "_s << u"expected"_s;
    }
    void valuesThatAreWrongByThemselves()
    {
        QFETCH(QString, typed);
        QFETCH(QString, why);
        TimingPageFixture f;
        f.open();
        f.type(TimingId::HeartbeatInterval, typed);
        QVERIFY2(f.field(TimingId::HeartbeatInterval)->toolTip().contains(why),
                 qPrintable(f.field(TimingId::HeartbeatInterval)->toolTip()));
        QVERIFY(f.part<QLabel>(u"errorCount"_s)->isVisible());
    }

    void wholeSecondsWhereTheRulesWantThem()
    {
        TimingPageFixture f;
        f.open();
        auto *sets = f.part<QComboBox>(u"ruleSets"_s);
        sets->setFocus();
        QTest::keyClick(sets, Qt::Key_Down);
        QCOMPARE(sets->currentText(), u"playwright-distributed 0.3"_s);
        f.type(TimingId::HeartbeatInterval, u"2.5"_s);
        QVERIFY(f.field(TimingId::HeartbeatInterval)->toolTip().contains(u"whole number of seconds"_s));
        QCOMPARE(f.settings.value(u"timing/rules"_s).toString(), u"playwright-distributed-0.3"_s);
    }

    void fixButtonMendsThePair()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"15"_s);
        RatioRow *row = f.pair(u"W1"_s);
        QCOMPARE(row->fixButton()->text(), u"Set to 20 s"_s);
        QTest::mouseClick(row->fixButton(), Qt::LeftButton);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"20 s"_s);
        QCOMPARE(row->state(), Glyph::Ok);
        // Both the must and the recommended rule of the pair are mended at once.
        f.type(TimingId::ShutdownCommandTtl, u"10"_s);
        QCOMPARE(f.pair(u"W3"_s)->fixButton()->text(), u"Set to 40 s"_s);
        f.pair(u"W3"_s)->fixButton()->setFocus();
        QTest::keyClick(f.pair(u"W3"_s)->fixButton(), Qt::Key_Space);
        QCOMPARE(f.fieldText(TimingId::ShutdownCommandTtl), u"40 s"_s);
    }

    void fixAllMovesSeveralValuesInOneStep()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::HeartbeatInterval, u"60"_s);
        QVERIFY(f.pair(u"W1"_s)->state() == Glyph::Error);
        QTest::mouseClick(f.part<QPushButton>(u"fixAll"_s), Qt::LeftButton);
        for (const QString &rule : {u"W1"_s, u"W3"_s, u"W5"_s})
            QCOMPARE(f.pair(rule)->state(), Glyph::Ok);
        QVERIFY(!f.part<QPushButton>(u"fixAll"_s)->isVisible());
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"30 s"_s);
        QCOMPARE(f.fieldText(TimingId::ShutdownCommandTtl), u"60 s"_s);
        QCOMPARE(f.fieldText(TimingId::HeartbeatInterval), u"60 s"_s);
    }

    void undoAndRedoStepByStep()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"125"_s); // Three keystrokes are one step.
        f.type(TimingId::WorkerKeyTtl, u"90"_s);
        f.type(TimingId::DrainTimeout, u"ten"_s);
        f.field(TimingId::DrainTimeout)->setFocus();
        QTest::keyClick(f.field(TimingId::DrainTimeout), Qt::Key_Z, Qt::ControlModifier); // From inside a field too.
        QCOMPARE(f.fieldText(TimingId::DrainTimeout), u"30 s"_s);
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"125 s"_s);
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"30 s"_s);
        QCOMPARE(f.page->navigationText(), u"v12"_s);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"90 s"_s);
        QCOMPARE(f.fieldText(TimingId::DrainTimeout), u"ten"_s);
    }

    void arrowOfOneValueAndRevertOfAll()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        f.type(TimingId::HubTimeout, u"90"_s);
        auto *undo = f.part<QToolButton>(u"undo-workerKeyTtl"_s);
        QVERIFY(undo->isVisible());
        QTest::mouseClick(undo, Qt::LeftButton);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"30 s"_s);
        QVERIFY(!undo->isVisible());
        QCOMPARE(f.fieldText(TimingId::HubTimeout), u"90 s"_s);
        f.press(u"revertDraft"_s);
        QCOMPARE(f.fieldText(TimingId::HubTimeout), u"60 s"_s);
        QVERIFY(!f.part<QPushButton>(u"reviewChanges"_s)->isEnabled());
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::HubTimeout), u"90 s"_s);
    }

    void steppingByArrowKeys()
    {
        TimingPageFixture f;
        f.open();
        DurationSpin *field = f.field(TimingId::WorkerKeyTtl);
        field->setFocus();
        QTest::keyClick(field, Qt::Key_Down);
        QTest::keyClick(field, Qt::Key_Down);
        QCOMPARE(field->text(), u"28 s"_s);
        QTest::keyClick(field, Qt::Key_PageUp);
        QCOMPARE(field->text(), u"38 s"_s);
        QVERIFY(f.pair(u"W1"_s)->accessibleName().contains(u"3.8×"_s));
    }

    /// The page is entered at its table, which is no stop of Tab.
    void tabLeadsFromTheTableToItsFirstField()
    {
        TimingPageFixture f;
        f.open();
        auto *table = f.page->findChild<TimingTable *>();
        table->setFocus();
        QVERIFY(table->hasFocus());
        QTest::keyClick(table, Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), f.field(TimingId::HeartbeatInterval));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), f.field(TimingId::WorkerKeyTtl));
    }

    void tabGoesThroughThePageAsItIsRead()
    {
        TimingPageFixture f;
        f.open();
        auto *curve = f.page->findChild<DeathCurve *>();
        QTRY_VERIFY_WITH_TIMEOUT(curve->isVisible(), 20'000);
        f.type(TimingId::ShutdownCommandTtl, u"10"_s); // So that there is a fix, and something to review.
        f.part<QComboBox>(u"timingSource"_s)->setFocus();
        QWidgetList order{f.part<QToolButton>(u"onlyChanged"_s),
                          f.field(TimingId::HeartbeatInterval),
                          f.field(TimingId::HubActorTtl),
                          f.pair(u"W1"_s),
                          f.pair(u"W3"_s),
                          f.pair(u"W3"_s)->fixButton(),
                          f.pair(u"H1"_s),
                          f.part<QComboBox>(u"ruleSets"_s),
                          f.part<QPushButton>(u"fixAll"_s),
                          f.page->findChild<QListView *>(),
                          f.part<QComboBox>(u"whatIfWindow"_s),
                          curve,
                          f.part<QPushButton>(u"setSafe0"_s),
                          f.part<QPushButton>(u"reviewChanges"_s),
                          f.part<QPushButton>(u"timingFiles"_s)};
        const auto walk = [&f](QWidgetList wanted) {
            for (int i = 0; i < 120 && !wanted.isEmpty(); ++i) {
                QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
                if (QApplication::focusWidget() == wanted.first())
                    wanted.removeFirst();
            }
            return wanted.isEmpty()
                       ? QString()
                       : QString::fromLatin1(wanted.first()->metaObject()->className()) + u' ' + wanted.first()->objectName();
        };
        QCOMPARE(walk(order), QString());
        // New rows of the ladder keep their place.
        auto *sets = f.part<QComboBox>(u"ruleSets"_s);
        sets->setFocus();
        QTest::keyClick(sets, Qt::Key_Down);
        f.part<QComboBox>(u"timingSource"_s)->setFocus();
        QCOMPARE(walk({f.field(TimingId::HubActorTtl), f.pair(u"W1"_s), f.part<QComboBox>(u"ruleSets"_s),
                       f.part<QPushButton>(u"timingFiles"_s)}),
                 QString());
    }

    void menuDoesWhatThePageCan()
    {
        TimingPageFixture f;
        f.open();
        QMenu menu;
        const auto entry = [&](const QString &word) -> QAction * {
            menu.clear();
            f.page->fillMenu(menu);
            for (QAction *action : menu.actions()) {
                if (action->text().remove(u'&').startsWith(word))
                    return action;
            }
            return nullptr;
        };
        QVERIFY(entry(u"Undo"_s) && !entry(u"Undo"_s)->isEnabled());
        QVERIFY(!entry(u"Review Changes"_s)->isEnabled());
        f.type(TimingId::ShutdownCommandTtl, u"10"_s);
        QVERIFY(entry(u"Undo Shutdown command TTL"_s));
        entry(u"Fix All"_s)->trigger();
        QCOMPARE(f.fieldText(TimingId::ShutdownCommandTtl), u"40 s"_s);
        entry(u"Undo Fix all"_s)->trigger();
        QCOMPARE(f.fieldText(TimingId::ShutdownCommandTtl), u"10 s"_s);
        entry(u"Redo Fix all"_s)->trigger();
        QCOMPARE(f.fieldText(TimingId::ShutdownCommandTtl), u"40 s"_s);
        entry(u"Review Changes"_s)->trigger();
        QVERIFY(f.dialog(u"reviewDialog"_s));
        f.dialog(u"reviewDialog"_s)->reject();
        entry(u"Revert"_s)->trigger();
        QCOMPARE(f.fieldText(TimingId::ShutdownCommandTtl), u"60 s"_s);
    }

    /// In a narrow window the steps of the curve reach under the label: it stands where they do not.
    void labelStandsOffTheCurve()
    {
        DeathCurve curve;
        curve.resize(250, curve.sizeHint().height());
        curve.show();
        const std::vector<QPointF> stairs{{1'000, 6},  {3'000, 6},  {3'000, 5},  {3'400, 5},  {3'400, 3},
                                          {10'000, 3}, {10'000, 1}, {11'000, 1}, {11'000, 0}, {15'000, 0}};
        curve.setCurve(stairs, 1'000, 15'000, 1'000);
        curve.setLines({12'000, 0}, {12'000, 0});
        const QRect label = curve.labelPlace();
        QVERIFY(curve.rect().contains(label));
        // The highest step down goes through all that stands there.
        QVERIFY2(label.left() > curve.placeOf(3'400).x(), qPrintable(QString::number(label.left())));
        // The curve is at 3 of 6.7 and less there.
        QVERIFY2(label.bottom() < curve.height() / 2, qPrintable(QString::number(label.bottom())));
        // With room it says the whole of it, at the top.
        curve.resize(700, curve.height());
        QTRY_VERIFY_WITH_TIMEOUT(curve.labelPlace().width() > label.width(), 20'000);
        QVERIFY(curve.labelPlace().top() <= label.top());
    }

    void nothingMovesWhileTheLineIsDragged()
    {
        TimingPageFixture f;
        f.open();
        auto *curve = f.page->findChild<DeathCurve *>();
        QTRY_VERIFY_WITH_TIMEOUT(curve->isVisible(), 20'000);
        curve->setFocus();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        const QRect place(curve->mapTo(f.page.get(), QPoint()), curve->size());
        bool died = false;
        for (int i = 0; i < 25; ++i) { // From 30 s down to 5 s, past the first and the last death.
            QTest::keyClick(curve, Qt::Key_Left);
            died = died || f.labelText(u"deathCount"_s) != u"0";
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            QCOMPARE(QRect(curve->mapTo(f.page.get(), QPoint()), curve->size()), place);
        }
        QVERIFY(died);
    }

    void anEditDoesNotMakeAnotherPresetTheOne()
    {
        TimingPageFixture f;
        f.open();
        const auto marked = [&f] {
            QStringList names;
            for (auto *button : f.page->findChildren<PresetButton *>()) {
                if (button->isChecked())
                    names.append(button->objectName());
            }
            return names.join(u' ');
        };
        QCOMPARE(marked(), u"preset-timing-document"_s);
        f.type(TimingId::WorkerKeyTtl, u"40"_s); // Hub today's three values are as they were; nobody loaded it.
        QCOMPARE(marked(), QString());
        QTest::mouseClick(f.part<PresetButton>(u"preset-hub-balanced"_s), Qt::LeftButton);
        QCOMPARE(marked(), u"preset-hub-balanced"_s);
        QTest::mouseClick(f.part<PresetButton>(u"preset-timing-document"_s), Qt::LeftButton);
        QCOMPARE(marked(), u"preset-timing-document"_s);
    }

    void presetsAreLoadedAndMarked()
    {
        TimingPageFixture f;
        f.open();
        auto *proposed = f.part<PresetButton>(u"preset-hub-proposed"_s);
        QVERIFY(proposed->accessibleName().contains(u"−58 %"_s));
        proposed->setFocus();
        QTest::keyClick(proposed, Qt::Key_Space);
        QCOMPARE(f.fieldText(TimingId::HubClientHeartbeat), u"60 s"_s);
        QCOMPARE(f.fieldText(TimingId::HubTimeout), u"120 s"_s);
        QVERIFY(proposed->isChecked());
        QVERIFY(f.labelText(u"hubTraffic"_s).contains(u"2.4× fewer"_s));
        auto *balanced = f.part<PresetButton>(u"preset-hub-balanced"_s);
        QTest::mouseClick(balanced, Qt::LeftButton);
        QVERIFY(f.labelText(u"hubTraffic"_s).contains(u"1.8× fewer"_s));
        // A system without a stale threshold: its rules are not checked, and say so.
        QTest::mouseClick(f.part<PresetButton>(u"preset-playwright-distributed-0.3"_s), Qt::LeftButton);
        QCOMPARE(f.fieldText(TimingId::ReaperStaleThreshold), u"none"_s);
        QCOMPARE(f.pair(u"W5"_s)->state(), Glyph::Off);
        QVERIFY(f.pair(u"W5"_s)->accessibleDescription().contains(u"no reaper stale threshold"_s));
        QCOMPARE(f.pair(u"H6"_s)->state(), Glyph::Off);
    }

    void onlyChanged()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        f.page->focusFilter();
        QVERIFY(f.field(TimingId::WorkerKeyTtl)->isVisible());
        TRY_TRUE(!f.field(TimingId::DrainTimeout)->isVisible());
        QCOMPARE(f.part<QToolButton>(u"onlyChanged"_s)->text(), u"Show all"_s);
        f.pair(u"W1"_s)->setFocus();
        QTest::mouseClick(f.part<QToolButton>(u"onlyChanged"_s), Qt::LeftButton);
        TRY_TRUE(f.field(TimingId::DrainTimeout)->isVisible());
    }

    void lineIsDraggedAndMovedByKeys()
    {
        TimingPageFixture f;
        f.open();
        auto *curve = f.page->findChild<DeathCurve *>();
        QTRY_VERIFY_WITH_TIMEOUT(curve->isVisible(), 20'000);
        QWidget *view = curve->viewport();
        QTest::mousePress(view, Qt::LeftButton, {}, curve->placeOf(30'000));
        QMouseEvent move(QEvent::MouseMove, curve->placeOf(22'000), view->mapToGlobal(curve->placeOf(22'000)), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(view, &move);
        QTest::mouseRelease(view, Qt::LeftButton, {}, curve->placeOf(22'000));
        const QString dragged = f.fieldText(TimingId::WorkerKeyTtl);
        QVERIFY2(dragged == u"22 s"_s || dragged == u"21 s"_s || dragged == u"23 s"_s, qPrintable(dragged));
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"30 s"_s); // The whole way is one step.
        curve->setFocus();
        QTest::keyClick(curve, Qt::Key_Left);
        QTest::keyClick(curve, Qt::Key_Left);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"28 s"_s);
        QTest::keyClick(curve, Qt::Key_PageDown);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"18 s"_s);
        QCOMPARE(f.pair(u"W1"_s)->state(), Glyph::Warning);
    }

    void columnsShareAPlaceInANarrowWindow()
    {
        TimingPageFixture f;
        f.open({1'010, 620});
        auto *tabs = f.part<QTabBar>(u"timingTabs"_s);
        QVERIFY(tabs->isVisible());
        QVERIFY(f.part<RatioLadder>(u"ratioLadder"_s)->isVisible());
        QVERIFY(!f.part<QPushButton>(u"reviewChanges"_s)->isVisible());
        QVERIFY(!tabs->isTabVisible(0)); // The parameters always stand.
        tabs->setCurrentIndex(2);
        QVERIFY(f.part<QPushButton>(u"reviewChanges"_s)->isVisible());
        f.page->resize(1'445, 900);
        TRY_TRUE(!tabs->isVisible());
        QVERIFY(f.part<RatioLadder>(u"ratioLadder"_s)->isVisible());
    }

    void withLargeLettersOneColumnStandsAlone()
    {
        Theme::instance().setBodyPointSize(14);
        {
            TimingPageFixture f;
            f.open();
            f.page->setMinimumSize(100, 100); // In the window it has no say in its size.
            f.page->resize(1'000, 600); // As in the smallest window.
            QCoreApplication::sendPostedEvents();
            auto *tabs = f.part<QTabBar>(u"timingTabs"_s);
            auto *parameters = f.part<ParameterPanel>(u"parameterPanel"_s);
            auto *ladder = f.part<RatioLadder>(u"ratioLadder"_s);
            auto *review = f.part<QPushButton>(u"reviewChanges"_s);
            QVERIFY(tabs->isVisible() && tabs->isTabVisible(0));
            for (int tab = 0; tab < 3; ++tab) {
                tabs->setCurrentIndex(tab);
                QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
                QCOMPARE(parameters->isVisible(), tab == 0);
                QCOMPARE(ladder->isVisible(), tab == 1);
                QCOMPARE(review->isVisible(), tab == 2);
                // Nothing lies over anything, nor beyond the page.
                QWidget *shown = tab == 0   ? static_cast<QWidget *>(parameters)
                                 : tab == 1 ? static_cast<QWidget *>(ladder)
                                            : review;
                QVERIFY(shown->mapTo(f.page.get(), QPoint(shown->width(), 0)).x() <= f.page->width());
            }
        }
        Theme::instance().setBodyPointSize(0);
    }

    void draftsOfSourcesAreKeptApart()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        auto *sources = f.part<QComboBox>(u"timingSource"_s);
        QVERIFY(sources->isVisible());
        sources->setFocus();
        QTest::keyClick(sources, Qt::Key_Down);
        QCOMPARE(f.page->source(), FleetScene::staging);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"30 s"_s);
        f.page->setSource(FleetScene::prod);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"40 s"_s);
    }

    void modelKeepsItsPromises()
    {
        TimingDraft draft(TimingLibrary::builtIn());
        TimingTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setDraft(&draft);
        draft.type(TimingId::WorkerKeyTtl, u"x"_s);
        draft.revert();
        model.setNotes(u"a"_s, u"b"_s);
        QCOMPARE(model.rowCount(), timingCount + 2);
        model.setDraft(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void nothingIsClaimedBeforeTheFirstAnswer()
    {
        TimingPageFixture f;
        f.open();
        auto *empty = f.part<QLabel>(u"whatIfEmpty"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!empty->isVisible(), 20'000);
        f.page->setSource(FleetScene::staging);
        f.page->setSource(FleetScene::prod);
        QVERIFY(empty->isVisible());
        QCOMPARE(empty->text(), u"Computing…"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!empty->isVisible(), 20'000);
    }

    void emptyStatesSaySo()
    {
        TimingPageFixture f(0);
        f.open();
        TRY_TRUE(f.labelText(u"whatIfEmpty"_s).contains(u"There are no workers"_s));
        f.scene.setState(FleetScene::prod, SourceState::Waiting, u"refused"_s);
        QVERIFY(f.labelText(u"note0"_s).contains(u"prod-eu is not connected"_s));
        f.scene.sources.removeSource(FleetScene::prod);
        f.scene.sources.removeSource(FleetScene::staging);
        QVERIFY(f.part<QLabel>(u"timingNothing"_s)->isVisible());
        QCOMPARE(f.page->source(), SourceId(0));
        QCOMPARE(f.page->navigationText(), QString());
    }
};

PULSEDECK_TEST(TimingPageTest, runWithTheme)

#include "timingpage_test.moc"
