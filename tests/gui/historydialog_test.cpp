// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recordingimporter.h"
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/notehistory.h"
#include "tests/support/testapplication.h"
#include "ui/common/spanexportdialog.h"
#include "ui/common/tonelabel.h"
#include "ui/window/historydialog.h"
#include "ui/window/recordingimportdialog.h"
#include "ui/window/windowmenus.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

/// Notes what it is asked for.
class NotedImporter final : public RecordingImporter
{
public:
    quint64 start(const QString &recording, const QString &file) override
    {
        started.emplace_back(recording, file);
        return started.size();
    }
    void cancel(quint64 token) override { cancelled.push_back(token); }

    std::vector<std::pair<QString, QString>> started;
    std::vector<quint64> cancelled;
};

} // namespace

/// What is kept of the past, as the window says and sets it.
class HistoryDialogTest : public QObject
{
    Q_OBJECT

    static QString text(const QWidget &dialog, const QString &name) { return dialog.findChild<QLabel *>(name)->text(); }

private slots:
    void whatThereIsIsSaid()
    {
        WindowFixture f;
        NoteHistory history;
        history.held.recording = true;
        history.held.path = u"/data/history.sqlite"_s;
        history.held.from = f.clock.nowMs() - 7'200'000;
        history.held.to = f.clock.nowMs();
        history.held.bytes = 312'400'000;
        HistoryDialog dialog(&history, f.settings);
        dialog.show();
        QCOMPARE(text(dialog, u"historyState"_s), u"Recording"_s);
        const QString span = text(dialog, u"historySpan"_s);
        QVERIFY2(span.contains(u"313 MB of at most 1,000 MB"_s) || span.contains(u"313 MB of at most 1"_s), qPrintable(span));
        QVERIFY2(span.contains(u"kept for"_s), qPrintable(span));
        history.held.recording = false;
        history.held.message = u"There is no space left for the history."_s;
        history.held.hint = u"Free space."_s;
        history.held.lost = 7;
        emit history.stateChanged(history.held);
        QVERIFY(text(dialog, u"historyState"_s).startsWith(history.held.message));
        QVERIFY(text(dialog, u"historyState"_s).contains(u'7'));
    }

