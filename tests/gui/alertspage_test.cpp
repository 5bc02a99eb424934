// SPDX-License-Identifier: GPL-3.0-or-later
// The Alerts page over a real engine: what it lists and counts, what can be done about an alert, what is kept, and who is called.
#include "models/alerts/alertjournal.h"
#include "models/alerts/alertmemory.h"
#include "models/alerts/alertplanreader.h"
#include "models/alerts/alertswitches.h"
#include "models/fleet/fleetfilter.h"
#include "models/journal/journal.h"
#include "tests/models/modelfleet.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/alerts/alertnotifier.h"
#include "ui/alerts/alertspage.h"
#include "ui/alerts/outletboard.h"
#include "ui/alerts/subjecttable.h"
#include "ui/alerts/twolinecell.h"
#include "ui/common/questiondialog.h"
#include "ui/common/rowtable.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// Keeps what is written.
class ListedNotes final : public Journal
{
public:
    void record(const QList<JournalEntry> &news, quint64, const QList<RollingRecord> &) override { entries += news; }
    void query(const JournalQuery &, quint64) override { }
    void readPlans() override { }
    void readCommandHistory(qint64) override { }
    JournalState state() const override { return {}; }

    QList<JournalEntry> entries;
};

/// One outlet that works and one that cannot be tested.
class TwoOutlets final : public OutletBoard
{
public:
    std::vector<OutletRow> outlets() const override
    {
        OutletRow desktop{u"desktop"_s, u"desktop notification"_s, u"switched off"_s, {}, {}, OutletRow::State::Quiet, false};
        OutletRow ops{u"ops"_s,
                      u"webhook ops"_s,
                      u"hooks.example.net, signed"_s,
                      u"503, 14:12:09"_s,
                      u"2 attempts"_s,
                      OutletRow::State::Retrying,
                      true};
        return {desktop, ops};
    }
    bool sendTest(const QString &name) override
    {
        tested.append(name);
        return true;
    }

    QStringList tested;
};

/// Workers on two hosts, and the page.
struct AlertsPageScene
{
    ModelFleet fleet;
    AlertEngine engine{fleet.store};
    std::unique_ptr<AlertsPage> page;

    AlertsPageScene()
    {
        AlertPlan plan = AlertPlanReader::builtIn();
        plan.rules.removeIf([](const AlertRule &rule) { return rule.scope == AlertScope::Capacity; });
        for (AlertRule &rule : plan.rules)
            rule.togetherMs = 0; // The hosts here are alerts of their own.
        engine.setPlan(plan);
        for (const WorkerNumber number : {1u, 251u, 2u})
            fleet.add(number, "chromium:" + QByteArray::number(number).rightJustified(8, '0') + "-1");
        step();
        page = std::make_unique<AlertsPage>(engine, fleet.store, u"op-1"_s);
        page->resize(1200, 800);
        page->show();
    }
    void step(qint64 ms = 100)
    {
        fleet.clock.step(ms);
        fleet.store.publish();
    }
    void crash(WorkerNumber number)
    {
        WorkerSample sample = fleet.alive(number);
        sample.flags = WorkerFlag::NoListener;
        fleet.apply(sample);
        step();
    }
    QString label(const QString &name) const { return page->findChild<ToneLabel *>(name)->text(); }
    QPushButton *button(const QString &name) const { return page->findChild<QPushButton *>(name); }
    QString cell(int row, AlertColumn column) const { return page->model().index(row, int(column)).data().toString(); }
    /// Fills in the question with this name, and accepts it.
    bool answer(const QString &name, const QString &reason) const
    {
        auto *question = page->findChild<QuestionDialog *>(name);
        if (!question || question->actButton()->isEnabled()) // Not without a reason.
            return false;
        question->findChild<QLineEdit *>()->setText(reason);
        question->actButton()->click();
        return true;
    }
};

} // namespace

