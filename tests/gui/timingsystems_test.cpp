// SPDX-License-Identifier: GPL-3.0-or-later
// The Timing page of systems that layouts describe, driven as a person does.
#include "models/layouts/layoutcatalog.h"
#include "models/timing/systemtiming.h"
#include "tests/gui/timingpagefixture.h"
#include "tests/support/patience.h"
#include "tests/support/systemscene.h"
#include "tests/support/testapplication.h"
#include "ui/theme/theme.h"
#include "ui/timing/effecttable.h"
#include "ui/timing/presetlist.h"
#include "ui/timing/versionstrip.h"
#include "ui/timing/whatifpanel.h"

#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QScopeGuard>
#include <QScrollArea>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

struct SystemsPage
{
    TimingPageFixture base;
    SystemScene systems{base.scene};

    QComboBox *chooser() const { return base.part<QComboBox>(u"timingSource"_s); }
    QStringList choices() const
    {
        QStringList list;
        for (int i = 0; i < chooser()->count(); ++i)
            list.append(chooser()->itemText(i));
        return list;
    }
    /// With the keyboard, over all that stand between.
    void choose(const QString &text) const
    {
        chooser()->setFocus();
        QTest::keyClick(chooser(), Qt::Key_Home);
        for (int i = 0; i < chooser()->count() && chooser()->currentText() != text; ++i)
            QTest::keyClick(chooser(), Qt::Key_Down);
        QCOMPARE(chooser()->currentText(), text);
    }
    TimingTableModel &model() const { return *static_cast<TimingTableModel *>(base.page->findChild<TimingTable *>()->model()); }
    const TimingLibrary &library() const { return model().draft()->library(); }
    TimingId id(const QString &name) const { return library().find(name).value_or(TimingId::FirstOwn); }
    QString cell(const QString &name, TimingColumn column, int role = Qt::DisplayRole) const
    {
        return model().index(model().rowOf(id(name)), int(column)).data(role).toString();
    }
    DurationSpin *field(const QString &name) const { return base.field(id(name)); }
};

} // namespace

class TimingSystemsTest : public QObject
{
    Q_OBJECT

private slots:
    void eachSystemThatIsSeenCanBeChosen()
    {
        SystemsPage p;
        p.base.open();
        QVERIFY(p.chooser()->isVisible());
        QCOMPARE(p.choices().mid(0, 3),
                 (QStringList{u"prod-eu · Playwright workers"_s, u"prod-eu · RQ"_s, u"prod-eu · Sidekiq"_s}));
        QVERIFY(p.choices().contains(u"tasks-eu · Celery"_s));
        QCOMPARE(p.base.page->views().mid(0, 2), (QStringList{u"rq"_s, u"sidekiq"_s})); // For the window, by name.
        // Today's fleet first, as it is there, with all that belongs to it.
        QCOMPARE(p.base.page->system(), QString());
        QVERIFY(p.base.part<QWidget>(u"reviewChanges"_s)->isVisible());
        QVERIFY(!p.base.part<QWidget>(u"copyTiming"_s)->isVisible());
        p.choose(u"prod-eu · RQ"_s);
        QCOMPARE(p.base.page->system(), u"rq"_s);
        QCOMPARE(p.base.page->source(), FleetScene::prod);
        QCOMPARE(p.model().rowCount(), 1 + int(p.library().parameters.size()));
        QCOMPARE(p.model().index(0, 0).data().toString(), u"RQ"_s);
        QVERIFY(p.model().index(0, 0).data(TimingTableModel::NoteRole).toString().startsWith(u"prod-eu · "_s));
        QCOMPARE(p.model().headerData(int(TimingColumn::Live), Qt::Horizontal).toString(), u"Default"_s);
        // What only today's fleet has is away; one sentence says why.
        QVERIFY(!p.base.part<QWidget>(u"reviewChanges"_s)->isVisible());
        QVERIFY(!p.base.part<QWidget>(u"timingFiles"_s)->isVisible());
        QVERIFY(!p.base.part<QWidget>(u"ruleSets"_s)->isVisible());
        QVERIFY(!p.base.page->findChild<VersionStrip *>()->isVisible());
        QVERIFY(p.base.part<QWidget>(u"copyTiming"_s)->isVisible());
        QVERIFY(p.base.labelText(u"cannotSet"_s).contains("The console cannot set these values"_L1));
        QVERIFY(p.base.labelText(u"cannotSet"_s).contains("RQ"_L1));
        // And back, with the history.
        p.choose(u"prod-eu · Playwright workers"_s);
        QCOMPARE(p.model().rowCount(), timingCount + 2);
        QVERIFY(p.base.page->findChild<VersionStrip *>()->isVisible());
        QVERIFY(p.base.part<QWidget>(u"reviewChanges"_s)->isVisible());
    }

