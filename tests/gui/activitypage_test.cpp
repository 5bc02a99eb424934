// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"
#include "tests/gui/activityfixture.h"
#include "tests/support/testapplication.h"
#include "ui/activity/commandsteps.h"
#include "ui/activity/kindchip.h"
#include "ui/activity/recordingbanner.h"
#include "ui/common/emptynote.h"
#include "ui/common/filterchip.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFile>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QScopeGuard>
#include <QSignalSpy>

#include <ctime>

using namespace Qt::StringLiterals;

namespace pulsedeck {

using Fixture = ActivityFixture;

class ActivityPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().install(*qApp); }

    void listsNewestFirst();
    void searchesAsIsTyped();
    void choosesKindsByMouse();
    void choosesATimeRange();
    void showsMineOnly();
    void theDetailComesWithTheFirstEntryChosen();
    void showsAnEntryAndItsSteps();
    void narrowsFromTheDetail();
    void narrowsFromOutside();
    void movesByKeyboard();
    void copiesRows();
    void readsOn();
    void newsComeInAtTheTop();
    void newsWaitWhileReading();
    void timesGoOneWay();
    void showsOneZone();
    void saysWhenNothingIsRecorded();
    void saysWhenNothingMatches();
    void saysWithoutAJournal();
    void exports_data();
    void exports();
    void keepsTheRange();
    void fitsASmallWindow();
};

void ActivityPageTest::listsNewestFirst()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QCOMPARE(fixture.cell(0, JournalModel::Text), u"The key is gone"_s);
    QCOMPARE(fixture.cell(0, JournalModel::What), u"shutdown · gone"_s);
    QCOMPARE(fixture.cell(0, JournalModel::Who), u"anna@host"_s);
    QCOMPARE(fixture.cell(0, JournalModel::Worker), u"aaaaaaaa"_s);
    QCOMPARE(fixture.cell(6, JournalModel::Kind), u"timing"_s);
    // Another day is named.
    QVERIFY(fixture.cell(6, JournalModel::Time).size() > 8);
    QVERIFY(fixture.view()
                .model()
                ->index(6, JournalModel::Time)
                .data(Qt::ToolTipRole)
                .toString()
                .endsWith(zoneText(fixture.clock.nowMs())));
    QCOMPARE(fixture.toolbar().countText(), u"7 entries · kept 90 days"_s);
    QVERIFY(fixture.part<RecordingBanner>().isHidden());
    QVERIFY(!fixture.view().accessibleName().isEmpty());
}

void ActivityPageTest::searchesAsIsTyped()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QTest::keyClick(fixture.page.get(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(fixture.toolbar().searchLine().hasFocus());
    QTest::keyClicks(&fixture.toolbar().searchLine(), u"KERNEL gone"_s);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    QCOMPARE(fixture.toolbar().countText(), u"1 of 7 entries · kept 90 days"_s);
    QTest::keyClick(&fixture.toolbar().searchLine(), Qt::Key_Escape);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QVERIFY(fixture.toolbar().searchLine().text().isEmpty());
}

void ActivityPageTest::choosesKindsByMouse()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QTest::mouseClick(&fixture.toolbar().chip(JournalKind::Fleet), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    QTest::mouseClick(&fixture.toolbar().chip(JournalKind::Command), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 5, patience);
    QTest::mouseClick(&fixture.toolbar().chip(JournalKind::Fleet), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 4, patience);
    QTest::mouseClick(&fixture.toolbar().chip(JournalKind::Command), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
}

void ActivityPageTest::choosesATimeRange()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.toolbar().rangeBox().setFocus();
    QTest::keyClick(&fixture.toolbar().rangeBox(), Qt::Key_Down);
    QCOMPARE(fixture.toolbar().range(), ActivityToolbar::Range::LastHour);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 5, patience);
    QVERIFY(fixture.toolbar().fromEdit().isHidden());
    fixture.toolbar().setRange(ActivityToolbar::Range::Custom);
    QVERIFY(!fixture.toolbar().fromEdit().isHidden());
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(fixture.clock.nowMs());
    fixture.toolbar().fromEdit().setDateTime(now.addDays(-4));
    fixture.toolbar().untilEdit().setDateTime(now.addDays(-2));
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    QCOMPARE(fixture.cell(0, JournalModel::Kind), u"timing"_s);
}

