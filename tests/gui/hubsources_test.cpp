// SPDX-License-Identifier: GPL-3.0-or-later
// How a Signal Hub is told of wherever sources are shown: list, status bar, facts, banner, in every state.
#include "models/sources/hubprotocol.h"
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/common/hubsourcewords.h"
#include "ui/common/sourcewords.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/statuscell.h"

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

const QString token = u"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcHMifQ.c2lnbmF0dXJl"_s;

StatusCell *cellOf(const MainWindow &window, const QString &name)
{
    for (StatusCell *cell : window.findChildren<StatusCell *>()) {
        if (cell->isVisible() && cell->accessibleName().startsWith(name))
            return cell;
    }
    return nullptr;
}

QString cellText(const MainWindow &window, const QString &name)
{
    const StatusCell *cell = cellOf(window, name);
    return cell ? cell->accessibleName() : QString();
}

/// Every word on show in \a widget.
QString shownTexts(const QWidget &widget)
{
    QString all;
    for (const auto *label : widget.findChildren<QLabel *>()) {
        if (label->isVisible())
            all += label->text() + u'\n';
    }
    for (const auto *button : widget.findChildren<QAbstractButton *>()) {
        if (button->isVisible())
            all += button->text() + u'\n';
    }
    return all;
}

SourceStatus hubStatus(SourceState state)
{
    SourceStatus status;
    status.source = 2;
    status.traits = hubTraits();
    status.state = state;
    status.sweepEveryMs = 2'000;
    status.roundTripMs = 8;
    return status;
}

} // namespace

class HubSourcesTest : public QObject
{
    Q_OBJECT

private slots:
    void wordsOfEveryState_data()
    {
        QTest::addColumn<SourceState>("state");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("cell");
        QTest::addColumn<QString>("brief");
        QTest::addColumn<bool>("alarm");
        QTest::newRow("off") << SourceState::Off << QString() << u"hub 8702 · disconnected"_s << u"off"_s << false;
        QTest::newRow("connecting") << SourceState::Connecting << QString() << u"hub 8702 · connecting"_s << u"connecting"_s
                                    << false;
        QTest::newRow("loading") << SourceState::Loading << QString() << u"hub 8702 · listing 300 of 2000 · rtt 8 ms"_s
                                 << u"15 %"_s << false;
        QTest::newRow("listed") << SourceState::Sweeping << QString() << u"hub 8702 · listed every 2.0 s · rtt 8 ms"_s
                                << u"8 ms"_s << false;
        QTest::newRow("list refused") << SourceState::Sweeping << u"The hub did not list its actors: no answer"_s
                                      << u"The hub did not list its actors: no answer · rtt 8 ms"_s << u"8 ms"_s << true;
        QTest::newRow("waiting") << SourceState::Waiting << u"gone"_s << u"lost, next try in 3 s"_s << u"lost"_s << true;
        QTest::newRow("never there") << SourceState::Waiting << u"not found"_s << u"not reached yet, next try in 3 s"_s
                                     << u"not reached"_s << true;
        QTest::newRow("token") << SourceState::Failed << u"hub:8702 asks for a token."_s << u"hub:8702 asks for a token."_s
                               << u"failed"_s << true;
    }

