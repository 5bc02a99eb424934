// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandledger.h"
#include "tests/gui/confirmunlock.h"
#include "tests/gui/hubpanelfixture.h"
#include "tests/support/testapplication.h"
#include "ui/hub/messagehistory.h"
#include "ui/hub/topicbar.h"
#include "ui/theme/style.h"

#include <QClipboard>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>
#include <QTableView>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using Kind = HubCall::Kind;
using Outcome = HubCallAnswer::Outcome;

/// Messages over a hub that is played by hand.
class HubMessageTabTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<HubPanelFixture<>> f;

    QTableView *table() const { return f->part<QTableView>("messageTable"); }
    QPushButton *send() const { return f->part<QPushButton>("messageSend"); }
    QString cell(int row, HubLogModel::Column column) const { return table()->model()->index(row, column).data().toString(); }
    void fillAsk()
    {
        f->type("messageTo", u"@(local/planner-0)"_s);
        f->type("messageType", u"task:assign"_s);
        f->typeData(u"{\"taskId\": 7}"_s);
    }
    TopicChip *chip(const QString &topic) const
    {
        for (TopicChip *one : f->panel->findChildren<TopicChip *>()) {
            if (one->isVisible() && one->subscription().topic == topic)
                return one;
        }
        return nullptr;
    }