void ActivityPageTest::showsMineOnly()
{
    Fixture fixture;
    fixture.fill();
    JournalEntry theirs = fixture.entry(JournalKind::Command, 10 * minute, beta, u"requested"_s, u"Not from this console."_s);
    theirs.by = u"ben@host"_s;
    fixture.journal->write({theirs});
    fixture.open();
    QVERIFY(!fixture.toolbar().mineButton().isVisible()); // Nobody has said who works here.
    fixture.page->setOperator(u"anna@host"_s);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 8, patience);
    QTest::mouseClick(&fixture.toolbar().mineButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 4, patience);
    for (int row = 0; row < 4; ++row)
        QCOMPARE(fixture.cell(row, JournalModel::Who), u"anna@host"_s);
    fixture.toolbar().mineButton().setFocus();
    QTest::keyClick(&fixture.toolbar().mineButton(), Qt::Key_Escape); // Clears the filter, this part of it too.
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 8, patience);
    QVERIFY(!fixture.toolbar().mineButton().isChecked());
}

/// Nothing is chosen: the list has the whole page.
void ActivityPageTest::theDetailComesWithTheFirstEntryChosen()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QVERIFY(fixture.detail().isHidden());
    const int before = fixture.view().width();
    fixture.click(1);
    QVERIFY(fixture.detail().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(fixture.view().width() < before, patience);
    fixture.page->resize(880, 600);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.detail().isHidden(), patience);
    fixture.page->resize(1'400, 700);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.detail().isVisible(), patience);
}

void ActivityPageTest::showsAnEntryAndItsSteps()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.click(1);
    EntryDetail &detail = fixture.detail();
    QCOMPARE(detail.fact(u"Text"_s), u"It says draining"_s);
    QCOMPARE(detail.fact(u"Reason"_s), u"kernel update"_s);
    QCOMPARE(detail.fact(u"Worker"_s), QString::fromLatin1(alpha));
    QCOMPARE(detail.fact(u"Command"_s), fixture.command.toString(QUuid::WithoutBraces));
    QVERIFY(!detail.fact(u"In UTC"_s).isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(detail.steps().count(), 4, patience);
    QVERIFY(detail.steps().stepText(0).startsWith(u"requested, "_s));
    QVERIFY(detail.steps().stepText(2).startsWith(u"picked up, "_s) && detail.steps().stepText(2).endsWith(u", +4.2 s"_s));
    // An entry that is no command has no steps and no worker's buttons.
    fixture.click(5);
    QVERIFY(detail.steps().isHidden());
    QVERIFY(detail.showWorkerButton().isHidden());
    QVERIFY(detail.fact(u"Command"_s).isEmpty());
}

void ActivityPageTest::narrowsFromTheDetail()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QSignalSpy asked(fixture.page.get(), &ActivityPage::recordedWorkerRequested);
    fixture.click(0);
    QTest::mouseClick(&fixture.detail().showWorkerButton(), Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().at(0).toString(), u"prod"_s);
    QCOMPARE(asked.first().at(1).toByteArray(), alpha);
    QTest::mouseClick(&fixture.detail().onlyCommandButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 4, patience);
    QCOMPARE(fixture.toolbar().narrowings().size(), 1);
    QVERIFY(fixture.toolbar().narrowings().first().startsWith(u"command:"_s));
    // The chip is the way out.
    QTest::mouseClick(fixture.page->findChild<FilterChip *>(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QVERIFY(fixture.toolbar().narrowings().isEmpty());
    fixture.click(4);
    QTest::mouseClick(&fixture.detail().onlyWorkerButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    QCOMPARE(fixture.toolbar().narrowings(), QStringList{u"worker:bbbbbbbb"_s});
}

void ActivityPageTest::narrowsFromOutside()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.toolbar().searchLine().setText(u"nothing of this"_s);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 0, patience);
    fixture.page->showWorker(beta);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    fixture.page->showGroup(fixture.group);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 4, patience);
}

void ActivityPageTest::movesByKeyboard()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.view().setFocus();
    QTest::keyClick(&fixture.view(), Qt::Key_Down);
    QTest::keyClick(&fixture.view(), Qt::Key_Down);
    QTest::keyClick(&fixture.view(), Qt::Key_Down);
    const int row = fixture.view().currentIndex().row();
    QVERIFY(row >= 2);
    QCOMPARE(fixture.detail().fact(u"Text"_s), fixture.cell(row, JournalModel::Text));
    QTest::keyClick(&fixture.view(), Qt::Key_Return);
    QVERIFY(fixture.detail().isAncestorOf(QApplication::focusWidget()));
    // Esc lets go of what is selected, then clears the filter.
    fixture.view().setFocus();
    QTest::keyClick(&fixture.view(), Qt::Key_Escape);
    QVERIFY(!fixture.view().selectionModel()->hasSelection());
    QVERIFY(fixture.detail().showWorkerButton().isHidden());
}