    void wordsOfEveryState()
    {
        QFETCH(SourceState, state);
        QFETCH(QString, message);
        QFETCH(QString, cell);
        QFETCH(QString, brief);
        QFETCH(bool, alarm);
        SourceSettings settings = hubSettings({});
        settings.port = 8702;
        SourceStatus status = hubStatus(state);
        status.setTrouble({message.isEmpty() ? SourceTrouble::None : SourceTrouble::Forgotten, message, {}});
        status.loaded = 300;
        status.total = 2'000;
        status.retryAt = 13'000;
        status.lostAt = brief == u"lost"_s ? 9'000 : 0;
        QCOMPARE(sourceCellText(settings, status, 10'000), cell);
        QCOMPARE(sourceShortState(status), brief);
        QCOMPARE(isTrouble(status), alarm);
        // There is no push with hubs: it is nothing that is missing.
        QVERIFY(!sourceToolTip(settings, status, 10'000).contains("push"_L1));
        QVERIFY(!sourceToolTip(settings, status, 10'000).contains("updates/s"_L1));
    }

    void statusCellTellsOfTheHub()
    {
        WindowFixture f;
        f.addHub(2, u"hub eu-1"_s);
        f.open({1600, 900});
        HubView view = f.hubView(2);
        f.hubs.takeView(view);
        QCOMPARE(cellText(*f.window, u"hub eu-1"_s), u"hub eu-1, hub 8702 · listed every 2.0 s · rtt 8 ms · heartbeat 3 s ago"_s);
        view.vitals.budgetUsed = 9;
        f.hubs.takeView(view);
        QVERIFY(cellText(*f.window, u"hub eu-1"_s).contains("budget 9 of 10"_L1));
        view.vitals.budgetUsed = 3;
        view.wholeSince = f.clock.nowMs() - 42'000;
        f.hubs.takeView(view);
        QVERIFY(cellText(*f.window, u"hub eu-1"_s).contains("list 42 s old"_L1));
        QVERIFY(!cellText(*f.window, u"hub eu-1"_s).contains("budget"_L1));

        const QString toolTip = cellOf(*f.window, u"hub eu-1"_s)->toolTip();
        for (const QString &part : {u"ws://hub.example.net:8702"_s, u"Signal Hub 0.1.0"_s, u"sent every 6 s"_s,
                                    u"advertises 300 s"_s, u"3 of 10 messages"_s, u"2 pages"_s})
            QVERIFY2(toolTip.contains(part), qPrintable(toolTip));
        // Nobody has opened the hub's page: its health is asked for all the same.
        QVERIFY2(toolTip.contains(u"GET /health: not asked yet"_s), qPrintable(toolTip));
        QSignalSpy asked(&f.hubs, &HubStore::callRequested);
        view.connected = true;
        f.hubs.takeView(view);
        QCOMPARE(asked.size(), 1);
        const auto call = asked.first().at(1).value<HubCall>();
        QCOMPARE(call.kind, HubCall::Kind::Health);
        HubCallAnswer answer;
        answer.id = call.id;
        answer.outcome = HubCallAnswer::Outcome::Answered;
        answer.at = f.clock.nowMs();
        answer.body = HubHealth{true, true, u"signal-hub"_s, u"0.1.0"_s, 0, 4, {}};
        f.hubs.takeAnswer(answer);
        f.hubs.takeView(view);
        QVERIFY2(cellOf(*f.window, u"hub eu-1"_s)->toolTip().contains(u"GET /health: ok, answered in 4 ms"_s),
                 qPrintable(cellOf(*f.window, u"hub eu-1"_s)->toolTip()));
    }

    void forgottenEverythingIsAmberInPlainWords()
    {
        WindowFixture f;
        f.addHub(2, u"hub eu-1"_s);
        f.addWorkers(2, 3);
        f.open({1600, 900});
        QVERIFY(!f.window->findChild<SourceBanner *>()->isVisible());
        f.setState(2, SourceState::Sweeping, u"The hub forgot everything; 12 actors have not registered again yet."_s,
                   u"Nothing tells that they ended."_s, SourceTrouble::Forgotten);
        HubView view = f.hubView(2);
        view.awaited = 12;
        f.hubs.takeView(view);
        QVERIFY(cellText(*f.window, u"hub eu-1"_s).contains("hub eu-1, forgot everything: 12 actors awaited"_L1));
        SourceStatus restarted = f.store.sourceStatus(2);
        restarted.message = u"The hub was restarted and has lost all registrations."_s;
        restarted.trouble = SourceTrouble::Restarted;
        QCOMPARE(hubForgotWords(restarted, view), u"lost all registrations: 12 actors awaited"_s);
        auto *banner = f.window->findChild<SourceBanner *>();
        QVERIFY(banner->isVisible());
        QVERIFY(banner->lineText(0).contains("12 actors have not registered again"_L1));
        QVERIFY(!banner->line(0).retryButton().isVisible()); // No retry brings them back.
        QVERIFY(!banner->lineText(0).contains("next try"_L1));
        f.window->showPage(u"connections"_s);
        QVERIFY(shownTexts(*f.window->findChild<ConnectionsPage *>()).contains("12 actors have not registered again"_L1));
        QCOMPARE(sourceGlyph(f.store.sourceStatus(2)), Glyph::Warning);

        f.setState(2, SourceState::Sweeping);
        view.awaited = 0;
        f.hubs.takeView(view);
        QVERIFY(banner->isHidden());
        QVERIFY(!cellText(*f.window, u"hub eu-1"_s).contains("forgot"_L1));
    }

    void bannerOfALostHub()
    {
        WindowFixture f;
        f.addHub(2, u"hub eu-1"_s);
        f.addWorkers(2, 3);
        f.open({1600, 900});
        SourceStatus status = f.store.sourceStatus(2);
        status.state = SourceState::Waiting;
        status.setTrouble(
            {SourceTrouble::Closed, u"hub.example.net:8702 ended the connection."_s, u"The hub may be restarting."_s});
        status.lostAt = f.clock.nowMs() - 5'000;
        status.retryAt = f.clock.nowMs() + 2'000;
        f.store.applyStatus(status);
        auto *banner = f.window->findChild<SourceBanner *>();
        QVERIFY(banner->isVisible());
        for (const QString &part :
             {u"ended the connection"_s, u"may be restarting"_s, u"rows show the state of"_s, u"next try in 2 s"_s})
            QVERIFY2(banner->lineText(0).contains(part), qPrintable(banner->lineText(0)));
        QVERIFY(banner->line(0).retryButton().isVisible());

        f.setState(2, SourceState::Failed, u"Another connection to the hub has taken this console's address."_s,
                   u"Connecting again would end the other one: do so only if that is meant."_s, SourceTrouble::Duplicate);
        QVERIFY(banner->lineText(0).contains("has taken this console's address"_L1));
        // That is no matter of a token.
        f.window->showPage(u"connections"_s);
        QVERIFY(!f.window->findChild<QPushButton *>(u"enterPassword"_s)->isVisible());
        QVERIFY(f.window->findChild<QPushButton *>(u"connectSource"_s)->isEnabled());
    }

    void refusedTokenLeadsToTheTokenField_data()
    {
        QTest::addColumn<QString>("message");
        QTest::newRow("missing") << u"hub.example.net:8702 asks for a token."_s;
        QTest::newRow("expired") << u"The token for hub.example.net:8702 has expired."_s;
        QTest::newRow("wrong") << u"hub.example.net:8702 did not sign this token."_s;
    }

    void refusedTokenLeadsToTheTokenField()
    {
        QFETCH(QString, message);
        WindowFixture f;
        f.addHub(2, u"hub eu-1"_s);
        f.open();
        f.setState(2, SourceState::Failed, message, u"Check it."_s);
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        auto *enter = f.window->findChild<QPushButton *>(u"enterPassword"_s);
        QVERIFY(enter->isVisible());
        QCOMPARE(QString(enter->text()).remove(u'&'), u"Enter token…"_s);
        QTest::mouseClick(enter, Qt::LeftButton);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowActive(dialog, patience));
        QTRY_VERIFY_WITH_TIMEOUT(dialog->findChild<QLineEdit *>(u"token"_s)->hasFocus(), 10'000);
        QCOMPARE(dialog->settings().tokenFrom, TokenFrom::Typed);
    }

    void factsOfAHub()
    {
        WindowFixture f;
        SourceSettings settings = f.addHub(2, u"hub eu-1"_s);
        settings.tokenFrom = TokenFrom::Environment;
        settings.tls = true;
        f.sources.setSource(settings);
        f.addWorkers(2, 3);
        HubView view = f.hubView(2);
        view.vitals.maxActors = 50'000;
        view.awaited = 1;
        f.hubs.takeView(view);
        f.open({1600, 1000});
        f.window->showPage(u"connections"_s);
        auto *facts = f.window->findChild<QWidget *>(u"hubFacts"_s);
        QTRY_VERIFY_WITH_TIMEOUT(facts->isVisible(), 10'000);
        const QString all = shownTexts(*facts);
        for (const QString &part :
             {u"wss://hub.example.net:8702/ws"_s, u"from the environment"_s, u"SIGNAL_HUB_TOKEN"_s, u"TLS"_s,
              u"Signal Hub 0.1.0"_s, u"takes 50,000 actors"_s, u"1 of these has not registered again"_s, u"locked"_s})
            QVERIFY2(all.contains(part), qPrintable(part + u" in\n"_s + all));
        for (const QString &redis : {u"Login"_s, u"Lag"_s, u"push"_s, u"Redis"_s})
            QVERIFY2(!all.contains(redis), qPrintable(redis));
    }

    void tokenWords()
    {
        SourceSettings settings = hubSettings({});
        settings.token = token;
        for (const TokenFrom from : {TokenFrom::Nowhere, TokenFrom::Typed, TokenFrom::Keychain, TokenFrom::Environment}) {
            settings.tokenFrom = from;
            const auto [what, note] = hubTokenWords(settings);
            QVERIFY(!what.isEmpty());
            QVERIFY(!QString(what + note).contains(token.left(20)));
            QCOMPARE(hubTokenWord(settings), from == TokenFrom::Nowhere ? u"no token"_s : u"token"_s);
        }
        settings.tokenFrom = TokenFrom::Typed;
        settings.token.clear();
        QCOMPARE(hubTokenWords(settings).first, u"not typed yet"_s);
        settings.path = u"/signal"_s;
        QCOMPARE(sourceAddressLine(settings), u"ws://127.0.0.1:8787/signal · token"_s);
    }

    void listAndMenus()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addHub(2, u"hub eu-1"_s);
        f.addWorkers(2, 1);
        f.open({1600, 900});
        const QModelIndex hub = f.sources.index(1);
        QCOMPARE(hub.data(Qt::AccessibleTextRole).toString(), u"hub eu-1, listed every 2.0 s · 8 ms, 1 actor"_s);
        QCOMPARE(f.window->extraViews().size(), 3);
        for (const QString &view : f.window->extraViews()) {
            QVERIFY(f.window->showView(view));
            QCOMPARE(f.window->currentPage(), u"connections"_s);
            QCOMPARE(f.window->findChild<ConnectionsPage *>()->currentSource(), SourceId(2));
        }
        QVERIFY(!f.window->showView(u"connections"_s));
        f.sources.removeSource(2);
        QVERIFY(f.window->extraViews().isEmpty());
        QVERIFY(!f.window->showView(u"connections-hub"_s));
    }

    void connectToAHub()
    {
        WindowFixture f;
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QSignalSpy requested(f.window.get(), &MainWindow::connectRequested);
        QTest::mouseClick(f.window->findChild<QPushButton *>(u"connectHub"_s), Qt::LeftButton);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->windowTitle(), u"Connect to a Signal Hub"_s);
        QCOMPARE(dialog->settings().kind, SourceKind::Hub);
        QCOMPARE(dialog->settings().port, 8787);
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"tokenKeychain"_s), Qt::LeftButton);
        auto *token = dialog->findChild<QLineEdit *>(u"token"_s);
        QTest::keyClicks(token, u"s3cret-token"_s);
        QTest::keyClick(token, Qt::Key_Return);
        QVERIFY(requested.count() == 1 || requested.wait(10'000));
        const auto settings = requested.first().first().value<SourceSettings>();
        QVERIFY(settings.kind == SourceKind::Hub);
        QCOMPARE(settings.id, SourceId(0));
        QCOMPARE(settings.tokenFrom, TokenFrom::Keychain);
        QVERIFY(settings.token.isEmpty());
        QCOMPARE(f.secrets.entries.value(settings.tokenKey()), u"s3cret-token"_s);
    }

    void eachKindHasAKey_data()
    {
        QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
        QTest::addColumn<SourceKind>("kind");
        QTest::addColumn<QString>("entry");
        QTest::newRow("Redis") << Qt::KeyboardModifiers(Qt::ControlModifier) << SourceKind::Redis << u"Connect to Redis…"_s;
        QTest::newRow("hub") << Qt::KeyboardModifiers(Qt::ControlModifier | Qt::ShiftModifier) << SourceKind::Hub
                             << u"Connect to a Signal Hub…"_s;
    }

    void eachKindHasAKey()
    {
        QFETCH(Qt::KeyboardModifiers, modifiers);
        QFETCH(SourceKind, kind);
        QFETCH(QString, entry);
        WindowFixture f;
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QTest::keyClick(f.window.get(), Qt::Key_N, modifiers);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->settings().kind, kind);
        const auto actions = f.window->findChildren<QAction *>();
        QVERIFY(std::any_of(actions.begin(), actions.end(),
                            [&entry](const QAction *each) { return QString(each->text()).remove(u'&') == entry; }));
    }

    void removingAHubSpeaksOfAHub()
    {
        WindowFixture f;
        f.addHub(2, u"hub eu-1"_s);
        f.open();
        f.window->showPage(u"connections"_s);
        for (auto *button : f.window->findChildren<QPushButton *>()) {
            if (button->text() == u"Remove…"_s && button->isVisible())
                QTest::mouseClick(button, Qt::LeftButton);
        }
        auto *question = f.window->findChild<QDialog *>(u"removeQuestion"_s);
        QVERIFY(question && question->isVisible());
        QVERIFY(allTexts(*question).contains("Its actors stay registered"_L1));
        QVERIFY(!allTexts(*question).contains("Redis"_L1));
    }

    void noTokenAnywhere()
    {
        WindowFixture f;
        SourceSettings settings = f.addHub(2, u"hub eu-1"_s);
        settings.tokenFrom = TokenFrom::Typed;
        settings.token = token;
        f.sources.setSource(settings);
        f.open({1600, 1000});
        const auto everything = [&f] {
            QString all;
            for (const QWidget *widget : f.window->findChildren<QWidget *>()) {
                all += widget->toolTip() + widget->accessibleName() + widget->accessibleDescription();
                if (const auto *label = qobject_cast<const QLabel *>(widget))
                    all += label->text();
                if (const auto *field = qobject_cast<const QLineEdit *>(widget))
                    all += field->displayText() + field->placeholderText();
            }
            for (int role = Qt::DisplayRole; role <= SourceListModel::PausedRole; ++role)
                all += f.sources.index(0).data(role).toString();
            return all;
        };
        for (const SourceState state : {SourceState::Loading, SourceState::Sweeping, SourceState::Failed, SourceState::Off}) {
            f.setState(2, state, state == SourceState::Failed ? u"The hub did not sign this token."_s : QString());
            for (const QString &page : MainWindow::pageNames()) {
                f.window->showPage(page);
                QVERIFY(!everything().contains(token.left(20)));
            }
        }
        f.window->openConnectDialog(settings);
        QVERIFY(!everything().contains(token.left(20)));
        f.window->close();
        for (const QString &key : f.settings.allKeys())
            QVERIFY(!f.settings.value(key).toString().contains(token.left(20)));
    }

    void noDeskNoPanel()
    {
        WindowFixture f;
        f.addHub(2, u"hub eu-1"_s);
        WindowContext context = f.context();
        context.hubs = nullptr;
        context.secrets = nullptr;
        f.window = std::make_unique<MainWindow>(context);
        f.window->resize(1280, 800);
        f.window->show();
        f.window->showPage(u"connections"_s);
        QVERIFY(f.window->findChild<QWidget *>(u"hubFacts"_s)->isVisible());
        QVERIFY(f.window->extraViews().isEmpty());
        QVERIFY(cellText(*f.window, u"hub eu-1"_s).contains("rtt 8 ms"_L1));
    }
};

PULSEDECK_TEST(HubSourcesTest, runWithTheme)

#include "hubsources_test.moc"
