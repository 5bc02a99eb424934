// SPDX-License-Identifier: GPL-3.0-or-later
// Commands to actors: the ladder that ends at delivered, unless the actor answers or its registration goes.
#include "models/commands/commandexport.h"
#include "models/commands/commandtablemodel.h"
#include "models/commands/commandwords.h"
#include "tests/models/actorsfixture.h"
#include "tests/support/testprogram.h"

#include <QJsonObject>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using Outcome = CommandProgress::Outcome;

class ActorCommandsTest : public QObject
{
    Q_OBJECT

private slots:
    void deliveredIsAnEnd();
    void anAnswerPicksItUp();
    void anAnswerComesMinutesLater();
    void aDrainThatIsAcceptedIsDone();
    void aLateRefusalRefuses();
    void itsGoingMovesOn_data();
    void itsGoingMovesOn();
    void theSameAddressAgainIsNobodyBack();
    void isOverdueOnlyOnceItAnswered();
    void refusalsHaveWordsOfTheirOwn_data();
    void refusalsHaveWordsOfTheirOwn();
    void looksUpWhatCanBeKnown();
    void anotherCommandIsTakenAfterwards();
    void isRestored();
    void countsAndExports();
};

void ActorCommandsTest::deliveredIsAnEnd()
{
    Actors a;
    const quint64 key = a.delivered(Act::Shutdown, 0);
    const CommandEntry &entry = a.at(key);
    QVERIFY(entry.isAnswered());
    QCOMPARE(entry.stage, CommandStage::Delivered);
    QVERIFY(!entry.isOpen());
    QVERIFY(!isSuccess(entry.stage));
    QCOMPARE(entry.commandUntil, 0);
    QVERIFY(entry.writtenAt > 0);
    QVERIFY(entry.endedAt > 0);
    QCOMPARE(a.ledger.openCount(), 0);
    QCOMPARE(a.journal.steps(HubScene::address(0)), (QStringList{u"requested"_s, u"delivered"_s}));
    QCOMPARE(a.journal.writes.first().entries.first().text, u"Send it worker:shutdown."_s);
    QCOMPARE(stageSentence(entry), u"The hub delivered it; the actor has not answered."_s);
    CommandTableModel model(a.ledger, a.fleet.clock);
    const auto cell = [&](CommandColumn column) { return model.index(0, int(column)).data().toString(); };
    // It is given a while before it is said that it has not answered.
    QCOMPARE(cell(CommandColumn::Draining), u"waiting"_s);
    QCOMPARE(cell(CommandColumn::Note), u"The hub delivered it; waiting for the actor's answer."_s);
    a.step(answerWaitMs - 1);
    QVERIFY(awaitsAnswer(entry, a.fleet.clock.nowMs()));
    a.step(1);
    QVERIFY(!awaitsAnswer(entry, a.fleet.clock.nowMs()));
    QCOMPARE(cell(CommandColumn::Note), stageSentence(entry));
    QCOMPARE(model.headerData(int(CommandColumn::Draining), Qt::Horizontal).toString(), u"Answered"_s);
    // Time says nothing more: no expiry, no drain timeout.
    a.step(10 * 60'000);
    QCOMPARE(entry.stage, CommandStage::Delivered);
    QCOMPARE(cell(CommandColumn::Act), u"Shut down"_s);
    QCOMPARE(cell(CommandColumn::Delivered), u"delivered"_s);
    QCOMPARE(cell(CommandColumn::Draining), u"no answer"_s);
    QCOMPARE(cell(CommandColumn::Gone), QString());
    QCOMPARE(cell(CommandColumn::Sessions), u"–"_s);
    CommandFilter problems;
    problems.show = CommandFilter::Show::Problems;
    model.setFilter(problems);
    QCOMPARE(model.rowCount(), 0); // Neither success nor failure.
    problems.show = CommandFilter::Show::Ended;
    model.setFilter(problems);
    QCOMPARE(model.rowCount(), 1);
}

void ActorCommandsTest::anAnswerPicksItUp()
{
    Actors a;
    const quint64 key = a.give(Act::Shutdown, a.hub.handle(0));
    a.step(40);
    a.tell(key, Outcome::Acknowledged, u"answered by the actor"_s);
    QCOMPARE(a.stage(key), CommandStage::PickedUp);
    QCOMPARE(stageSentence(a.at(key)), u"The actor answered."_s);
    a.hub.say(0, WorkerStatus::ShuttingDown);
    a.step(900);
    a.hub.end(0, WorkerEnd::Drained);
    QCOMPARE(a.stage(key), CommandStage::Gone);
    QVERIFY2(stageSentence(a.at(key)).contains(u"it had answered"_s), qPrintable(stageSentence(a.at(key))));
    QCOMPARE(a.at(key).sessionsCut, unknownValue);
    QCOMPARE(a.journal.steps(HubScene::address(0)), (QStringList{u"requested"_s, u"picked-up"_s, u"gone"_s}));
}

void ActorCommandsTest::anAnswerComesMinutesLater()
{
    Actors a;
    const quint64 key = a.delivered(Act::ShutdownNow, 1);
    const QUuid group = a.at(key).command.group;
    QVERIFY(a.ledger.group(group)->endedAt > 0);
    a.step(4 * 60'000);
    a.tell(key, Outcome::Acknowledged);
    QCOMPARE(a.stage(key), CommandStage::PickedUp);
    QVERIFY(a.at(key).isOpen());
    QCOMPARE(a.at(key).endedAt, 0);
    QCOMPARE(a.ledger.group(group)->endedAt, 0);
    QCOMPARE(a.ledger.openCount(), 1);
    a.step(2'000);
    a.hub.end(1, WorkerEnd::Left);
    QCOMPARE(a.stage(key), CommandStage::Gone);
    QCOMPARE(a.ledger.openCount(), 0);
    // Said twice it is said once.
    a.tell(key, Outcome::Acknowledged);
    QCOMPARE(a.stage(key), CommandStage::Gone);
}

void ActorCommandsTest::aDrainThatIsAcceptedIsDone()
{
    Actors a;
    const quint64 key = a.delivered(Act::Drain, 2);
    QCOMPARE(a.stage(key), CommandStage::Delivered);
    a.tell(key, Outcome::Acknowledged, u"answered by the actor"_s);
    QCOMPARE(a.stage(key), CommandStage::Done);
    QCOMPARE(stageSentence(a.at(key)), u"The actor accepted the drain."_s);
    a.hub.say(2, WorkerStatus::Draining);
    // That it drains now is from here: nobody else's command is made of it.
    QCOMPARE(a.ledger.size(), 1);
    a.step(60'000);
    QCOMPARE(a.stage(key), CommandStage::Done);
}

void ActorCommandsTest::aLateRefusalRefuses()
{
    Actors a;
    const quint64 key = a.delivered(Act::Shutdown, 0);
    const qint64 before = a.at(key).endedAt;
    a.step(30'000);
    a.tell(key, Outcome::Refused, u"the actor refused: busy"_s, Refusal::ActorRefused);
    QCOMPARE(a.stage(key), CommandStage::Refused);
    QVERIFY(a.at(key).endedAt > before);
    QCOMPARE(a.ledger.openCount(), 0);
    QVERIFY(stageSentence(a.at(key)).startsWith(u"Nothing was done: refused by the actor."_s));
}

void ActorCommandsTest::itsGoingMovesOn_data()
{
    QTest::addColumn<bool>("answered");
    QTest::addColumn<int>("end");
    QTest::addColumn<int>("stage");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, bool answered, WorkerEnd end, CommandStage stage, const QString &words) {
        QTest::newRow(name) << answered << int(end) << int(stage) << words;
    };
    row("left, never answered", false, WorkerEnd::Left, CommandStage::Gone, u"whether it left by this command is not known"_s);
    row("left, answered", true, WorkerEnd::Left, CommandStage::Gone, u"it had answered"_s);
    row("expired, never answered", false, WorkerEnd::Expired, CommandStage::Lost, u"registration expired"_s);
    row("expired, answered", true, WorkerEnd::Expired, CommandStage::Gone, u"it had answered; its registration expired"_s);
    row("unseen", true, WorkerEnd::Unseen, CommandStage::Gone, u"left unseen"_s);
}

void ActorCommandsTest::itsGoingMovesOn()
{
    QFETCH(bool, answered);
    QFETCH(int, end);
    QFETCH(int, stage);
    QFETCH(QString, words);
    Actors a;
    const quint64 key = a.delivered(Act::Shutdown, 0);
    const qint64 ended = a.at(key).endedAt;
    if (answered) {
        a.tell(key, Outcome::Acknowledged);
        a.hub.say(0, WorkerStatus::ShuttingDown);
    }
    a.step(5'000);
    a.hub.end(0, WorkerEnd(end));
    QCOMPARE(int(a.stage(key)), stage);
    QVERIFY2(stageSentence(a.at(key)).contains(words), qPrintable(stageSentence(a.at(key))));
    QVERIFY(!stageSentence(a.at(key)).contains(u"key"_s));
    QVERIFY(a.at(key).endedAt > ended);
    QCOMPARE(a.ledger.openCount(), 0);
}

void ActorCommandsTest::theSameAddressAgainIsNobodyBack()
{
    Actors a;
    const quint64 key = a.delivered(Act::Shutdown, 0);
    a.step(2'000);
    a.hub.end(0, WorkerEnd::Left);
    QCOMPARE(a.stage(key), CommandStage::Gone);
    // An address is a name: a restarted process takes it again.
    a.step(3'000);
    a.hub.renew(0);
    QCOMPARE(a.stage(key), CommandStage::Gone);
    QCOMPARE(a.ledger.openEntry(a.hub.handle(0)), nullptr);
}

void ActorCommandsTest::isOverdueOnlyOnceItAnswered()
{
    Actors a;
    const quint64 key = a.delivered(Act::Shutdown, 0);
    const qint64 timeout = a.hub.status().timing.drainTimeout;
    a.step(timeout + 10'000);
    QCOMPARE(a.stage(key), CommandStage::Delivered);
    a.tell(key, Outcome::Acknowledged);
    a.step(timeout - 1'000);
    QCOMPARE(a.stage(key), CommandStage::PickedUp);
    a.step(5'000);
    QCOMPARE(a.stage(key), CommandStage::Overdue);
    QVERIFY(!stageSentence(a.at(key)).contains(u"session"_s));
    a.hub.end(0, WorkerEnd::Left);
    QCOMPARE(a.stage(key), CommandStage::Gone);
}

void ActorCommandsTest::refusalsHaveWordsOfTheirOwn_data()
{
    QTest::addColumn<int>("refusal");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    QTest::newRow("unknown") << int(Refusal::KeyGone) << u"Actor not registered with Signal Hub"_s << u"not registered"_s;
    QTest::newRow("expired") << int(Refusal::RegistrationExpired) << u"its registration has expired"_s
                             << u"registration expired"_s;
    QTest::newRow("hub") << int(Refusal::Server) << u"Rate limit exceeded"_s << u"refused by the hub"_s;
    QTest::newRow("actor") << int(Refusal::ActorRefused) << u"the actor refused: busy"_s << u"refused by the actor"_s;
    QTest::newRow("not sent") << int(Refusal::NotConnected) << QString() << u"not connected"_s;
}

void ActorCommandsTest::refusalsHaveWordsOfTheirOwn()
{
    QFETCH(int, refusal);
    QFETCH(QString, text);
    QFETCH(QString, words);
    Actors a;
    const quint64 key = a.give(Act::Shutdown, a.hub.handle(0));
    a.tell(key, Outcome::Refused, text, Refusal(refusal));
    QCOMPARE(a.stage(key), CommandStage::Refused);
    QCOMPARE(refusalText(a.at(key)), words);
    QCOMPARE(commandJson(a.at(key)).value("refusal"_L1).toString(), words);
}

void ActorCommandsTest::looksUpWhatCanBeKnown()
{
    Actors a;
    const quint64 here = a.give(Act::Shutdown, a.hub.handle(0));
    const quint64 gone = a.give(Act::Drain, a.hub.handle(1));
    const quint64 seen = a.give(Act::Shutdown, a.hub.handle(2));
    const quint64 answers = a.give(Act::Shutdown, a.hub.handle(3));
    for (const quint64 key : {here, gone, seen, answers}) {
        a.tell(key, Outcome::Unknown, u"no answer"_s);
        QCOMPARE(a.stage(key), CommandStage::Unknown);
    }
    a.step(10);
    QCOMPARE(a.asked.size(), 4);
    a.found(here, true);
    a.found(gone, false);
    a.found(seen, true);
    a.found(answers, true);
    QCOMPARE(a.stage(here), CommandStage::Unknown);
    QVERIFY(stageSentence(a.at(here)).contains(u"whether the message reached it cannot be known"_s));
    QCOMPARE(a.stage(gone), CommandStage::Gone);
    QVERIFY(stageSentence(a.at(gone)).contains(u"whether by this command is not known"_s));
    // It is not asked again and again, whatever the hub's cadence does.
    a.asked.clear();
    for (int i = 0; i < 5; ++i) {
        a.hub.status().sweepEveryMs += 100;
        a.fleet.store.applyStatus(a.hub.status());
        a.step(10'000);
    }
    QCOMPARE(a.asked.size(), 0);
    // What happens still counts.
    a.hub.end(2, WorkerEnd::Left);
    QCOMPARE(a.stage(seen), CommandStage::Gone);
    a.tell(answers, Outcome::Acknowledged);
    QCOMPARE(a.stage(answers), CommandStage::PickedUp);
    // Another lost connection asks once more.
    a.hub.setState(SourceState::Waiting);
    ++a.hub.status().generation;
    a.hub.setState(SourceState::Sweeping);
    QCOMPARE(a.asked.size(), 1);
}

void ActorCommandsTest::anotherCommandIsTakenAfterwards()
{
    Actors a;
    const quint64 first = a.delivered(Act::Drain, 0);
    const quint64 second = a.give(Act::Shutdown, a.hub.handle(0));
    QCOMPARE(a.stage(second), CommandStage::Requested);
    // While it is on its way nothing else is.
    const quint64 third = a.give(Act::Shutdown, a.hub.handle(0));
    QCOMPARE(a.at(third).refusal, Refusal::HasCommand);
    a.tell(second, Outcome::Unknown);
    a.step(10);
    a.found(second, true);
    QCOMPARE(a.ledger.openEntry(a.hub.handle(0)), nullptr);
    const quint64 fourth = a.give(Act::Shutdown, a.hub.handle(0));
    QCOMPARE(a.stage(fourth), CommandStage::Requested);
    a.tell(fourth, Outcome::Acknowledged);
    a.tell(first, Outcome::Acknowledged); // In any order.
    QCOMPARE(a.stage(first), CommandStage::Done);
    QCOMPARE(a.stage(fourth), CommandStage::PickedUp);
}

void ActorCommandsTest::isRestored()
{
    QList<JournalEntry> intents;
    {
        Actors before;
        before.give(Act::Shutdown, before.hub.handle(0));
        before.give(Act::Drain, before.hub.handle(1));
        for (const FakeJournal::Write &write : before.journal.writes)
            intents += write.entries;
    }
    Actors a;
    std::vector<quint64> keys;
    for (const JournalEntry &intent : intents) {
        const std::optional<Command> command = commandFromIntent(intent, HubScene::source);
        QVERIFY(command);
        keys.push_back(a.ledger.restore(*command, intent.at, false));
    }
    QCOMPARE(keys.size(), size_t(2));
    QVERIFY(a.at(keys[0]).isAnswered());
    QCOMPARE(a.stage(keys[0]), CommandStage::Unknown);
    a.step(10);
    QCOMPARE(a.asked.size(), 2);
    a.found(keys[0], true);
    a.tell(keys[0], Outcome::Acknowledged);
    QCOMPARE(a.stage(keys[0]), CommandStage::PickedUp);
    a.hub.end(0, WorkerEnd::Left);
    QCOMPARE(a.stage(keys[0]), CommandStage::Gone);
    a.found(keys[1], false);
    QCOMPARE(a.stage(keys[1]), CommandStage::Gone);
    // Of a hub whose actors are not shown yet.
    Command early;
    early.id = QUuid::createUuid();
    early.group = QUuid::createUuid();
    early.source = HubScene::source;
    early.worker = "@(local/never-seen)";
    QVERIFY(a.at(a.ledger.restore(early, a.fleet.clock.nowMs(), false)).isAnswered());
}

void ActorCommandsTest::countsAndExports()
{
    Actors a;
    CommandRequest request;
    request.workers = {a.hub.handle(0), a.hub.handle(1), a.add(0, "chromium:11111111-1111-4222-8333-444444444444")};
    const QUuid group = a.ledger.issue(request);
    QCOMPARE(a.ledger.group(group)->actors, 2);
    const quint64 key = a.ledger.group(group)->entries.front();
    a.tell(key, Outcome::Delivered);
    QCOMPARE(a.ledger.group(group)->ended(), 1);
    QCOMPARE(a.ledger.group(group)->succeeded(), 0);
    const QJsonObject json = commandJson(a.at(key));
    QCOMPARE(json.value("kind"_L1).toString(), u"actor"_s);
    QCOMPARE(json.value("stage"_L1).toString(), u"delivered"_s);
    QVERIFY(json.value("commandUntil"_L1).isNull());
    QVERIFY(commandsCsv(a.ledger, {key}).contains("actor"));
}

PULSEDECK_TEST(ActorCommandsTest, runWithEvents)
#include "actorcommands_test.moc"
