// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutpattern.h"
#include "models/layouts/layoutreader.h"
#include "models/sources/sourcesettings.h"
#include "tests/models/problemtext.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

/// What is set for the systems of a source, as settings files have it; and layouts that are made from patterns.
class SystemChoiceTest : public QObject
{
    Q_OBJECT

private slots:
    void roundTrip()
    {
        SystemChoices choices;
        QCOMPARE(systemChoicesText(choices), QString());
        choices[u"sidekiq"_s].on = false;
        choices[u"rq"_s].prefix = u"jobs: \"ä\""_s;
        choices[u"celery"_s] = {}; // As usual: not written.
        const QString text = systemChoicesText(choices);
        QVERIFY(!text.contains("celery"_L1));
        choices.remove(u"celery"_s);
        QCOMPARE(systemChoicesFromText(text), choices);
    }

    void whatMakesNoSenseIsLeftOut()
    {
        for (const QString &wrong :
             {QString(), u"x"_s, u"[1]"_s, u"{\"rq\":7}"_s, u"{\"\":{\"on\":false}}"_s, u"{\"rq\":{\"on\":\"no\"}}"_s})
            QVERIFY2(systemChoicesFromText(wrong).isEmpty(), qPrintable(wrong));
        const SystemChoices read = systemChoicesFromText(u"{\"rq\":{\"on\":false,\"prefix\":\"a\\u0007b\"}}"_s);
        QCOMPARE(read.value(u"rq"_s), (SystemChoice{false, {}}));
        QVERIFY(SystemChoice::isPrefix(QString(SystemChoice::longestPrefix, u'x')));
        QVERIFY(!SystemChoice::isPrefix(QString(SystemChoice::longestPrefix + 1, u'x')));
        QString many = u"{"_s;
        for (int i = 0; i < 300; ++i)
            many += u"%1\"s%2\":{\"on\":false}"_s.arg(i == 0 ? u""_s : u","_s).arg(i);
        QCOMPARE(systemChoicesFromText(many + u'}').size(), 100);
    }

    /// Another choice is another view of the server, so that it is read again.
    void choicesArePartOfTheConnection()
    {
        const SourceSettings one = SourceSettings::fromUrl(u"redis://h"_s, nullptr).value();
        SourceSettings other = one;
        QVERIFY(one.sameConnection(other));
        other.systems[u"rq"_s].on = false;
        QVERIFY(!one.sameConnection(other));
    }

    void eachPatternMakesALayoutThatIsRight()
    {
        const std::vector<const Layout *> patterns = LayoutPattern::all();
        QCOMPARE(patterns.size(), size_t(7));
        for (const Layout *pattern : patterns) {
            const QByteArray text = LayoutPattern::fill(*pattern, u"my-app"_s, u"My \"app\""_s, u"my:app:"_s);
            const LayoutReading reading = LayoutReader::read(text, u"my-app.json"_s);
            QVERIFY2(reading.layout, qPrintable(pattern->name + u'\n' + problemText(reading.problems)));
            QCOMPARE(reading.layout->name, u"my-app"_s);
            QCOMPARE(reading.layout->title, u"My \"app\""_s);
            QCOMPARE(reading.layout->prefix, QByteArray("my:app:"));
            QVERIFY(!reading.layout->isTemplate);
            QCOMPARE(reading.layout->detect.size(), size_t(1));
            QCOMPARE(reading.layout->discover.size(), pattern->discover.size());
            QCOMPARE(reading.layout->reap.has_value(), pattern->reap.has_value());
        }
    }

    void namesOfFiles()
    {
        QCOMPARE(LayoutPattern::nameFor(u"My app (EU)"_s), u"my-app-eu"_s);
        QCOMPARE(LayoutPattern::nameFor(u"2 myapp:beats"_s), u"myapp-beats"_s);
        QCOMPARE(LayoutPattern::nameFor(u"../../etc"_s), u"etc"_s);
        QCOMPARE(LayoutPattern::nameFor(u" — "_s), QString());
        QCOMPARE(LayoutPattern::nameFor(QString(90, u'x')).size(), 40);
    }
};

PULSEDECK_TEST(SystemChoiceTest, runWithEvents)

#include "systemchoice_test.moc"