private slots:
    void init()
    {
        f = std::make_unique<HubPanelFixture<>>();
        f->setState(SourceState::Sweeping);
        f->addActors(9);
        f->open();
        f->panel->showTab(u"messages"_s);
    }
    void cleanup() { f.reset(); }

    void asks()
    {
        QVERIFY(!send()->isEnabled());
        QCOMPARE(f->text("messageProblem"), u"Enter an actor's address."_s);
        fillAsk();
        QVERIFY(send()->isEnabled());
        QTest::keyClick(f->part<QPlainTextEdit>("messageData"), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Ask), 1, f->patience);
        const HubCall call = f->last(Kind::Ask);
        QCOMPARE(call.target, u"@(local/planner-0)"_s);
        QCOMPARE(call.type, u"task:assign"_s);
        QCOMPARE(call.data.toObject(), (QJsonObject{{u"taskId"_s, 7}}));
        QCOMPARE(table()->model()->rowCount(), 1);
        QCOMPARE(cell(0, HubLogModel::Result), u"waiting"_s);
        f->answer(call, hub::DeliveryAck{u"m"_s, u"delivered"_s, 1});
        QCOMPARE(cell(0, HubLogModel::Result), u"delivered after 3 ms"_s);
        QVERIFY(f->text("messageFacts").contains(u"delivered after 3 ms"_s)); // It was chosen as it was sent.
        QCOMPARE(f->part<QLineEdit>("messageTo")->text(), u"@(local/planner-0)"_s); // Ready for the next.
    }

    void tells()
    {
        fillAsk();
        f->choose(Kind::Tell);
        QVERIFY(f->text("messageProblem").contains(u"not acknowledged"_s));
        QTest::mouseClick(send(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Tell), 1, f->patience);
        QCOMPARE(f->count(Kind::Ask), 0);
    }

    void badJson_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("message");
        QTest::newRow("no comma") << u"{\n \"a\": 1\n \"b\": 2}"_s << u"Line 3, column "_s;
        QTest::newRow("no quotes") << u"{a: 1}"_s << u"Line 1, column "_s;
        QTest::newRow("two values") << u"1 2"_s << u"Line 1, column "_s;
        QTest::newRow("deep") << QString(2'000, u'[') << u"Line 1, column "_s;
        QTest::newRow("html") << u"<b>"_s << u"Line 1, column "_s;
    }
    void badJson()
    {
        QFETCH(QString, typed);
        fillAsk();
        f->part<QPlainTextEdit>("messageData")->setPlainText(typed);
        QTRY_VERIFY_WITH_TIMEOUT(!send()->isEnabled(), f->patience);
        QFETCH(QString, message);
        QVERIFY2(f->text("messageProblem").startsWith(message), qPrintable(f->text("messageProblem")));
        QVERIFY(isInvalid(f->part<QWidget>("messageData")));
        QTest::keyClick(f->part<QPlainTextEdit>("messageData"), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(table()->model()->rowCount(), 0);
        QCOMPARE(f->part<QPlainTextEdit>("messageData")->toPlainText(), typed); // Kept as it is.
        f->typeData(u"[1, 2]"_s);
        QVERIFY(send()->isEnabled());
        QVERIFY(!isInvalid(f->part<QWidget>("messageData")));
    }

    void tooLarge()
    {
        fillAsk();
        const QString large = u'"' + QString(hubMessageLimit, u'x') + u'"';
        f->part<QPlainTextEdit>("messageData")->setPlainText(large);
        QTRY_VERIFY_WITH_TIMEOUT(!send()->isEnabled(), f->patience);
        QVERIFY(f->text("messageProblem").startsWith(u"Too large"_s));
        QCOMPARE(f->part<QPlainTextEdit>("messageData")->toPlainText().size(), large.size());
        // Bytes count, not characters: half as many of two bytes each are too large too.
        f->part<QPlainTextEdit>("messageData")->setPlainText(u'"' + QString(hubMessageLimit / 2, u'ä') + u'"');
        QTRY_VERIFY_WITH_TIMEOUT(f->text("messageSize").contains(u"1,049,"_s), f->patience);
        QVERIFY(!send()->isEnabled());
        f->part<QPlainTextEdit>("messageData")->setPlainText(u'"' + QString(hubMessageLimit / 2, u'x') + u'"');
        QTRY_VERIFY_WITH_TIMEOUT(send()->isEnabled(), f->patience);
    }

    void lockedAndNotConnected()
    {
        fillAsk();
        f->access.lock();
        QVERIFY(!send()->isEnabled());
        QCOMPARE(f->text("messageProblem"), u"Writing is locked. Unlock it first."_s);
        QCOMPARE(send()->accessibleDescription(), u"Writing is locked. Unlock it first."_s);
        QVERIFY(!f->part<QPushButton>("topicSubscribe")->isEnabled());
        QTest::keyClick(f->part<QPlainTextEdit>("messageData"), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(table()->model()->rowCount(), 0);
        auto *unlock = f->part<QPushButton>("messageUnlock");
        QVERIFY(unlock->isVisible());
        unlock->setFocus();
        QTest::keyClick(unlock, Qt::Key_Space);
        QVERIFY(!send()->isEnabled()); // It is a question first.
        confirmUnlock(*f->panel);
        QVERIFY(f->access.isUnlocked());
        QVERIFY(!unlock->isVisible());
        QVERIFY(send()->isEnabled());
        QCOMPARE(f->panel->focusWidget(), send()); // The keyboard goes on to what was opened.
        f->setState(SourceState::Waiting);
        QVERIFY(!send()->isEnabled());
        QCOMPARE(f->text("messageProblem"), u"hub eu-1 is not connected."_s);
        QCOMPARE(f->part<QPlainTextEdit>("messageData")->toPlainText(), u"{\"taskId\": 7}"_s);
        f->setState(SourceState::Sweeping);
        QVERIFY(send()->isEnabled());
        // Nothing is offered that would change nothing.
        f->access.setForbidden(true);
        QVERIFY(!send()->isEnabled());
        QVERIFY(!unlock->isVisible());
    }

    void commandsStandInTheHistory()
    {
        CommandLedger ledger(f->store, f->clock);
        f->hubs.setLedger(&ledger);
        ledger.issue({Act::Drain, {f->store.find(f->hub, "@(local/planner-0)")}, 60'000, u"patching"_s, false, {}});
        QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 1, f->patience);
        QCOMPARE(cell(0, HubLogModel::Way), u"command"_s);
        QCOMPARE(cell(0, HubLogModel::Type), u"worker:drain"_s);
        QCOMPARE(cell(0, HubLogModel::Result), u"waiting"_s);
        table()->selectRow(0);
        QVERIFY(f->part<QPlainTextEdit>("messageText")->toPlainText().contains(u"\"reason\": \"patching\""_s));
        QCOMPARE(f->part<QPushButton>("messageReply")->text(), u"&Write to it"_s);
        f->hubs.setLedger(nullptr);
    }

    void tellsWhatWasNotKept()
    {
        HubView view = f->view();
        f->hubs.takeView(view);
        QVERIFY(!f->text("messageCount").contains(u"not kept"_s));
        view.messagesDropped.tooLarge = 12;
        f->hubs.takeView(view);
        QVERIFY2(f->text("messageCount").endsWith(u"12 messages of others were not kept: 12 over the byte rate"_s),
                 qPrintable(f->text("messageCount")));
    }

    void broadcastAsksTwice()
    {
        f->type("messageType", u"system:notice"_s);
        f->choose(Kind::Broadcast);
        auto *data = f->part<QPlainTextEdit>("messageData");
        data->setFocus();
        QTest::keyClick(data, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(f->text("broadcastQuestion"), u"It goes to every actor: 9 actors."_s);
        QVERIFY(f->part<QPushButton>("broadcastCancel")->hasFocus());
        // Pressing the same again sends nothing, and neither does Return.
        QTest::keyClick(f->part<QPushButton>("broadcastCancel"), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->part<QPushButton>("broadcastConfirm")->isVisible());
        QTest::keyClick(f->part<QPushButton>("broadcastCancel"), Qt::Key_Return);
        QTest::keyClick(f->part<QPushButton>("broadcastCancel"), Qt::Key_Space);
        QVERIFY(!f->part<QPushButton>("broadcastConfirm")->isVisible());
        QCOMPARE(table()->model()->rowCount(), 0);

        f->type("messageCapability", u"planner"_s);
        f->press("messageSend");
        QCOMPARE(f->text("broadcastQuestion"), u"It goes to 3 actors that can planner."_s);
        // Another message is another question.
        f->type("messageType", u"system:other"_s);
        QVERIFY(!f->part<QPushButton>("broadcastConfirm")->isVisible());
        f->press("messageSend");
        f->press("broadcastConfirm");
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Broadcast), 1, f->patience);
        QCOMPARE(f->last(Kind::Broadcast).capability, u"planner"_s);
        QCOMPARE(f->last(Kind::Broadcast).type, u"system:other"_s);
        f->answer(f->last(Kind::Broadcast), hub::BroadcastAck{u"m"_s, 2, 1});
        QCOMPARE(cell(0, HubLogModel::Result), u"reached 2 of 3 actors"_s);
    }

    void broadcastToNobodyOrTooMany()
    {
        f->type("messageType", u"system:notice"_s);
        f->choose(Kind::Broadcast);
        f->type("messageCapability", u"nobody-can"_s);
        QVERIFY(!send()->isEnabled());
        QCOMPARE(f->text("messageProblem"), u"No actor would receive it."_s);
        f->addActors(1'200);
        f->part<QLineEdit>("messageCapability")->clear();
        QVERIFY(!send()->isEnabled());
        QVERIFY(f->text("messageProblem").contains(u"more than 1,000 actors; this message would go to 1,200"_s));
    }

    void lockedWhileAsked()
    {
        f->type("messageType", u"system:notice"_s);
        f->choose(Kind::Broadcast);
        f->press("messageSend");
        QVERIFY(f->part<QPushButton>("broadcastConfirm")->isVisible());
        f->access.lock();
        QVERIFY(!f->part<QPushButton>("broadcastConfirm")->isVisible());
        QVERIFY(!send()->isEnabled());
    }

    void publishesAndHears()
    {
        f->choose(Kind::Publish);
        f->type("messageTopic", u"events"_s);
        f->type("messageType", u"event:created"_s);
        QTest::mouseClick(send(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Publish), 1, f->patience);
        QVERIFY(f->last(Kind::Publish).data.isUndefined()); // Nothing typed is no data.

        QVERIFY(!f->part<QPushButton>("topicSubscribe")->isEnabled());
        f->type("topicField", u"events"_s);
        QTest::keyClick(f->part<QLineEdit>("topicField"), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Subscribe), 1, f->patience);
        QVERIFY(chip(u"events"_s));
        QCOMPARE(chip(u"events"_s)->subscription().state, HubSubscription::State::Asked);
        f->hubs.takeSubscription(f->hub, {u"events"_s, HubSubscription::State::Subscribed, {}});
        QCOMPARE(chip(u"events"_s)->subscription().state, HubSubscription::State::Subscribed);
        ActorMessage mail = f->mail(u"@(local/agent-1)"_s, u"event:created"_s, QJsonObject{{u"id"_s, 7}});
        mail.way = ActorMessage::Way::Publication;
        mail.topic = u"events"_s;
        f->hubs.takeActorMessage(mail);
        QCOMPARE(cell(1, HubLogModel::Way), u"publication"_s);
        QTest::mouseClick(chip(u"events"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Unsubscribe), 1, f->patience);
        f->hubs.takeAnswer(f->answerTo(f->last(Kind::Unsubscribe), Outcome::Sent));
        QVERIFY(!chip(u"events"_s));
    }

    void manyTopicsHaveRoom()
    {
        for (int i = 0; i < 40; ++i)
            f->hubs.takeSubscription(f->hub, {u"topic-%1"_s.arg(i), HubSubscription::State::Subscribed, {}});
        QCOMPARE(f->panel->width(), 950);
        int shown = 0;
        for (TopicChip *one : f->panel->findChildren<TopicChip *>()) {
            shown += one->isVisible();
            if (one->isVisible())
                QVERIFY(one->mapTo(f->panel.get(), QPoint(one->width(), 0)).x() <= f->panel->width());
        }
        QVERIFY(shown > 0 && shown < 40);
    }

    void draftsAreKept()
    {
        fillAsk();
        f->type("topicField", u"half a top"_s);
        f->panel->setSource(f->other);
        QCOMPARE(f->part<QLineEdit>("messageTo")->text(), QString());
        QCOMPARE(f->part<QPlainTextEdit>("messageData")->toPlainText(), QString());
        f->type("messageTo", u"@(other)"_s);
        f->panel->setSource(f->hub);
        QCOMPARE(f->part<QLineEdit>("messageTo")->text(), u"@(local/planner-0)"_s);
        QCOMPARE(f->part<QPlainTextEdit>("messageData")->toPlainText(), u"{\"taskId\": 7}"_s);
        QCOMPARE(f->part<QLineEdit>("topicField")->text(), u"half a top"_s);
        f->panel->setSource(f->other);
        QCOMPARE(f->part<QLineEdit>("messageTo")->text(), u"@(other)"_s);
    }

    void followsOnlyAtTheEnd()
    {
        for (int i = 0; i < 100; ++i)
            f->hubs.takeActorMessage(f->mail(u"@(a/%1)"_s.arg(i), u"note"_s, QJsonObject()));
        QScrollBar *bar = table()->verticalScrollBar();
        QTRY_VERIFY_WITH_TIMEOUT(bar->maximum() > 0 && bar->value() == bar->maximum(), f->patience);
        f->hubs.takeActorMessage(f->mail(u"@(a/new)"_s, u"note"_s, QJsonObject()));
        QTRY_COMPARE_WITH_TIMEOUT(bar->value(), bar->maximum(), f->patience);
        bar->setValue(bar->maximum() / 2);
        const int place = bar->value();
        const int before = bar->maximum();
        f->hubs.takeActorMessage(f->mail(u"@(a/newer)"_s, u"note"_s, QJsonObject()));
        QTRY_VERIFY_WITH_TIMEOUT(bar->maximum() > before, f->patience);
        QCOMPARE(bar->value(), place);
    }

    void hostilePayload()
    {
        QJsonArray many;
        for (int i = 0; i < 60'000; ++i)
            many.append(u"<a href='http://evil'>\u202E%1</a>\u0007"_s.arg(i));
        ActorMessage mail = f->mail(u"@(evil/<img src=x>\u202E)"_s, u"<script>\n"_s, many);
        mail.cut = true;
        f->hubs.takeActorMessage(mail);
        const QModelIndex row = table()->model()->index(0, 0);
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, {}, table()->visualRect(row).center());
        auto *text = f->part<QPlainTextEdit>("messageText");
        QVERIFY(text->isReadOnly());
        QVERIFY(text->toPlainText().size() < 250'000);
        QVERIFY(text->toPlainText().contains(u"<a href='http://evil'>"_s)); // Words, no link.
        QVERIFY(!text->toPlainText().contains(QChar(0x202E)) && !text->toPlainText().contains(QChar(7)));
        QVERIFY(f->text("messageCut").startsWith(u"Cut: only the beginning was kept."_s));
        QVERIFY(f->text("messageCut").contains(u"Only the beginning is shown"_s));
        QCOMPARE(f->part<QLabel>("messageHeading")->textFormat(), Qt::PlainText);
        QVERIFY(!f->text("messageHeading").contains(u'\n'));
        f->press("messageCopy");
        const QByteArray copied = QGuiApplication::clipboard()->text().toUtf8();
        QCOMPARE(QJsonDocument::fromJson(copied).array().size(), 60'000);
        // Written back to whoever it says it is, and only when sent.
        f->press("messageReply");
        QVERIFY(f->part<QLineEdit>("messageTo")->text().startsWith(u"@(evil/"_s));
        QCOMPARE(f->count(Kind::Ask), 0);
    }
};

PULSEDECK_TEST(HubMessageTabTest, runWithTheme)
#include "hubmessagetab_test.moc"
