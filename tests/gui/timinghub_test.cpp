// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/disktimingfiles.h"
#include "models/hub/hubstore.h"
#include "models/timing/measuredtiming.h"
#include "tests/gui/timingpagefixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"

#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QMenu>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr SourceId hubSource = 40;

/// A Timing page over true files, next to a hub that has been listed.
struct HubPage
{
    TimingPageFixture base;
    HubStore hubs{base.scene.clock};
    DiskTimingFiles disk{base.controller.library(), base.scene.clock};

    void addHub(int actors)
    {
        SourceSettings settings;
        settings.kind = SourceKind::Hub;
        settings.id = hubSource;
        settings.name = u"hub eu-1"_s;
        base.scene.sources.setSource(settings);
        base.scene.store.addSource(hubSource, settings.name);
        hubs.addHub(hubSource, settings.name);
        SourceStatus status;
        status.source = hubSource;
        status.state = SourceState::Sweeping;
        status.timing.name = u"as the hub shows it"_s;
        status.timing.hubServerHeartbeat = 300'000;
        base.scene.store.applyStatus(status);
        HubView view;
        view.source = hubSource;
        view.wholeSince = base.scene.clock.nowMs() - 500;
        view.total = actors;
        view.vitals.advertisedHeartbeatMs = 300'000;
        view.vitals.keptHeartbeatMs = 6'000;
        view.vitals.measuredHeartbeatMs = 6'010;
        hubs.takeView(view);
        FleetBatch batch;
        batch.source = hubSource;
        batch.at = base.scene.clock.nowMs();
        for (WorkerNumber number = 0; number < WorkerNumber(actors); ++number) {
            WorkerText text;
            text.number = number;
            text.id = "@(local/agent-" + QByteArray::number(number) + ')';
            batch.texts.append(text);
            WorkerSample sample;
            sample.number = number;
            sample.readAt = sample.beatAt = batch.at;
            sample.ttl = sample.learntTtl = 600'000;
            sample.keyPresent = sample.newBeat = true;
            batch.samples.append(sample);
        }
        base.scene.store.apply(batch);
    }

    void open()
    {
        base.page = std::make_unique<TimingPage>(TimingContext{base.scene.store, base.scene.sources, base.scene.clock,
                                                               base.settings, base.ledger, base.access, base.controller, &hubs},
                                                 &disk);
        base.page->resize(1445, 920);
        base.page->show();
        base.page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(base.page.get(), patience));
        base.controller.takeHistory(base.history());
    }

    QString path(const QString &name) const { return base.folder.filePath(name); }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
    }
    /// Chooses an entry of the Files menu, and a file in the dialog it opens.
    void chooseFile(const QString &entry, const QString &dialogName, const QString &file) const
    {
        for (QAction *action : base.part<QPushButton>(u"timingFiles"_s)->menu()->actions()) {
            if (action->text().contains(entry))
                action->trigger();
        }
        QDialog *chooser = base.dialog(dialogName);
        QVERIFY2(chooser, qPrintable(entry));
        emit static_cast<QFileDialog *>(chooser)->fileSelected(path(file));
        chooser->close();
    }
    QModelIndex cell(TimingId id, TimingColumn column) const
    {
        auto *table = base.page->findChild<TimingTable *>();
        auto *model = static_cast<TimingTableModel *>(table->model());
        return model->index(model->rowOf(id), int(column));
    }
};

} // namespace