class AlertsPageTest : public QObject
{
    Q_OBJECT

private slots:
    void whatFiresIsListedCountedAndExplained()
    {
        AlertsPageScene scene;
        const QAbstractItemModelTester tester(const_cast<AlertListModel *>(&scene.page->model()),
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(scene.page->model().rowCount(), 0);
        QVERIFY(scene.page->navigationText().isEmpty());
        QVERIFY(!scene.button(u"alertAcknowledge"_s)->isVisible());
        QSignalSpy counted(scene.page.get(), &Page::countChanged);
        scene.crash(1);
        QCOMPARE(counted.size(), 1);
        QCOMPARE(scene.page->navigationText(), u"1"_s);
        QCOMPARE(scene.page->model().rowCount(), 1);
        QCOMPARE(scene.cell(0, AlertColumn::State), u"firing"_s);
        QCOMPARE(scene.cell(0, AlertColumn::Title), u"00000001 on 10.0.0.1: crashed or lost"_s);
        QCOMPARE(scene.cell(0, AlertColumn::Note), u"not acknowledged"_s);
        QCOMPARE(scene.label(u"alertTitle"_s), scene.cell(0, AlertColumn::Title));
        QCOMPARE(scene.label(u"figureFiring"_s), u"1"_s);
        scene.crash(251);
        scene.crash(2);
        QCOMPARE(scene.page->navigationText(), u"2"_s);
        QCOMPARE(scene.label(u"alertTitle"_s), u"2 workers on 10.0.0.1 within a second: crashed or lost"_s); // It stays selected.
        const auto *table = scene.page->findChild<SubjectTable *>();
        QVERIFY(table && table->isVisible());
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(0, int(AlertSubjectColumn::Name)).data().toString(), u"00000001"_s);
        QCOMPARE(table->model()->index(1, int(AlertSubjectColumn::Name)).data().toString(), u"00000251"_s);
        QVERIFY(!table->model()->index(0, int(AlertSubjectColumn::KeyLeft)).data().toString().isEmpty());
        QVERIFY(scene.label(u"alertSubjects"_s).isEmpty()); // All of them are listed.
        QSignalSpy filtered(scene.page.get(), &Page::filterRequested);
        scene.button(u"alertFleet"_s)->click();
        QCOMPARE(filtered.size(), 1);
        const FleetFilter filter = FleetFilter::parse(filtered.front().front().toString());
        QVERIFY2(filter.isReadable(), qPrintable(filter.text()));
        const qint64 now = scene.fleet.clock.nowMs();
        QVERIFY(
            filter.matches(scene.fleet.store, scene.fleet.store.findSerial(scene.engine.alerts()[1].subjects[0].serial), now)
            || filter.matches(scene.fleet.store, scene.fleet.store.findSerial(scene.engine.alerts()[0].subjects[0].serial), now));
    }

    void aWorkerIsOpenedFromTheTable()
    {
        AlertsPageScene scene;
        scene.crash(1);
        scene.crash(251);
        QSignalSpy opened(scene.page.get(), &Page::workerRequested);
        auto *table = scene.page->findChild<SubjectTable *>();
        table->selectRow(1);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        const auto worker = opened.front().front().value<WorkerHandle>();
        QCOMPARE(scene.fleet.store.worker(worker).number, 251u);
    }

