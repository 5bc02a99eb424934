// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timinglibrary.h"
#include "tests/support/testprogram.h"

#include <QCoreApplication>
#include <QProcess>
#include <QScopeGuard>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

/// Marks the texts of the library.
class MarkingTranslator : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *text, const char *, int) const override
    {
        return QLatin1StringView(context) == "timing"_L1 ? QString(u'‹' + QString::fromUtf8(text) + u'›') : QString();
    }
};

/// A team's own rules: what is read, and the message for what is not.
class TimingLibraryTest : public QObject
{
    Q_OBJECT

private slots:
    void builtIn()
    {
        const TimingLibrary &library = TimingLibrary::builtIn();
        QCOMPARE(library.parameters.size(), size_t(timingCount));
        QCOMPARE(library.ruleSet(u"timing-document"_s)->rules.size(), size_t(13));
        QCOMPARE(library.ruleSet(u"playwright-distributed-0.3"_s)->rules.size(), size_t(14));
        QCOMPARE(library.presets.size(), size_t(5));
        const TimingProfile standard;
        for (const TimingParameter &parameter : library.parameters)
            QCOMPARE(parameter.defaultMs, timingValue(standard, parameter.id));
        QVERIFY(!library.ruleSet(u"none"_s));
    }

    void ownRules()
    {
        TimingLibrary library = TimingLibrary::builtIn();
        QString error;
        const QByteArray json = R"({ "ruleSets": [ { "id": "ours", "name": "Ours", "extends": "timing-document", "rules": [
            { "id": "W2", "left": "workerKeyTtl", "relation": ">=", "factor": 2.5, "right": "heartbeatInterval", "severity": "must", "why": "We said so." },
            { "id": "X1", "left": "drainTimeout", "relation": "<=", "rightMs": 60000, "severity": "advice", "why": "Deploys wait for it." } ] } ],
          "presets": [ { "id": "ours", "name": "Ours", "values": { "heartbeatInterval": 4000 } } ] })";
        QVERIFY2(library.extend(json, &error), qPrintable(error));
        const TimingRuleSet *ours = library.ruleSet(u"ours"_s);
        QVERIFY(ours);
        QCOMPARE(ours->rules.size(), size_t(14)); // W2 is replaced, X1 is new.
        QCOMPARE(ours->rules[1].factor, 2.5);
        QCOMPARE(ours->rules[1].severity, TimingSeverity::Must);
        QCOMPARE(library.preset(u"ours"_s)->named, std::vector<TimingId>{TimingId::HeartbeatInterval});
        QCOMPARE(library.preset(u"ours"_s)->profile.heartbeatInterval, 4'000);
        // The built-in set is as it was.
        QCOMPARE(library.ruleSet(u"timing-document"_s)->rules[1].factor, 2.0);
    }

    void textsAreTranslated()
    {
        TimingLibrary library = TimingLibrary::builtIn();
        MarkingTranslator translator;
        QCoreApplication::installTranslator(&translator);
        const auto done = qScopeGuard([&translator] { QCoreApplication::removeTranslator(&translator); });
        QString error;
        QVERIFY2(
            library.extend(R"({ "ruleSets": [ { "id": "ours", "name": "Ours", "rules": [ { "id": "X1", "left": "drainTimeout",
            "relation": "<=", "rightMs": 60000, "severity": "advice", "why": "Deploys wait for it." } ] } ] })",
                           &error),
            qPrintable(error));
        QCOMPARE(library.ruleSet(u"ours"_s)->name, u"‹Ours›"_s);
        QCOMPARE(library.ruleSet(u"ours"_s)->rules.front().why, u"‹Deploys wait for it.›"_s);
        QCOMPARE(library.ruleSet(u"ours"_s)->rules.front().id, u"X1"_s);
    }

    // A new catalogue has every text that is shown.
    void textsAreInNewCatalogues()
    {
        QProcess script;
        script.start(QStringLiteral(PULSEDECK_TRANSLATIONS), {u"--timing"_s});
        QVERIFY(script.waitForFinished() && script.exitCode() == 0);
        const QStringList texts = QString::fromUtf8(script.readAllStandardOutput()).split(u'\n');
        const TimingLibrary &library = TimingLibrary::builtIn();
        QStringList shown;
        for (const TimingParameter &parameter : library.parameters) {
            shown << parameter.label << parameter.inSentence << parameter.purpose;
            if (!parameter.setBy.contains(u'_'))
                shown << parameter.setBy;
            if (!parameter.place.contains(u'/'))
                shown << parameter.place;
        }
        for (const TimingRuleSet &set : library.ruleSets) {
            shown << set.name;
            for (const TimingRule &rule : set.rules)
                shown << rule.why;
        }
        for (const TimingPreset &preset : library.presets)
            shown << preset.name;
        for (const QString &text : std::as_const(shown))
            QVERIFY2(texts.contains(text), qPrintable(text));
        QVERIFY(texts.contains(u"worker key TTL"_s) && !texts.contains(u"HEARTBEAT_INTERVAL"_s));
    }

    void mistakes_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("begin");
        QTest::addColumn<QString>("word");
        QTest::newRow("no JSON") << QByteArray("{\n \"ruleSets\": [\n oops ] }") << u"line 3:"_s << u"JSON"_s;
        QTest::newRow("empty") << QByteArray() << u"line 1:"_s << u"JSON"_s;
        QTest::newRow("a list") << QByteArray("[1]") << u"line 1:"_s << u"object"_s;
        QTest::newRow("unknown member") << QByteArray("{\n\n \"rules\": [] }") << u"line 3:"_s << u"rules"_s;
        QTest::newRow("parameters") << QByteArray("{ \"parameters\": [\n {} ] }") << u"line 1:"_s << u"parameters"_s;
        const QByteArray rule =
            "{ \"ruleSets\": [ { \"id\": \"a\", \"name\": \"A\",\n \"rules\": [\n { \"id\": \"R\",\n \"left\": \"%1\",\n "
            "\"relation\": \"%2\",\n"
            " \"factor\": %3,\n \"right\": \"heartbeatInterval\",\n \"severity\": \"%4\",\n \"why\": \"w\" } ] } ] }";
        const auto filled = [&rule](const char *left, const char *relation, const char *factor, const char *severity) {
            return QByteArray(rule).replace("%1", left).replace("%2", relation).replace("%3", factor).replace("%4", severity);
        };
        QTest::newRow("no parameter") << filled("workerTtl", ">", "1", "must") << u"line 4:"_s << u"workerTtl"_s;
        QTest::newRow("no relation") << filled("workerKeyTtl", "==", "1", "must") << u"line 5:"_s << u"relation"_s;
        QTest::newRow("factor of text") << filled("workerKeyTtl", ">", "\"two\"", "must") << u"line 6:"_s << u"factor"_s;
        QTest::newRow("factor 0") << filled("workerKeyTtl", ">", "0", "must") << u"line 6:"_s << u"positive"_s;
        QTest::newRow("no severity") << filled("workerKeyTtl", ">", "1", "fatal") << u"line 8:"_s << u"severity"_s;
        QTest::newRow("with itself") << filled("heartbeatInterval", ">", "1", "must") << u"line 7:"_s << u"different"_s;
        QTest::newRow("missing") << QByteArray("{ \"presets\": [\n { \"id\": \"p\", \"name\": \"P\" } ] }") << u"line 2:"_s
                                 << u"values"_s;
        QTest::newRow("value below one") << QByteArray(
            "{ \"presets\": [ { \"id\": \"p\", \"name\": \"P\", \"values\": {\n \"drainTimeout\": 0.5 } } ] }")
                                         << u"line 2:"_s << u"whole number"_s;
        QTest::newRow("extends nothing") << QByteArray(
            "{ \"ruleSets\": [ { \"id\": \"a\", \"name\": \"A\",\n\n \"extends\": \"x\", \"rules\": [] } ] }")
                                         << u"line 3:"_s << u"extends"_s;
    }

    void mistakes()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, begin);
        QFETCH(QString, word);
        TimingLibrary library = TimingLibrary::builtIn();
        QString error;
        QVERIFY(!library.extend(json, &error));
        QVERIFY2(error.startsWith(begin), qPrintable(error));
        QVERIFY2(error.contains(word), qPrintable(error));
        QCOMPARE(library.ruleSets.size(), TimingLibrary::builtIn().ruleSets.size()); // Nothing of it was taken.
        QCOMPARE(library.presets.size(), TimingLibrary::builtIn().presets.size());
    }
};

PULSEDECK_TEST(TimingLibraryTest, runWithEvents)
#include "timinglibrary_test.moc"
