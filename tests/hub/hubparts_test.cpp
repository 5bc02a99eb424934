// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubfailure.h"
#include "app/hub/huboutbox.h"
#include "app/simulator/fleetoptions.h"
#include "app/simulator/hubregistry.h"
#include "app/simulator/hubtoken.h"
#include "models/sources/hubaddress.h"
#include "tests/support/testprogram.h"

#include <QJsonDocument>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;

namespace {

HubMessage answer(const QString &id, const QString &type, const QJsonObject &payload)
{
    const QJsonObject object{{u"id"_s, u"x"_s},
                             {u"from"_s, HubMessage::hubAddress()},
                             {u"type"_s, type},
                             {u"correlationId"_s, id},
                             {u"payload"_s, payload}};
    return HubMessage::read(QJsonDocument(object).toJson(), nullptr).value();
}

HubMessage rateLimited(const QString &id, double retryAfter = 1)
{
    return answer(id, u"hub:error"_s,
                  {{u"code"_s, u"rate_limited"_s}, {u"details"_s, QJsonObject{{u"retryAfter"_s, retryAfter}}}});
}

HubMessage stats(const QString &id)
{
    return answer(id, u"hub:queue_stats_response"_s,
                  {{u"queueDepth"_s, 0}, {u"processingRate"_s, 0}, {u"pauseThreshold"_s, 1}, {u"resumeThreshold"_s, 1}});
}

} // namespace

class HubPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void bucket();
    void neverOverTheLimit();
    void twoThousandActorsFit();
    void heartbeatsFirst();
    void pagesAndTheRestTakeTurns();
    void refusedTellIsWrittenAgain();
    void answeredOnce();
    void retryAfterIsObeyed();
    void retriesEnd();
    void registryFullIsNotRetried();
    void expiry();
    void resetAnswersAll();
    void fullQueue();
    void addresses_data();
    void addresses();
    void failuresInWords();
    void tokens();
    void registryKeepsPlaces();
    void options_data();
    void options();
};

