// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingproposal.h"

#include <QRandomGenerator>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using Kind = TimingFileText::Kind;

/// Environment files and wrangler.toml of many shapes: what is read of them, and that an edit changes the bytes of its
/// value alone.
class TimingFileTest : public QObject
{
    Q_OBJECT

    static const TimingLibrary &library() { return TimingLibrary::builtIn(); }
    static TimingFileReading read(const QString &path, const QByteArray &text)
    {
        return readTimingFile(path, text, library());
    }

    static QString inForce(const TimingFileReading &reading)
    {
        QStringList words;
        for (const TimingFileText::Value &value : reading.file.values)
            words.append(
                u"%1%2:%3=%4"_s.arg(value.inForce ? u""_s : u"("_s).arg(value.line).arg(value.variable).arg(value.ms)
                + (value.inForce ? u""_s : u")"_s));
        return words.join(u' ');
    }

    /// The text with these values set, or what is wrong.
    static QByteArray set(const TimingFileReading &reading, const std::vector<TimingChange> &changes)
    {
        TimingProfile profile = profileOf(reading.file, TimingProfile());
        for (const TimingChange &change : changes)
            setTimingValue(profile, change.id, change.ms);
        QByteArray text;
        QString error;
        return setTimingValues(reading, profile, library(), &text, &error) ? text : "error: " + error.toUtf8();
    }

private slots:
    void shapes_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("values"); ///< Line, variable, ms; in brackets what is not in force.
        QTest::addColumn<QString>("lines"); ///< Of problems.

        QTest::newRow("plain") << u"worker.env"_s
                               << QByteArray("REDIS_URL=redis://:pass@h:1/0\nHEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL=30\n")
                               << u"2:HEARTBEAT_INTERVAL=10000 3:REDIS_KEY_TTL=30000"_s << QString();
        QTest::newRow("quotes") << u".env"_s
                                << QByteArray(
                                       "HEARTBEAT_INTERVAL=\"10\"\nREDIS_KEY_TTL='30'\nSHUTDOWN_COMMAND_TTL=` 60 `\n")
                                << u"1:HEARTBEAT_INTERVAL=10000 2:REDIS_KEY_TTL=30000 3:SHUTDOWN_COMMAND_TTL=60000"_s
                                << QString();
        QTest::newRow("exports, spaces, order")
            << u"proxy.env"_s
            << QByteArray("  export REAPER_RUN_INTERVAL = 300\n\texport\tSHUTDOWN_COMMAND_TTL=60\t\nOTHER=1\n")
            << u"1:REAPER_RUN_INTERVAL=300000 2:SHUTDOWN_COMMAND_TTL=60000"_s << QString();
        QTest::newRow("comments")
            << u"worker.env"_s
            << QByteArray(
                   "# HEARTBEAT_INTERVAL=99\n\nHEARTBEAT_INTERVAL=10 # seconds, was 15\nREDIS_KEY_TTL=\"30\"#no\n"
                   "REDIS_KEY_TTL=\"45\"   # yes = 3\n#end")
            << u"3:HEARTBEAT_INTERVAL=10000 (4:REDIS_KEY_TTL=30000) 5:REDIS_KEY_TTL=45000"_s << QString();
        QTest::newRow("CRLF") << u"worker.env"_s
                              << QByteArray("A=b\r\nHEARTBEAT_INTERVAL=10\r\n\r\nREDIS_KEY_TTL='30' \r\nZ=\r\n")
                              << u"2:HEARTBEAT_INTERVAL=10000 4:REDIS_KEY_TTL=30000"_s << QString();
        QTest::newRow("no final newline") << u"worker.env"_s << QByteArray("REDIS_KEY_TTL=30\nHEARTBEAT_INTERVAL=10")
                                          << u"1:REDIS_KEY_TTL=30000 2:HEARTBEAT_INTERVAL=10000"_s << QString();
        QTest::newRow("twice: the last counts")
            << u"worker.env"_s
            << QByteArray("HEARTBEAT_INTERVAL=5\nX=1\nHEARTBEAT_INTERVAL=\"10\"\nREDIS_KEY_TTL=030\n")
            << u"(1:HEARTBEAT_INTERVAL=5000) 3:HEARTBEAT_INTERVAL=10000 4:REDIS_KEY_TTL=30000"_s << QString();
        QTest::newRow("several lines in quotes")
            << u"worker.env"_s
            << QByteArray("KEY=\"-----BEGIN\nHEARTBEAT_INTERVAL=1\n\\\"x\n-----END\"\nHEARTBEAT_INTERVAL=10\n"
                          "NOTE='it''s\nTWO=\"open\nREDIS_KEY_TTL=30\n")
            << u"5:HEARTBEAT_INTERVAL=10000 8:REDIS_KEY_TTL=30000"_s << QString();
        QTest::newRow("byte order mark and other letters")
            << u"worker.env"_s
            << QByteArray("\xef\xbb\xbfHEARTBEAT_INTERVAL=10 # zehn für Köln\nNAME=\"Grüße\"\nREDIS_KEY_TTL=30\n")
            << u"1:HEARTBEAT_INTERVAL=10000 3:REDIS_KEY_TTL=30000"_s << QString();
        QTest::newRow("what cannot be read is named")
            << u"worker.env"_s
            << QByteArray("HEARTBEAT_INTERVAL=ten\nREDIS_KEY_TTL=${TTL:-30}\nREAPER_RUN_INTERVAL=\n"
                          "SHUTDOWN_COMMAND_TTL=2.5\n")
            << QString() << u"1 2 3 4"_s;
        QTest::newRow("zero, negative, overflow")
            << u"worker.env"_s
            << QByteArray("HEARTBEAT_INTERVAL=0\nREDIS_KEY_TTL=-5\nSHUTDOWN_COMMAND_TTL=99999999999999999999\n")
            << u"1:HEARTBEAT_INTERVAL=0 2:REDIS_KEY_TTL=-5000"_s << u"3"_s;
        QTest::newRow("longer names are others")
            << u"worker.env"_s
            << QByteArray("MY_HEARTBEAT_INTERVAL=1\nHEARTBEAT_INTERVAL_MS=1\nHEARTBEAT_INTERVAL=10\nREDIS_KEY_TTL 30\n")
            << u"3:HEARTBEAT_INTERVAL=10000"_s << QString();
        QTest::newRow("wrangler's own environment file")
            << u".dev.vars"_s << QByteArray("HEARTBEAT_INTERVAL=30000\nDEFAULT_ACTOR_TTL=\"300000\"\n")
            << u"1:HEARTBEAT_INTERVAL=30000 2:DEFAULT_ACTOR_TTL=300000"_s << QString();