void ActivityPageTest::copiesRows()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.click(0);
    QTest::keyClick(&fixture.view(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(&fixture.view(), Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.first().contains(u"shutdown · gone"_s) && lines.first().contains(u"kernel update"_s));
    QVERIFY(lines.last().contains(u"picked up"_s));
}

void ActivityPageTest::readsOn()
{
    Fixture fixture;
    fixture.fill();
    QList<JournalEntry> many;
    for (int i = 0; i < 3'000; ++i)
        many.append(fixture.entry(JournalKind::Fleet, minute, beta, u"lost"_s, QString::number(i)));
    fixture.journal->write(many);
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), JournalModel::pageRows, patience);
    QCOMPARE(fixture.cell(0, JournalModel::Text), u"2999"_s);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.toolbar().countText(), u"3,007 entries · kept 90 days"_s, patience);
    fixture.view().setFocus();
    while (fixture.rows() < 3'007) {
        const int before = fixture.rows();
        QTest::keyClick(&fixture.view(), Qt::Key_End, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.rows() > before, patience);
    }
    QCOMPARE(fixture.cell(3'006, JournalModel::Kind), u"timing"_s);
    for (int i = 0; i < 3'000; ++i)
        QCOMPARE(fixture.cell(i, JournalModel::Text), QString::number(2'999 - i));
}

void ActivityPageTest::newsComeInAtTheTop()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.journal->write({fixture.entry(JournalKind::Fleet, 0, alpha, u"returned"_s, u"news"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 8, patience);
    QCOMPARE(fixture.cell(0, JournalModel::Text), u"news"_s);
    QVERIFY(fixture.newsButton().isHidden());
    // Of another console, too.
    SqlJournal other(fixture.path());
    other.write({fixture.entry(JournalKind::Fleet, 0, alpha, u"returned"_s, u"theirs"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 9, patience);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.toolbar().countText(), u"9 entries · kept 90 days"_s, patience);
    // What does not match does not come in.
    QTest::mouseClick(&fixture.toolbar().chip(JournalKind::Timing), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    fixture.journal->write({fixture.entry(JournalKind::Fleet, 0, alpha, u"lost"_s, u"no"_s),
                            fixture.entry(JournalKind::Timing, 0, {}, u"changed"_s, u"yes"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 2, patience);
    QCOMPARE(fixture.cell(0, JournalModel::Text), u"yes"_s);
}

void ActivityPageTest::newsWaitWhileReading()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    fixture.click(2);
    const QString read = fixture.detail().fact(u"Text"_s);
    fixture.journal->write({fixture.entry(JournalKind::Fleet, 0, alpha, u"lost"_s, u"one"_s),
                            fixture.entry(JournalKind::Fleet, 0, alpha, u"lost"_s, u"two"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.newsButton().isHidden(), patience);
    QCOMPARE(fixture.newsButton().text(), u"2 new"_s);
    QCOMPARE(fixture.rows(), 7);
    QCOMPARE(fixture.view().currentIndex().row(), 2);
    QCOMPARE(fixture.detail().fact(u"Text"_s), read);
    QTest::mouseClick(&fixture.newsButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 9, patience);
    QCOMPARE(fixture.cell(0, JournalModel::Text), u"two"_s);
    QVERIFY(fixture.newsButton().isHidden());
}

/// What is gathered before it is written takes its place among what was written meanwhile; a clock that was set moves nothing.
void ActivityPageTest::timesGoOneWay()
{
    Fixture fixture;
    fixture.journal = std::make_unique<SqlJournal>(fixture.path());
    const auto event = [&fixture](qint64 ago, const QString &text) {
        return fixture.entry(JournalKind::Fleet, ago, alpha, u"lost"_s, text);
    };
    fixture.journal->write({event(60 * minute, u"before the clock was set"_s), event(90 * minute, u"the clock was set back"_s),
                            event(5'000, u"1"_s), event(6'000, u"0"_s), event(4'000, u"2"_s)});
    fixture.open();
    const auto texts = [&fixture] {
        QStringList all;
        for (int row = 0; row < fixture.rows(); ++row)
            all.append(fixture.cell(row, JournalModel::Text));
        return all;
    };
    const QStringList older{u"the clock was set back"_s, u"before the clock was set"_s};
    QTRY_COMPARE_WITH_TIMEOUT(texts(), (QStringList{u"2"_s, u"1"_s, u"0"_s}) + older, patience);
    // News as well: one wave is told seconds after it began.
    fixture.journal->write({event(1'000, u"4"_s), event(4'500, u"1.5"_s), event(500, u"5"_s), event(1'500, u"3"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(texts(), (QStringList{u"5"_s, u"4"_s, u"3"_s, u"2"_s, u"1.5"_s, u"1"_s, u"0"_s}) + older, patience);
    // And what is read on after the first page.
    QList<JournalEntry> many;
    for (int i = 0; i < 500; ++i)
        many.append(event(60'000 - i * 10 + (i % 2) * 25, u"x"_s));
    fixture.journal->write(many);
    fixture.page.reset();
    fixture.open();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.rows() >= JournalModel::pageRows, patience);
    fixture.view().setFocus();
    while (fixture.rows() < 509) {
        const int before = fixture.rows();
        QTest::keyClick(&fixture.view(), Qt::Key_End, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.rows() > before, patience);
    }
    const auto *model = static_cast<const JournalModel *>(fixture.view().model());
    for (int row = 1; row < 500; ++row)
        QVERIFY2(model->entry(row).at <= model->entry(row - 1).at, qPrintable(QString::number(row)));
}

void ActivityPageTest::showsOneZone()
{
    const auto restore = qScopeGuard([zone = qgetenv("TZ"), had = qEnvironmentVariableIsSet("TZ")] {
        had ? qputenv("TZ", zone) : qunsetenv("TZ");
        ::tzset();
        setShownZone(ShownZone::Local);
    });
    qputenv("TZ", "Asia/Tokyo"); // Nine hours ahead all the year.
    ::tzset();
    Fixture fixture;
    // Yesterday: what is older than the journal keeps is removed.
    const QDate day = QDateTime::currentDateTimeUtc().date().addDays(-1);
    const QString shown = day.toString(Qt::ISODate);
    const qint64 noon = QDateTime(day, QTime(12, 0), Qt::UTC).toMSecsSinceEpoch();
    fixture.clock = StepClock(noon);
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    const auto heading = [&fixture] { return fixture.view().model()->headerData(JournalModel::Time, Qt::Horizontal).toString(); };
    QCOMPARE(fixture.cell(0, JournalModel::Time), u"20:21:00"_s);
    QCOMPARE(heading(), u"Time (JST)"_s);
    fixture.click(0);
    QCOMPARE(fixture.detail().fact(u"Time"_s), QString(shown + u" 20:21:00.000 JST"_s));
    fixture.toolbar().setRange(ActivityToolbar::Range::Custom);
    const qint64 from = fixture.toolbar().query().from;
    setShownZone(ShownZone::Utc);
    fixture.page->refreshTimes();
    QCOMPARE(fixture.cell(0, JournalModel::Time), u"11:21:00"_s);
    QCOMPARE(heading(), u"Time (UTC)"_s);
    QCOMPARE(fixture.detail().fact(u"Time"_s), QString(shown + u" 11:21:00.000 UTC"_s));
    // A range means the same moments.
    QCOMPARE(fixture.toolbar().query().from, from);
    QCOMPARE(fixture.toolbar().fromEdit().dateTime().time(), QTime(15, 0));
}

void ActivityPageTest::saysWhenNothingIsRecorded()
{
    Fixture fixture;
    QFile damaged(fixture.path());
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(QByteArray(10'000, 'x'));
    damaged.close();
    fixture.open();
    RecordingBanner &banner = fixture.part<RecordingBanner>();
    QTRY_VERIFY_WITH_TIMEOUT(!banner.isHidden(), patience);
    QVERIFY(banner.text().contains(fixture.path()) && banner.text().contains(u"damaged"_s) && banner.text().contains(u"Move"_s));
    QTRY_COMPARE_WITH_TIMEOUT(fixture.part<EmptyNote>().words().title, u"The activity cannot be read"_s, patience);
    // Out of the way, it goes on with the next entry, and the page with it.
    QVERIFY(damaged.rename(fixture.path() + u".old"_s));
    fixture.journal->write({fixture.entry(JournalKind::Console, 0, {}, u"started"_s, u"started"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(banner.isHidden(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 1, patience);
    QVERIFY(fixture.part<EmptyNote>().isHidden());
}

void ActivityPageTest::saysWhenNothingMatches()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QTest::keyClicks(&fixture.toolbar().searchLine(), u"zebra"_s);
    EmptyNote &note = fixture.part<EmptyNote>();
    QTRY_COMPARE_WITH_TIMEOUT(note.words().title, u"No entry matches"_s, patience);
    QTest::mouseClick(&note.button(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QVERIFY(note.isHidden());
}

void ActivityPageTest::saysWithoutAJournal()
{
    Fixture fixture;
    ActivityPage page(nullptr, fixture.clock, fixture.settings);
    page.resize(1200, 600);
    page.show();
    QVERIFY(page.findChild<RecordingBanner *>()->text().contains(u"Nothing is recorded"_s));
    QCOMPARE(page.findChild<EmptyNote *>()->words().title, u"Nothing is recorded"_s);
    QVERIFY(page.findChild<ActivityToolbar *>()->exportButton().isHidden());
}

void ActivityPageTest::exports_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("csv") << u"out.csv"_s;
    QTest::newRow("json") << u"out.json"_s;
}

void ActivityPageTest::exports()
{
    QFETCH(QString, name);
    Fixture fixture;
    fixture.fill();
    // More than one page of what is loaded and of what is written.
    QList<JournalEntry> many;
    for (int i = 0; i < 4'500; ++i)
        many.append(fixture.entry(JournalKind::Fleet, minute, beta, u"lost"_s, u"=many, %1"_s.arg(i)));
    fixture.journal->write(many);
    fixture.open();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), JournalModel::pageRows, patience);
    QTest::mouseClick(&fixture.toolbar().chip(JournalKind::Fleet), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.toolbar().countText().startsWith(u"4,501 of"_s), patience);
    QTest::mouseClick(&fixture.toolbar().exportButton(), Qt::LeftButton);
    auto *dialog = fixture.page->findChild<QFileDialog *>();
    QVERIFY(dialog);
    const QString path = fixture.folder.filePath(name);
    emit dialog->fileSelected(path);
    dialog->close();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path) && fixture.toolbar().exportButton().isEnabled(), patience);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    if (name.endsWith(u".json"_s)) {
        const QJsonArray array = QJsonDocument::fromJson(text).array();
        QCOMPARE(array.size(), 4'501);
        QCOMPARE(array.first().toObject().value(u"text"_s).toString(), u"=many, 4499"_s);
        QCOMPARE(array.last().toObject().value(u"step"_s).toString(), u"lost"_s);
        QVERIFY(array.first().toObject().value(u"at"_s).toString().endsWith(u'Z'));
        return;
    }
    const QByteArrayList lines = text.split('\n');
    QCOMPARE(lines.size(), 4'503); // With a heading, and nothing after the last line end.
    QVERIFY(lines.first().startsWith("at,kind,"));
    // No spreadsheet takes it for a formula.
    QVERIFY2(lines.at(1).contains("\"'=many, 4499\""), lines.at(1).constData());
    QVERIFY(lines.at(4'501).contains("was lost"));
}

void ActivityPageTest::keepsTheRange()
{
    Fixture fixture;
    fixture.fill();
    fixture.open();
    fixture.toolbar().setRange(ActivityToolbar::Range::SevenDays);
    fixture.page.reset();
    fixture.open();
    QCOMPARE(fixture.toolbar().range(), ActivityToolbar::Range::SevenDays);
}

void ActivityPageTest::fitsASmallWindow()
{
    Fixture fixture;
    fixture.fill();
    fixture.open({880, 600});
    QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(), 7, patience);
    QVERIFY(fixture.page->minimumSizeHint().width() <= 880);
    QVERIFY(fixture.detail().isHidden());
    QVERIFY(fixture.view().isColumnHidden(JournalModel::Reason));
    fixture.view().setFocus();
    fixture.click(0);
    QTest::keyClick(&fixture.view(), Qt::Key_Return);
    QVERIFY(!fixture.detail().isHidden());
    fixture.page->resize(1700, 700);
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.view().isColumnHidden(JournalModel::Reason), patience);
}

} // namespace pulsedeck

using pulsedeck::ActivityPageTest;
PULSEDECK_TEST(ActivityPageTest, pulsedeck::runWithWidgets)
#include "activitypage_test.moc"