    void onlyOneChoiceIsNoChoice()
    {
        TimingPageFixture f;
        f.scene.store.removeSource(FleetScene::staging);
        f.scene.sources.removeSource(FleetScene::staging);
        f.open();
        QVERIFY(!f.part<QComboBox>(u"timingSource"_s)->isVisible());
    }

    void aSourceWithoutTodaysFleetBeginsWithWhatIsThere()
    {
        SystemsPage p;
        p.base.open();
        p.base.page->setSource(SystemScene::tasks);
        p.base.page->hide();
        p.base.page->show();
        QCOMPARE(p.base.page->system(), u"celery"_s);
        QCOMPARE(p.chooser()->currentText(), u"tasks-eu · Celery"_s);
        // Who chooses today's fleet all the same keeps it.
        p.choose(u"tasks-eu · Playwright workers"_s);
        p.base.page->hide();
        p.base.page->show();
        QCOMPARE(p.base.page->system(), QString());
    }

    void rulesAreCheckedAsOneTypes()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · RQ"_s);
        QCOMPARE(p.base.pair(u"T1"_s)->state(), Glyph::Ok);
        p.base.type(p.id(u"worker-ttl"_s), u"50"_s, true);
        QCOMPARE(p.base.pair(u"T1"_s)->state(), Glyph::Error);
        QCOMPARE(p.base.labelText(u"errorCount"_s), u"1 error"_s);
        QCOMPARE(p.base.labelText(u"applyState"_s), u"1 error: these values do not work together."_s);
        QVERIFY(p.base.pair(u"T1"_s)->accessibleDescription().contains("Must be at least 60 s (minimum worker TTL of 60 s)."_L1));
        // What follows from it moves with each keystroke, and is no edit of its own.
        QCOMPARE(p.cell(u"idle-beat"_s, TimingColumn::New), u"35 s"_s);
        QCOMPARE(p.cell(u"idle-key-ttl"_s, TimingColumn::New), u"110 s"_s);
        QVERIFY(p.base.labelText(u"draftState"_s).contains("1 changed"_L1));
        QCOMPARE(p.base.page->navigationText(), u"•"_s);
        QTest::mouseClick(p.base.pair(u"T1"_s)->fixButton(), Qt::LeftButton);
        QCOMPARE(p.field(u"worker-ttl"_s)->text(), u"60 s"_s);
        QCOMPARE(p.base.pair(u"T1"_s)->state(), Glyph::Ok);
        QTest::keyClick(p.base.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QTest::keyClick(p.base.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(p.field(u"worker-ttl"_s)->text(), u"420 s"_s);
        QCOMPARE(p.cell(u"idle-beat"_s, TimingColumn::New), u"405 s"_s);
        // A time that is added moves the mark on the bar with the value next to it.
        p.base.type(p.id(u"kill-grace"_s), u"30"_s);
        QCOMPARE(p.base.labelText(u"warningCount"_s), u"1 warning"_s);
        p.base.type(p.id(u"job-timeout"_s), u"25"_s);
        QVERIFY(!p.base.part<QWidget>(u"warningCount"_s)->isVisible());
    }

    void whatNobodySetsHasNoField()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · Sidekiq"_s);
        for (const QString &name : {u"beat"_s, u"ttl"_s, u"command-ttl"_s}) {
            QVERIFY2(!p.field(name), qPrintable(name));
            QCOMPARE(p.cell(name, TimingColumn::New, TimingTableModel::NoteRole), u"fixed"_s);
            QVERIFY(!p.model().index(p.model().rowOf(p.id(name)), int(TimingColumn::New)).flags().testFlag(Qt::ItemIsEditable));
        }
        QVERIFY(p.field(u"timeout"_s) && p.field(u"timeout"_s)->isVisible());
        QCOMPARE(p.cell(u"beat"_s, TimingColumn::Name, TimingTableModel::NoteRole), u"fixed: 5 s up to 6.5, 10 s from 7.0"_s);
        // Tab goes from field to field, past those.
        p.field(u"timeout"_s)->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), p.field(u"kill-grace"_s));
        // Another version has other fixed values, by its preset.
        QTest::mouseClick(p.base.page->findChild<PresetList *>()->button(u"preset-2"_s), Qt::LeftButton);
        QCOMPARE(p.cell(u"beat"_s, TimingColumn::New), u"5 s"_s);
        // These workers were seen to beat otherwise: then it is not what is fixed here.
        QCOMPARE(p.cell(u"beat"_s, TimingColumn::New, TimingTableModel::NoteRole), u"assumed"_s);
        QVERIFY(p.cell(u"beat"_s, TimingColumn::Name, Qt::ToolTipRole).contains("checked with 5 s, and these workers"_L1));
        QCOMPARE(p.cell(u"ttl"_s, TimingColumn::New, TimingTableModel::NoteRole), u"fixed"_s);
        QCOMPARE(p.field(u"timeout"_s)->text(), u"8 s"_s);
        QCOMPARE(p.base.labelText(u"applyState"_s), u"All checked rules hold."_s);
    }

    /// Nobody can set it, so what these workers do is what the rules have to hold for; the default stands next to it.
    void whatIsMeasuredIsUsedWhereItIsFixed()
    {
        const std::optional<TimingLibrary> library = systemTiming(*LayoutCatalog::builtIn().find(u"sidekiq"_s));
        QVERIFY(library);
        const TimingId beat = library->find(u"beat"_s).value_or(TimingId::FirstOwn);
        TimingDraft draft(*library);
        draft.begin(library->defaults());
        TimingTableModel model;
        model.setDraft(&draft);
        model.setLive(library->defaults());
        const auto cell = [&](TimingColumn column, int role = Qt::DisplayRole) {
            return model.index(model.rowOf(beat), int(column)).data(role).toString();
        };
        QCOMPARE(cell(TimingColumn::New, TimingTableModel::NoteRole), u"fixed"_s);
        draft.setSeen({{beat, 5'000, false}});
        QCOMPARE(cell(TimingColumn::New, TimingTableModel::NoteRole), u"by version"_s);
        MeasuredTiming measured;
        measured.values[size_t(beat)].ms = measured.values[size_t(beat)].p99Ms = 5'004;
        measured.values[size_t(beat)].samples = 3;
        model.setMeasured(measured);
        draft.setSeen(seenTiming(*library, measured));
        QCOMPARE(cell(TimingColumn::Live), u"10 s"_s);
        QCOMPARE(cell(TimingColumn::New), u"5 s"_s);
        QCOMPARE(cell(TimingColumn::New, TimingTableModel::NoteRole), u"measured"_s);
        QVERIFY2(cell(TimingColumn::Name, Qt::ToolTipRole).contains("checked with 5 s, as measured of these workers"_L1),
                 qPrintable(cell(TimingColumn::Name, Qt::ToolTipRole)));
        QCOMPARE(timingValue(draft.profile(), beat), 5'000);
        QVERIFY(draft.isClean());
        QVERIFY(draft.matchingPreset() && draft.matchingPreset()->name == u"Sidekiq 6"_s);
        // An edit of another value and its undo keep it.
        const TimingId timeout = library->find(u"timeout"_s).value_or(TimingId::FirstOwn);
        draft.type(timeout, u"8"_s);
        draft.undoStack().undo();
        QVERIFY(draft.isClean());
        QCOMPARE(timingValue(draft.profile(), beat), 5'000);
        // Of a value that can be set, that it is another one is said next to what was measured.
        const std::optional<TimingLibrary> celery = systemTiming(*LayoutCatalog::builtIn().find(u"celery"_s));
        QVERIFY(celery);
        const TimingId events = celery->find(u"beat"_s).value_or(TimingId::FirstOwn);
        TimingDraft other(*celery);
        other.begin(celery->defaults());
        model.setDraft(&other);
        model.setLive(celery->defaults());
        MeasuredTiming slower;
        slower.values[size_t(events)].ms = slower.values[size_t(events)].p99Ms = 4'010;
        slower.values[size_t(events)].samples = 3;
        model.setMeasured(slower);
        const auto note = [&] {
            return model.index(model.rowOf(events), int(TimingColumn::Measured)).data(TimingTableModel::NoteRole).toString();
        };
        QCOMPARE(note(), u"not 2 s as assumed"_s);
        other.type(events, u"3"_s); // What is wanted is no assumption.
        QVERIFY2(!note().contains(u"assumed"_s), qPrintable(note()));
    }

    void measuredStandsNextToIt()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · Sidekiq"_s);
        QVERIFY2(p.cell(u"beat"_s, TimingColumn::Measured).startsWith("10"_L1),
                 qPrintable(p.cell(u"beat"_s, TimingColumn::Measured)));
        QCOMPARE(p.cell(u"ttl"_s, TimingColumn::Measured), u"60.00 s"_s);
        QCOMPARE(p.cell(u"timeout"_s, TimingColumn::Measured), u"–"_s);
        const int workers = measureSystem(p.base.scene.store, FleetScene::prod, p.library()).workers;
        QCOMPARE(p.model().index(0, 0).data(TimingTableModel::NoteRole).toString(),
                 QString(u"prod-eu · "_s + sidekiqTraits()->counted(workers))); // As the system calls them.
        QVERIFY(p.cell(u"ttl"_s, TimingColumn::Measured, TimingTableModel::NoteRole).contains("after a beat"_L1));
    }

    /// Beats of workers that are all at work are none of an idle one, and they are not "no beats".
    void whyNothingIsMeasuredIsTrue()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · RQ"_s);
        FleetStore &store = p.base.scene.store;
        QVERIFY(p.library().slowGapsFromMs > 0);
        const MeasuredTiming measured = measureSystem(store, FleetScene::prod, p.library());
        const MeasuredTiming none = measureSystem(store, FleetScene::staging, p.library());
        QVERIFY(!none.of(*p.library().interval).known() && none.of(*p.library().interval).note.isEmpty());
        QVERIFY(none.of(*p.library().keyTtl).note.isEmpty()); // None at all: "no beats yet".
        const MeasuredValue &beat = measured.of(*p.library().interval);
        QVERIFY(!beat.known());
        QCOMPARE(beat.note, u"no idle beats"_s);
        QCOMPARE(p.cell(u"idle-beat"_s, TimingColumn::Measured, TimingTableModel::NoteRole), u"no idle beats"_s);
    }

    /// A long name of a limit makes nothing wider than the panel.
    void whatIfFitsItsPanel()
    {
        SystemsPage p;
        p.base.open();
        p.base.page->resize(1110, 664);
        p.choose(u"tasks-eu · Celery"_s);
        auto *panel = p.base.page->findChild<WhatIfPanel *>();
        auto *scroll = panel->findChild<QScrollArea *>();
        QVERIFY(scroll && scroll->widget());
        TRY_TRUE(p.base.labelText(u"curveTitle"_s).contains("limit of its own monitors"_L1));
        QTRY_VERIFY2_WITH_TIMEOUT(scroll->widget()->width() <= scroll->viewport()->width(),
                                  qPrintable(QString::number(scroll->widget()->width())), patience);
    }

    /// In a small window they take a second line, and the row is higher.
    void whereAValueIsSetIsNotCut()
    {
        const auto usual = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        for (const qreal points : {8.0, 9.0, 14.0}) {
            Theme::instance().setBodyPointSize(points);
            SystemsPage p;
            p.base.open();
            p.base.page->resize(px(1'100), px(660));
            for (const QString &system : {u"prod-eu · RQ"_s, u"prod-eu · Sidekiq"_s, u"tasks-eu · Celery"_s}) {
                p.choose(system);
                const auto &table = *p.base.page->findChild<TimingTable *>();
                const QFontMetrics metrics(Theme::instance().smallFont());
                int two = 0;
                for (int row = 0; row < p.model().rowCount(); ++row) {
                    if (!p.model().idAt(row) || table.isRowHidden(row))
                        continue;
                    const QString text =
                        p.model().index(row, int(TimingColumn::Name)).data(TimingTableModel::NoteRole).toString();
                    const int lines = table.placeLines(row);
                    two += lines > 1;
                    const QRect needed = metrics.boundingRect(QRect(0, 0, table.placeRoom(), 10'000), Qt::TextWordWrap, text);
                    QVERIFY2(needed.width() <= table.placeRoom(), qPrintable(text));
                    const int name = QFontMetrics(Theme::instance().bodyFont()).height();
                    QVERIFY2(table.rowHeight(row) >= name + needed.height(), qPrintable(text));
                    // The field stays next to the name.
                    if (const DurationSpin *field = table.field(*p.model().idAt(row)))
                        QVERIFY(field->geometry().top() - table.rowViewportPosition(row) < table.rowHeight(row) / 2);
                }
                QVERIFY2(two > 0, qPrintable(system));
            }
        }
    }

    void recordedBeatsAreHeldAgainstItsLimit()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · Sidekiq"_s);
        TRY_TRUE(p.base.page->isSettled());
        auto *whatIf = p.base.page->findChild<WhatIfPanel *>();
        TRY_TRUE(whatIf->answer().workers > 0);
        QVERIFY(whatIf->answer().workers < 20); // Only its own.
        QVERIFY(p.base.labelText(u"whatIfToday"_s).contains("with this limit of 60 s. With the defaults: "_L1));
        QVERIFY(!p.base.part<QWidget>(u"setSafe0"_s)->isVisible()); // Nobody sets Sidekiq's.
        const QString effects = p.base.page->findChild<EffectTable *>()->summary();
        QVERIFY2(effects.contains("Dead worker noticed"_L1) && effects.contains("Commands unread"_L1), qPrintable(effects));
        QVERIFY2(!effects.contains("Hub"_L1) && !effects.contains("Redis commands"_L1), qPrintable(effects));
        // Its values stand next to the defaults, and so does what they cost.
        QTest::mouseClick(p.base.page->findChild<PresetList *>()->button(u"preset-1"_s), Qt::LeftButton);
        const QString traffic = p.base.labelText(u"workerTraffic"_s);
        QVERIFY2(traffic.contains("compared with the default"_L1) && !traffic.contains("today"_L1), qPrintable(traffic));
        p.base.page->setSystem(SystemScene::web, u"bullmq"_s);
        if (p.base.page->system() == "bullmq"_L1)
            QVERIFY(p.base.labelText(u"whatIfEmpty"_s).contains("BullMQ has no beat that is held against a limit"_L1));
    }

    void draftsOfSystemsAreKept()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · RQ"_s);
        p.base.type(p.id(u"worker-ttl"_s), u"600"_s);
        p.choose(u"prod-eu · Sidekiq"_s);
        p.base.type(p.id(u"timeout"_s), u"20"_s);
        p.choose(u"prod-eu · Playwright workers"_s);
        QCOMPARE(p.base.page->navigationText(), u"v12"_s);
        p.choose(u"prod-eu · RQ"_s);
        QCOMPARE(p.field(u"worker-ttl"_s)->text(), u"600 s"_s);
        p.choose(u"prod-eu · Sidekiq"_s);
        QCOMPARE(p.field(u"timeout"_s)->text(), u"20 s"_s);
        // They are kept for the next start: closing the window asks about nothing.
        QVERIFY(p.base.page->openDrafts().empty());
        p.base.page.reset();
        p.base.open();
        p.choose(u"prod-eu · RQ"_s);
        QCOMPARE(p.field(u"worker-ttl"_s)->text(), u"600 s"_s);
        QCOMPARE(p.cell(u"idle-beat"_s, TimingColumn::New), u"585 s"_s);
        QVERIFY(!p.model().draft()->undoStack().canUndo());
        p.choose(u"prod-eu · Sidekiq"_s);
        QCOMPARE(p.field(u"timeout"_s)->text(), u"20 s"_s);
        p.base.press(u"revertDraft"_s);
        QCOMPARE(p.field(u"timeout"_s)->text(), u"25 s"_s);
        p.base.settings.sync();
        const QString place =
            u"timing/yours/"_s + QString::fromLatin1(QUrl::toPercentEncoding(p.base.scene.sources.settings(1).address()));
        QCOMPARE(p.base.settings.value(place + u"/rq"_s).toMap(), (QVariantMap{{u"worker-ttl"_s, 600'000}}));
        QVERIFY(!p.base.settings.contains(place + u"/sidekiq"_s));
        // What does not fit is left out.
        p.base.settings.setValue(place + u"/sidekiq"_s,
                                 QVariantMap{{u"timeout"_s, -7}, {u"gone"_s, 5}, {u"kill-grace"_s, 40'000}});
        p.base.page.reset();
        p.base.open();
        p.choose(u"prod-eu · Sidekiq"_s);
        QCOMPARE(p.field(u"timeout"_s)->text(), u"25 s"_s);
        QCOMPARE(p.field(u"kill-grace"_s)->text(), u"40 s"_s);
    }

    void whatIsToBeChangedIsCopiedAndExported()
    {
        SystemsPage p;
        p.base.open();
        p.choose(u"prod-eu · RQ"_s);
        p.base.type(p.id(u"worker-ttl"_s), u"600"_s);
        p.base.press(u"copyTiming"_s);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.startsWith(u"Timing of RQ, prod-eu\n\nWorker TTL: 420 s → 600 s. Where: the option --worker-ttl\n"_s),
                 qPrintable(copied));
        QVERIFY(copied.contains("The console cannot set these values"_L1));
        p.base.press(u"exportTiming"_s);
        auto *chooser = qobject_cast<QFileDialog *>(p.base.dialog(u"exportTimingDialog"_s));
        QVERIFY(chooser);
        const QString path = p.base.folder.filePath(u"rq.txt"_s);
        emit chooser->fileSelected(path);
        chooser->close();
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), copied);
        // The menu has the same, and nothing that writes.
        QMenu menu;
        p.base.page->fillMenu(menu);
        QStringList entries;
        for (const QAction *action : menu.actions())
            entries.append(action->text().remove(u'&'));
        QVERIFY2(entries.contains(u"Copy What Is to Be Changed"_s), qPrintable(entries.join(u'\n')));
        QVERIFY(!entries.contains(u"Review Changes…"_s));
        p.base.page->showDiff();
        QVERIFY(p.base.requests.isEmpty());
    }
};

PULSEDECK_TEST(TimingSystemsTest, runWithTheme)

#include "timingsystems_test.moc"
