// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubsource.h"
#include "app/simulator/hubactors.h"
#include "models/hub/hublogmodel.h"
#include "tests/gui/hubpanelfixture.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubwatch.h"
#include "tests/support/testapplication.h"

#include <QJsonObject>
#include <QTableView>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using Kind = HubCall::Kind;

/// The panel over a HubSource over a simulated hub on a port: by mouse and keys from the question to the hub's answer.
class HubRoundTest : public QObject
{
    Q_OBJECT

    using Fixture = HubPanelFixture<HubClock>;

    std::unique_ptr<HubWatch> m_hub;
    std::unique_ptr<Fixture> f;
    std::unique_ptr<HubSource> m_source;

    QAbstractItemModel *log() const { return f->part<QTableView>("messageTable")->model(); }
    /// The newest row of the history in which \a column says \a text, -1 for none.
    int rowWith(HubLogModel::Column column, const QString &text) const
    {
        for (int row = log()->rowCount() - 1; row >= 0; --row) {
            if (log()->index(row, column).data().toString().contains(text))
                return row;
        }
        return -1;
    }

private slots:
    void init()
    {
        m_hub = std::make_unique<HubWatch>();
        fleet::HubRules rules;
        rules.burst = rules.perSecond = 1'000;
        QVERIFY(m_hub->listen(rules));
        f = std::make_unique<Fixture>();
        HubSourceOptions options;
        options.connection = m_hub->options();
        options.connection.limits.perSecond = options.connection.limits.burst = 500;
        options.passEveryMs = 100;
        m_source = std::make_unique<HubSource>(f->hub, options, f->clock);
        connect(&f->hubs, &HubStore::callRequested, m_source.get(), [this](SourceId source, const HubCall &call) {
            if (source == f->hub)
                m_source->call(call);
        });
        connect(m_source.get(), &HubSource::callAnswered, &f->hubs, &HubStore::takeAnswer);
        connect(m_source.get(), &HubSource::messageReceived, &f->hubs, &HubStore::takeActorMessage);
        connect(m_source.get(), &HubSource::subscriptionChanged, &f->hubs, &HubStore::takeSubscription);
        connect(m_source.get(), &HubSource::viewChanged, &f->hubs, &HubStore::takeView);
        connect(m_source.get(), &FleetSource::statusChanged, &f->store,
                [this](const SourceStatus &status) { f->store.applyStatus(status); });
        connect(m_source.get(), &FleetSource::batchReady, &f->store, [this](const FleetBatch &batch) {
            f->store.apply(batch);
            f->store.publish();
        });
        connect(&f->access, &WriteAccess::sourceWritable, m_source.get(), [this](SourceId source, bool writable) {
            if (source == f->hub)
                m_source->setWritable(writable);
        });
        m_source->setWritable(f->access.allows(f->hub));
        m_source->start();
        f->open();
    }
    void cleanup()
    {
        f->panel.reset();
        m_source.reset();
        f.reset();
        m_hub.reset();
    }

    void wholeRound()
    {
        HubRawClient actor(u"@(local/agent-1)"_s);
        QVERIFY(actor.join(m_hub->server->port()));
        actor.registerActor(u"@(local/agent-1)"_s, {u"agent"_s});
        QTRY_VERIFY_WITH_TIMEOUT(f->store.find(f->hub, "@(local/agent-1)") != noWorker, f->patience);
        QTRY_VERIFY_WITH_TIMEOUT(f->text("hubFact-list").startsWith(u"list of "_s), f->patience);
        QTRY_VERIFY_WITH_TIMEOUT(f->text("hubFact-health").startsWith(u"ok"_s), f->patience);
        QTRY_VERIFY_WITH_TIMEOUT(f->text("hubFact-queue").startsWith(u"0 waiting"_s), f->patience);
        QVERIFY(!f->hubs.figures(f->hub).metrics().empty());

        // Discovered, asked, delivered, in the history.
        f->panel->showTab(u"discover"_s);
        f->type("discoverPattern", u"@(local/*)"_s);
        f->press("discoverFind");
        auto *found = f->part<QTableView>("discoverTable");
        QTRY_COMPARE_WITH_TIMEOUT(found->model()->rowCount(), 1, f->patience);
        QTest::mouseClick(found->viewport(), Qt::LeftButton, {}, found->visualRect(found->model()->index(0, 0)).center());
        f->press("discoverWrite");
        QCOMPARE(f->panel->currentTab(), u"messages"_s);
        f->type("messageType", u"task:assign"_s);
        f->typeData(u"{\"taskId\": \"456\"}"_s);
        QTest::keyClick(f->part<QPlainTextEdit>("messageData"), Qt::Key_Return, Qt::ControlModifier);
        const QJsonObject heard = actor.takeType(u"task:assign"_s);
        QCOMPARE(heard.value(u"payload"_s).toObject(), (QJsonObject{{u"taskId"_s, u"456"_s}}));
        QTRY_VERIFY_WITH_TIMEOUT(rowWith(HubLogModel::Result, u"delivered after"_s) == 0, f->patience);

        // The actor writes back.
        const QString console = heard.value(u"from"_s).toString();
        QTRY_VERIFY_WITH_TIMEOUT(m_source->connection()->isRegistered(), f->patience);
        actor.ask(u"hub:send"_s, QJsonObject{{u"to"_s, console}, {u"type"_s, u"task:done"_s}, {u"data"_s, 1}});
        QTRY_VERIFY_WITH_TIMEOUT(rowWith(HubLogModel::Way, u"received"_s) == 1, f->patience);
        QCOMPARE(log()->index(1, HubLogModel::Peer).data().toString(), u"@(local/agent-1)"_s);

        // One that is not there.
        f->type("messageTo", u"@(local/nobody)"_s);
        QVERIFY2(f->part<QPushButton>("messageSend")->isEnabled(), qPrintable(f->text("messageProblem")));
        f->press("messageSend");
        QTRY_COMPARE_WITH_TIMEOUT(log()->rowCount(), 3, f->patience);
        QTRY_VERIFY_WITH_TIMEOUT(!f->hubs.log(f->hub).back().waiting, f->patience);
        QVERIFY(log()->index(2, HubLogModel::Result).data().toString().startsWith(u"unknown actor: "_s));
    }

