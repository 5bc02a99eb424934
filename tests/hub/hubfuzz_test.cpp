// SPDX-License-Identifier: GPL-3.0-or-later
// What reading a hub's messages costs, and that nothing breaks it.
#include "app/hub/hubtext.h"
#include "tests/hub/hubsamples.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::hubsamples;
using namespace Qt::StringLiterals;

class HubFuzzTest : public QObject
{
    Q_OBJECT

private slots:
    void fuzz();
    void aFullPageIsRead();
};

/// Sound messages with bytes, fields and types changed at random: whatever comes, it is read within bounds or refused
/// with a reason.
void HubFuzzTest::fuzz()
{
    constexpr qint64 timeMs = 3'000;
    constexpr int most = 200'000;
    QRandomGenerator random(20'261'122);
    const auto pick = [&random](qsizetype below) { return qsizetype(random.bounded(quint32(below))); };
    const QList<QJsonValue> oddities{QJsonValue::Null,
                                     true,
                                     -1,
                                     1e308,
                                     0.5,
                                     u""_s,
                                     u"\u0000"_s,
                                     QString(70'000, u'y'),
                                     QJsonArray(),
                                     QJsonArray{1, u"x"_s, QJsonValue::Null},
                                     QJsonObject(),
                                     QJsonObject{{u"forwarded"_s, true}},
                                     u"@(cloudflare/signal-hub)"_s,
                                     9.1e15};
    QElapsedTimer elapsed;
    elapsed.start();
    int readable = 0;
    int refused = 0;
    for (int i = 0; i < most && elapsed.elapsed() < timeMs; ++i) {
        const Sample &sample = samples[pick(std::size(samples))];
        QJsonObject object = envelope(QString::fromLatin1(sample.type), json(sample.payload));
        for (int changes = int(pick(3)); changes > 0; --changes) {
            QJsonObject payload = object.value(u"payload"_s).toObject();
            QJsonObject &target = random.bounded(2) ? object : payload;
            const QStringList keys = target.keys();
            if (keys.isEmpty())
                continue;
            const QString &key = keys[pick(keys.size())];
            if (random.bounded(4) == 0)
                target.remove(key);
            else
                target.insert(key, oddities[pick(oddities.size())]);
            if (&target == &payload)
                object.insert(u"payload"_s, payload);
        }
        QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
        for (int changes = random.bounded(3) == 0 ? int(pick(6)) : 0; changes > 0 && !text.isEmpty(); --changes) {
            const qsizetype at = pick(text.size());
            switch (random.bounded(4)) {
            case 0:
                text[at] = char(random.bounded(256));
                break;
            case 1:
                text.remove(at, 1 + pick(20));
                break;
            case 2:
                text.insert(at, text.mid(pick(text.size()), pick(40)));
                break;
            default:
                text.truncate(at);
                break;
            }
        }
        QString problem;
        const auto message = HubMessage::read(text, &problem);
        QVERIFY2(message || !problem.isEmpty(), text.constData());
        (message ? readable : refused) += 1;
        if (!message)
            continue;
        QVERIFY(message->type().size() <= 128 && message->from().size() <= HubMessage::maxAddress);
        const QJsonObject metadata = json(text).value(u"metadata"_s).toObject();
        if (metadata.contains(u"forwarded"_s))
            QVERIFY(!message->isFromHub());
        if (const auto *list = message->as<hub::ActorList>())
            QVERIFY(list->actors.size() <= HubMessage::maxActorsRead && list->total >= 0);
        if (const auto *error = message->as<hub::Error>())
            QVERIFY(error->message.size() <= 300 && error->retryAfterMs >= 0 && error->retryAfterMs <= 3'600'000);
        if (const auto *application = message->as<hub::Application>())
            hubShownJson(application->payload);
    }
    QVERIFY2(readable > 100 && refused > 100, qPrintable(u"%1 read, %2 refused"_s.arg(readable).arg(refused)));
}

void HubFuzzTest::aFullPageIsRead()
{
    QJsonObject payload = json(samples[4].payload);
    const QJsonObject actor = payload.value(u"actors"_s).toArray().first().toObject();
    QJsonArray actors;
    while (actors.size() < 100)
        actors.append(actor);
    payload.insert(u"actors"_s, actors);
    const QByteArray page = QJsonDocument(envelope(u"hub:actor_list"_s, payload)).toJson(QJsonDocument::Compact);
    // What it costs is measured by script/bench.
    const std::optional<HubMessage> message = HubMessage::read(page, nullptr);
    QVERIFY(message.has_value());
    QCOMPARE(message->as<hub::ActorList>()->actors.size(), 100);
}

PULSEDECK_TEST(HubFuzzTest, runWithEvents)
#include "hubfuzz_test.moc"