class TimingHubTest : public QObject
{
    Q_OBJECT

private slots:
    void envFileIsReadEditedAndWritten()
    {
        HubPage p;
        const QByteArray before = "# lab\r\nexport HEARTBEAT_INTERVAL=5  # seconds\r\nREDIS_KEY_TTL=\"60\"\r\nOTHER=1";
        p.write(u"worker.env"_s, before);
        p.open();
        p.chooseFile(u"Read Values"_s, u"readTimingDialog"_s, u"worker.env"_s);
        QTRY_COMPARE_WITH_TIMEOUT(p.base.fieldText(TimingId::HeartbeatInterval), u"5 s"_s, 20'000);
        QCOMPARE(p.base.fieldText(TimingId::WorkerKeyTtl), u"60 s"_s);
        p.base.type(TimingId::WorkerKeyTtl, u"45"_s);
        p.chooseFile(u"Worker's"_s, u"exportTimingDialog"_s, u"worker.env"_s);
        QTRY_VERIFY_WITH_TIMEOUT(p.base.dialog(u"timingFileDialog"_s), 20'000);
        QCOMPARE(p.read(u"worker.env"_s), before); // Looking at the diff changes nothing.
        QDialog *dialog = p.base.dialog(u"timingFileDialog"_s);
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"fileWrite"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(p.base.labelText(u"note3"_s).contains(u"worker.env was written"_s), 20'000);
        QCOMPARE(p.read(u"worker.env"_s), QByteArray(before).replace("\"60\"", "\"45\""));
        const QStringList backups = QDir(p.base.folder.path()).entryList({u"worker.env.*backup*"_s});
        QCOMPARE(backups.size(), 1);
        QCOMPARE(p.read(backups.first()), before);
    }

    void wranglerTomlIsWrittenFromAHubsOwnValues()
    {
        HubPage p;
        p.addHub(3);
        const QByteArray before =
            "name = \"hub\"\n[vars]\n# ms\nHEARTBEAT_INTERVAL = \"300000\"\nDEFAULT_ACTOR_TTL = \"300000\"\n";
        p.write(u"wrangler.toml"_s, before);
        p.open();
        p.base.page->setSource(hubSource);
        p.base.type(TimingId::HubServerHeartbeat, u"30"_s);
        p.chooseFile(u"wrangler.toml"_s, u"exportTimingDialog"_s, u"wrangler.toml"_s);
        QTRY_VERIFY_WITH_TIMEOUT(p.base.dialog(u"timingFileDialog"_s), 20'000);
        QDialog *dialog = p.base.dialog(u"timingFileDialog"_s);
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"fileWrite"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(p.base.labelText(u"note3"_s).contains(u"wrangler.toml was written"_s), 20'000);
        QCOMPARE(p.read(u"wrangler.toml"_s), QByteArray(before).replace("INTERVAL = \"300000\"", "INTERVAL = \"30000\""));
    }

    void aFileThatCannotBeReadSaysWhy()
    {
        HubPage p;
        p.write(u"wrangler.toml"_s, "[vars\nHEARTBEAT_INTERVAL = \n");
        p.open();
        p.chooseFile(u"Read Values"_s, u"readTimingDialog"_s, u"wrangler.toml"_s);
        QTRY_VERIFY_WITH_TIMEOUT(p.base.labelText(u"note3"_s).contains(u"wrangler.toml"_s), 20'000);
        QVERIFY2(p.base.labelText(u"note3"_s).contains(u"line 1"_s), qPrintable(p.base.labelText(u"note3"_s)));
        QCOMPARE(p.base.fieldText(TimingId::HubServerHeartbeat), u"30 s"_s);
    }

    void hubsAreMeasuredBesideTheFleet()
    {
        HubPage p;
        p.addHub(3);
        p.open();
        const auto text = [&](TimingId id) { return p.cell(id, TimingColumn::Measured).data().toString(); };
        QCOMPARE(text(TimingId::HubServerHeartbeat), u"300.0 s"_s);
        QVERIFY(text(TimingId::HubClientHeartbeat).startsWith(u"6.01"_s));
        QCOMPARE(text(TimingId::HubActorTtl), u"600.0 s"_s);
        QCOMPARE(text(TimingId::HubTimeout), u"not seen"_s);
        QVERIFY(p.cell(TimingId::HubServerHeartbeat, TimingColumn::Measured)
                    .data(TimingTableModel::NoteRole)
                    .toString()
                    .contains(u"6 s kept"_s));
        // 25 s from each of three: every 8.3 s one of them speaks, which does not keep the hub awake with certainty.
        p.base.type(TimingId::HubClientHeartbeat, u"25"_s);
        const TimingFacts facts{3, 0, TimingDestination::Record};
        const TimingCheck check = checkTiming(TimingProfile(), p.base.controller.library().ruleSets.front(),
                                              p.base.controller.library().parameters, facts);
        const auto h6 = std::find_if(check.findings.begin(), check.findings.end(),
                                     [](const TimingFinding &finding) { return finding.rule == u"H6"_s; });
        QVERIFY(h6 != check.findings.end() && h6->applies && !h6->holds);
        QVERIFY2(p.base.labelText(u"fineCount"_s).startsWith(u"1 advice"_s), qPrintable(p.base.labelText(u"fineCount"_s)));
    }

    void reviewOfAHubCanOnlyBeClosed()
    {
        HubPage p;
        p.addHub(3);
        p.open();
        p.base.page->setSource(hubSource);
        QVERIFY2(p.base.labelText(u"draftState"_s).startsWith(u"as shown by the hub"_s),
                 qPrintable(p.base.labelText(u"draftState"_s)));
        p.base.type(TimingId::HubClientHeartbeat, u"5"_s);
        p.base.press(u"reviewChanges"_s);
        QDialog *dialog = p.base.dialog(u"reviewDialog"_s);
        QVERIFY(dialog);
        QString texts;
        for (const QLabel *label : dialog->findChildren<QLabel *>())
            texts += label->text() + u'\n';
        QVERIFY2(texts.contains(u"use Files to write the values to its wrangler.toml"_s), qPrintable(texts));
        QVERIFY2(!texts.contains(u"first version"_s) && !texts.contains(u"blocks Apply"_s), qPrintable(texts));
        // Only the range changes with the client's interval, and that is said.
        QVERIFY2(texts.contains(u"on average"_s) && !texts.contains(u"does not change"_s), qPrintable(texts));
        QVERIFY(!dialog->findChild<QLineEdit *>(u"reviewReason"_s)->isVisible());
        QVERIFY(!dialog->findChild<QPushButton *>(u"reviewApply"_s)->isVisible());
        QVERIFY(!dialog->findChild<QPushButton *>(u"reviewUnlock"_s)->isVisible());
        auto *close = dialog->findChild<QPushButton *>(u"reviewCancel"_s);
        QCOMPARE(close->text(), u"Close"_s);
        p.base.access.unlock(); // What changes of the rights brings nothing back.
        QVERIFY(!dialog->findChild<QPushButton *>(u"reviewApply"_s)->isVisible());
        QTest::mouseClick(close, Qt::LeftButton);
        QVERIFY(!p.base.dialog(u"reviewDialog"_s));
    }

    void aHubHasNoWorkersValues()
    {
        HubPage p;
        p.addHub(24);
        p.open();
        p.base.page->setSource(hubSource);
        auto *table = p.base.page->findChild<TimingTable *>();
        for (const TimingId id : allTimings)
            QCOMPARE(table->isRowHidden(static_cast<TimingTableModel *>(table->model())->rowOf(id)),
                     timingDomain(id) == TimingDomain::Workers);
        QVERIFY(!p.base.pair(u"W1"_s));
        QVERIFY(p.base.pair(u"H1"_s));
        // 24 actors at 25 s: somebody speaks every second.
        QVERIFY2(p.base.labelText(u"fineCount"_s).startsWith(u"4 fine"_s), qPrintable(p.base.labelText(u"fineCount"_s)));
        p.base.type(TimingId::HubTimeout, u"90"_s);
        QVERIFY2(p.base.labelText(u"applyState"_s).contains(u"wrangler.toml"_s), qPrintable(p.base.labelText(u"applyState"_s)));
        // Back at the fleet the workers' rows are there again.
        p.base.page->setSource(FleetScene::prod);
        QVERIFY(!table->isRowHidden(static_cast<TimingTableModel *>(table->model())->rowOf(TimingId::WorkerKeyTtl)));
        QVERIFY(p.base.pair(u"W1"_s));
    }
};

PULSEDECK_TEST(TimingHubTest, runWithTheme)

#include "timinghub_test.moc"
