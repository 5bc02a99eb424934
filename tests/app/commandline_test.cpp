// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/commandline.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class CommandLineTest : public QObject
{
    Q_OBJECT

    static CommandLine parse(const QString &arguments)
    {
        return CommandLine::parse(u"pulsedeck "_s.append(arguments).split(u' ', Qt::SkipEmptyParts),
                                  {u"fleet"_s, u"connections"_s});
    }

private slots:
    void readsEverything()
    {
        const CommandLine line = parse(
            u"--demo --workers 1000 --actors 50000 --page connections --theme dark --size 1280x720 "
            "--screenshot out --screenshot-after 2.5 --exit-after 9 --fresh --read-only "
            "--journal j.sqlite --history h.sqlite --rules r.json --layout a.json --layout b.json redis://a unix:///b wss://c"_s);
        QCOMPARE(line.action, CommandLine::Action::Run);
        QVERIFY(line.demo && line.fresh);
        QCOMPARE(line.demoWorkers, 1'000);
        QCOMPARE(line.demoActors, 50'000);
        QCOMPARE(line.page, u"connections"_s);
        QCOMPARE(line.theme, u"dark"_s);
        QCOMPARE(line.size, QSize(1280, 720));
        QCOMPARE(line.screenshotFolder, u"out"_s);
        QCOMPARE(line.screenshotAfterSeconds, 2.5);
        QCOMPARE(line.exitAfterSeconds, 9.0);
        QVERIFY(line.readOnly);
        QCOMPARE(line.journalFile, u"j.sqlite"_s);
        QCOMPARE(line.historyFile, u"h.sqlite"_s);
        QCOMPARE(line.rulesFile, u"r.json"_s);
        QCOMPARE(line.layoutFiles, (QStringList{u"a.json"_s, u"b.json"_s}));
        QCOMPARE(line.urls, (QStringList{u"redis://a"_s, u"unix:///b"_s, u"wss://c"_s}));
    }

    void whatConcernsTheWholeProcessIsApart()
    {
        for (const QString &plain :
             {u""_s, u"redis://a"_s, u"--page fleet"_s, u"--theme dark --size 1280x720"_s, u"--new-window"_s})
            QVERIFY2(!parse(plain).isApart(), qPrintable(plain));
        for (const QString &apart :
             {u"--fresh"_s, u"--demo"_s, u"--read-only"_s, u"--journal none"_s, u"--history none"_s, u"--rules r.json"_s,
              u"--screenshot out"_s, u"--exit-after 3"_s, u"--timings"_s, u"--show-history a.sqlite"_s})
            QVERIFY2(parse(apart).isApart(), qPrintable(apart));
        QVERIFY(parse(u"--new-window"_s).newWindow);
        const CommandLine shows = parse(u"--show-history a.sqlite --page fleet"_s);
        QCOMPARE(shows.shownHistory, u"a.sqlite"_s);
        QVERIFY(shows.isTemporary());
        QVERIFY(parse(u"--demo"_s).isTemporary() && parse(u"--fresh"_s).isTemporary() && !parse(u"--read-only"_s).isTemporary());
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("page") << u"--page timing"_s << u"timing"_s;
        QTest::newRow("theme") << u"--theme pink"_s << u"--theme"_s;
        QTest::newRow("size") << u"--size large"_s << u"--size"_s;
        QTest::newRow("workers") << u"--demo --workers many"_s << u"--workers"_s;
        QTest::newRow("negative workers") << u"--demo --workers=-1"_s << u"--workers"_s;
        QTest::newRow("workers without demo") << u"--workers 5"_s << u"--demo"_s;
        QTest::newRow("actors") << u"--demo --actors some"_s << u"--actors"_s;
        QTest::newRow("too many actors") << u"--demo --actors 50001"_s << u"50000"_s;
        QTest::newRow("actors without demo") << u"--actors 5"_s << u"--demo"_s;
        QTest::newRow("seconds") << u"--exit-after soon"_s << u"--exit-after"_s;
        QTest::newRow("a file and a source") << u"--show-history a.sqlite redis://a"_s << u"--show-history"_s;
        QTest::newRow("a file and a demo") << u"--show-history a.sqlite --demo"_s << u"--show-history"_s;
        QTest::newRow("a file and another") << u"--show-history a.sqlite --history b.sqlite"_s << u"--show-history"_s;
        QTest::newRow("unknown option") << u"--frobnicate"_s << u"frobnicate"_s;
    }

    void saysWhatIsWrong()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, word);
        const CommandLine line = parse(arguments);
        QCOMPARE(line.action, CommandLine::Action::Wrong);
        QVERIFY2(line.text.contains(word), qPrintable(line.text));
    }

    void anUnknownOptionGetsOneSentence()
    {
        const CommandLine line = parse(u"--nonsense"_s);
        QCOMPARE(line.action, CommandLine::Action::Wrong);
        QVERIFY2(line.text.startsWith(u"Unknown option 'nonsense'.\n"_s), qPrintable(line.text));
    }

    void helpNamesTheProgram()
    {
        const QString text = parse(u"--help"_s).text;
        QVERIFY2(text.startsWith(u"Usage: pulsedeck "_s), qPrintable(text.left(80)));
        QVERIFY(!text.contains(u"executable_name"_s));
    }

    void helpNamesEveryOption()
    {
        const CommandLine line = parse(u"--help"_s);
        QCOMPARE(line.action, CommandLine::Action::PrintAndExit);
        for (const QString &option :
             {u"--demo"_s, u"--workers"_s, u"--actors"_s, u"ws://"_s, u"SIGNAL_HUB_URL"_s, u"SIGNAL_HUB_TOKEN"_s, u"--page"_s,
              u"--theme"_s, u"--size"_s, u"--screenshot"_s, u"--exit-after"_s, u"--read-only"_s, u"--journal"_s, u"--history"_s,
              u"--rules"_s, u"--version"_s, u"REDIS_URL"_s})
            QVERIFY2(line.text.contains(option), qPrintable(option));
    }
};

PULSEDECK_TEST(CommandLineTest, runWithEvents)
#include "commandline_test.moc"
