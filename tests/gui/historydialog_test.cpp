// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/cuttexts.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/notehistory.h"
#include "tests/support/testapplication.h"
#include "ui/common/spanexportdialog.h"
#include "ui/common/tonelabel.h"
#include "ui/window/historydialog.h"

#include <QFile>
#include <QFileDialog>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

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
        auto *button = dialog.findChild<QPushButton *>(u"exportButton"_s);
        emit history.exportProgressed(history.exports[0].token, 40);
        emit history.exportProgressed(history.exports[0].token + 1, 90); // Another one's.
        QCOMPARE(bar->value(), 40);
        // Cancelled it waits for the answer.
        button->click();
        QCOMPARE(history.cancelled, std::vector<quint64>{history.exports[0].token});
        QVERIFY(dialog.isWriting() && !button->isEnabled());
        emit history.exported(history.exports[0].token, u"The export was cancelled."_s);
        QVERIFY(!dialog.isWriting() && !bar->isVisible());
        QCOMPARE(text(dialog, u"exportState"_s), u"The export was cancelled."_s);
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
        QVERIFY2(text(whole, u"exportState"_s).contains(u"2.4 MB"_s), qPrintable(text(whole, u"exportState"_s)));
        QVERIFY(!whole.isWriting());
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
