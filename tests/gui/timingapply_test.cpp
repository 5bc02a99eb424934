// SPDX-License-Identifier: GPL-3.0-or-later
// From the draft to the source and back: review, conflict, rollback, recordings, files.
#include "tests/support/testapplication.h"
#include "ui/common/tonelabel.h"
#include "ui/timing/comparedialog.h"
#include "ui/timing/conflictdialog.h"
#include "ui/timing/deathcurve.h"
#include "ui/timing/versionstrip.h"
#include "ui/timing/whatifpanel.h"

#include "tests/gui/confirmunlock.h"
#include "tests/gui/timingpagefixture.h"
#include "tests/support/patience.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QInputDialog>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class TimingApplyTest : public QObject
{
    Q_OBJECT

private slots:
    void brokenMustBlocksTheReview()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        f.type(TimingId::ShutdownCommandTtl, u"10"_s);
        f.press(u"reviewChanges"_s);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        QVERIFY(review);
        auto *apply = review->findChild<QPushButton *>(u"reviewApply"_s);
        QVERIFY(!apply->isEnabled());
        QVERIFY(!apply->isDefault() && !apply->autoDefault());
        QCOMPARE(review->findChild<QLabel *>(u"reviewState"_s)->text(), u"1 error blocks Apply."_s);
        QTest::keyClick(review, Qt::Key_Escape);
        QCOMPARE(f.requests.count(), 0);
    }

    void lockedSaysSoAndUnlocks()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        QVERIFY(f.labelText(u"applyState"_s).contains(u"locked"_s));
        f.press(u"reviewChanges"_s);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        auto *apply = review->findChild<QPushButton *>(u"reviewApply"_s);
        QVERIFY(!apply->isEnabled());
        QCOMPARE(review->findChild<QLabel *>(u"reviewState"_s)->text(), f.access.whyNot(FleetScene::prod, Act::Drain));
        QTest::mouseClick(review->findChild<QPushButton *>(u"reviewUnlock"_s), Qt::LeftButton);
        QVERIFY(!apply->isEnabled()); // It asks first.
        confirmUnlock(*review);
        QVERIFY(apply->isEnabled());
        f.scene.setState(FleetScene::prod, SourceState::Waiting);
        QVERIFY(!apply->isEnabled());
        QVERIFY(review->findChild<QLabel *>(u"reviewState"_s)->text().contains(u"not connected"_s));
    }

    void acknowledgedWithAReasonIsSent()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"15"_s);
        f.press(u"reviewChanges"_s);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        auto *apply = review->findChild<QPushButton *>(u"reviewApply"_s);
        auto *box = review->findChild<QCheckBox *>(u"acknowledge-W2"_s);
        auto *reason = review->findChild<QLineEdit *>(u"reviewReason"_s);
        QVERIFY(box && reason);
        QVERIFY(!apply->isEnabled());
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        // What was recorded meanwhile may have something against it as well.
        if (auto *deaths = review->findChild<QCheckBox *>(u"acknowledge-deaths"_s))
            QTest::keyClick(deaths, Qt::Key_Space);
        QVERIFY(!apply->isEnabled());
        QVERIFY(review->findChild<QLabel *>(u"reviewState"_s)->text().contains(u"reason"_s));
        QTest::keyClicks(reason, u"a test of failover"_s);
        QVERIFY(apply->isEnabled());
        QTest::keyClick(reason, Qt::Key_Return); // Enter applies nothing.
        QCOMPARE(f.requests.count(), 0);
        QTest::mouseClick(apply, Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 1);
        const TimingApply sent = f.lastRequest();
        QCOMPARE(sent.source, FleetScene::prod);
        QCOMPARE(sent.expectedVersion, 12);
        QCOMPARE(sent.profile.workerKeyTtl, 15'000);
        QCOMPARE(sent.profile.heartbeatInterval, 10'000);
        QVERIFY(sent.reason.contains(u"a test of failover"_s));
        QVERIFY(sent.reason.contains(u"W2"_s));
        QVERIFY(!apply->isEnabled()); // It is under way.

        TimingVersion written{sent.profile, f.scene.clock.nowMs(), u"me@here"_s, sent.reason};
        written.profile.version = 13;
        f.answer(TimingApplied::Outcome::Applied, written);
        TRY_TRUE(!f.dialog(u"reviewDialog"_s));
        QVERIFY(f.labelText(u"note3"_s).contains(u"v13 was written"_s));
        QVERIFY(f.labelText(u"draftState"_s).contains(u"from v13 · unchanged"_s));
        // The source still says v12 for a moment, which takes nothing back.
        f.setLive(TimingPageFixture::version(12));
        QVERIFY(f.labelText(u"draftState"_s).contains(u"from v13"_s));
        TimingProfile live = written.profile;
        f.setLive(live);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"15 s"_s);
        f.scene.advance(3'000); // The rollout is looked at once a second.
        QVERIFY(f.labelText(u"note2"_s).contains(u"v13: "_s));
        QVERIFY(f.labelText(u"note2"_s).contains(u"on the new interval and TTL"_s));
        QSignalSpy filter(f.page.get(), &TimingPage::filterRequested);
        f.press(u"noteButton2"_s);
        QCOMPARE(filter.count(), 1);
        QCOMPARE(filter.first().first().toString(), u"drift:any source:prod-eu"_s); // More than can be named.
    }

    void refusalStaysInTheDialog()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        f.press(u"reviewChanges"_s);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        QTest::mouseClick(review->findChild<QPushButton *>(u"reviewApply"_s), Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 1);
        f.answer(TimingApplied::Outcome::Refused, {}, u"HSET is not permitted"_s);
        QVERIFY(f.dialog(u"reviewDialog"_s));
        QVERIFY(review->findChild<QLabel *>(u"reviewState"_s)->text().contains(u"HSET is not permitted"_s));
        QVERIFY(review->findChild<QPushButton *>(u"reviewApply"_s)->isEnabled());
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"40 s"_s);
    }

    void conflictIsBroughtTogether()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        f.type(TimingId::DrainTimeout, u"60"_s);
        f.press(u"reviewChanges"_s);
        QTest::mouseClick(f.dialog(u"reviewDialog"_s)->findChild<QPushButton *>(u"reviewApply"_s), Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 1);
        TimingVersion theirs{TimingPageFixture::version(13, 50'000), f.scene.clock.nowMs(), u"op-2"_s, u"faster"_s};
        theirs.profile.reaperRunInterval = 600'000;
        f.answer(TimingApplied::Outcome::Conflict, theirs);
        TRY_TRUE(f.dialog(u"conflictDialog"_s));
        auto *conflict = qobject_cast<ConflictDialog *>(f.dialog(u"conflictDialog"_s));
        QVERIFY(conflict->choice(TimingId::WorkerKeyTtl) && conflict->choice(TimingId::DrainTimeout));
        QVERIFY(!conflict->choice(TimingId::HubTimeout)); // Nobody touched it.
        QCOMPARE(conflict->choice(TimingId::ReaperRunInterval)->currentIndex(), 0); // Only they did.
        QCOMPARE(conflict->choice(TimingId::DrainTimeout)->currentIndex(), 1); // Only we did.
        conflict->choice(TimingId::WorkerKeyTtl)->setFocus();
        QTest::keyClick(conflict->choice(TimingId::WorkerKeyTtl), Qt::Key_Up);
        QTest::mouseClick(conflict->findChild<QPushButton *>(u"conflictGoOn"_s), Qt::LeftButton);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"50 s"_s);
        QCOMPARE(f.fieldText(TimingId::DrainTimeout), u"60 s"_s);
        QCOMPARE(f.fieldText(TimingId::ReaperRunInterval), u"600 s"_s);
        QVERIFY(f.labelText(u"draftState"_s).contains(u"from v13 · 1 changed"_s));
        // Back over it: one's own values as they were, and from there forward again.
        f.page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(f.page.get(), patience));
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"40 s"_s);
        QCOMPARE(f.fieldText(TimingId::ReaperRunInterval), u"300 s"_s);
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"50 s"_s);
        // The next try rests on theirs.
        f.setLive(theirs.profile);
        f.press(u"reviewChanges"_s);
        TRY_TRUE(f.dialog(u"reviewDialog"_s));
        QTest::mouseClick(f.dialog(u"reviewDialog"_s)->findChild<QPushButton *>(u"reviewApply"_s), Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 2);
        QCOMPARE(f.lastRequest().expectedVersion, 13);
    }

    void somebodyElsesChangeIsToldWhileEditing()
    {
        TimingPageFixture f;
        f.open();
        // Nothing is edited: what is in force is simply shown.
        f.setLive(TimingPageFixture::version(13, 45'000));
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"45 s"_s);
        QVERIFY(f.labelText(u"note1"_s).isEmpty());
        f.type(TimingId::DrainTimeout, u"60"_s);
        f.setLive(TimingPageFixture::version(14, 50'000));
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"45 s"_s);
        QVERIFY(f.labelText(u"note1"_s).contains(u"v14 was applied in the meantime"_s));
        f.press(u"noteButton1"_s);
        QVERIFY(f.dialog(u"conflictDialog"_s));
    }

    void rollBackAppliesAnOldVersion()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        auto *strip = f.page->findChild<VersionStrip *>();
        QCOMPARE(strip->model().rowCount(), 2);
        const QModelIndex old = strip->model().index(0);
        QCOMPARE(old.data().toString(), u"v11"_s);
        QVERIFY(!strip->model().isLive(0));
        QVERIFY(strip->model().isLive(1));
        strip->view().setFocus();
        strip->view().setCurrentIndex(old);
        auto *back = f.part<QPushButton>(u"rollBack"_s);
        QVERIFY(back->isVisible());
        // News of the source, and of its history, leave it chosen.
        f.setLive(TimingPageFixture::version(12));
        f.controller.takeHistory(f.history());
        TimingHistory longer = f.history();
        longer.versions.append({TimingPageFixture::version(10, 60'000), 1, u"op-1"_s, {}});
        f.controller.takeHistory(longer);
        QCOMPARE(strip->model().rowCount(), 3);
        QCOMPARE(strip->view().currentIndex().data().toString(), u"v11"_s);
        QVERIFY(back->isVisible());
        QTest::mouseClick(back, Qt::LeftButton);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        QVERIFY(review);
        QTest::mouseClick(review->findChild<QPushButton *>(u"reviewApply"_s), Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 1);
        QCOMPARE(f.lastRequest().profile.workerKeyTtl, 45'000);
        QCOMPARE(f.lastRequest().expectedVersion, 12);
    }

    void versionsAndPresetsAreCompared()
    {
        TimingPageFixture f;
        f.open();
        auto *strip = f.page->findChild<VersionStrip *>();
        const QRect card = strip->view().visualRect(strip->model().index(0));
        QTest::mouseClick(strip->view().viewport(), Qt::LeftButton, {}, card.center());
        auto *compare = qobject_cast<CompareDialog *>(f.dialog(u"compareDialog"_s));
        QVERIFY(compare);
        QVERIFY(compare->findChild<QComboBox *>(u"compareLeft"_s)->currentText().startsWith(u"v11"_s));
        QCOMPARE(compare->table().item(compare->table().rowOf(TimingId::WorkerKeyTtl), 1)->text(), u"45 s"_s);
        auto *left = compare->findChild<QComboBox *>(u"compareLeft"_s);
        auto *right = compare->findChild<QComboBox *>(u"compareRight"_s);
        left->setCurrentIndex(left->findText(u"Preset Hub today"_s));
        right->setCurrentIndex(right->findText(u"Preset Hub balanced"_s));
        QVERIFY(compare->findChild<QLabel *>(u"compareWords"_s)->text().contains(u"1.8× fewer"_s));
        // A file takes part too, on either side.
        compare->findChild<QPushButton *>(u"compareFile"_s)->click();
        auto *chooser = compare->findChild<QFileDialog *>();
        QVERIFY(chooser);
        emit chooser->fileSelected(u"/nowhere/worker.env"_s);
        chooser->close();
        TimingFileAnswer answer;
        answer.ok = true;
        answer.file.values.push_back({TimingId::HeartbeatInterval, u"HEARTBEAT_INTERVAL"_s, 18'000, 1, true});
        answer.file.problems.push_back({4, u"REDIS_KEY_TTL is no number"_s});
        f.files.answer(answer);
        QVERIFY2(right->currentText().contains(u"worker.env"_s), qPrintable(right->currentText()));
        QCOMPARE(compare->table().item(compare->table().rowOf(TimingId::HeartbeatInterval), 2)->text(), u"18 s"_s);
        QVERIFY(compare->findChild<QLabel *>(u"compareWords"_s)->text().contains(u"Line 4: REDIS_KEY_TTL"_s));
        QTest::keyClick(compare, Qt::Key_Escape);
    }

    void recordingIsExportedAndLoadedBack()
    {
        TimingPageFixture f;
        f.open();
        auto *panel = f.page->findChild<WhatIfPanel *>();
        QTRY_VERIFY_WITH_TIMEOUT(panel->answer().workers > 0, 20'000);
        const int workers = panel->answer().workers;
        // Two lines in one place have one label.
        QVERIFY(f.page->findChild<DeathCurve *>()->accessibleDescription().startsWith(u"today = draft: "_s));
        f.type(TimingId::WorkerKeyTtl, u"12"_s);
        const int deaths = panel->answer().deaths;
        QVERIFY(deaths > 0);
        QCOMPARE(f.labelText(u"deathCount"_s), QString::number(deaths));
        QVERIFY(f.labelText(u"basis"_s).contains(u"%1 workers"_s.arg(workers)));
        // The labels of the curve's two lines.
        const QString lines = f.page->findChild<DeathCurve *>()->accessibleDescription();
        QVERIFY2(lines.startsWith(
                     (deaths == 1 ? u"draft: 1 worker at 12 s; today: "_s : u"draft: %1 workers at 12 s; today: "_s.arg(deaths))),
                 qPrintable(lines));
        const QString path = f.folder.filePath(u"night.pulsedeck"_s);
        panel->exportTo(path);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(f.labelText(u"note3"_s).contains(u"night.pulsedeck"_s), 20'000);
        QVERIFY(!f.part<QLabel>(u"recordingBanner"_s)->isVisible());
        panel->loadFrom(path);
        QTRY_VERIFY_WITH_TIMEOUT(f.part<QLabel>(u"recordingBanner"_s)->isVisible(), 20'000);
        QVERIFY(f.labelText(u"recordingBanner"_s).contains(u"prod-eu"_s));
        QCOMPARE(panel->answer().workers, workers);
        QCOMPARE(panel->answer().deaths, deaths);
        f.press(u"backToLive"_s);
        QVERIFY(!f.part<QLabel>(u"recordingBanner"_s)->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(panel->answer().deaths, deaths, 20'000);
        // Something else is no recording, and what was there stays.
        QFile wrong(f.folder.filePath(u"wrong.pulsedeck"_s));
        QVERIFY(wrong.open(QIODevice::WriteOnly));
        wrong.write("beats");
        wrong.close();
        panel->loadFrom(wrong.fileName());
        QTRY_VERIFY_WITH_TIMEOUT(!f.page->findChildren<QMessageBox *>().isEmpty(), 20'000);
        QVERIFY(!f.part<QLabel>(u"recordingBanner"_s)->isVisible());
    }

    void safeTtlAndChipsOfTheDead()
    {
        TimingPageFixture f;
        f.open();
        auto *panel = f.page->findChild<WhatIfPanel *>();
        QTRY_VERIFY_WITH_TIMEOUT(panel->answer().workers > 0, 20'000);
        f.type(TimingId::WorkerKeyTtl, u"12"_s);
        QVERIFY(panel->answer().deaths > 0);
        QSignalSpy worker(f.page.get(), &TimingPage::workerRequested);
        auto *chip = f.page->findChild<QWidget *>(u"deathChips"_s)->findChild<QToolButton *>();
        for (auto *one : f.page->findChild<QWidget *>(u"deathChips"_s)->findChildren<QToolButton *>()) {
            if (one->isVisible() && one->objectName().isEmpty()) {
                chip = one;
                break;
            }
        }
        QTest::mouseClick(chip, Qt::LeftButton);
        QVERIFY(worker.count() == 1 || f.labelText(u"note3"_s).contains(u"no longer in the fleet"_s));
        QTest::mouseClick(f.part<QPushButton>(u"setSafe0"_s), Qt::LeftButton);
        QCOMPARE(panel->answer().deaths, 0);
        QCOMPARE(f.labelText(u"deathCount"_s), u"0"_s);
    }

    /// Loads a recording of 20 workers with a beat every 10 s, of which one came 28 s after the one before.
    static bool loadOneLateWorker(TimingPageFixture &f)
    {
        BeatRecording night;
        night.source = u"prod-eu"_s;
        night.from = f.scene.clock.nowMs() - 600'000;
        for (int i = 0; i < 20; ++i) {
            BeatRecording::Worker worker;
            worker.id = "chromium:" + QByteArray::number(i);
            worker.interval = 10'000;
            worker.first = quint32(night.beats.size());
            qint64 at = night.from + i * 100;
            for (int beat = 0; beat < 20; ++beat) {
                night.beats.push_back(at);
                at += i == 7 && beat == 3 ? 28'000 : 10'000;
            }
            worker.count = quint32(night.beats.size()) - worker.first;
            night.workers.push_back(worker);
            night.to = qMax(night.to, at);
        }
        QFile file(f.folder.filePath(u"night.pulsedeck"_s));
        QString error;
        if (!file.open(QIODevice::WriteOnly) || !night.save(file, &error))
            return false;
        file.close();
        auto *panel = f.page->findChild<WhatIfPanel *>();
        panel->loadFrom(file.fileName());
        return QTest::qWaitFor([&] { return f.part<QLabel>(u"recordingBanner"_s)->isVisible(); }, 20'000)
               && QTest::qWaitFor([&] { return panel->answer().workers == 20; }, 20'000);
    }

    void theDeadAreAFindingOfTheirOwn()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        QVERIFY(loadOneLateWorker(f));
        f.type(TimingId::WorkerKeyTtl, u"25"_s); // No rule is broken by it.
        QVERIFY2(f.labelText(u"applyState"_s).startsWith(u"1 would be declared dead."_s),
                 qPrintable(f.labelText(u"applyState"_s)));
        f.press(u"reviewChanges"_s);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        QVERIFY(review);
        auto *finding = review->findChild<ToneLabel *>(u"finding-deaths"_s);
        auto *box = review->findChild<QCheckBox *>(u"acknowledge-deaths"_s);
        auto *apply = review->findChild<QPushButton *>(u"reviewApply"_s);
        auto *reason = review->findChild<QLineEdit *>(u"reviewReason"_s);
        QVERIFY(finding && box);
        QVERIFY2(finding->text().startsWith(u"1 of 20 recorded workers would have been declared dead"_s),
                 qPrintable(finding->text()));
        QVERIFY(finding->text().contains(u"with today's values 0"_s) && finding->text().contains(u"28"_s));
        QVERIFY(!review->findChild<QCheckBox *>(u"acknowledge-W2"_s));
        QVERIFY(!apply->isEnabled());
        QTest::keyClicks(reason, u"a test"_s);
        QVERIFY(!apply->isEnabled());
        reason->clear();
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(!apply->isEnabled());
        QVERIFY(review->findChild<QLabel *>(u"reviewState"_s)->text().contains(u"reason"_s));
        QTest::keyClicks(reason, u"a test"_s);
        QVERIFY(apply->isEnabled());
        QTest::mouseClick(apply, Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 1);
        QCOMPARE(f.lastRequest().reason, u"a test (acknowledged: 1 declared dead)"_s);
        f.answer(TimingApplied::Outcome::Refused, {}, u"no"_s);
        QTest::keyClick(review, Qt::Key_Escape);
        // What kills nobody asks for nothing.
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        QCOMPARE(f.labelText(u"applyState"_s), u"All checked rules hold."_s);
        f.press(u"reviewChanges"_s);
        QVERIFY(!f.dialog(u"reviewDialog"_s)->findChild<QCheckBox *>(u"acknowledge-deaths"_s));
        QVERIFY(f.dialog(u"reviewDialog"_s)->findChild<QPushButton *>(u"reviewApply"_s)->isEnabled());
    }

    void rollingBackToWhatKillsIsAcknowledgedToo()
    {
        TimingPageFixture f;
        f.access.unlock();
        f.open();
        TimingHistory history = f.history();
        history.versions[1].profile.workerKeyTtl = 25'000;
        f.controller.takeHistory(history);
        QVERIFY(loadOneLateWorker(f));
        auto *strip = f.page->findChild<VersionStrip *>();
        strip->view().setCurrentIndex(strip->model().index(0));
        QTest::mouseClick(f.part<QPushButton>(u"rollBack"_s), Qt::LeftButton);
        QDialog *review = f.dialog(u"reviewDialog"_s);
        QVERIFY(review);
        auto *box = review->findChild<QCheckBox *>(u"acknowledge-deaths"_s);
        auto *apply = review->findChild<QPushButton *>(u"reviewApply"_s);
        auto *reason = review->findChild<QLineEdit *>(u"reviewReason"_s);
        QVERIFY(box && !apply->isEnabled());
        QCOMPARE(reason->text(), QString()); // Nobody's reason is made up.
        QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(!apply->isEnabled());
        QTest::keyClicks(reason, u"it was calmer"_s);
        QVERIFY(apply->isEnabled());
        QTest::mouseClick(apply, Qt::LeftButton);
        TRY_EQUAL(f.requests.count(), 1);
        QCOMPARE(f.lastRequest().reason, u"back to v11: it was calmer (acknowledged: 1 declared dead)"_s);
    }

    void whatWentWrongIsTakenBackWithItsCause()
    {
        TimingPageFixture f;
        f.open();
        const auto fail = [&f] {
            f.part<QPushButton>(u"timingFiles"_s)->menu()->actions().at(4)->trigger();
            QDialog *chooser = f.dialog(u"readTimingDialog"_s);
            emit static_cast<QFileDialog *>(chooser)->fileSelected(u"/nowhere/worker.env"_s);
            chooser->close();
            TimingFileAnswer answer;
            answer.error = u"worker.env: there is no such file"_s;
            f.files.answer(answer);
        };
        fail();
        QCOMPARE(f.labelText(u"note3"_s), u"worker.env: there is no such file"_s); // The name stands there once.
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        QCOMPARE(f.labelText(u"note3"_s), QString());
        fail();
        QVERIFY(!f.labelText(u"note3"_s).isEmpty());
        f.press(u"reviewChanges"_s);
        QCOMPARE(f.labelText(u"note3"_s), QString());
        f.dialog(u"reviewDialog"_s)->close();
    }

    static TimingFileAnswer wranglerAnswer(const QString &environment)
    {
        TimingFileAnswer answer;
        answer.ok = true;
        answer.environment = environment;
        answer.file.kind = TimingFileText::Kind::Wrangler;
        answer.file.text = "top production";
        answer.file.environments = {u"production"_s};
        answer.file.values.push_back({TimingId::HubActorTtl, u"DEFAULT_ACTOR_TTL"_s, 300'000, 2, true, {}});
        answer.file.values.push_back({TimingId::HubActorTtl, u"DEFAULT_ACTOR_TTL"_s, 60'000, 4, true, u"production"_s});
        answer.proposed = environment.isEmpty() ? "TOP production" : "top PRODUCTION";
        answer.diff = {{TimingDiffLine::Kind::Added, environment.isEmpty() ? 2 : 4, u"DEFAULT_ACTOR_TTL = …"_s}};
        return answer;
    }

    void anEnvironmentIsChosenAndWritten()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::HubActorTtl, u"120"_s);
        for (QAction *action : f.part<QPushButton>(u"timingFiles"_s)->menu()->actions()) {
            if (action->text().contains(u"wrangler"_s))
                action->trigger();
        }
        QDialog *chooser = f.dialog(u"exportTimingDialog"_s);
        QVERIFY(chooser);
        emit static_cast<QFileDialog *>(chooser)->fileSelected(u"/nowhere/wrangler.toml"_s);
        chooser->close();
        QVERIFY(!f.files.lastEnvironment);
        f.files.answer(wranglerAnswer({}));
        QDialog *dialog = f.dialog(u"timingFileDialog"_s);
        QVERIFY(dialog);
        auto *box = dialog->findChild<QComboBox *>(u"fileEnvironment"_s);
        auto *write = dialog->findChild<QPushButton *>(u"fileWrite"_s);
        QVERIFY(box && write->isEnabled());
        QCOMPARE(box->count(), 2);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(f.files.lastEnvironment.value_or(u"none"_s), u"production"_s);
        QCOMPARE(f.files.lastProfile.hubActorTtl, 120'000);
        QVERIFY(!write->isEnabled()); // What stands there is the other one's.
        f.files.answer(wranglerAnswer(u"production"_s));
        QVERIFY(write->isEnabled());
        QTest::mouseClick(write, Qt::LeftButton);
        QCOMPARE(f.files.writtenText, QByteArray("top PRODUCTION"));
    }

    void anEnvironmentIsChosenAndRead()
    {
        TimingPageFixture f;
        f.open();
        f.part<QPushButton>(u"timingFiles"_s)->menu()->actions().at(4)->trigger();
        QDialog *chooser = f.dialog(u"readTimingDialog"_s);
        emit static_cast<QFileDialog *>(chooser)->fileSelected(u"/nowhere/wrangler.toml"_s);
        chooser->close();
        f.files.answer(wranglerAnswer({}));
        QCOMPARE(f.fieldText(TimingId::HubActorTtl), u"300 s"_s); // Nothing is read unasked.
        auto *choice = qobject_cast<QInputDialog *>(f.dialog(u"profileChoice"_s));
        QVERIFY(choice);
        choice->setTextValue(choice->comboBoxItems().last());
        choice->accept();
        QCOMPARE(f.fieldText(TimingId::HubActorTtl), u"60 s"_s);
        QVERIFY2(f.labelText(u"note3"_s).contains(u"environment production"_s), qPrintable(f.labelText(u"note3"_s)));
    }

    void sourcePauseCountsOnlyIfTicked()
    {
        TimingPageFixture f;
        // Twenty workers that beat every 10 s, all silent for 25 s at the same time, and one that is late by itself.
        BeatRecording night;
        night.source = u"prod-eu"_s;
        const qint64 begin = f.scene.clock.nowMs() - 600'000;
        for (int i = 0; i < 20; ++i) {
            BeatRecording::Worker worker;
            worker.id = "chromium:" + QByteArray::number(i);
            worker.interval = 10'000;
            worker.first = quint32(night.beats.size());
            qint64 at = begin + i * 100;
            for (int beat = 0; beat < 20; ++beat) {
                night.beats.push_back(at);
                at += beat == 10 ? 25'000 : i == 7 && beat == 3 ? 18'000 : 10'000;
            }
            worker.count = quint32(night.beats.size()) - worker.first;
            night.workers.push_back(worker);
            night.to = qMax(night.to, at);
        }
        night.from = begin;
        const QString path = f.folder.filePath(u"night.pulsedeck"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QString error;
        QVERIFY2(night.save(file, &error), qPrintable(error));
        file.close();
        f.open();
        auto *panel = f.page->findChild<WhatIfPanel *>();
        panel->loadFrom(path);
        QTRY_VERIFY_WITH_TIMEOUT(f.part<QLabel>(u"recordingBanner"_s)->isVisible(), 20'000);
        QVERIFY(f.labelText(u"recordingBanner"_s).contains(u"20 workers"_s));
        auto *box = f.part<QCheckBox>(u"countPauses"_s);
        QVERIFY(box->isVisible());
        QVERIFY2(box->text().startsWith(u"Count the source pause at "_s), qPrintable(box->text()));
        f.type(TimingId::WorkerKeyTtl, u"15"_s);
        QCOMPARE(panel->answer().deaths, 1);
        QCOMPARE(panel->answer().paused, 19);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        QCOMPARE(panel->answer().deaths, 20);
        QCOMPARE(f.labelText(u"deathCount"_s), u"20"_s);
    }

    void fileIsProposedAndWritten()
    {
        TimingPageFixture f;
        f.open();
        f.type(TimingId::WorkerKeyTtl, u"40"_s);
        for (QAction *action : f.part<QPushButton>(u"timingFiles"_s)->menu()->actions()) {
            if (action->text().contains(u"Worker's"_s))
                action->trigger();
        }
        QDialog *chooser = f.dialog(u"exportTimingDialog"_s);
        QVERIFY(chooser);
        emit static_cast<QFileDialog *>(chooser)->fileSelected(u"/nowhere/worker.env"_s);
        chooser->close();
        QCOMPARE(f.files.lastProfile.workerKeyTtl, 40'000);
        TimingFileAnswer proposal;
        proposal.ok = true;
        proposal.file.text = "REDIS_KEY_TTL=30\n";
        proposal.file.values.push_back({TimingId::WorkerKeyTtl, u"REDIS_KEY_TTL"_s, 30'000, 1, true});
        proposal.proposed = "REDIS_KEY_TTL=40\n";
        proposal.diff = {{TimingDiffLine::Kind::Removed, 1, u"REDIS_KEY_TTL=30"_s},
                         {TimingDiffLine::Kind::Added, 1, u"REDIS_KEY_TTL=40"_s}};
        proposal.notHeld = {u"drain timeout: a constant in worker/src/index.ts"_s};
        f.files.answer(proposal);
        QDialog *dialog = f.dialog(u"timingFileDialog"_s);
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QListWidget *>(u"fileDiff"_s)->count(), 2);
        QVERIFY(dialog->findChild<QLabel *>(u"fileNotes"_s)->text().contains(u"drain timeout"_s));
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"fileWrite"_s), Qt::LeftButton);
        QCOMPARE(f.files.writtenText, QByteArray("REDIS_KEY_TTL=40\n"));
        proposal.backup = u"/nowhere/worker.env.bak"_s;
        f.files.answer(proposal);
        QVERIFY(f.labelText(u"note3"_s).contains(u"worker.env.bak"_s));
    }

    void rulesOfOnesOwnAreReadOrRefusedWithTheirLine()
    {
        TimingPageFixture f;
        f.open();
        const auto read = [&f](const QByteArray &json) {
            QFile file(f.folder.filePath(u"ours.json"_s));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(json);
            file.close();
            for (QAction *action : f.part<QPushButton>(u"timingFiles"_s)->menu()->actions()) {
                if (action->text().contains(u"Rules"_s))
                    action->trigger();
            }
            QDialog *chooser = f.dialog(u"rulesDialog"_s);
            QVERIFY(chooser);
            emit static_cast<QFileDialog *>(chooser)->fileSelected(file.fileName());
            chooser->close();
        };
        auto *sets = f.part<QComboBox>(u"ruleSets"_s);
        read("{ \"ruleSets\": [ { \"id\": \"ours\", \"name\": \"Ours\", \"rules\": [\n"
             "{ \"id\": \"O1\", \"left\": \"workerTtl\" } ] } ] }");
        QVERIFY2(f.labelText(u"note3"_s).startsWith(u"ours.json, line 2: "_s), qPrintable(f.labelText(u"note3"_s)));
        QVERIFY(f.labelText(u"note3"_s).contains(u"stay as they are"_s));
        QCOMPARE(sets->count(), 2);
        QCOMPARE(sets->currentIndex(), 0);
        QCOMPARE(f.pair(u"W1"_s)->state(), Glyph::Ok);
        read(R"({ "ruleSets": [ { "id": "ours", "name": "Ours", "extends": "timing-document", "rules": [ { "id": "O1",
              "left": "workerKeyTtl", "relation": ">=", "factor": 5, "right": "heartbeatInterval", "severity": "must",
              "why": "We say so." } ] } ], "presets": [ { "id": "ours", "name": "Ours", "values": { "workerKeyTtl": 50000 } } ] })");
        QVERIFY2(f.labelText(u"note3"_s).contains(u"“Ours” is checked now"_s), qPrintable(f.labelText(u"note3"_s)));
        QCOMPARE(sets->currentText(), u"Ours"_s);
        QCOMPARE(f.pair(u"W1"_s)->state(), Glyph::Error); // 30 s of 10 s is less than five times.
        auto *preset = f.part<QAbstractButton>(u"preset-ours"_s);
        QVERIFY(preset);
        QTest::mouseClick(preset, Qt::LeftButton);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"50 s"_s);
        QCOMPARE(f.pair(u"W1"_s)->state(), Glyph::Ok);
    }

    void fileIsReadIntoTheDraft()
    {
        TimingPageFixture f;
        f.open();
        f.part<QPushButton>(u"timingFiles"_s)->menu()->actions().at(4)->trigger();
        QDialog *chooser = f.dialog(u"readTimingDialog"_s);
        QVERIFY(chooser);
        emit static_cast<QFileDialog *>(chooser)->fileSelected(u"/nowhere/.env"_s);
        chooser->close();
        TimingFileAnswer answer;
        answer.ok = true;
        answer.file.values.push_back({TimingId::HeartbeatInterval, u"HEARTBEAT_INTERVAL"_s, 5'000, 1, true});
        answer.file.values.push_back({TimingId::WorkerKeyTtl, u"REDIS_KEY_TTL"_s, 99'000, 2, false});
        answer.file.values.push_back({TimingId::WorkerKeyTtl, u"REDIS_KEY_TTL"_s, 60'000, 3, true});
        f.files.answer(answer);
        QCOMPARE(f.fieldText(TimingId::HeartbeatInterval), u"5 s"_s);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"60 s"_s);
        QTest::keyClick(f.page.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.fieldText(TimingId::HeartbeatInterval), u"10 s"_s);
        QCOMPARE(f.fieldText(TimingId::WorkerKeyTtl), u"30 s"_s);
    }
};

PULSEDECK_TEST(TimingApplyTest, runWithTheme)

#include "timingapply_test.moc"