        QTest::newRow("toml: plain") << u"wrangler.toml"_s
                                     << QByteArray("name = \"hub\" # the hub\n\n[vars]\nHEARTBEAT_INTERVAL = \"30000\" "
                                                   "  # ms\nDEFAULT_ACTOR_TTL='300000'\n")
                                     << u"4:HEARTBEAT_INTERVAL=30000 5:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: seconds win")
            << u"wrangler.toml"_s
            << QByteArray("[vars]\nHEARTBEAT_INTERVAL = \"25000\"\nHB_INTERVAL_SECONDS = \"30\"\n")
            << u"3:HB_INTERVAL_SECONDS=30000 (2:HEARTBEAT_INTERVAL=25000)"_s << QString();
        QTest::newRow("toml: sections")
            << u"wrangler.toml"_s
            << QByteArray(
                   "[vars]\nDEFAULT_ACTOR_TTL = \"300000\"\n\n[env.production]\nname = \"p\"\n[env.production.vars]\n"
                   "DEFAULT_ACTOR_TTL = \"600000\"\n[env.staging.vars]\nDEFAULT_ACTOR_TTL = \"60000\"\n")
            << u"2:DEFAULT_ACTOR_TTL=300000 (7:DEFAULT_ACTOR_TTL [env.production.vars]=600000) "
               u"(9:DEFAULT_ACTOR_TTL [env.staging.vars]=60000)"_s
            << QString();
        QTest::newRow("toml: inline table and dotted keys")
            << u"wrangler.toml"_s
            << QByteArray("vars = { HEARTBEAT_INTERVAL = \"30000\", OTHER = \"x\", DEFAULT_ACTOR_TTL = '''300000''' }\n"
                          "env.a.vars.DEFAULT_ACTOR_TTL = \"1000\"\n")
            << u"1:HEARTBEAT_INTERVAL=30000 1:DEFAULT_ACTOR_TTL=300000 (2:DEFAULT_ACTOR_TTL [env.a.vars]=1000)"_s
            << QString();
        QTest::newRow("toml: dotted vars")
            << u"w.toml"_s << QByteArray("vars.HEARTBEAT_INTERVAL=\"30000\"\nvars . \"DEFAULT_ACTOR_TTL\" = \"300000\"")
            << u"1:HEARTBEAT_INTERVAL=30000 2:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: several lines in quotes")
            << u"wrangler.toml"_s
            << QByteArray("text = \"\"\"\n[vars]\nHEARTBEAT_INTERVAL = \"1\"\n\"\"\"\n[vars]\nHEARTBEAT_INTERVAL = "
                          "\"\"\"\n30000\"\"\"\n"
                          "DEFAULT_ACTOR_TTL = '''\n300000\n'''\n")
            << u"6:HEARTBEAT_INTERVAL=30000 8:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: numbers")
            << u"wrangler.toml"_s
            << QByteArray("[vars]\nHB_INTERVAL_SECONDS = 30\nDEFAULT_ACTOR_TTL = 300_000 # five minutes\n")
            << u"2:HB_INTERVAL_SECONDS=30000 3:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: CRLF, other letters, no final newline")
            << u"wrangler.toml"_s
            << QByteArray(
                   "# Grüße\r\n[vars]\r\nCITY = \"Köln\"\r\nNOTE={a=\"äöü\", b=1}\r\nHEARTBEAT_INTERVAL = \"30000\"\r\n"
                   "\"DEFAULT_ACTOR_TTL\" = \"300000\"")
            << u"5:HEARTBEAT_INTERVAL=30000 6:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: other letters in the line")
            << u"wrangler.toml"_s
            << QByteArray("vars = { \"Größe 🐦\" = \"ä€🐦\", HEARTBEAT_INTERVAL = \"30000\" } # ü\n")
            << u"1:HEARTBEAT_INTERVAL=30000"_s << QString();
        QTest::newRow("toml: byte order mark")
            << u"wrangler.toml"_s << QByteArray("\xef\xbb\xbfvars.HEARTBEAT_INTERVAL = \"30000\"\n")
            << u"1:HEARTBEAT_INTERVAL=30000"_s << QString();
        QTest::newRow("toml: what cannot be read is named")
            << u"wrangler.toml"_s
            << QByteArray("[vars]\nHEARTBEAT_INTERVAL = 30.5\nDEFAULT_ACTOR_TTL = \"5 min\"\n[env.p.vars]\n"
                          "DEFAULT_ACTOR_TTL = \"3\\u0030\"\n")
            << QString() << u"2 3 5"_s;
        QTest::newRow("toml: nothing of ours")
            << u"wrangler.toml"_s << QByteArray("name = \"x\"\nvars = 3\nenv = [1]\n") << QString() << QString();
    }

    void shapes()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, values);
        QFETCH(QString, lines);
        const TimingFileReading reading = read(path, text);
        QCOMPARE(reading.error, QString());
        QCOMPARE(inForce(reading), values);
        QStringList problemLines;
        for (const TimingFileText::Problem &problem : reading.file.problems) {
            problemLines.append(QString::number(problem.line));
            QVERIFY(!problem.text.isEmpty());
        }
        QCOMPARE(problemLines.join(u' '), lines);
        QCOMPARE(reading.file.text, text);
        QCOMPARE(reading.places.size(), reading.file.values.size());

        // With nothing changed it stays as it is, byte for byte.
        QCOMPARE(set(reading, {}), text);

        // Each value alone, shorter and longer: nothing but the number's bytes change.
        for (size_t i = 0; i < reading.file.values.size(); ++i) {
            const TimingFileText::Value &value = reading.file.values[i];
            if (!value.inForce)
                continue;
            for (const qint64 ms : {qint64(7'000), qint64(123'456'000)}) {
                const TimingFileReading again = read(path, set(reading, {{value.id, ms}}));
                QCOMPARE(again.error, QString());
                QCOMPARE(again.file.values.size(), reading.file.values.size());
                QByteArray rest = again.file.text;
                QByteArray restBefore = text;
                for (size_t j = again.file.values.size(); j-- > 0;) {
                    const bool touched = j == i || (again.file.values[j].id == value.id && reading.places[j].follows);
                    QCOMPARE(again.file.values[j].ms, touched ? ms : reading.file.values[j].ms);
                    QCOMPARE(again.file.values[j].inForce, reading.file.values[j].inForce);
                }
                // Cut the numbers out of both, from the last on: what is left has to be the same.
                const auto cut = [](QByteArray &from, std::vector<TimingFileReading::Place> places) {
                    std::sort(places.begin(), places.end(),
                              [](const auto &a, const auto &b) { return a.from > b.from; });
                    for (const TimingFileReading::Place &place : places)
                        from.remove(place.from, place.length);
                };
                cut(rest, again.places);
                cut(restBefore, reading.places);
                QCOMPARE(rest, restBefore);
            }
        }
    }

    void oneEditInFull()
    {
        const QByteArray env(
            "# worker\r\nexport HEARTBEAT_INTERVAL = \"10\" # s\r\nHEARTBEAT_INTERVAL='5'\r\nREDIS_KEY_TTL=30");
        QCOMPARE(
            set(read(u"worker.env"_s, env), {{TimingId::HeartbeatInterval, 20'000}, {TimingId::WorkerKeyTtl, 120'000}}),
            QByteArray(
                "# worker\r\nexport HEARTBEAT_INTERVAL = \"10\" # s\r\nHEARTBEAT_INTERVAL='20'\r\nREDIS_KEY_TTL=120"));
        const QByteArray toml("[vars]\nHB_INTERVAL_SECONDS = \"30\"\nHEARTBEAT_INTERVAL = '25000' # "
                              "old\n[env.p.vars]\nHB_INTERVAL_SECONDS = 9\n");
        QCOMPARE(set(read(u"wrangler.toml"_s, toml), {{TimingId::HubServerHeartbeat, 45'000}}),
                 QByteArray("[vars]\nHB_INTERVAL_SECONDS = \"45\"\nHEARTBEAT_INTERVAL = '45000' # "
                            "old\n[env.p.vars]\nHB_INTERVAL_SECONDS = 9\n"));
    }

    void whatAUnitCannotHoldIsRefusedAndNotRounded()
    {
        const TimingFileReading env = read(u"worker.env"_s, "HEARTBEAT_INTERVAL=10\n");
        const QByteArray refused = set(env, {{TimingId::HeartbeatInterval, 2'500}});
        QVERIFY2(refused.startsWith("error: Heartbeat interval: HEARTBEAT_INTERVAL counts whole seconds"), refused);
        const TimingFileReading toml = read(u"wrangler.toml"_s, "[vars]\nHEARTBEAT_INTERVAL = \"30000\"\n");
        QCOMPARE(set(toml, {{TimingId::HubServerHeartbeat, 2'500}}),
                 QByteArray("[vars]\nHEARTBEAT_INTERVAL = \"2500\"\n"));
        const TimingFileReading both =
            read(u"wrangler.toml"_s, "[vars]\nHEARTBEAT_INTERVAL = \"30000\"\nHB_INTERVAL_SECONDS = \"30\"\n");
        QVERIFY(set(both, {{TimingId::HubServerHeartbeat, 2'500}}).startsWith("error: "));
    }

    void whateverStandsInItNothingElseChanges()
    {
        const QByteArrayList pieces{"HEARTBEAT_INTERVAL",
                                    "REDIS_KEY_TTL",
                                    "DEFAULT_ACTOR_TTL",
                                    "[vars]",
                                    "[env.a.vars]",
                                    "export ",
                                    "=",
                                    " = ",
                                    "10",
                                    "\"30000\"",
                                    "'30'",
                                    "\"",
                                    "'",
                                    "`",
                                    "\"\"\"",
                                    "\\",
                                    "#",
                                    " ",
                                    "\t",
                                    "\n",
                                    "\r\n",
                                    "\r",
                                    "x",
                                    "\xc3\xa4",
                                    "{",
                                    "}",
                                    ",",
                                    "\xff",
                                    "\nHEARTBEAT_INTERVAL=10",
                                    "\nREDIS_KEY_TTL = '30' #",
                                    "\nexport HEARTBEAT_INTERVAL=\"5\"\n",
                                    "\n[vars]\n",
                                    "\nHEARTBEAT_INTERVAL = \"30000\"\n",
                                    "\nHB_INTERVAL_SECONDS=30\n",
                                    "\nDEFAULT_ACTOR_TTL='9'#\n"};
        QRandomGenerator random(4711);
        int edited = 0;
        for (int round = 0; round < 40'000; ++round) {
            QByteArray text;
            const int length = int(random.bounded(8));
            for (int i = 0; i < length; ++i) {
                const bool whole = random.bounded(2) == 0; // Lines that make sense, among much that does not.
                text += pieces.at(whole ? pieces.size() - 1 - qsizetype(random.bounded(7))
                                        : qsizetype(random.bounded(quint32(pieces.size()))));
            }
            const QString path = round % 2 ? u"worker.env"_s : u"wrangler.toml"_s;
            const TimingFileReading reading = read(path, text);
            if (!reading.error.isEmpty())
                continue;
            QCOMPARE(set(reading, {}), text);
            std::vector<TimingChange> changes;
            for (const TimingFileText::Value &value : reading.file.values) {
                if (value.inForce)
                    changes.push_back({value.id, 77'000});
            }
            const QByteArray changed = set(reading, changes);
            const TimingFileReading again = read(path, changed);
            QVERIFY2(again.error.isEmpty() && again.file.values.size() == reading.file.values.size(),
                     text.toPercentEncoding());
            for (const TimingFileText::Value &value : again.file.values)
                QVERIFY2(!value.inForce || value.ms == 77'000, text.toPercentEncoding());
            edited += !changes.empty();
        }
        QVERIFY2(edited > 500, qPrintable(QString::number(edited)));
    }

    void brokenTomlIsToldWithItsLine()
    {
        const TimingFileReading reading =
            read(u"wrangler.toml"_s, "name = \"x\"\n[vars\nHEARTBEAT_INTERVAL = \"30000\"\n");
        QVERIFY2(reading.error.startsWith(u"line 2: "), qPrintable(reading.error));
        TimingFileAnswer answer;
        QVERIFY(!makeProposal(reading, TimingProfile(), library(), &answer));
        QVERIFY(!answer.ok);
        QCOMPARE(answer.error, reading.error);
        QVERIFY(!read(u"wrangler.toml"_s, "a = 1\na = 2\n").error.isEmpty());
        QVERIFY(!read(u"wrangler.toml"_s, QByteArray("\xff\xfe[\0v\0", 6)).error.isEmpty());
    }

    void theKindIsToldByNameAndContent_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("kind");
        QTest::newRow("toml") << u"/a/Wrangler.TOML"_s << QByteArray() << int(Kind::Wrangler);
        QTest::newRow("worker") << u"/a/worker.env"_s << QByteArray("SHUTDOWN_COMMAND_TTL=1") << int(Kind::WorkerEnv);
        QTest::newRow("proxy") << u"/a/.env.proxy"_s << QByteArray() << int(Kind::ProxyEnv);
        QTest::newRow("content") << u"/a/.env"_s << QByteArray("REAPER_RUN_INTERVAL=5\n") << int(Kind::ProxyEnv);
        QTest::newRow("both") << u"/a/.env"_s << QByteArray("REAPER_RUN_INTERVAL=5\nREDIS_KEY_TTL=3\n")
                              << int(Kind::WorkerEnv);
        QTest::newRow("content only") << u"/a/settings"_s << QByteArray("REDIS_KEY_TTL=3\n") << int(Kind::WorkerEnv);
        QTest::newRow("none") << u"/a/README.md"_s << QByteArray("hello\n") << -1;
    }

    void theKindIsToldByNameAndContent()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(int, kind);
        const auto told = timingFileKind(path, text, library());
        QCOMPARE(told ? int(*told) : -1, kind);
        QCOMPARE(read(path, text).error.isEmpty(), kind >= 0);
    }

    void theDiffShowsTwoLinesAround()
    {
        const QByteArray text("a\nb\nc\nHEARTBEAT_INTERVAL=10\nd\nREDIS_KEY_TTL=30\ne\nf\ng\n");
        const std::vector<TimingDiffLine> diff =
            lineDiff(text, set(read(u"worker.env"_s, text),
                               {{TimingId::HeartbeatInterval, 20'000}, {TimingId::WorkerKeyTtl, 60'000}}));
        QStringList shown;
        for (const TimingDiffLine &line : diff) {
            const QChar mark = line.kind == TimingDiffLine::Kind::Context   ? u' '
                               : line.kind == TimingDiffLine::Kind::Removed ? u'-'
                                                                            : u'+';
            shown.append(QString(mark) + QString::number(line.line) + u' ' + line.text);
        }
        QCOMPARE(shown,
                 QStringList({u" 2 b"_s, u" 3 c"_s, u"-4 HEARTBEAT_INTERVAL=10"_s, u"+4 HEARTBEAT_INTERVAL=20"_s,
                              u" 5 d"_s, u"-6 REDIS_KEY_TTL=30"_s, u"+6 REDIS_KEY_TTL=60"_s, u" 7 e"_s, u" 8 f"_s}));
        QVERIFY(lineDiff(text, text).empty());
        QCOMPARE(lineDiff("A=1\n", "A=2\n").size(), size_t(2));
    }

    void valuesBesideTheChangeAreNotShown()
    {
        const auto shown = [](const QString &path, const QByteArray &text) {
            TimingFileAnswer answer;
            TimingProfile profile;
            profile.heartbeatInterval = 20'000;
            profile.hubServerHeartbeat = 45'000;
            if (!makeProposal(read(path, text), profile, library(), &answer))
                return answer.error;
            QStringList lines;
            for (const TimingDiffLine &line : answer.diff) {
                if (line.kind == TimingDiffLine::Kind::Context)
                    lines.append(line.text);
            }
            return lines.join(u'|');
        };
        QCOMPARE(shown(u"worker.env"_s, "REDIS_URL=redis://:s3cret@h\nREDIS_KEY_TTL=30\nHEARTBEAT_INTERVAL=10\n"
                                        "export TOKEN = \"s3cret\"\n# OLD_TOKEN=s3cret\n"),
                 u"REDIS_URL=…|REDIS_KEY_TTL=30|export TOKEN = …|# OLD_TOKEN=…"_s);
        QCOMPARE(shown(u"worker.env"_s, "KEY=\"-----BEGIN\ns3cret\nx\"\nHEARTBEAT_INTERVAL=10\n# plain words\n\n"),
                 u"…|…|# plain words|"_s);
        for (const char *const end : {"Zm9vYmFy=", "Zm9vYmFy==", "ab/cd+==", "[s3cret=]", "[\"s3cret\"]"}) // The last line of a key.
            QCOMPARE(shown(u"worker.env"_s, QByteArray("KEY=\"-----BEGIN\n") + end + "\nHEARTBEAT_INTERVAL=10\n"), u"KEY=…|…"_s);
        QCOMPARE(shown(u"wrangler.toml"_s, "[vars]\nTOKEN = \"s3cret\"\nHEARTBEAT_INTERVAL = \"30000\"\nvars2.x = 's3cret'\n"),
                 u"[vars]|TOKEN = …|vars2.x = …"_s);
    }

    void whatAFileDoesNotHoldIsSaid()
    {
        TimingFileAnswer answer;
        const TimingProfile profile;
        QVERIFY(makeProposal(read(u"worker.env"_s, "HEARTBEAT_INTERVAL=ten\n"), profile, library(), &answer));
        QCOMPARE(QStringList(answer.notHeld.begin(), answer.notHeld.end()),
                 QStringList({u"Heartbeat interval: line 1 cannot be read and is left as it is"_s,
                              u"Worker key TTL: not in this file; it would be the line REDIS_KEY_TTL=30"_s,
                              u"Shutdown command TTL: set by SHUTDOWN_COMMAND_TTL in proxy.env"_s,
                              u"Drain timeout: a constant in worker/src/index.ts"_s,
                              u"Reaper stale threshold: a constant in proxy/internal/redis/reaper.lua"_s,
                              u"Reaper run interval: set by REAPER_RUN_INTERVAL in proxy.env"_s}));
        QCOMPARE(answer.proposed, QByteArray("HEARTBEAT_INTERVAL=ten\n"));
        TimingFileAnswer hub;
        QVERIFY(makeProposal(read(u"wrangler.toml"_s,
                                  "[vars]\nDEFAULT_ACTOR_TTL = \"1000\"\n[env.p.vars]\nDEFAULT_ACTOR_TTL = \"2000\"\n"),
                             profile, library(), &hub));
        QCOMPARE(
            QStringList(hub.notHeld.begin(), hub.notHeld.end()),
            QStringList(
                {u"Client heartbeat: heartbeatInterval in packages/signal-hub-client/src/SignalHubClient.ts:87"_s,
                 u"Hub heartbeat interval: not in this file; it would be the line HEARTBEAT_INTERVAL = \"30000\""_s,
                 u"Connection timeout: a constant in connection handler"_s,
                 u"Actor TTL: line 4, DEFAULT_ACTOR_TTL [env.p.vars], keeps 2 s: it is a named environment's own"_s}));
        QCOMPARE(hub.diff.size(), size_t(5));
    }
};

QTEST_GUILESS_MAIN(TimingFileTest)
#include "timingfile_test.moc"