void HubPartsTest::bucket()
{
    TokenBucket bucket(10, 3);
    for (int i = 0; i < 3; ++i)
        QVERIFY(bucket.take(1'000));
    QVERIFY(!bucket.take(1'000));
    QCOMPARE(bucket.waitMs(1'000), 100);
    QVERIFY(!bucket.take(1'099));
    QVERIFY(bucket.take(1'100));
    QVERIFY(!bucket.take(900)); // A clock that runs back gives nothing.
    QCOMPARE(bucket.available(100'000), 3.0);
}

/// Whatever waits: no stretch of a second sees more than the hub's ten beyond its burst.
void HubPartsTest::neverOverTheLimit()
{
    HubOutbox outbox({});
    for (int i = 0; i < 200; ++i)
        QVERIFY(outbox.add(HubRequest::queueStats(), 1'000, {}));
    TokenBucket hub(10, 10);
    qint64 now = 0;
    int sent = 0;
    while (outbox.waiting() > 0) {
        while (outbox.take(now)) {
            ++sent;
            QVERIFY2(hub.take(now), qPrintable(u"the hub would refuse number %1"_s.arg(sent)));
        }
        const qint64 wait = outbox.waitMs(now);
        QVERIFY(outbox.waiting() == 0 || wait > 0);
        now += qMax<qint64>(1, wait);
    }
    QCOMPARE(sent, 200);
}

void HubPartsTest::twoThousandActorsFit()
{
    HubOutbox outbox({});
    outbox.add(HubRequest::heartbeat(0), 1'000, {}, HubOutbox::Lane::Heartbeat);
    qint64 now = 0;
    for (int page = 0; page < 20; ++page) { // In turn, each waiting for the answer of the one before: 2 ms here.
        outbox.add(HubRequest::listActors(page * 100), 1'000, {});
        while (outbox.waiting() > 0) {
            while (outbox.take(now)) { }
            now += qMax<qint64>(0, outbox.waitMs(now));
        }
        now += 2;
    }
    QVERIFY2(now < 1'450, qPrintable(QString::number(now)));
}

void HubPartsTest::heartbeatsFirst()
{
    HubOutbox outbox({});
    outbox.add(HubRequest::metrics(), 1'000, {});
    outbox.add(HubRequest::queueStats(), 1'000, {});
    outbox.add(HubRequest::heartbeat(0), 1'000, {}, HubOutbox::Lane::Heartbeat);
    QCOMPARE(outbox.take(0)->request.type(), u"hub:heartbeat"_s);
    QCOMPARE(outbox.take(0)->request.type(), u"hub:metrics"_s);
    QCOMPARE(outbox.take(0)->request.type(), u"hub:queue_stats"_s);
    QCOMPARE(outbox.sentInLastSecond(999), 3);
    QCOMPARE(outbox.sentInLastSecond(1'000), 0);
}

/// Whoever asks for how much else: every second message is a page of the fleet's, and the other way round.
void HubPartsTest::pagesAndTheRestTakeTurns()
{
    HubOutbox outbox({});
    using Lane = HubOutbox::Lane;
    for (int i = 0; i < 50; ++i)
        QVERIFY(outbox.add(HubRequest::metrics(), 1'000, {}));
    for (int page = 0; page < 3; ++page)
        QVERIFY(outbox.add(HubRequest::listActors(page * 100), 1'000, {}, Lane::Fleet));
    QStringList sent;
    for (int i = 0; i < 8; ++i)
        sent.append(outbox.take(0)->request.type() == u"hub:metrics"_s ? u"rest"_s : u"page"_s);
    QCOMPARE(sent.join(u' '), u"page rest page rest page rest rest rest"_s);
}

/// A tell is never answered, but it can be refused for its rate: then it was not sent, and is written again.
void HubPartsTest::refusedTellIsWrittenAgain()
{
    HubOutbox outbox({});
    int told = 0;
    QVERIFY(outbox.add(HubRequest::tell(u"@(a/b)"_s, u"t"_s, {}), 1'000, [&](const HubAnswer &) { ++told; }));
    auto out = outbox.take(0);
    QVERIFY(out && out->finished);
    QCOMPARE(out->finished->answer.outcome, HubAnswer::Outcome::Sent);
    (*out->finished)();
    std::optional<HubOutbox::Finished> finished;
    QVERIFY(outbox.answered(rateLimited(out->id), 5, &finished) == HubOutbox::Meant::Request);
    QVERIFY(!finished);
    QVERIFY(!outbox.take(1'000)); // It waits as it was told.
    out = outbox.take(1'005);
    QVERIFY(out);
    (*out->finished)();
    QCOMPARE(told, 1); // Once, however often it is written.
    outbox.expired(10'000);
    QVERIFY(outbox.answered(rateLimited(out->id), 10'001, &finished) == HubOutbox::Meant::NoRequest);
}

void HubPartsTest::answeredOnce()
{
    HubOutbox outbox({});
    int answers = 0;
    outbox.add(HubRequest::queueStats(), 1'000, [&](const HubAnswer &one) {
        ++answers;
        QVERIFY(one.ok());
        QCOMPARE(one.elapsedMs, 30);
    });
    const QString id = outbox.take(0)->id;
    std::optional<HubOutbox::Finished> finished;
    using Meant = HubOutbox::Meant;
    QVERIFY(outbox.answered(stats(u"somebody else's"_s), 10, &finished) == Meant::NoRequest);
    const HubMessage wrongType = answer(id, u"hub:published"_s, {{u"topic"_s, u"t"_s}, {u"subscriberCount"_s, 1}});
    QVERIFY(outbox.answered(wrongType, 10, &finished) == Meant::NoRequest);
    QVERIFY(outbox.answered(stats(id), 30, &finished) == Meant::Request);
    (*finished)();
    finished.reset();
    QVERIFY(outbox.answered(stats(id), 40, &finished) == Meant::NoRequest); // Twice.
    QVERIFY(!finished);
    QVERIFY(outbox.expired(100'000).empty());
    QCOMPARE(answers, 1);
}

void HubPartsTest::retryAfterIsObeyed()
{
    HubOutbox outbox({});
    bool ok = false;
    outbox.add(HubRequest::metrics(), 1'000, {});
    outbox.add(HubRequest::queueStats(), 1'000, [&](const HubAnswer &one) { ok = one.ok(); });
    outbox.take(0);
    const QString first = outbox.take(0)->id;
    std::optional<HubOutbox::Finished> finished;
    QVERIFY(outbox.answered(rateLimited(first), 5, &finished) == HubOutbox::Meant::Request);
    QVERIFY(!finished); // Put off, not answered.
    outbox.add(HubRequest::heartbeat(0), 1'000, {}, HubOutbox::Lane::Heartbeat);
    QVERIFY(!outbox.take(1'004)); // Not even a heartbeat.
    QCOMPARE(outbox.waitMs(500), 505);
    QCOMPARE(outbox.take(1'005)->request.type(), u"hub:heartbeat"_s);
    const auto again = outbox.take(1'005);
    QVERIFY(again);
    QVERIFY(again->id != first);
    QVERIFY(outbox.answered(stats(again->id), 1'010, &finished) == HubOutbox::Meant::Request);
    (*finished)();
    QVERIFY(ok);
}

void HubPartsTest::retriesEnd()
{
    HubOutbox outbox({});
    HubAnswer::Outcome outcome = HubAnswer::Outcome::Answered;
    outbox.add(HubRequest::queueStats(), 1'000, [&](const HubAnswer &one) { outcome = one.outcome; });
    std::optional<HubOutbox::Finished> finished;
    qint64 now = 0;
    int written = 0;
    while (!finished) {
        now += qMax<qint64>(0, outbox.waitMs(now));
        const auto out = outbox.take(now);
        QVERIFY(out && ++written < 10);
        outbox.answered(rateLimited(out->id), now, &finished);
    }
    (*finished)();
    QCOMPARE(written, 4);
    QCOMPARE(outcome, HubAnswer::Outcome::Refused);
}

void HubPartsTest::registryFullIsNotRetried()
{
    HubOutbox outbox({});
    outbox.add(HubRequest::registerActor(u"@(a)"_s, {u"x"_s}, {}, 60), 1'000, {});
    std::optional<HubOutbox::Finished> finished;
    const HubMessage full = answer(outbox.take(0)->id, u"hub:error"_s,
                                   {{u"code"_s, u"rate_limited"_s}, {u"message"_s, u"Registry at capacity (3/3 actors)"_s}});
    outbox.answered(full, 5, &finished);
    QVERIFY(finished);
    QCOMPARE(finished->answer.outcome, HubAnswer::Outcome::Refused);
    QCOMPARE(finished->answer.text(), u"Registry at capacity (3/3 actors)"_s);
    QCOMPARE(outbox.pausedForMs(6), 0);
}

void HubPartsTest::expiry()
{
    HubOutbox outbox({});
    outbox.add(HubRequest::queueStats(), 1'000, {});
    outbox.add(HubRequest::tell(u"@(a)"_s, u"x"_s, 1), 1'000, {});
    QVERIFY(outbox.expired(5'000).empty()); // Its time runs from the writing.
    outbox.take(10'000);
    QCOMPARE(outbox.take(10'000)->finished->answer.outcome, HubAnswer::Outcome::Sent); // Never answered.
    QVERIFY(outbox.expired(10'999).empty());
    const auto late = outbox.expired(11'000);
    QCOMPARE(late.size(), size_t(1));
    QCOMPARE(late.front().answer.outcome, HubAnswer::Outcome::TimedOut);
}

void HubPartsTest::resetAnswersAll()
{
    HubOutbox outbox({});
    outbox.add(HubRequest::queueStats(), 1'000, {});
    outbox.add(HubRequest::metrics(), 1'000, {});
    outbox.take(0);
    const auto all = outbox.reset();
    QCOMPARE(all.size(), size_t(2));
    QCOMPARE(all[0].answer.outcome, HubAnswer::Outcome::Lost);
    QCOMPARE(all[1].answer.outcome, HubAnswer::Outcome::NotSent);
    QVERIFY(outbox.reset().empty());
}

void HubPartsTest::fullQueue()
{
    HubOutbox::Limits limits;
    limits.mostWaiting = 2;
    HubOutbox outbox(limits);
    QVERIFY(outbox.add(HubRequest::metrics(), 1, {}));
    QVERIFY(outbox.add(HubRequest::metrics(), 1, {}));
    QVERIFY(!outbox.add(HubRequest::metrics(), 1, {}));
    QVERIFY(outbox.add(HubRequest::heartbeat(0), 1, {}, HubOutbox::Lane::Heartbeat)); // Always room for what keeps it alive.
}

void HubPartsTest::addresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("socket");
    QTest::newRow("full") << u"ws://hub.example:8787/ws"_s << u"ws://hub.example:8787/ws"_s;
    QTest::newRow("no path") << u"wss://hub.example"_s << u"wss://hub.example:443/ws"_s;
    QTest::newRow("bare") << u"localhost:8787"_s << u"ws://localhost:8787/ws"_s;
    QTest::newRow("https") << u"https://hub.example/other"_s << u"wss://hub.example:443/other"_s;
    QTest::newRow("IPv6") << u"ws://[::1]:8787"_s << u"ws://[::1]:8787/ws"_s;
    QTest::newRow("empty") << u" "_s << QString();
    QTest::newRow("redis") << u"redis://host"_s << QString();
    QTest::newRow("login") << u"ws://hunter:hunter2@host"_s << QString();
    QTest::newRow("query") << u"ws://host/ws?token=hunter2"_s << QString();
    QTest::newRow("port") << u"ws://host:70000"_s << QString();
}

void HubPartsTest::addresses()
{
    QFETCH(QString, text);
    QFETCH(QString, socket);
    QString error;
    const auto address = HubAddress::parse(text, &error);
    QCOMPARE(address.has_value(), !socket.isEmpty());
    QCOMPARE(error.isEmpty(), address.has_value());
    QVERIFY(!error.contains(u"hunter"_s));
    if (address)
        QCOMPARE(address->socketUrl().toString(), socket);
}

void HubPartsTest::failuresInWords()
{
    using Kind = SourceFailure::Kind;
    const HubAddress hub;
    QCOMPARE(hubCloseFailure(1011, u"Unknown session"_s, hub).kind, Kind::Forgotten);
    QCOMPARE(hubCloseFailure(1011, u"Internal error"_s, hub).kind, Kind::InternalError);
    QCOMPARE(hubCloseFailure(1009, u"Message is too large"_s, hub).kind, Kind::TooLarge);
    QCOMPARE(hubCloseFailure(1000, u"Duplicate connection - new session established"_s, hub).kind, Kind::Duplicate);
    QCOMPARE(hubCloseFailure(1000, {}, hub).kind, Kind::Closed);
    QVERIFY(hubCloseFailure(1000, u"Duplicate connection"_s, hub).isFinal());
    QVERIFY(!hubCloseFailure(1011, u"Unknown session"_s, hub).isFinal());
    const auto refused = [&hub](const QString &code, const QString &message) {
        return hubRefusal(*answer(u"1"_s, u"hub:error"_s, {{u"code"_s, code}, {u"message"_s, message}}).as<hub::Error>(), hub);
    };
    QVERIFY(refused(u"unauthorized"_s, u"JWT token has expired"_s).text.contains(u"has expired"_s));
    QVERIFY(
        refused(u"unauthorized"_s, u"Authentication required but no authToken provided"_s).text.contains(u"asks for a token"_s));
    QVERIFY(refused(u"unauthorized"_s, u"bad eyJabc.def.ghi"_s).isFinal());
    QVERIFY(!refused(u"unauthorized"_s, u"bad eyJabc.def.ghi"_s).text.contains(u"eyJ"_s));
    QCOMPARE(refused(u"version_mismatch"_s, u"x"_s).kind, Kind::VersionMismatch);
    QVERIFY(!refused(u"internal_error"_s, u"x"_s).isFinal());
    QCOMPARE(hubSocketFailure(QAbstractSocket::ConnectionRefusedError, u"Connection refused"_s, hub).kind, Kind::Unreachable);
    QCOMPARE(hubSocketFailure(QAbstractSocket::ConnectionRefusedError,
                              u"QWebSocketPrivate::processHandshake: Unhandled http status code: 404 (Not Found)."_s, hub)
                 .kind,
             Kind::Protocol);
    // What Redis says of a certificate is said here too, with the hub's own hint.
    HubAddress own;
    own.caFile = u"/etc/ca.pem"_s;
    const QSslError unknown(QSslError::SelfSignedCertificate);
    QCOMPARE(hubCertificateFailure({unknown}, hub).kind, Kind::Tls);
    QVERIFY(hubCertificateFailure({unknown}, hub).hint.contains(u"CA file for this hub"_s));
    QVERIFY(hubCertificateFailure({unknown}, own).hint.contains(u"is not the authority"_s));
    QVERIFY(hubCertificateFailure({QSslError(QSslError::HostNameMismatch)}, hub).hint.contains(u"names no host"_s));
    QVERIFY(hubTimeoutFailure(false, 5'000, hub).text.endsWith(u"within 5 s."_s));
}

void HubPartsTest::tokens()
{
    // The example of RFC 7515, appendix A.1, proves the signature; the rest of it is no hub's.
    const QByteArray key = QByteArray::fromBase64(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", QByteArray::Base64UrlEncoding);
    const QString example = u"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
                            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"_s;
    QString problem;
    QVERIFY(!HubToken::verify(example, key, 0, &problem));
    QCOMPARE(problem, u"JWT claim validation failed: unexpected \"iss\" claim value"_s); // So the signature was right.
    QVERIFY(!HubToken::verify(example, "other", 0, &problem));
    QCOMPARE(problem, u"JWT signature verification failed"_s);
    const qint64 now = 1'795'288'894'333;
    const QString good = QString::fromLatin1(HubToken::issue(u"a"_s, "k", now));
    QVERIFY(HubToken::verify(good, "k", now, &problem));
    QVERIFY(!HubToken::verify(good, "k", now + 3'601'000, &problem));
    const QString endless = QString::fromLatin1(
        HubToken::sign({{u"iss"_s, u"signal-hub"_s}, {u"sub"_s, u"a"_s}, {u"actorId"_s, u"a"_s}, {u"iat"_s, now / 1000}}, "k"));
    QVERIFY(HubToken::verify(endless, "k", now + 23 * 3'600'000, &problem));
    QVERIFY(!HubToken::verify(endless, "k", now + 25 * 3'600'000, &problem)); // At most a day old.
}

void HubPartsTest::registryKeepsPlaces()
{
    HubRegistry registry;
    const auto put = [&registry](const QString &address, quint64 session, double expiresAt = 1e15) {
        HubActorEntry entry;
        entry.address = address;
        entry.session = session;
        entry.expiresAt = expiresAt;
        return registry.put(entry);
    };
    const auto order = [&registry] {
        QString text;
        for (const auto &[place, entry] : registry.entries())
            text += entry.address;
        return text;
    };
    const QString first = put(u"a"_s, 1).renewalToken;
    put(u"b"_s, 1);
    put(u"c"_s, 2, 50);
    QCOMPARE(put(u"a"_s, 2).version, 2);
    QCOMPARE(order(), u"abc"_s);
    QVERIFY(!registry.renew(first, 0)); // Its token changed.
    registry.removeSession(1);
    QCOMPARE(order(), u"ac"_s);
    registry.removeExpired(49);
    QCOMPARE(order(), u"ac"_s);
    registry.removeExpired(50);
    QCOMPARE(order(), u"a"_s);
    put(u"n"_s, 3, HubRegistry::noNumber);
    registry.removeExpired(1'000'000'000'000'000);
    QCOMPARE(order(), u"n"_s);
    QVERIFY(registry.remove(u"n"_s));
    QVERIFY(!registry.remove(u"n"_s));
}

void HubPartsTest::options_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("runs");
    QTest::addColumn<bool>("redis");
    QTest::newRow("hub alone") << QStringList{u"--hub-port"_s, u"0"_s, u"--actors"_s, u"40"_s} << true << false;
    QTest::newRow("both") << QStringList{u"redis://h"_s, u"--hub-port"_s, u"1"_s} << true << true;
    QTest::newRow("neither") << QStringList{} << false << false;
    QTest::newRow("actors without hub") << QStringList{u"redis://h"_s, u"--actors"_s, u"4"_s} << false << false;
    QTest::newRow("port") << QStringList{u"--hub-port"_s, u"70000"_s} << false << false;
    QTest::newRow("bad URL and hub") << QStringList{u"http://x"_s, u"--hub-port"_s, u"0"_s} << false << false;
}

void HubPartsTest::options()
{
    QFETCH(QStringList, arguments);
    const auto parsed = FleetOptions::parse(QStringList{u"pulsedeck-fleet"_s} + arguments, QProcessEnvironment());
    QTEST(parsed.outcome == FleetOptions::Outcome::Run, "runs");
    if (parsed.outcome == FleetOptions::Outcome::Run)
        QTEST(parsed.options.hasRedis, "redis");
}

PULSEDECK_TEST(HubPartsTest, runWithEvents)
#include "hubparts_test.moc"