    /// Next to the table where there is room for both, and below it else: neither is cut.
    void theConditionHasAPlaceAtEachWidth()
    {
        AlertsPageScene scene;
        scene.crash(1);
        scene.crash(251);
        const auto *table = scene.page->findChild<SubjectTable *>();
        const auto *condition = scene.page->findChild<QWidget *>(u"alertCondition"_s);
        const auto placeOf = [&](const QWidget *part) { return QRect(part->mapTo(scene.page.get(), QPoint()), part->size()); };
        scene.page->resize(1'500, 900);
        TRY_TRUE(placeOf(condition).left() > placeOf(table).right());
        QVERIFY(!table->isColumnHidden(int(AlertSubjectColumn::Strip)));
        scene.page->resize(800, 900);
        TRY_TRUE(placeOf(condition).top() > placeOf(table).bottom());
        QVERIFY(placeOf(condition).right() < scene.page->width());
        QVERIFY(!table->isColumnHidden(int(AlertSubjectColumn::Since)));
    }

    /// A heading is no alert: it is neither chosen nor counted.
    void statesHaveHeadings()
    {
        AlertsPageScene scene;
        scene.crash(1);
        const AlertListModel &model = scene.page->model();
        QCOMPARE(model.rowCount(), 1); // One state says itself.
        scene.crash(2);
        AlertSilence silence;
        silence.groups = QStringList(u"10.0.0.2"_s);
        silence.until = scene.fleet.clock.wallNowMs() + 60'000;
        silence.by = u"op-2"_s;
        silence.reason = u"rebuilt"_s;
        QVERIFY(!scene.engine.addSilence(silence).isEmpty());
        scene.step();
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.headingAt(0), AlertShown::Firing);
        QCOMPARE(model.headingAt(2), AlertShown::Silenced);
        QCOMPARE(scene.cell(2, AlertColumn::Title), u"Silenced"_s);
        QCOMPARE(model.rowOf(model.alertAt(3)->id), 3);
        auto *list = scene.page->findChild<RowTable *>(u"alertList"_s);
        QCOMPARE(list->currentIndex().row(), 1);
        QTest::keyClick(list, Qt::Key_Down);
        QCOMPARE(list->currentIndex().row(), 3);
        QCOMPARE(scene.label(u"alertTitle"_s), scene.cell(3, AlertColumn::Title));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(model.index(0, 1)).center());
        QCOMPARE(list->currentIndex().row(), 3);
        // What a heading counts is what stands below it.
        QCOMPARE(model.listed(AlertShown::Firing), 1);
        scene.page->findChild<QLineEdit *>(u"alertFilter"_s)->setText(u"host:10.0.0.2"_s);
        QCOMPARE(model.listed(AlertShown::Firing), 0);
        QCOMPARE(model.listed(AlertShown::Silenced), 1);
        QCOMPARE(model.count(AlertShown::Firing), 1);
    }

    void aPendingAlertSaysSo()
    {
        AlertsPageScene scene;
        scene.fleet.setState(SourceState::Waiting);
        scene.step();
        const AlertListModel &model = scene.page->model();
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(scene.cell(0, AlertColumn::State), u"pending"_s);
        QCOMPARE(scene.cell(0, AlertColumn::Note), u"pending"_s);
        const QString line = model.lineText(*model.alertAt(0));
        QVERIFY2(line.endsWith(u" · pending"_s), qPrintable(line));
    }

    void keysShowItsWorkersAndTheirLanes()
    {
        AlertsPageScene scene;
        scene.crash(1);
        scene.crash(251);
        QSignalSpy filtered(scene.page.get(), &Page::filterRequested);
        QSignalSpy lanes(scene.page.get(), &AlertsPage::timelineRequested);
        auto *list = scene.page->findChild<RowTable *>(u"alertList"_s);
        QTest::keyClick(list, Qt::Key_F);
        QTest::keyClick(list, Qt::Key_T);
        QCOMPARE(filtered.size(), 1);
        QCOMPARE(lanes.size(), 1);
        const QString filter = lanes.front().front().toString();
        QCOMPARE(filter, filtered.front().front().toString());
        QVERIFY2(filter.contains(u"host=10.0.0.1"_s) && FleetFilter::parse(filter).isReadable(), qPrintable(filter));
    }

    /// 10.0.0.1 is a part of 10.0.0.10, and no worker has its source's name for a host.
    void theFilterOfAnAlertFindsItsWorkersAndNoOthers()
    {
        AlertsPageScene scene;
        const WorkerHandle near = scene.fleet.add(10, "chromium:00000010-1"); // On 10.0.0.10.
        scene.crash(1);
        scene.crash(251);
        QSignalSpy lanes(scene.page.get(), &AlertsPage::timelineRequested);
        auto *list = scene.page->findChild<RowTable *>(u"alertList"_s);
        QTest::keyClick(list, Qt::Key_T);
        QCOMPARE(lanes.size(), 1);
        const auto shown = [&](WorkerHandle handle) {
            return FleetFilter::parse(lanes.back().front().toString())
                .matches(scene.fleet.store, handle, scene.fleet.clock.nowMs());
        };
        const auto handleOf = [&](const QByteArray &id) { return scene.fleet.store.find(1, id); };
        QVERIFY2(shown(handleOf("chromium:00000001-1")), qPrintable(lanes.back().front().toString()));
        WorkerSample sample = scene.fleet.alive(10);
        sample.flags = WorkerFlag::NoListener; // It would match but for its host.
        scene.fleet.apply(sample);
        scene.step();
        QCOMPARE(scene.engine.firing(), 2);
        QVERIFY2(!shown(near), qPrintable(lanes.back().front().toString()));
    }

    void workersWithoutAHostAreFilteredBySource()
    {
        AlertsPageScene scene;
        FleetBatch batch = scene.fleet.emptyBatch();
        WorkerText text;
        text.number = 9;
        text.id = "chromium:00000009-1";
        text.type = "chromium";
        text.startedAt = scene.fleet.clock.nowMs() - 60'000;
        batch.texts.append(text);
        scene.fleet.store.apply(batch);
        scene.fleet.apply(scene.fleet.alive(9));
        scene.step();
        scene.crash(9);
        QCOMPARE(scene.engine.alerts().front().group, u"prod"_s);
        QSignalSpy lanes(scene.page.get(), &AlertsPage::timelineRequested);
        QTest::keyClick(scene.page->findChild<RowTable *>(u"alertList"_s), Qt::Key_T);
        const QString filter = lanes.front().front().toString();
        QVERIFY2(FleetFilter::parse(filter).matches(scene.fleet.store, scene.fleet.store.find(1, "chromium:00000009-1"),
                                                    scene.fleet.clock.nowMs()),
                 qPrintable(filter));
        QVERIFY2(filter.contains(u"source:prod"_s), qPrintable(filter));
    }

    void titlesHaveTheWidthOfTheList()
    {
        AlertsPageScene scene;
        scene.page->resize(1280 - 170, 800); // A window of 1280 with its navigation.
        scene.crash(1);
        scene.crash(251);
        auto *list = scene.page->findChild<RowTable *>(u"alertList"_s);
        const QString title = scene.cell(0, AlertColumn::Title);
        const int room = list->columnWidth(int(AlertColumn::Title)) - 100; // Its mark, its time, margins.
        QVERIFY2(list->fontMetrics().horizontalAdvance(title) <= room, qPrintable(title + u' ' + QString::number(room)));
    }

    void anAlertIsAcknowledgedWithAReason()
    {
        AlertsPageScene scene;
        scene.crash(1);
        QTest::keyClick(scene.page->findChild<RowTable *>(u"alertList"_s), Qt::Key_A);
        QVERIFY(scene.answer(u"acknowledgeQuestion"_s, u"on it"_s));
        QCOMPARE(scene.cell(0, AlertColumn::Note), u"acknowledged by op-1: on it"_s);
        QVERIFY(!scene.button(u"alertAcknowledge"_s)->isVisible());
        QCOMPARE(scene.page->navigationText(), u"1"_s); // It still fires.
    }

    void aSilencedAlertDoesNotCallUntilItsEnd()
    {
        AlertsPageScene scene;
        scene.crash(1);
        auto *menu = scene.page->findChild<QMenu *>(u"alertSilenceMenu"_s);
        QVERIFY(menu && menu->actions().size() >= 3);
        menu->actions().front()->trigger();
        QVERIFY(scene.answer(u"silenceQuestion"_s, u"rebuilt"_s));
        QCOMPARE(scene.cell(0, AlertColumn::State), u"silenced"_s);
        QVERIFY(scene.page->navigationText().isEmpty());
        QCOMPARE(scene.engine.silences().front().until, scene.fleet.clock.wallNowMs() + 30 * 60'000);
        QVERIFY(!scene.button(u"alertSilence"_s)->isVisible());
        scene.button(u"alertEndSilence"_s)->click();
        QCOMPARE(scene.page->navigationText(), u"1"_s);
        QCOMPARE(scene.cell(0, AlertColumn::State), u"firing"_s);
    }

    void marksAndSilencesAreKept()
    {
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        {
            AlertsPageScene scene;
            const AlertMemory memory(scene.engine, scene.fleet.clock, settings);
            scene.crash(1);
            scene.crash(2);
            const qint64 wall = scene.fleet.clock.wallNowMs();
            for (const Alert &alert : scene.engine.alerts()) {
                if (alert.group == "10.0.0.1"_L1)
                    QVERIFY(scene.engine.acknowledge(alert.id, {wall, u"op-2"_s, u"on it"_s}));
            }
            AlertSilence silence;
            silence.groups = QStringList(u"10.0.0.2"_s);
            silence.until = wall + 3'600'000;
            silence.by = u"op-2"_s;
            silence.reason = u"rebuilt"_s;
            QVERIFY(!scene.engine.addSilence(silence).isEmpty());
        }
        AlertsPageScene scene;
        const AlertMemory memory(scene.engine, scene.fleet.clock, settings);
        QCOMPARE(scene.engine.silences().size(), 1);
        scene.crash(1);
        scene.crash(2);
        for (const Alert &alert : scene.engine.alerts()) {
            QCOMPARE(alert.acknowledged.by, alert.group == "10.0.0.1"_L1 ? u"op-2"_s : QString());
            QCOMPARE(alert.isSilenced(), alert.group == "10.0.0.2"_L1);
        }
        QVERIFY(scene.engine.calling().size() == 1);
        // What fires long after the start is another one.
        AlertsPageScene later;
        const AlertMemory late(later.engine, later.fleet.clock, settings);
        later.step(AlertMemory::recallMs + 1'000);
        later.crash(1);
        const std::vector<Alert> alerts = later.engine.alerts();
        QVERIFY(std::none_of(alerts.begin(), alerts.end(), [](const Alert &alert) { return bool(alert.acknowledged); }));
    }

    void whatIsDoneAboutAlertsIsInTheJournal()
    {
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        ListedNotes notes;
        {
            AlertsPageScene scene;
            const AlertMemory memory(scene.engine, scene.fleet.clock, settings);
            const AlertJournal journal(scene.engine, scene.fleet.clock, notes);
            scene.crash(1);
            QTest::keyClick(scene.page->findChild<RowTable *>(u"alertList"_s), Qt::Key_A);
            QVERIFY(scene.answer(u"acknowledgeQuestion"_s, u"on it"_s));
            QCOMPARE(notes.entries.size(), 1);
            JournalEntry entry = notes.entries.back();
            QCOMPARE(entry.kind, JournalKind::Console);
            QCOMPARE(journalWhatText(entry), u"acknowledged"_s);
            QCOMPARE(entry.by, u"op-1"_s);
            QCOMPARE(entry.reason, u"on it"_s);
            QCOMPARE(entry.source, u"prod"_s);
            QVERIFY2(entry.text.contains(u"00000001 on 10.0.0.1: crashed or lost"_s), qPrintable(entry.text));
            QVERIFY(!scene.engine
                         .addSilence({.rule = u"workers-lost"_s,
                                      .groups = {u"10.0.0.1"_s},
                                      .until = scene.fleet.clock.wallNowMs() + 60'000,
                                      .by = u"op-2"_s,
                                      .reason = u"rebuilt"_s})
                         .isEmpty());
            entry = notes.entries.back();
            QCOMPARE(entry.step, u"silenced"_s);
            QCOMPARE(entry.by, u"op-2"_s);
            QCOMPARE(entry.reason, u"rebuilt"_s);
            QVERIFY2(entry.text.endsWith(u"A worker crashed or is lost: 10.0.0.1"_s), qPrintable(entry.text));
            QCOMPARE(entry.facts["until"_L1].toInteger(), scene.fleet.clock.wallNowMs() + 60'000);
            scene.step(60'000);
            entry = notes.entries.back();
            QCOMPARE(journalWhatText(entry), u"silence ended"_s);
            QVERIFY(entry.by.isEmpty()); // By the time.
            const QString again = scene.engine.addSilence(
                {.until = scene.fleet.clock.wallNowMs() + 60'000, .by = u"op-2"_s, .reason = u"rebuilt"_s});
            QVERIFY(scene.engine.endSilence(again, u"op-3"_s));
            QCOMPARE(notes.entries.back().by, u"op-3"_s);
            QVERIFY(!scene.engine
                         .addSilence({.until = scene.fleet.clock.wallNowMs() + 60'000, .by = u"op-2"_s, .reason = u"rebuilt"_s})
                         .isEmpty());
        }
        // The next start restores it, and does not write it again.
        notes.entries.clear();
        AlertsPageScene scene;
        const AlertMemory memory(scene.engine, scene.fleet.clock, settings);
        const AlertJournal journal(scene.engine, scene.fleet.clock, notes);
        QCOMPARE(scene.engine.silences().size(), 1);
        QVERIFY(notes.entries.isEmpty());
    }

    void theListShowsWhatIsAskedFor()
    {
        AlertsPageScene scene;
        scene.crash(1);
        scene.crash(2);
        const AlertListModel &model = scene.page->model();
        QCOMPARE(model.rowCount(), 2);
        auto *field = scene.page->findChild<QLineEdit *>(u"alertFilter"_s);
        const auto listed = [&](const QString &text) {
            field->setText(text);
            return model.rowCount();
        };
        QCOMPARE(listed(u"host:10.0.0.2"_s), 1);
        QCOMPARE(scene.cell(0, AlertColumn::Title), u"00000002 on 10.0.0.2: crashed or lost"_s);
        QCOMPARE(scene.label(u"alertTitle"_s), scene.cell(0, AlertColumn::Title));
        QCOMPARE(scene.label(u"figureFiring"_s), u"2"_s); // Of all.
        QCOMPARE(listed(u"RULE:lost state:firing source:pro"_s), 2);
        QCOMPARE(listed(u"rule:lost 00000001"_s), 1);
        QCOMPARE(listed(u"env:production"_s), 0);
        QCOMPARE(listed(u"rule:"_s), 2); // It is being typed.
        QTest::keyClick(field, Qt::Key_A); // A letter of the filter, and no act.
        QVERIFY(!scene.page->findChild<QuestionDialog *>());
        scene.page->escape();
        QCOMPARE(model.rowCount(), 2);
        scene.button(u"alertsShown%1"_s.arg(int(AlertShown::Pending)))->click();
        QCOMPARE(model.rowCount(), 0);
        scene.button(u"alertsShown%1"_s.arg(int(AlertShown::Firing)))->click();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(scene.button(u"alertsShown%1"_s.arg(int(AlertShown::Firing)))->text(), u"Firing 2"_s);
    }

    void aRuleIsSwitchedOffAndStaysSo()
    {
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        AlertsPageScene scene;
        const AlertPlan plan = scene.engine.plan();
        QObject::connect(scene.page.get(), &AlertsPage::ruleSwitched, scene.page.get(), [&](const QString &rule, bool on) {
            AlertSwitches(settings).set(rule, on, plan);
            scene.engine.setPlan(AlertSwitches(settings).applied(plan));
        });
        scene.crash(1);
        QCOMPARE(scene.page->navigationText(), u"1"_s);
        auto *rules = scene.page->findChild<RowTable *>(u"ruleTable"_s);
        QCOMPARE(rules->model()->index(0, 0).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
        QTest::mouseClick(rules->viewport(), Qt::LeftButton, {},
                          rules->visualRect(rules->model()->index(0, 0)).topLeft() + QPoint(14, 10));
        QCOMPARE(rules->model()->index(0, 0).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QVERIFY(scene.page->navigationText().isEmpty()); // Its alerts are over.
        QVERIFY(!AlertSwitches(settings).applied(plan).rule(u"workers-lost"_s)->on);
        QPushButton *button = scene.button(u"ruleSwitch"_s);
        QCOMPARE(rules->currentIndex().row(), 0);
        QCOMPARE(button->text(), u"Switch On"_s);
        button->click();
        QCOMPARE(button->text(), u"Switch Off"_s);
        QVERIFY(AlertSwitches(settings).applied(plan).rule(u"workers-lost"_s)->on);
        scene.step();
        QCOMPARE(scene.page->navigationText(), u"1"_s);
    }

    void aSilenceIsScheduledAndEnded()
    {
        AlertsPageScene scene;
        scene.crash(1);
        scene.button(u"scheduleSilence"_s)->click();
        auto *dialog = scene.page->findChild<QDialog *>(u"silenceDialog"_s);
        QVERIFY(dialog);
        auto *add = dialog->findChild<QPushButton *>(u"addSilence"_s);
        QVERIFY(!add->isEnabled()); // Not without a reason.
        auto *problem = dialog->findChild<ToneLabel *>(u"silenceProblem"_s);
        QVERIFY(problem->isVisible() && problem->text().contains(u"reason"_s));
        dialog->findChild<QLineEdit *>(u"silenceReason"_s)->setText(u"new switch"_s);
        QVERIFY(!problem->isVisible());
        QVERIFY(add->isEnabled());
        auto *from = dialog->findChild<QDateTimeEdit *>(u"silenceFrom"_s);
        auto *until = dialog->findChild<QDateTimeEdit *>(u"silenceUntil"_s);
        until->setDateTime(from->dateTime().addSecs(-3'600));
        QVERIFY(!add->isEnabled());
        QVERIFY(!dialog->findChild<ToneLabel *>(u"silenceProblem"_s)->text().isEmpty());
        // Tomorrow, for two hours, of one rule in one source.
        from->setDateTime(from->dateTime().addDays(1));
        until->setDateTime(from->dateTime().addSecs(7'200));
        auto *rule = dialog->findChild<QComboBox *>(u"silenceRule"_s);
        rule->setCurrentIndex(rule->findData(u"workers-lost"_s));
        auto *source = dialog->findChild<QComboBox *>(u"silenceSource"_s);
        source->setCurrentIndex(source->findData(u"prod"_s));
        add->click();
        QCOMPARE(scene.engine.silences().size(), 1);
        const AlertSilence silence = scene.engine.silences().front();
        QCOMPARE(silence.rule, u"workers-lost"_s);
        QCOMPARE(silence.source, u"prod"_s);
        QCOMPARE(silence.by, u"op-1"_s);
        QCOMPARE(silence.until - silence.from, 7'200'000);
        QCOMPARE(scene.page->navigationText(), u"1"_s); // It still calls today.
        // A time that was right when it was typed may be over when the button is pressed.
        dialog->findChild<QLineEdit *>(u"silenceReason"_s)->setText(u"too late"_s);
        QVERIFY(add->isEnabled());
        scene.fleet.clock.setWall(silence.until + 1'000 - scene.fleet.clock.wallNowMs());
        add->click();
        QCOMPARE(problem->text(), u"The end must be after the beginning, and in the future."_s);
        QVERIFY(problem->isVisible() && !add->isEnabled());
        QCOMPARE(scene.engine.silences().size(), 1);
        scene.fleet.clock.setWall(silence.from - scene.fleet.clock.wallNowMs());
        scene.step();
        QVERIFY(scene.page->navigationText().isEmpty());
        auto *list = dialog->findChild<QListWidget *>(u"silenceList"_s);
        QCOMPARE(list->count(), 1);
        QVERIFY(list->item(0)->text().contains(u"new switch"_s));
        list->setCurrentRow(0);
        dialog->findChild<QPushButton *>(u"endSilence"_s)->click();
        QCOMPARE(list->count(), 0);
        QCOMPARE(scene.page->navigationText(), u"1"_s);
        delete dialog;
    }

    /// The reason of a failure is read from its beginning, next to the name of its outlet.
    void aLongFailureLeavesRoomForItsOutlet()
    {
        const QRect rect(0, 0, px(270), px(TwoLineCell::height));
        QImage picture(rect.size(), QImage::Format_RGB32);
        picture.fill(Qt::black);
        QPainter painter(&picture);
        TwoLineCell cell;
        cell.glyphColour = Qt::black;
        cell.upper = u"webhook operations"_s;
        cell.upperColour = QColor(0, 255, 0);
        cell.upperRight = u"The host hooks.example.net is not known, or no name server answers, 14:12:09"_s;
        cell.upperRightColour = QColor(255, 0, 0);
        cell.paint(painter, rect, QApplication::font());
        painter.end();
        int nameFrom = rect.width();
        int nameTo = -1;
        int causeFrom = rect.width();
        for (int y = 0; y < rect.height() / 2; ++y) {
            for (int x = 0; x < rect.width(); ++x) {
                const QRgb pixel = picture.pixel(x, y);
                if (qGreen(pixel) > 60 && qRed(pixel) < 30) {
                    nameFrom = std::min(nameFrom, x);
                    nameTo = std::max(nameTo, x);
                }
                if (qRed(pixel) > 60 && qGreen(pixel) < 30)
                    causeFrom = std::min(causeFrom, x);
            }
        }
        QVERIFY2(nameTo > nameFrom, "No name is shown");
        QVERIFY2(causeFrom > nameTo, qPrintable(u"%1 %2"_s.arg(causeFrom).arg(nameTo)));
        QVERIFY2(causeFrom < rect.width() / 2, qPrintable(QString::number(causeFrom))); // It has the greater part.
    }

    void anOutletIsTested()
    {
        AlertsPageScene scene;
        TwoOutlets outlets;
        scene.page->setOutlets(&outlets);
        QCOMPARE(scene.label(u"outletCount"_s), u"2, 1 retrying"_s);
        auto *list = scene.page->findChild<RowTable *>(u"outletList"_s);
        QPushButton *test = scene.button(u"outletTest"_s);
        QVERIFY(!test->isEnabled()); // None is selected.
        list->selectRow(0);
        QVERIFY(!test->isEnabled());
        list->selectRow(1);
        QVERIFY(test->isEnabled());
        QSignalSpy noticed(scene.page.get(), &Page::noticed);
        QSignalSpy succeeded(scene.page.get(), &Page::succeeded);
        test->click();
        QCOMPARE(outlets.tested, QStringList(u"ops"_s));
        QCOMPARE(succeeded.size(), 1);
        QVERIFY(succeeded.front().front().toString().contains(u"webhook ops"_s));
        QVERIFY(noticed.isEmpty()); // Nothing is wrong.
        QVERIFY(list->model()->index(1, 0).data(Qt::AccessibleTextRole).toString().contains(u"503"_s));
        scene.page->setOutlets(nullptr);
    }

    void rulesAreReadWhole()
    {
        AlertsPageScene scene;
        auto *rules = scene.page->findChild<RowTable *>(u"ruleTable"_s);
        const QFontMetrics metrics(rules->font());
        const auto cut = [&](int columns) {
            QStringList texts;
            for (int row = 0; row < rules->model()->rowCount(); ++row) {
                for (int column = 0; column < columns; ++column) {
                    const QString text = rules->model()->index(row, column).data().toString();
                    const int room = rules->columnWidth(column) - px(column == 0 ? 34 + 8 : 16);
                    if (metrics.horizontalAdvance(text) > room)
                        texts.append(text);
                }
            }
            return texts.join(u", "_s);
        };
        scene.page->resize(1'800, 900);
        QTRY_COMPARE_WITH_TIMEOUT(cut(alertRuleColumnCount), QString(), patience);
        // In a window of 1280 what they look for comes first.
        scene.page->resize(1'280 - 170, 720);
        QTRY_VERIFY_WITH_TIMEOUT(scene.page->width() == 1'280 - 170, patience);
        QTRY_COMPARE_WITH_TIMEOUT(cut(1), QString(), patience);
        QCOMPARE(rules->horizontalScrollBar()->maximum(), 0);
    }

    void theKeyboardIsSeenOnASelectedRow()
    {
        AlertsPageScene scene;
        TwoOutlets outlets;
        scene.page->setOutlets(&outlets);
        scene.crash(1);
        scene.page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(scene.page.get(), patience));
        for (const QString &name : {u"alertList"_s, u"outletList"_s, u"ruleTable"_s}) {
            auto *list = scene.page->findChild<RowTable *>(name);
            list->selectRow(0);
            scene.button(u"scheduleSilence"_s)->setFocus(Qt::TabFocusReason);
            QVERIFY(!list->hasFocus());
            const QImage without = list->grab().toImage();
            list->setFocus(Qt::TabFocusReason);
            QVERIFY2(list->hasFocus(), qPrintable(name));
            QVERIFY2(list->grab().toImage() != without, qPrintable(name));
        }
        scene.page->setOutlets(nullptr);
    }

    void aNotificationCanBeTested()
    {
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        AlertsPageScene scene;
        AlertNotifier notifier(scene.engine, settings);
        QSignalSpy called(&notifier, &AlertNotifier::called);
        notifier.callTest();
        QCOMPARE(called.size(), 1);
        notifier.setOn(false);
        notifier.callTest();
        QCOMPARE(called.size(), 1);
    }

    void aDesktopWithoutNotificationsIsTold()
    {
        struct BareDesktop : AlertNotifier
        {
            using AlertNotifier::AlertNotifier;
            bool canShow() const override { return shows; }
            bool shows = false;
        };
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        AlertsPageScene scene;
        BareDesktop notifier(scene.engine, settings);
        QCOMPARE(notifier.howText(), u"this desktop shows no notifications"_s);
        notifier.setSound(true);
        QCOMPARE(notifier.howText(), u"only a sound: this desktop shows no notifications"_s);
        notifier.shows = true;
        QCOMPARE(notifier.howText(), u"with a sound"_s);
        notifier.setOn(false);
        QCOMPARE(notifier.howText(), u"switched off"_s);
    }

    void alertsOfOneMomentAreOneNotification()
    {
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        AlertsPageScene scene;
        AlertNotifier notifier(scene.engine, settings);
        QVERIFY(notifier.isOn() && !notifier.hasSound());
        QSignalSpy called(&notifier, &AlertNotifier::called);
        scene.crash(1);
        scene.crash(2);
        QTRY_COMPARE_WITH_TIMEOUT(called.size(), 1, patience);
        QCOMPARE(called.front().at(0).toString(), u"2 alerts"_s);
        QVERIFY(called.front().at(1).toString().contains(u"10.0.0.2"_s));
        notifier.setOn(false);
        QVERIFY(!AlertNotifier(scene.engine, settings).isOn());
    }
};

PULSEDECK_TEST(AlertsPageTest, pulsedeck::runWithWidgets)
#include "alertspage_test.moc"
