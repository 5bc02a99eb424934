// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/reportjson.h"
#include "models/history/reportpage.h"
#include "models/history/reportpictures.h"
#include "models/history/reportwords.h"
#include "tests/support/patience.h"
#include "tests/support/spanscene.h"
#include "tests/support/testapplication.h"
#include "tests/support/testprogram.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timeline/reportpanel.h"
#include "ui/timeline/svgpicture.h"

#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class ReportPanelTest : public QObject
{
    Q_OBJECT

    static SpanScene scene()
    {
        SpanScene scene;
        scene.addFleet();
        for (int i = 170; i < 180; ++i)
            SpanScene::lose(scene.entries[size_t(i)], SpanScene::begins + 120'000 + i * 10);
        SpanScene::silence(scene.entries[3], SpanScene::begins + 90'000, SpanScene::begins + 200'000);
        SpanScene::drain(scene.entries[9], SpanScene::begins + 300'000);
        scene.event(SpanScene::begins + 60'000, "timing").text = u"Timing v12 applied"_s;
        return scene;
    }
    static QByteArray readAll(const QString &path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString textOf(const QWidget &panel)
    {
        QStringList texts;
        for (const ToneLabel *label : panel.findChildren<ToneLabel *>())
            texts.append(label->text());
        return texts.join(u'\n');
    }

    QTemporaryDir m_dir;

private slots:
    void showsWhatHappened()
    {
        const SpanScene past = scene();
        SceneHistory history(past);
        QSettings settings(m_dir.filePath(u"a.ini"_s), QSettings::IniFormat);
        auto *panel = new ReportPanel(history, SpanScene::scope(), settings);
        const QPointer<ReportPanel> alive(panel);
        panel->show();
        QVERIFY(!panel->findChild<QPushButton *>(u"copy"_s)->isEnabled());
        TRY_TRUE(panel->report());
        const QString text = textOf(*panel);
        QVERIFY(text.contains(u"10 of 10 lost workers are on host 10.4.2.17."_s));
        QVERIFY(text.contains(u"Timing v12 applied"_s));
        const auto pictures = panel->findChildren<SvgPicture *>();
        QCOMPARE(pictures.size(), 3);
        for (const SvgPicture *picture : pictures) {
            QVERIFY(picture->isValid());
            QVERIFY(picture->height() > 40);
        }
        if (const QString folder = qEnvironmentVariable("PULSEDECK_PICTURES"); !folder.isEmpty()) {
            for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
                Theme::instance().setChoice(choice);
                QCoreApplication::processEvents();
                panel->grab().save(folder + (choice == ThemeChoice::Dark ? u"/report-dark.png"_s : u"/report-light.png"_s));
            }
            QFile page(folder + u"/report.html"_s);
            QVERIFY(page.open(QFile::WriteOnly));
            page.write(reportPage(*panel->report()));
        }
        panel->findChild<QPushButton *>(u"copy"_s)->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), reportText(*panel->report()));
        panel->findChild<QPushButton *>(u"close"_s)->click();
        TRY_TRUE(!alive);
    }

    void exportsByItsButtons()
    {
        const SpanScene past = scene();
        SceneHistory history(past);
        QSettings settings(m_dir.filePath(u"b.ini"_s), QSettings::IniFormat);
        ReportPanel *panel = new ReportPanel(history, SpanScene::scope(), settings);
        panel->show();
        TRY_TRUE(panel->report());
        for (const char *button : {"exportPage", "exportJson"}) {
            const QString path = m_dir.filePath(QString::fromLatin1(button));
            panel->findChild<QPushButton *>(QString::fromLatin1(button))->click();
            auto *dialog = panel->findChild<QFileDialog *>();
            QVERIFY(dialog);
            QVERIFY(dialog->selectedFiles().constFirst().contains(u"what-happened-"_s));
            const QPointer<QFileDialog> open(dialog);
            emit dialog->fileSelected(path);
            dialog->close();
            TRY_TRUE(!open);
        }
        QCOMPARE(readAll(m_dir.filePath(u"exportPage"_s)), reportPage(*panel->report()));
        QCOMPARE(readAll(m_dir.filePath(u"exportJson"_s)), reportJson(*panel->report()));
        QCOMPARE(settings.value(u"timeline/exportFolder"_s).toString(), m_dir.path());
        panel->writePage(m_dir.filePath(u"not/there.html"_s));
        QVERIFY(panel->findChild<ToneLabel *>(u"status"_s)->text().contains(u"could not be written"_s));
        panel->close();
    }

    void saysWhyThereIsNothing()
    {
        SpanScene past;
        SceneHistory history(past);
        QSettings settings(m_dir.filePath(u"c.ini"_s), QSettings::IniFormat);
        history.failure = u"disk I/O error"_s;
        auto *failing = new ReportPanel(history, SpanScene::scope(), settings);
        TRY_TRUE(textOf(*failing).contains(u"disk I/O error"_s));
        QVERIFY(!failing->findChild<QPushButton *>(u"exportPage"_s)->isEnabled());
        failing->close();
        history.failure.clear();
        past.runs.clear();
        auto *blank = new ReportPanel(history, SpanScene::scope(), settings);
        TRY_TRUE(blank->report());
        QVERIFY(textOf(*blank).contains(u"Nothing was recorded in this time."_s));
        blank->close();
    }

    void closingWhileItReadsIsFine()
    {
        const SpanScene past = scene();
        SceneHistory history(past);
        QSettings settings(m_dir.filePath(u"d.ini"_s), QSettings::IniFormat);
        const QPointer<ReportPanel> panel(new ReportPanel(history, SpanScene::scope(), settings));
        panel->show();
        panel->close();
        TRY_TRUE(!panel);
        QCoreApplication::processEvents();
    }

    void coloursAreThoseOfTheTheme()
    {
        for (const bool dark : {true, false}) {
            const ThemeTokens tokens = Theme::tokensFor(dark);
            const std::pair<const char *, QColor> known[]{{"win", tokens.win},           {"base", tokens.base},
                                                          {"alt", tokens.alt},           {"line", tokens.line},
                                                          {"grid", tokens.grid},         {"text", tokens.text},
                                                          {"dim", tokens.dim},           {"faint", tokens.faint},
                                                          {"accent", tokens.accent},     {"aliveTick", tokens.aliveTick},
                                                          {"late", tokens.late},         {"lateFill", tokens.lateFill},
                                                          {"stale", tokens.stale},       {"drain", tokens.drain},
                                                          {"lateTint", tokens.lateTint}, {"zombie", tokens.zombie},
                                                          {"gone", tokens.gone}};
            QCOMPARE(std::size(known), reportColours.size());
            for (const ReportColour &colour : reportColours) {
                const auto token = std::find_if(std::begin(known), std::end(known),
                                                [&](const auto &one) { return qstrcmp(one.first, colour.name) == 0; });
                QVERIFY(token != std::end(known));
                QCOMPARE(token->second, QColor::fromRgb(dark ? colour.dark : colour.light));
            }
        }
    }
};

PULSEDECK_TEST(ReportPanelTest, runWithTheme)
#include "reportpanel_test.moc"
