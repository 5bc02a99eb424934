// SPDX-License-Identifier: GPL-3.0-or-later
// What every page uses: tables of rows, layouts, the note in an empty list, the search field.
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/emptynote.h"
#include "ui/common/inputidle.h"
#include "ui/common/numberunits.h"
#include "ui/common/rowdelegate.h"
#include "ui/common/rowtable.h"
#include "ui/common/scrollpane.h"
#include "ui/common/searchfield.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/sparkline.h"
#include "ui/common/textplaces.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableWidget>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// Three rows of two columns.
struct TableOfThree
{
    QStandardItemModel model{3, 2};
    RowTable table;

    TableOfThree()
    {
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 2; ++column)
                model.setItem(row, column, new QStandardItem(u"cell"_s));
        }
        table.setModel(&model);
        table.setItemDelegate(new RowDelegate(&table));
        table.resize(400, 200);
        table.show();
        table.activateWindow();
    }

    QRect row(int number) const
    {
        return {0, table.rowViewportPosition(number), table.viewport()->width(), table.rowHeight(number)};
    }
    /// At the right, where no cell is.
    QColor ground(int number) { return table.viewport()->grab().toImage().pixelColor(380, row(number).center().y()); }
};

} // namespace

class CommonPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void wholeRowsHaveOneGround()
    {
        TableOfThree t;
        QVERIFY(QTest::qWaitForWindowActive(&t.table, patience));
        QCOMPARE(t.table.rowHeight(0), px(24));
        QCOMPARE(t.ground(0), theme().base);
        QCOMPARE(t.ground(1), theme().alt);
        QTest::mouseMove(t.table.viewport(), t.row(1).center());
        QCOMPARE(t.ground(1), theme().hover);
        t.table.selectRow(1);
        QCOMPARE(t.ground(1), theme().sel);
        QCOMPARE(t.table.selectedRows(), std::vector<int>{1});
        const QImage image = t.table.viewport()->grab().toImage();
        QCOMPARE(image.pixelColor(0, t.row(1).center().y()), theme().selLine);
        QCOMPARE(image.pixelColor(380, t.row(0).bottom()), theme().grid);
        // The frame of the keyboard goes round a row that is not selected.
        t.table.selectionModel()->clearSelection();
        t.table.setFocus();
        t.table.selectionModel()->setCurrentIndex(t.model.index(2, 0), QItemSelectionModel::NoUpdate);
        QCOMPARE(t.table.viewport()->grab().toImage().pixelColor(1, t.row(2).center().y()), theme().accent);
    }

    void idleAfterTheLastInputOfAnyWindow()
    {
        TableOfThree t;
        QVERIFY(QTest::qWaitForWindowActive(&t.table, patience));
        InputIdle idle(50);
        QSignalSpy changed(&idle, &InputIdle::idleChanged);
        QVERIFY(!idle.isIdle());
        QVERIFY(changed.wait(patience));
        QCOMPARE(changed.takeFirst(), QVariantList{true});
        t.model.item(0)->setText(u"other"_s); // What happens by itself is no input.
        QCoreApplication::processEvents();
        QVERIFY(idle.isIdle());
        QTest::keyClick(&t.table, Qt::Key_Down);
        QVERIFY(!idle.isIdle());
        QCOMPARE(changed.takeFirst(), QVariantList{false});
        QVERIFY(changed.wait(patience));
        QTest::mouseClick(t.table.viewport(), Qt::LeftButton, {}, t.row(1).center());
        QVERIFY(!idle.isIdle());
    }

    void copyOpenAndMenuAreSignals()
    {
        TableOfThree t;
        QVERIFY(QTest::qWaitForWindowActive(&t.table, patience));
        QSignalSpy copy(&t.table, &RowTable::copyRequested);
        QSignalSpy open(&t.table, &RowTable::openRequested);
        QSignalSpy menu(&t.table, &RowTable::menuRequested);
        QSignalSpy moved(&t.table, &RowTable::selectionMoved);
        QTest::mouseClick(t.table.viewport(), Qt::LeftButton, {}, QPoint(380, t.row(0).center().y()));
        QCOMPARE(moved.count(), 0); // No cell is there.
        QTest::mouseClick(t.table.viewport(), Qt::LeftButton, {}, QPoint(20, t.row(0).center().y()));
        QVERIFY(moved.count() > 0);
        QTest::keyClick(&t.table, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(copy.count(), 1);
        QTest::keyClick(&t.table, Qt::Key_Return);
        QCOMPARE(open.count(), 1);
        QTest::mouseDClick(t.table.viewport(), Qt::LeftButton, {}, QPoint(20, t.row(2).center().y()));
        QCOMPARE(open.count(), 2);
        QContextMenuEvent byKey(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QCoreApplication::sendEvent(&t.table, &byKey);
        QCOMPARE(menu.count(), 1);
    }

    void layoutsAreInTheDesignsPixels()
    {
        const qreal before = Theme::instance().bodyPointSize();
        Theme::instance().setBodyPointSize(13.5); // Half as large again.
        QWidget parent;
        const QHBoxLayout *row = hbox(&parent, 8, {16, 0, 2, 4});
        QCOMPARE(row->contentsMargins(), QMargins(24, 0, 3, 6));
        QCOMPARE(row->spacing(), 12);
        QWidget other;
        QCOMPARE(vbox(&other, 0)->spacing(), 0);
        QCOMPARE(other.layout()->contentsMargins(), QMargins());
        Theme::instance().setBodyPointSize(before);
    }

    void anEmptyListSaysWhyAndWhatNext()
    {
        QWidget list;
        EmptyNote note(&list);
        QVERIFY(note.isHidden());
        QSignalSpy step(&note, &EmptyNote::stepRequested);
        note.setWords({Glyph::Search, u"No worker matches"_s, u"None of 12."_s}, u"Clear filter"_s, ButtonRole::Normal);
        QVERIFY(!note.isHidden());
        QCOMPARE(note.accessibleName(), u"No worker matches. None of 12."_s);
        note.button().click();
        QCOMPARE(step.count(), 1);
        note.setWords({Glyph::Info, u"Nothing yet"_s, {}});
        QVERIFY(note.button().isHidden());
        note.setWords({});
        QVERIFY(note.isHidden());
    }

    void aNoteCoversTheListThatItIsIn()
    {
        QTableWidget list(0, 3);
        EmptyNote note(&list);
        note.setWords({Glyph::Search, u"No worker matches"_s, u"None of 12."_s});
        list.show();
        for (const QSize size : {QSize(500, 300), QSize(900, 200)}) {
            list.resize(size);
            QTRY_COMPARE_WITH_TIMEOUT(note.geometry(), list.viewport()->geometry(), 20'000);
            QVERIFY(note.width() > size.width() / 2);
        }
        list.horizontalHeader()->hide(); // The viewport moves up.
        QTRY_COMPARE_WITH_TIMEOUT(note.geometry(), list.viewport()->geometry(), 20'000);
    }

    void aPaneThatScrollsShowsThatItHasTheKeyboard()
    {
        QWidget window;
        auto *column = new QVBoxLayout(&window);
        auto *button = new QPushButton(u"before"_s, &window);
        auto *pane = new ScrollPane(&window);
        auto *content = new QWidget;
        content->setMinimumHeight(1'000);
        pane->setContent(content);
        column->addWidget(button);
        column->addWidget(pane);
        window.resize(300, 200);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window, patience));
        button->setFocus();
        const auto edge = [pane] { return pane->grab().toImage().pixelColor(0, pane->height() / 2); };
        QVERIFY(edge() != theme().accent);
        QTest::keyClick(button, Qt::Key_Tab);
        QVERIFY(pane->hasFocus());
        QCOMPARE(edge(), theme().accent);
        QTest::keyClick(pane, Qt::Key_Down);
        QVERIFY(pane->verticalScrollBar()->value() > 0);
        QTest::keyClick(pane, Qt::Key_Backtab, Qt::ShiftModifier);
        QVERIFY(button->hasFocus());
        QVERIFY(edge() != theme().accent);
    }

    void aNumberAndItsUnitStayOnOneLine()
    {
        QCOMPARE(unitsKept(u"stale after 60 s, 0.1 % of 3 d 4 h"_s), u"stale after 60\u00a0s, 0.1\u00a0% of 3\u00a0d 4\u00a0h"_s);
        for (const QString &same : {u"60 seconds"_s, u"worker-2 sends"_s, u"12 h-like"_s, u"of 4 workers"_s})
            QCOMPARE(unitsKept(same), same);
        ToneLabel label(u"stale after 60 s"_s, ToneLabel::Tone::Text);
        label.setWordWrap(true);
        const QFontMetrics metrics(label.font());
        const int first = metrics.horizontalAdvance(u"stale after "_s);
        const int width = metrics.horizontalAdvance(u"stale after 60"_s) + 2;
        QCOMPARE(label.text(), u"stale after 60 s"_s);
        QCOMPARE(label.heightForWidth(width), 2 * metrics.lineSpacing());
        label.resize(width, label.heightForWidth(width));
        const QImage picture = label.grab().toImage();
        // Where the number would stand on the first line there is the ground alone.
        for (int x = first; x < width; ++x) {
            for (int y = 0; y < metrics.lineSpacing() - 1; ++y)
                QCOMPARE(picture.pixel(x, y), picture.pixel(width - 1, 0));
        }
    }

    void theIdOfAWorkerStaysOnOneLine()
    {
        QCOMPARE(unitsKept(u"Stop 1 process: vm:21328:9f2c-ab?"_s), u"Stop 1 process: vm:\u206021328:\u20609f2c-\u2060ab?"_s);
        QCOMPARE(unitsKept(u"on w1@tasks-a"_s), u"on w1@\u2060tasks-\u2060a"_s);
        // One that may be wider than its place is broken, and words with a hyphen are no ids.
        const QString longer = u"on "_s + QString(20, u'x') + u':' + QString(20, u'y');
        for (const QString &same : {longer, u"a read-only key: none"_s, u"vm:21328"_s})
            QCOMPARE(unitsKept(same), same);
        ToneLabel label(u"Stop 1 process: vm:21328:9f2c"_s, ToneLabel::Tone::Text);
        label.setWordWrap(true);
        const QFontMetrics metrics(label.font());
        const int first = metrics.horizontalAdvance(u"Stop 1 process: "_s);
        const int width = metrics.horizontalAdvance(u"Stop 1 process: vm:213"_s);
        label.resize(width, label.heightForWidth(width));
        QCOMPARE(label.height(), 2 * metrics.lineSpacing());
        const QImage picture = label.grab().toImage();
        for (int x = first; x < width; ++x) {
            for (int y = 0; y < metrics.lineSpacing() - 1; ++y)
                QCOMPARE(picture.pixel(x, y), picture.pixel(width - 1, 0));
        }
    }

    void textsInOneRoomNeverStandUponEachOther()
    {
        TextPlaces places;
        places.take({100, 0, 10, 24}); // A mark.
        const QRect room(20, 0, 200, 12);
        const QRect first = places.place(room, 60, 8);
        QCOMPARE(first, QRect(20, 1, 60, 8));
        // What does not fit between the first one and the mark stands behind that.
        const QRect second = places.place(room, 60, 8);
        QCOMPARE(second.left(), 110 + TextPlaces::apart);
        QVERIFY(places.place(room, 60, 8).isNull()); // There is no room for a third one,
        QVERIFY(!places.place(room.translated(0, 12), 60, 8).isNull()); // but on a line of its own.
        places.clear();
        QCOMPARE(places.place(room, 60, 8), first);
    }

    /// Few values stand at the right, where now is; before them nothing is made up.
    void aLineOfFewValuesEndsAtNow()
    {
        Sparkline line;
        line.resize(100, 16);
        const auto inked = [&line](int from, int to) {
            const QImage image = line.grab().toImage();
            const QRgb ground = image.pixel(0, 0);
            for (int x = from; x < to; ++x) {
                for (int y = 0; y < image.height(); ++y) {
                    if (image.pixel(x, y) != ground)
                        return true;
                }
            }
            return false;
        };
        QVERIFY(!inked(0, 100));
        line.setValues({5, 5}, 30); // Of two neighbours there is one mean.
        QVERIFY(!inked(0, 90) && inked(90, 100));
        line.setValues({5, 9, 5, 9, 5, 9}, 30);
        QVERIFY(!inked(0, 75) && inked(82, 100));
        line.setValues({5, 9, 5, 9, 5, 9});
        QVERIFY(inked(0, 6) && inked(94, 100));
    }

    void aRowOfChoicesMayHaveNone()
    {
        SegmentedRow row(u"How much"_s, nullptr);
        QPushButton *const one = row.add(1, u"One"_s, u"one"_s);
        QPushButton *const two = row.add(2, u"Two"_s, u"two"_s);
        QCOMPARE(row.choice(), int(SegmentedRow::none));
        row.setChoice(2);
        QSignalSpy chosen(&row, &SegmentedRow::chosen);
        row.setChoice(SegmentedRow::none);
        QCOMPARE(row.choice(), int(SegmentedRow::none));
        QVERIFY(!two->isChecked() && chosen.isEmpty());
        one->click();
        two->click();
        QVERIFY(!one->isChecked() && two->isChecked()); // One alone holds, as before.
    }

    void searchReplacesWhatWasTyped()
    {
        SearchField field(u"Worker, host"_s, u"Filter"_s, nullptr);
        field.setText(u"old"_s);
        field.show();
        field.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&field, patience));
        field.focusAll();
        QTest::keyClicks(&field, u"new"_s);
        QCOMPARE(field.text(), u"new"_s);
        QCOMPARE(field.accessibleName(), u"Filter"_s);
    }

    /// A press gives the keyboard too: what is pressed stays below the pointer and is clicked. What Tab reaches is scrolled to.
    void aPressDoesNotScrollAway()
    {
        QWidget window;
        auto *before = new QPushButton(u"before"_s, &window);
        auto *content = new QWidget;
        auto *inside = vbox(content, 0);
        inside->addSpacing(600);
        auto *button = new QPushButton(u"half visible"_s, content);
        inside->addWidget(button);
        inside->addSpacing(600);
        auto *column = vbox(&window, 0);
        column->addWidget(before);
        auto *scroll = new ColumnScroll(content, &window);
        column->addWidget(scroll);
        window.resize(300, 300);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window, patience));
        QScrollBar *const bar = scroll->verticalScrollBar();
        TRY_TRUE(button->y() >= 600 && bar->maximum() >= 600);
        const int half = button->y() + button->height() / 2 - scroll->viewport()->height();
        bar->setValue(half);
        before->setFocus();
        QSignalSpy clicked(button, &QPushButton::clicked);
        const QPoint visible = button->mapTo(&window, QPoint(button->width() / 2, 3));
        QTest::mouseClick(window.windowHandle(), Qt::LeftButton, {}, visible);
        QCOMPARE(clicked.count(), 1);
        QVERIFY(button->hasFocus());
        QCOMPARE(bar->value(), half);
        before->setFocus();
        QTest::keyClick(before, Qt::Key_Tab);
        QVERIFY(button->hasFocus());
        QVERIFY(bar->value() > half);
    }
};

PULSEDECK_TEST(CommonPartsTest, runWithTheme)

#include "commonparts_test.moc"