    void topicsAndBroadcast()
    {
        HubRawClient actor(u"@(local/agent-1)"_s);
        QVERIFY(actor.join(m_hub->server->port()));
        actor.registerActor(u"@(local/agent-1)"_s, {u"agent"_s});
        QTRY_VERIFY_WITH_TIMEOUT(f->store.find(f->hub, "@(local/agent-1)") != noWorker, f->patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_source->connection()->isRegistered(), f->patience);
        f->panel->showTab(u"messages"_s);
        f->type("topicField", u"events"_s);
        f->press("topicSubscribe");
        QTRY_VERIFY_WITH_TIMEOUT(!f->hubs.subscriptions(f->hub).empty()
                                     && f->hubs.subscriptions(f->hub).front().state == HubSubscription::State::Subscribed,
                                 f->patience);
        actor.ask(
            u"hub:publish"_s,
            QJsonObject{{u"topic"_s, u"events"_s}, {u"type"_s, u"event:created"_s}, {u"data"_s, QJsonObject{{u"id"_s, 7}}}});
        QTRY_VERIFY_WITH_TIMEOUT(rowWith(HubLogModel::Way, u"publication"_s) >= 0, f->patience);
        const int row = rowWith(HubLogModel::Way, u"publication"_s);
        QCOMPARE(log()->index(row, HubLogModel::Topic).data().toString(), u"events"_s);
        QCOMPARE(log()->index(row, HubLogModel::Payload).data().toString(), u"{\"id\": 7}"_s);

        f->choose(Kind::Broadcast);
        f->type("messageCapability", u"agent"_s);
        f->type("messageType", u"system:notice"_s);
        f->press("messageSend");
        f->press("broadcastConfirm");
        QCOMPARE(actor.takeType(u"system:notice"_s).value(u"to"_s).toString(), u"@(local/agent-1)"_s);
        QTRY_VERIFY_WITH_TIMEOUT(rowWith(HubLogModel::Result, u"reached 1 actor"_s) >= 0, f->patience);
    }

    void hubGoesDownWhileWriting()
    {
        f->panel->showTab(u"messages"_s);
        QTRY_VERIFY_WITH_TIMEOUT(f->store.sourceStatus(f->hub).isConnected(), f->patience);
        f->type("messageTo", u"@(local/agent-1)"_s);
        f->type("messageType", u"task:assign"_s);
        f->typeData(u"{\"half\": "_s);
        m_hub->server->goDown();
        QTRY_VERIFY_WITH_TIMEOUT(!f->store.sourceStatus(f->hub).isConnected(), f->patience);
        QTest::keyClicks(f->part<QPlainTextEdit>("messageData"), u"1}"_s);
        QVERIFY(!f->part<QPushButton>("messageSend")->isEnabled());
        QCOMPARE(f->text("messageProblem"), u"hub eu-1 is not connected."_s);
        QString problem;
        QVERIFY2(m_hub->server->comeUp(&problem), qPrintable(problem));
        QTRY_VERIFY_WITH_TIMEOUT(f->part<QPushButton>("messageSend")->isEnabled(), f->patience);
        QCOMPARE(f->part<QPlainTextEdit>("messageData")->toPlainText(), u"{\"half\": 1}"_s);
    }
};

PULSEDECK_TEST(HubRoundTest, runWithTheme)
#include "hubround_test.moc"