    void theLimitsAreSetAndKept()
    {
        WindowFixture f;
        NoteHistory history;
        HistoryDialog dialog(&history, f.settings);
        dialog.show();
        auto *hours = dialog.findChild<QSpinBox *>(u"historyHours"_s);
        auto *megabytes = dialog.findChild<QSpinBox *>(u"historyMegabytes"_s);
        auto *save = dialog.findChild<QPushButton *>(u"historySave"_s);
        QCOMPARE(hours->value(), 24);
        QCOMPARE(megabytes->value(), 1'000);
        QVERIFY(!save->isEnabled());
        hours->setValue(48);
        megabytes->setValue(2'500);
        QVERIFY(save->isEnabled());
        save->click();
        QCOMPARE(history.held.limits.keepForMs, 48LL * 3'600'000);
        QCOMPARE(history.held.limits.maxBytes, 2'500'000'000);
        QVERIFY(!save->isEnabled());
        const HistoryLimits kept = HistoryDialog::limitsIn(f.settings);
        QCOMPARE(kept.keepForMs, 48LL * 3'600'000);
        QCOMPARE(kept.maxBytes, 2'500'000'000);
        // What the settings file has of another kind is not taken.
        f.settings.setValue(HistoryDialog::keepKey, u"ever"_s);
        f.settings.setValue(HistoryDialog::sizeKey, -3);
        QCOMPARE(HistoryDialog::limitsIn(f.settings), HistoryLimits());
        f.settings.setValue(HistoryDialog::sizeKey, 1);
        QCOMPARE(HistoryDialog::limitsIn(f.settings).maxBytes, HistoryLimits::leastMaxBytes);
    }

    void aSpanIsExported()
    {
        WindowFixture f;
        NoteHistory history;
        const QString path = f.folder.filePath(u"span.sqlite"_s);
        SpanExportDialog dialog(history, 1'000, 2'000, path);
        dialog.show();
        QCOMPARE(history.exports.size(), size_t(1));
        QCOMPARE(history.exports[0].path, path);
        QCOMPARE(history.exports[0].from, 1'000);
        auto *bar = dialog.findChild<QProgressBar *>();
        auto *button = dialog.findChild<QPushButton *>(u"writeButton"_s);
        emit history.exportProgressed(history.exports[0].token, 40);
        emit history.exportProgressed(history.exports[0].token + 1, 90); // Another one's.
        QCOMPARE(bar->value(), 40);
        // Cancelled it waits for the answer.
        button->click();
        QCOMPARE(history.cancelled, std::vector<quint64>{history.exports[0].token});
        QVERIFY(dialog.isWriting() && !button->isEnabled());
        emit history.exported(history.exports[0].token, u"The export was cancelled."_s);
        QVERIFY(!dialog.isWriting() && !bar->isVisible());
        QCOMPARE(text(dialog, u"writeState"_s), u"The export was cancelled."_s);
        button->click();
        QVERIFY(!dialog.isVisible());
        // One that is closed in the middle is not written on.
        {
            SpanExportDialog closed(history, 1'000, 2'000, path);
        }
        QCOMPARE(history.cancelled.size(), size_t(2));
        SpanExportDialog whole(history, 1'000, 2'000, path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(2'400'000, 'x'));
        file.close();
        emit history.exported(history.exports.back().token, {});
        QVERIFY2(text(whole, u"writeState"_s).contains(u"2.4 MB"_s), qPrintable(text(whole, u"writeState"_s)));
        QVERIFY(!whole.isWriting());
    }

    void aRecordingIsImportedFromTheMenu()
    {
        WindowFixture f;
        NotedImporter importer;
        WindowContext context = f.context();
        QVERIFY(
            !MainWindow(context).findChild<WindowMenus *>()->importRecording->isEnabled()); // Without one nothing can be made.
        context.importer = &importer;
        f.window = std::make_unique<MainWindow>(context);
        f.window->show();
        QSignalSpy opened(f.window.get(), &MainWindow::historyFileRequested);
        f.window->findChild<WindowMenus *>()->importRecording->trigger();
        auto *question = f.window->findChild<QFileDialog *>(u"importRecordingDialog"_s);
        QVERIFY(question);
        emit question->fileSelected(f.folder.filePath(u"monday.pulsedeck"_s));
        QFileDialog *where = nullptr;
        for (QFileDialog *each : f.window->findChildren<QFileDialog *>()) {
            if (each != question)
                where = each;
        }
        QVERIFY(where);
        const QString path = f.folder.filePath(u"monday.sqlite"_s);
        QCOMPARE(QFileInfo(where->selectedFiles().value(0)).fileName(), u"monday.sqlite"_s);
        emit where->fileSelected(path);
        auto *dialog = f.window->findChild<RecordingImportDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(importer.started.size(), size_t(1));
        QCOMPARE(importer.started[0].first, f.folder.filePath(u"monday.pulsedeck"_s));
        QCOMPARE(importer.started[0].second, path);
        emit importer.progressed(1, 30);
        emit importer.progressed(2, 80); // Another one's.
        QCOMPARE(dialog->findChild<QProgressBar *>()->value(), 30);
        auto *open = dialog->findChild<QPushButton *>(u"openImported"_s);
        QVERIFY(!open->isVisible());
        emit importer.ended(1, {});
        QVERIFY(!dialog->isWriting() && open->isVisible());
        open->click();
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.at(0).at(0).toString(), path);
        QVERIFY(importer.cancelled.empty());
        // Cancelled, it says so, and there is nothing to open.
        RecordingImportDialog second(importer, u"/data/one.pulsedeck"_s, path);
        second.show();
        second.findChild<QPushButton *>(u"writeButton"_s)->click();
        QCOMPARE(importer.cancelled, std::vector<quint64>{2});
        emit importer.ended(2, u"The import was cancelled: no file was written."_s);
        QCOMPARE(text(second, u"writeState"_s), u"The import was cancelled: no file was written."_s);
        QVERIFY(!second.findChild<QPushButton *>(u"openImported"_s)->isVisible());
        {
            const RecordingImportDialog closed(importer, u"/data/one.pulsedeck"_s, path);
        }
        QCOMPARE(importer.cancelled, (std::vector<quint64>{2, 3}));
    }

    void allOfItIsExportedFromHere()
    {
        WindowFixture f;
        NoteHistory history;
        QWidget parent;
        HistoryDialog dialog(&history, f.settings, &parent);
        auto *button = dialog.findChild<QPushButton *>(u"historyExport"_s);
        QVERIFY(!button->isEnabled()); // It is empty.
        history.held.from = 1'800'000'000'000;
        history.held.to = history.held.from + 60'000;
        history.held.shown = true;
        history.held.path = u"/data/span.sqlite"_s;
        emit history.stateChanged(history.held);
        QVERIFY(text(dialog, u"historyState"_s).contains(u"nothing is recorded"_s));
        QVERIFY(!dialog.findChild<QSpinBox *>(u"historyHours"_s)->isEnabled());
        QVERIFY(button->isEnabled());
        button->click();
        auto *question = parent.findChild<QFileDialog *>();
        QVERIFY(question);
        emit question->fileSelected(f.folder.filePath(u"all.sqlite"_s));
        QCOMPARE(history.exports.size(), size_t(1));
        QCOMPARE(history.exports[0].from, history.held.from);
        QCOMPARE(history.exports[0].to, history.held.to + 1);
        QVERIFY(parent.findChild<SpanExportDialog *>());
    }

    void whoOnlyReadsCannotSetThem()
    {
        WindowFixture f;
        NoteHistory history;
        history.held.recorder = 1'234;
        HistoryDialog dialog(&history, f.settings);
        QVERIFY(text(dialog, u"historyState"_s).contains(u"1234"_s));
        QVERIFY(!dialog.findChild<QSpinBox *>(u"historyHours"_s)->isEnabled());
        HistoryDialog none(nullptr, f.settings);
        QVERIFY(!none.findChild<QPushButton *>(u"historySave"_s)->isEnabled());
        QVERIFY(!text(none, u"historyState"_s).isEmpty());
    }
};

PULSEDECK_TEST(HistoryDialogTest, runWithTheme)
#include "historydialog_test.moc"
