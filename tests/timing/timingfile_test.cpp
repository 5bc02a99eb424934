// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingproposal.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QStringEncoder>
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
    static TimingFileReading read(const QString &path, const QByteArray &text) { return readTimingFile(path, text, library()); }

    static QString inForce(const TimingFileReading &reading)
    {
        QStringList words;
        for (const TimingFileText::Value &value : reading.file.values)
            words.append(u"%1%2:%3%4=%5%6"_s.arg(value.inForce ? u""_s : u"("_s)
                             .arg(value.line)
                             .arg(value.environment.isEmpty() ? u""_s : value.environment + u'/', value.variable)
                             .arg(value.ms)
                             .arg(value.inForce ? u""_s : u")"_s));
        return words.join(u' ');
    }

    /// The text with these values set, or what is wrong.
    static QByteArray set(const TimingFileReading &reading, const std::vector<TimingChange> &changes,
                          const QString &environment = {})
    {
        TimingProfile profile = reading.file.profileOver(TimingProfile(), environment);
        for (const TimingChange &change : changes)
            setTimingValue(profile, change.id, change.ms);
        QByteArray text;
        QString error;
        return setTimingValues(reading, profile, environment, library(), &text, &error) ? text : "error: " + error.toUtf8();
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
                                << QByteArray("HEARTBEAT_INTERVAL=\"10\"\nREDIS_KEY_TTL='30'\nSHUTDOWN_COMMAND_TTL=` 60 `\n")
                                << u"1:HEARTBEAT_INTERVAL=10000 2:REDIS_KEY_TTL=30000 3:SHUTDOWN_COMMAND_TTL=60000"_s
                                << QString();
        QTest::newRow("exports, spaces, order")
            << u"proxy.env"_s << QByteArray("  export REAPER_RUN_INTERVAL = 300\n\texport\tSHUTDOWN_COMMAND_TTL=60\t\nOTHER=1\n")
            << u"1:REAPER_RUN_INTERVAL=300000 2:SHUTDOWN_COMMAND_TTL=60000"_s << QString();
        QTest::newRow("comments")
            << u"worker.env"_s
            << QByteArray("# HEARTBEAT_INTERVAL=99\n\nHEARTBEAT_INTERVAL=10 # seconds, was 15\nREDIS_KEY_TTL=\"30\"#no\n"
                          "REDIS_KEY_TTL=\"45\"   # yes = 3\n#end")
            << u"3:HEARTBEAT_INTERVAL=10000 (4:REDIS_KEY_TTL=30000) 5:REDIS_KEY_TTL=45000"_s << QString();
        QTest::newRow("CRLF") << u"worker.env"_s
                              << QByteArray("A=b\r\nHEARTBEAT_INTERVAL=10\r\n\r\nREDIS_KEY_TTL='30' \r\nZ=\r\n")
                              << u"2:HEARTBEAT_INTERVAL=10000 4:REDIS_KEY_TTL=30000"_s << QString();
        QTest::newRow("no final newline") << u"worker.env"_s << QByteArray("REDIS_KEY_TTL=30\nHEARTBEAT_INTERVAL=10")
                                          << u"1:REDIS_KEY_TTL=30000 2:HEARTBEAT_INTERVAL=10000"_s << QString();
        QTest::newRow("twice: the last counts")
            << u"worker.env"_s << QByteArray("HEARTBEAT_INTERVAL=5\nX=1\nHEARTBEAT_INTERVAL=\"10\"\nREDIS_KEY_TTL=030\n")
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
        QTest::newRow("colons, as dotenv takes them")
            << u"colon.env"_s
            << QByteArray("HEARTBEAT_INTERVAL: 45\n  export REDIS_KEY_TTL:\t\"30\" # s\r\nSHUTDOWN_COMMAND_TTL: 60#c\n")
            << u"1:HEARTBEAT_INTERVAL=45000 2:REDIS_KEY_TTL=30000 3:SHUTDOWN_COMMAND_TTL=60000"_s << QString();
        QTest::newRow("colons that not all take")
            << u"colon.env"_s << QByteArray("HEARTBEAT_INTERVAL:45\nREDIS_KEY_TTL : 30\nSHUTDOWN_COMMAND_TTL=:60\n") << QString()
            << u"1 2 3"_s;
        QTest::newRow("a colon that not all take opens no quotes")
            << u"colon.env"_s << QByteArray("NOTE:\"open\nHEARTBEAT_INTERVAL=10\nB=\"\n") << u"2:HEARTBEAT_INTERVAL=10000"_s
            << QString();
        QTest::newRow("comments without a blank")
            << u"worker.env"_s << QByteArray("HEARTBEAT_INTERVAL=7#comment\nREDIS_KEY_TTL=#30\n")
            << u"1:HEARTBEAT_INTERVAL=7000"_s << u"2"_s;
        QTest::newRow("slips of the hand")
            << u"worker.env"_s
            << QByteArray("REDIS_KEY_TL=30\nheartbeat_interval=5\nREDIS_URL=x\nHEARTBEAT_INTREVAL=5\nMAX_ACTOR_TTL=5\n")
            << QString() << u"1 2 4"_s;
        QTest::newRow("wrangler's own environment file")
            << u".dev.vars"_s << QByteArray("HEARTBEAT_INTERVAL=30000\nDEFAULT_ACTOR_TTL=\"300000\"\n")
            << u"1:HEARTBEAT_INTERVAL=30000 2:DEFAULT_ACTOR_TTL=300000"_s << QString();

        QTest::newRow("toml: plain") << u"wrangler.toml"_s
                                     << QByteArray("name = \"hub\" # the hub\n\n[vars]\nHEARTBEAT_INTERVAL = \"30000\" "
                                                   "  # ms\nDEFAULT_ACTOR_TTL='300000'\n")
                                     << u"4:HEARTBEAT_INTERVAL=30000 5:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: seconds win") << u"wrangler.toml"_s
                                           << QByteArray("[vars]\nHEARTBEAT_INTERVAL = \"25000\"\nHB_INTERVAL_SECONDS = \"30\"\n")
                                           << u"3:HB_INTERVAL_SECONDS=30000 (2:HEARTBEAT_INTERVAL=25000)"_s << QString();
        QTest::newRow("toml: sections")
            << u"wrangler.toml"_s
            << QByteArray("[vars]\nDEFAULT_ACTOR_TTL = \"300000\"\n\n[env.production]\nname = \"p\"\n[env.production.vars]\n"
                          "DEFAULT_ACTOR_TTL = \"600000\"\n[env.staging.vars]\nDEFAULT_ACTOR_TTL = \"60000\"\n")
            << u"2:DEFAULT_ACTOR_TTL=300000 7:production/DEFAULT_ACTOR_TTL=600000 9:staging/DEFAULT_ACTOR_TTL=60000"_s
            << QString();
        QTest::newRow("toml: inline table and dotted keys")
            << u"wrangler.toml"_s
            << QByteArray("vars = { HEARTBEAT_INTERVAL = \"30000\", OTHER = \"x\", DEFAULT_ACTOR_TTL = '''300000''' }\n"
                          "env.a.vars.DEFAULT_ACTOR_TTL = \"1000\"\n")
            << u"1:HEARTBEAT_INTERVAL=30000 1:DEFAULT_ACTOR_TTL=300000 2:a/DEFAULT_ACTOR_TTL=1000"_s << QString();
        QTest::newRow("toml: dotted vars") << u"w.toml"_s
                                           << QByteArray(
                                                  "vars.HEARTBEAT_INTERVAL=\"30000\"\nvars . \"DEFAULT_ACTOR_TTL\" = \"300000\"")
                                           << u"1:HEARTBEAT_INTERVAL=30000 2:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: several lines in quotes")
            << u"wrangler.toml"_s
            << QByteArray("text = \"\"\"\n[vars]\nHEARTBEAT_INTERVAL = \"1\"\n\"\"\"\n[vars]\nHEARTBEAT_INTERVAL = "
                          "\"\"\"\n30000\"\"\"\n"
                          "DEFAULT_ACTOR_TTL = '''\n300000\n'''\n")
            << u"6:HEARTBEAT_INTERVAL=30000 8:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: numbers") << u"wrangler.toml"_s
                                       << QByteArray(
                                              "[vars]\nHB_INTERVAL_SECONDS = 30\nDEFAULT_ACTOR_TTL = 300_000 # five minutes\n")
                                       << u"2:HB_INTERVAL_SECONDS=30000 3:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: CRLF, other letters, no final newline")
            << u"wrangler.toml"_s
            << QByteArray("# Grüße\r\n[vars]\r\nCITY = \"Köln\"\r\nNOTE={a=\"äöü\", b=1}\r\nHEARTBEAT_INTERVAL = \"30000\"\r\n"
                          "\"DEFAULT_ACTOR_TTL\" = \"300000\"")
            << u"5:HEARTBEAT_INTERVAL=30000 6:DEFAULT_ACTOR_TTL=300000"_s << QString();
        QTest::newRow("toml: other letters in the line")
            << u"wrangler.toml"_s << QByteArray("vars = { \"Größe 🐦\" = \"ä€🐦\", HEARTBEAT_INTERVAL = \"30000\" } # ü\n")
            << u"1:HEARTBEAT_INTERVAL=30000"_s << QString();
        QTest::newRow("toml: byte order mark")
            << u"wrangler.toml"_s << QByteArray("\xef\xbb\xbfvars.HEARTBEAT_INTERVAL = \"30000\"\n")
            << u"1:HEARTBEAT_INTERVAL=30000"_s << QString();
        QTest::newRow("toml: what cannot be read is named")
            << u"wrangler.toml"_s
            << QByteArray("[vars]\nHEARTBEAT_INTERVAL = 30.5\nDEFAULT_ACTOR_TTL = \"5 min\"\n[env.p.vars]\n"
                          "DEFAULT_ACTOR_TTL = \"3\\u0030\"\n")
            << QString() << u"2 3 5"_s;
        QTest::newRow("toml: an environment alone, seconds win in it")
            << u"wrangler.toml"_s
            << QByteArray("[env.production.vars]\nHEARTBEAT_INTERVAL = \"25000\"\nHB_INTERVAL_SECONDS = 30\n")
            << u"3:production/HB_INTERVAL_SECONDS=30000 (2:production/HEARTBEAT_INTERVAL=25000)"_s << QString();
        QTest::newRow("toml: slips of the hand")
            << u"wrangler.toml"_s << QByteArray("[vars]\nDEFAULT_ACTOR_TTTL = \"1\"\n[env.p.vars]\nHEARTBEAT_INTERVALL = 1\n")
            << QString() << u"2 4"_s;
        QTest::newRow("jsonc: comments and commas behind the last")
            << u"wrangler.jsonc"_s
            << QByteArray("{\n  // HEARTBEAT_INTERVAL: \"1\"\n  \"name\": \"signal-hub\",\n  \"vars\": { "
                          "\"HEARTBEAT_INTERVAL\": "
                          "\"20000\", /* \"DEFAULT_ACTOR_TTL\": 9, */ \"DEFAULT_ACTOR_TTL\": \"10000\", },\n}\n")
            << u"4:HEARTBEAT_INTERVAL=20000 4:DEFAULT_ACTOR_TTL=10000"_s << QString();
        QTest::newRow("json: environments, numbers, CRLF, other letters, byte order mark")
            << u"wrangler.json"_s
            << QByteArray("\xef\xbb\xbf{\r\n\"vars\": {\"Größe\": \"a \\\"//{\", \"HB_INTERVAL_SECONDS\" : 30 ,\r\n"
                          "\"HEARTBEAT_INTERVAL\":25000},\"env\":{\"Köln\":{\"vars\":{\"DEFAULT_ACTOR_TTL\":\" 5000 \"}},"
                          "\r\n\"b\":{\"route\":[1,{\"vars\":{\"DEFAULT_ACTOR_TTL\":1}}],\"vars\":{\"DEFAULT_ACTOR_TTL\":7000}"
                          "}}}")
            << u"2:HB_INTERVAL_SECONDS=30000 (3:HEARTBEAT_INTERVAL=25000) 3:Köln/DEFAULT_ACTOR_TTL=5000 "
               "4:b/DEFAULT_ACTOR_TTL=7000"_s
            << QString();
        QTest::newRow("json: twice, the last counts")
            << u"hub.json"_s
            << QByteArray("{\"vars\":{\"DEFAULT_ACTOR_TTL\":\"1\",\n\"DEFAULT_ACTOR_TTL\":\"2\",\n\"\\u0044EFAULT_"
                          "ACTOR_TTL\":\"3000\"}}")
            << u"(1:DEFAULT_ACTOR_TTL=1) (2:DEFAULT_ACTOR_TTL=2) 3:DEFAULT_ACTOR_TTL=3000"_s << QString();
        QTest::newRow("json: what cannot be read is named")
            << u"wrangler.json"_s
            << QByteArray("{\"vars\":{\n\"HEARTBEAT_INTERVAL\":30.5,\n\"HB_INTERVAL_SECONDS\":null,\n\"DEFAULT_ACTOR_TTL\":"
                          "\"3\\u0030\"},\n\"env\":{\"p\":{\"vars\":{\"DEFAULT_ACTOR_TTL\":\n[1],\"HEARTBEAT_INTERVAL\":2e4}}}"
                          "}")
            << QString() << u"2 3 4 6 6"_s;
        QTest::newRow("json: nothing of ours")
            << u"wrangler.json"_s << QByteArray("{\"vars\":[],\"env\":{\"a\":3}}") << QString() << QString();
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
        for (const QString &profile : reading.file.profiles())
            QCOMPARE(set(reading, {}, profile), text);

        // Each value alone, shorter and longer: nothing but the number's bytes change.
        for (size_t i = 0; i < reading.file.values.size(); ++i) {
            const TimingFileText::Value &value = reading.file.values[i];
            if (!value.inForce)
                continue;
            for (const qint64 ms : {qint64(7'000), qint64(123'456'000)}) {
                const TimingFileReading again = read(path, set(reading, {{value.id, ms}}, value.environment));
                QCOMPARE(again.error, QString());
                QCOMPARE(again.file.values.size(), reading.file.values.size());
                QByteArray rest = again.file.text;
                QByteArray restBefore = text;
                for (size_t j = again.file.values.size(); j-- > 0;) {
                    const TimingFileText::Value &other = again.file.values[j];
                    const bool follows =
                        other.id == value.id && other.environment == value.environment && reading.places[j].follows;
                    const bool touched = j == i || follows;
                    QCOMPARE(again.file.values[j].ms, touched ? ms : reading.file.values[j].ms);
                    QCOMPARE(again.file.values[j].inForce, reading.file.values[j].inForce);
                }
                // Cut the numbers out of both, from the last on: what is left has to be the same.
                const auto cut = [](QByteArray &from, std::vector<TimingFileReading::Place> places) {
                    std::sort(places.begin(), places.end(), [](const auto &a, const auto &b) { return a.from > b.from; });
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
        const QByteArray env("# worker\r\nexport HEARTBEAT_INTERVAL = \"10\" # s\r\nHEARTBEAT_INTERVAL='5'\r\nREDIS_KEY_TTL=30");
        QCOMPARE(
            set(read(u"worker.env"_s, env), {{TimingId::HeartbeatInterval, 20'000}, {TimingId::WorkerKeyTtl, 120'000}}),
            QByteArray("# worker\r\nexport HEARTBEAT_INTERVAL = \"10\" # s\r\nHEARTBEAT_INTERVAL='20'\r\nREDIS_KEY_TTL=120"));
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
        QVERIFY2(refused.startsWith("error: Heartbeat interval: HEARTBEAT_INTERVAL is in whole seconds"), refused);
        const TimingFileReading toml = read(u"wrangler.toml"_s, "[vars]\nHEARTBEAT_INTERVAL = \"30000\"\n");
        QCOMPARE(set(toml, {{TimingId::HubServerHeartbeat, 2'500}}), QByteArray("[vars]\nHEARTBEAT_INTERVAL = \"2500\"\n"));
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
                                    "\nDEFAULT_ACTOR_TTL='9'#\n",
                                    "\nHEARTBEAT_INTERVAL: 7#x\n"};
        const QByteArrayList jsonPieces{"{",
                                        "}",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        "\"",
                                        "\\",
                                        "//",
                                        "/*",
                                        "*/",
                                        "\n",
                                        " ",
                                        "\xff",
                                        "1",
                                        "\"x\"",
                                        "null",
                                        "// {\n",
                                        "/* \"vars\": */",
                                        "\"a\":{\"b\":[1,2,],},",
                                        "\"vars\":{\"HEARTBEAT_INTERVAL\":\"30000\"},",
                                        "\"vars\":{\"OTHER\":\"//\",\"DEFAULT_ACTOR_TTL\": 9 , /*1*/ },",
                                        "\"vars\":{\"HEARTBEAT_INTERVAL\":1,\"HB_INTERVAL_SECONDS\":\"30\"}// x\n,",
                                        "\"env\":{\"p\":{\"vars\":{\"DEFAULT_ACTOR_TTL\":\"5\",},},},"};
        QRandomGenerator random(4711);
        int edited = 0;
        int editedToml = 0;
        int editedJson = 0;
        for (int round = 0; round < 40'000; ++round) {
            QByteArray text;
            const int length = int(random.bounded(8));
            const bool json = round % 3 == 2;
            const QByteArrayList &all = json ? jsonPieces : pieces;
            for (int i = 0; i < length; ++i) {
                // Lines that make sense, among much that does not.
                const bool whole = random.bounded(json ? 6 : 2) != 0 || (!json && random.bounded(2) == 0);
                text += all.at(whole ? all.size() - 1 - qsizetype(random.bounded(7))
                                     : qsizetype(random.bounded(quint32(all.size()))));
            }
            if (json)
                text = '{' + text + '}';
            const QString path = json ? u"wrangler.jsonc"_s : round % 3 ? u"worker.env"_s : u"wrangler.toml"_s;
            const TimingFileReading reading = read(path, text);
            if (!reading.error.isEmpty())
                continue;
            for (const QString &profile : reading.file.profiles()) {
                QCOMPARE(set(reading, {}, profile), text);
                std::vector<TimingChange> changes;
                for (const TimingFileText::Value &value : reading.file.inForce(profile))
                    changes.push_back({value.id, 77'000});
                if (changes.empty())
                    continue;
                const QByteArray changed = set(reading, changes, profile);
                const TimingFileReading again = read(path, changed);
                QVERIFY2(again.error.isEmpty() && again.file.values.size() == reading.file.values.size(),
                         text.toPercentEncoding());
                for (size_t i = 0; i < again.file.values.size(); ++i) {
                    const TimingFileText::Value &value = again.file.values[i];
                    const bool here = value.environment == profile && (value.inForce || reading.places[i].follows);
                    QVERIFY2(value.ms == (here ? 77'000 : reading.file.values[i].ms), text.toPercentEncoding());
                }
                // Without the numbers both are the same.
                const auto rest = [](QByteArray left, std::vector<TimingFileReading::Place> places) {
                    std::sort(places.begin(), places.end(), [](const auto &a, const auto &b) { return a.from > b.from; });
                    for (const TimingFileReading::Place &place : places)
                        left.remove(place.from, place.length);
                    return left;
                };
                QVERIFY2(rest(changed, again.places) == rest(text, reading.places), text.toPercentEncoding());
                ++(json ? editedJson : round % 3 ? edited : editedToml);
            }
        }
        const QString counts = u"%1 %2 %3"_s.arg(edited).arg(editedToml).arg(editedJson);
        QVERIFY2(edited > 500 && editedToml > 100 && editedJson > 500,
                 qPrintable(counts)); // TOML takes the fewest of them.
    }

    void brokenTomlIsToldWithItsLine()
    {
        const TimingFileReading reading = read(u"wrangler.toml"_s, "name = \"x\"\n[vars\nHEARTBEAT_INTERVAL = \"30000\"\n");
        QVERIFY2(reading.error.startsWith(u"line 2: "), qPrintable(reading.error));
        TimingFileAnswer answer;
        QVERIFY(!makeProposal(reading, TimingProfile(), library(), &answer));
        QVERIFY(!answer.ok);
        QCOMPARE(answer.error, reading.error);
        QVERIFY(!read(u"wrangler.toml"_s, "a = 1\na = 2\n").error.isEmpty());
        QVERIFY(!read(u"wrangler.toml"_s, QByteArray("\xff\xfe[\0v\0", 6)).error.isEmpty());
    }

    void anotherEncodingIsSaid_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("word");
        const QString env = u"HEARTBEAT_INTERVAL=10\n"_s;
        QTest::newRow("UTF-16")
            << u"worker.env"_s
            << QStringEncoder(QStringEncoder::Utf16, QStringConverter::Flag::WriteBom)(env).operator QByteArray() << u"UTF-16"_s;
        QTest::newRow("UTF-16 without a mark")
            << u"worker.env"_s << QStringEncoder(QStringEncoder::Utf16LE)(env).operator QByteArray() << u"another encoding"_s;
        QTest::newRow("UTF-32")
            << u"worker.env"_s
            << QStringEncoder(QStringEncoder::Utf32BE, QStringConverter::Flag::WriteBom)(env).operator QByteArray()
            << u"UTF-32"_s;
        QTest::newRow("UTF-16 in toml")
            << u"wrangler.toml"_s
            << QStringEncoder(QStringEncoder::Utf16LE, QStringConverter::Flag::WriteBom)(u"[vars]\n"_s).operator QByteArray()
            << u"UTF-16"_s;
        QTest::newRow("UTF-16 in JSON")
            << u"wrangler.jsonc"_s
            << QStringEncoder(QStringEncoder::Utf16BE, QStringConverter::Flag::WriteBom)(u"{}"_s).operator QByteArray()
            << u"UTF-16"_s;
    }

    void anotherEncodingIsSaid()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, word);
        const TimingFileReading reading = read(path, text);
        QVERIFY2(reading.error.contains(word), qPrintable(reading.error));
        QVERIFY(reading.file.values.empty());
    }

    void lettersOfAnotherEncodingAreNamedAndLeft()
    {
        const QByteArray latin1("# K\xf6ln\nHEARTBEAT_INTERVAL=10 # zw\xf6lf\n");
        const TimingFileReading reading = read(u"worker.env"_s, latin1);
        QCOMPARE(inForce(reading), u"2:HEARTBEAT_INTERVAL=10000"_s);
        QCOMPARE(reading.file.problems.size(), size_t(1));
        QCOMPARE(reading.file.problems.front().line, 1);
        QCOMPARE(set(reading, {{TimingId::HeartbeatInterval, 12'000}}),
                 QByteArray("# K\xf6ln\nHEARTBEAT_INTERVAL=12 # zw\xf6lf\n"));
    }

    void nearMissesAreNamed()
    {
        const auto said = [](const QString &path, const QByteArray &text) {
            QStringList all;
            for (const TimingFileText::Problem &problem : read(path, text).file.problems)
                all.append(timingProblemText(problem));
            return all.join(u'|');
        };
        QCOMPARE(said(u"worker.env"_s, "REDIS_KEY_TL=30\n"), u"Line 1: REDIS_KEY_TL: did you mean REDIS_KEY_TTL?"_s);
        QCOMPARE(said(u"worker.env"_s, "redis_key_ttl=30\n"), u"Line 1: redis_key_ttl: did you mean REDIS_KEY_TTL?"_s);
        QCOMPARE(said(u"wrangler.jsonc"_s, "{\"env\":{\"p\":{\"vars\":{\"HB_INTERVALSECONDS\":1}}}}"),
                 u"Line 1, environment p: HB_INTERVALSECONDS: did you mean HB_INTERVAL_SECONDS?"_s);
    }

    void eachEnvironmentIsAProfile()
    {
        const QByteArray text("[vars]\nDEFAULT_ACTOR_TTL=\"300000\"\n[env.production.vars]\nDEFAULT_ACTOR_TTL=\"10000\"\n"
                              "[env.empty]\nname=\"e\"\n");
        const TimingFileReading reading = read(u"wrangler.toml"_s, text);
        QCOMPARE(reading.file.profiles(), QStringList({u""_s, u"production"_s}));
        QCOMPARE(reading.file.profileOver({}).hubActorTtl, 300'000);
        QCOMPARE(reading.file.profileOver({}, u"production"_s).hubActorTtl, 10'000);
        // Nothing of the top level reaches an environment.
        const TimingFileReading other =
            read(u"wrangler.toml"_s, "[vars]\nHEARTBEAT_INTERVAL=\"9000\"\n[env.p.vars]\nDEFAULT_ACTOR_TTL=\"60000\"\n");
        QCOMPARE(other.file.profileOver({}, u"p"_s).hubServerHeartbeat, TimingProfile().hubServerHeartbeat);

        TimingFileAnswer answer;
        TimingProfile profile;
        profile.hubActorTtl = 60'000;
        answer.environment = u"production"_s;
        QVERIFY(makeProposal(reading, profile, library(), &answer));
        QCOMPARE(answer.proposed, QByteArray(text).replace("\"10000\"", "\"60000\""));
        QVERIFY(
            QStringList(answer.notHeld.begin(), answer.notHeld.end()).contains(u"Actor TTL: line 2, top level, keeps 300 s"_s));
        TimingFileAnswer nowhere;
        nowhere.environment = u"staging"_s;
        QVERIFY(!makeProposal(reading, profile, library(), &nowhere));
        QVERIFY(nowhere.error.contains(u"staging"_s));
        QCOMPARE(read(u"wrangler.toml"_s, "[env.p.vars]\nDEFAULT_ACTOR_TTL=\"1\"\n").file.profiles(), QStringList(u"p"_s));
        QCOMPARE(read(u"wrangler.toml"_s, "name='x'\n").file.profiles(), QStringList(QString()));
    }

    void brokenJsonIsToldWithItsLine()
    {
        const auto error = [](const QByteArray &text) { return read(u"wrangler.jsonc"_s, text).error; };
        QVERIFY2(error("{\n\"vars\": {\n\"A\": }\n}").startsWith(u"line 3: "_s),
                 qPrintable(error("{\n\"vars\": {\n\"A\": }\n}")));
        QVERIFY(!error("{ /* no end").isEmpty());
        QVERIFY(!error("[1]").isEmpty());
        QVERIFY(!error("{,}").isEmpty());
        QVERIFY(!error("{\"a\":1,,}").isEmpty());
        QVERIFY(!error("{\"vars\":{},\n\"vars\":{}}").isEmpty()); // Which counts is another parser's affair.
        QCOMPARE(withoutComments("{\"a//\": 1, // x\n/*\n*/}"), QByteArray("{\"a//\": 1      \n  \n  }"));
    }

    void aProfileInJsonIsNoWranglerFile()
    {
        QVERIFY(!isWranglerJson(u"profile.json"_s, "{ \"heartbeatInterval\": 10000 }"));
        QVERIFY(isWranglerJson(u"hub.json"_s, "{ \"vars\": {}, }"));
        QVERIFY(isWranglerJson(u"/a/wrangler.json"_s, "{"));
        QVERIFY(isWranglerJson(u"/a/x.JSONC"_s, ""));
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
        QTest::newRow("both") << u"/a/.env"_s << QByteArray("REAPER_RUN_INTERVAL=5\nREDIS_KEY_TTL=3\n") << int(Kind::WorkerEnv);
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
        const std::vector<TimingDiffLine> diff = lineDiff(
            text, set(read(u"worker.env"_s, text), {{TimingId::HeartbeatInterval, 20'000}, {TimingId::WorkerKeyTtl, 60'000}}));
        QStringList shown;
        for (const TimingDiffLine &line : diff) {
            const QChar mark = line.kind == TimingDiffLine::Kind::Context   ? u' '
                               : line.kind == TimingDiffLine::Kind::Removed ? u'-'
                                                                            : u'+';
            shown.append(QString(mark) + QString::number(line.line) + u' ' + line.text);
        }
        QCOMPARE(shown, QStringList({u" 2 b"_s, u" 3 c"_s, u"-4 HEARTBEAT_INTERVAL=10"_s, u"+4 HEARTBEAT_INTERVAL=20"_s,
                                     u" 5 d"_s, u"-6 REDIS_KEY_TTL=30"_s, u"+6 REDIS_KEY_TTL=60"_s, u" 7 e"_s, u" 8 f"_s}));
        QVERIFY(lineDiff(text, text).empty());
        QCOMPARE(lineDiff("A=1\n", "A=2\n").size(), size_t(2));
    }

    void nothingButNamesAndTimingValuesIsShown_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("next to the change")
            << u"worker.env"_s
            << QByteArray("REDIS_URL=redis://:s3cret@h\nREDIS_KEY_TTL=30\nHEARTBEAT_INTERVAL=10\nexport TOKEN = \"s3cret\"\n"
                          "# OLD_TOKEN=s3cret\n")
            << u" REDIS_URL=…| REDIS_KEY_TTL=30|-HEARTBEAT_INTERVAL=10|+HEARTBEAT_INTERVAL=20| export TOKEN = …| # …"_s;
        QTest::newRow("comments")
            << u"worker.env"_s
            << QByteArray("# the old password was s3cret\nHEARTBEAT_INTERVAL=10 # s3cret\n  #s3cret\nA: s3cret#x\n")
            << u" # …|-HEARTBEAT_INTERVAL=10 # …|+HEARTBEAT_INTERVAL=20 # …|   # …| A: …"_s;
        QTest::newRow("the rest of a key") << u"worker.env"_s
                                           << QByteArray(
                                                  "KEY=\"-----BEGIN\ns3cret=\nPASS=s3cret\"\nHEARTBEAT_INTERVAL='10'\n[s3cret]\n")
                                           << u" …| …|-HEARTBEAT_INTERVAL='10'|+HEARTBEAT_INTERVAL='20'| …"_s;
        QTest::newRow("toml: inline table")
            << u"w.toml"_s
            << QByteArray("name = \"s3cret\"\nvars = { HEARTBEAT_INTERVAL = \"31000\", AUTH_TOKEN = \"s3cret\" }\n")
            << u" name = …|-vars = { HEARTBEAT_INTERVAL = \"31000\", AUTH_TOKEN = …|"
               "+vars = { HEARTBEAT_INTERVAL = \"45000\", AUTH_TOKEN = …"_s;
        QTest::newRow("toml: inline table, the secret first")
            << u"w.toml"_s << QByteArray("vars = { T = \"s3cret = {\", HEARTBEAT_INTERVAL = \"31000\" } # s3cret\n")
            << u"-vars = { T = …, HEARTBEAT_INTERVAL = \"31000\" } # …|+vars = { T = …, HEARTBEAT_INTERVAL = \"45000\" } # …"_s;
        QTest::newRow("toml: headings and long texts")
            << u"w.toml"_s
            << QByteArray("text = \"\"\"\n[s3cret]\ns3cret = 1\n\"\"\"\n[env.p.vars] # s3cret\nX='s3cret'\n[vars]\n"
                          "HEARTBEAT_INTERVAL = \"30000\"\nk.x = 's3cret'\n[env.q.vars]\n")
            << u" X=…| [vars]|-HEARTBEAT_INTERVAL = \"30000\"|+HEARTBEAT_INTERVAL = \"45000\"| k.x = …| [env.q.vars]"_s;
        QTest::newRow("jsonc") << u"w.jsonc"_s
                               << QByteArray("{ // s3cret\n \"vars\": { \"T\": \"s3cret\", \"HEARTBEAT_INTERVAL\": "
                                             "\"20000\", /* s3cret */ \"S\": "
                                             "[\"s3cret\"], },\n /* s3cret */\n}\n")
                               << u" …|- \"vars\": { \"T\": …, \"HEARTBEAT_INTERVAL\": \"20000\", … \"S\": …|"
                                  "+ \"vars\": { \"T\": …, \"HEARTBEAT_INTERVAL\": \"45000\", … \"S\": …|  …| }"_s;
    }

    void nothingButNamesAndTimingValuesIsShown()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, shown);
        TimingFileAnswer answer;
        TimingProfile profile;
        profile.heartbeatInterval = 20'000;
        profile.hubServerHeartbeat = 45'000;
        QVERIFY2(makeProposal(read(path, text), profile, library(), &answer), qPrintable(answer.error));
        QStringList lines;
        for (const TimingDiffLine &line : answer.diff) {
            const QChar mark = line.kind == TimingDiffLine::Kind::Context   ? u' '
                               : line.kind == TimingDiffLine::Kind::Removed ? u'-'
                                                                            : u'+';
            lines.append(mark + line.text);
            QVERIFY2(!line.text.contains(u"s3cret"_s), qPrintable(line.text));
        }
        QCOMPARE(lines.join(u'|'), shown);
    }

    void whatAFileDoesNotHoldIsSaid()
    {
        TimingFileAnswer answer;
        const TimingProfile profile;
        QVERIFY(makeProposal(read(u"worker.env"_s, "HEARTBEAT_INTERVAL=ten\n"), profile, library(), &answer));
        QCOMPARE(QStringList(answer.notHeld.begin(), answer.notHeld.end()),
                 QStringList({u"Heartbeat interval: line 1 cannot be read and is not changed"_s,
                              u"Worker key TTL: not in this file; the line would be REDIS_KEY_TTL=30"_s,
                              u"Shutdown command TTL: set by SHUTDOWN_COMMAND_TTL in proxy.env"_s,
                              u"Drain timeout: a constant in worker/src/index.ts"_s,
                              u"Reaper stale threshold: a constant in proxy/internal/redis/reaper.lua"_s,
                              u"Reaper run interval: set by REAPER_RUN_INTERVAL in proxy.env"_s}));
        QCOMPARE(answer.proposed, QByteArray("HEARTBEAT_INTERVAL=ten\n"));
        TimingFileAnswer hub;
        QVERIFY(makeProposal(
            read(u"wrangler.toml"_s, "[vars]\nDEFAULT_ACTOR_TTL = \"1000\"\n[env.p.vars]\nDEFAULT_ACTOR_TTL = \"2000\"\n"),
            profile, library(), &hub));
        QCOMPARE(QStringList(hub.notHeld.begin(), hub.notHeld.end()),
                 QStringList({u"Client heartbeat: heartbeatInterval in packages/signal-hub-client/src/SignalHubClient.ts:87"_s,
                              u"Hub heartbeat interval: not in this file; the line would be HEARTBEAT_INTERVAL = \"30000\""_s,
                              u"Connection timeout: a constant in connection handler"_s,
                              u"Actor TTL: line 4, environment p, keeps 2 s"_s}));
        QCOMPARE(hub.diff.size(), size_t(5));
    }
};

PULSEDECK_TEST(TimingFileTest, runWithEvents)
#include "timingfile_test.moc"
