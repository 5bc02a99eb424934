// SPDX-License-Identifier: GPL-3.0-or-later
// What lives in a Redis, in the connect dialog and on the Connections page: found, switched off, given a prefix, remembered, and
// a layout made for what none describes. By mouse and keyboard, on a real server filled by hand.
#include "app/console/console.h"
#include "app/console/rememberedsources.h"
#include "tests/app/connectionrun.h"
#include "tests/support/patience.h"
#include "tests/support/redisserver.h"
#include "tests/support/testapplication.h"
#include "ui/common/fleetmap.h"
#include "ui/common/numberunits.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/sources/layoutdialog.h"
#include "ui/sources/sourceeditor.h"
#include "ui/sources/testpanel.h"
#include "ui/theme/theme.h"
#include "ui/window/mainwindow.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class ConnectSystemsTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    QTemporaryDir m_folder;
    QUrl m_opened;

    template <typename Widget> static Widget *part(const QWidget *owner, const QString &name)
    {
        auto *const found = owner->findChild<Widget *>(name);
        if (!found)
            qFatal("there is no %s", qPrintable(name));
        return found;
    }
    static QString text(const QWidget *owner, const QString &name) { return part<ToneLabel>(owner, name)->text(); }
    static void click(QCheckBox *box) { QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2)); }
    static void click(QPushButton *button) { QTest::mouseClick(button, Qt::LeftButton); }

    void fillServer()
    {
        m_server.command({"FLUSHALL"});
        m_server.command({"SADD", "processes", "app-1:1:abc", "app-2:2:def"});
        m_server.command({"SADD", "queues", "default"});
        m_server.command({"SADD", "rq:workers", "rq:worker:one"});
        m_server.command(
            {"HSET", "rq:worker:one", "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        m_server.command({"EXPIRE", "rq:worker:one", "480"});
        m_server.command({"ZADD", "myapp:beats", QByteArray::number(QDateTime::currentSecsSinceEpoch()), "web-1"});
    }

    void fillMany()
    {
        const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        for (int i = 0; i < 40; ++i) {
            const QByteArray id = "worker:chromium:w" + QByteArray::number(i);
            m_server.command({"HSET", id, "status", "available", "lastHeartbeat", "2026-11-30T00:00:00Z"});
            m_server.command({"EXPIRE", id, "30"});
        }
        m_server.command({"HSET", "app-1:1:abc", "info", "{}", "beat", now});
        m_server.command({"EXPIRE", "app-1:1:abc", "60"});
        m_server.command({"ZADD", "shop_horizon:masters", now, "web-1-abcd"});
        m_server.command({"SADD", "resque:workers", "app-1:3:default", "app-2:4:*"});
        m_server.command({"HSET", "resque:workers:heartbeat", "app-1:3:default", "2026-11-30T00:00:00+00:00"});
        m_server.command({"SADD", "_kombu.binding.celery.pidbox", "\x06\x16\x06\x16w1@host.celery.pidbox"});
        m_server.command({"ZADD", "asynq:servers", "9999999999", "asynq:servers:{h:1:u}"});
        m_server.command(
            {"SET", "arq:queue:health-check", "Nov-28 23:21:26 j_complete=0 j_failed=0 j_retried=0 j_ongoing=1 queued=1"});
        // A name that no line has room for.
        m_server.command({"HSET", "bull:MMMMMMMMMMMMMMMMMMMMMMMMMMMMMM:meta", "version", "bullmq:6.7.0"});
        m_server.command({"SADD", "bull:MMMMMMMMMMMMMMMMMMMMMMMMMMMMMM:x", "1"});
        m_server.command({"ZADD", "saq:default:stats", "9999999999999", "saq:default:worker_info:a"});
        m_server.command({"SET", "saq:default:worker_info:a", "{}", "EX", "11"});
        m_server.command({"ZADD", "dramatiq:__heartbeats__", now + "000", "a-uuid"});
        m_server.command({"SADD", "work:worker_pools", "p1"});
        m_server.command({"SADD", "{hangfire}:servers", "m:1:g"});
        m_server.command({"XGROUP", "CREATE", "orders", "g", "$", "MKSTREAM"});
    }

    /// Presses Test and waits for its end.
    static void test(ConnectDialog &dialog)
    {
        click(part<QPushButton>(&dialog, u"testConnection"_s));
        QVERIFY(dialog.tests() && dialog.tests()->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(dialog.tests()->test() && dialog.tests()->test()->isOver(), patienceMs);
    }

    SourceSettings settings() const
    {
        SourceSettings settings = redis(m_server.url());
        settings.name = u"prod"_s;
        return settings;
    }

public slots:
    /// What a desktop does with the address of a file.
    void takeUrl(const QUrl &url) { m_opened = url; }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QVERIFY(m_server.start());
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().install(*qApp);
    }
    void init() { fillServer(); }

    void theDialogShowsWhatLivesThere()
    {
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.show();
        QWidget *const list = part<QWidget>(&dialog, u"systemList"_s);
        QVERIFY(!list->isVisible()); // Nothing was looked for yet.
        test(dialog);
        QVERIFY(list->isVisible());
        QCOMPARE(text(list, u"counts-sidekiq"_s), u"2 processes, 1 queue"_s);
        QCOMPARE(text(list, u"basis-rq"_s), u"0 jobs at work · not suspended · found by the key rq:workers"_s);
        QCOMPARE(text(list, u"liveness-rq"_s), u"its own clock"_s);
        QCOMPARE(text(list, u"permission-rq"_s), u"watch"_s);
        QCOMPARE(text(list, u"permission-rq-more"_s), u"act"_s);
        QCOMPARE(text(list, u"systemsTotal"_s), u"In total 3 workers · 2 queues · about 3 commands/s"_s);
        // Sidekiq's are members without a key; what RQ's key says is proven by the next beat only.
        QCOMPARE(text(list, u"firstLookCounts"_s), u"1 alive, 2 only registered"_s);
        QVERIFY(list->findChild<FleetMap *>()->accessibleDescription().startsWith("3 workers"_L1));
        QCOMPARE(part<QLineEdit>(list, u"prefix-rq"_s)->text(), u"rq:"_s);
        QVERIFY(text(list, u"detectionCost"_s).contains("no KEYS"_L1));
        QVERIFY(text(list, u"unknownKeys"_s).startsWith("myapp:beats (1)"_L1));
        QCOMPARE(part<QPushButton>(list, u"lookAgain"_s)->nextInFocusChain(), part<QCheckBox>(list, u"system-rq"_s));
        QVERIFY(!list->findChild<QPushButton *>(u"makeLayout"_s)); // There is no folder for it.
        QVERIFY(!part<QWidget>(list, u"missingRights"_s)->isVisible());
        auto *const submit = part<QPushButton>(&dialog, u"submit"_s);
        QCOMPARE(submit->text().remove(u'&'), u"Connect with 2 systems"_s);

        // One is switched off by mouse, the other gets a prefix by keyboard.
        click(part<QCheckBox>(list, u"system-sidekiq"_s));
        QVERIFY(!part<QLineEdit>(list, u"prefix-sidekiq"_s)->isEnabled());
        QVERIFY(text(list, u"systemsTotal"_s).startsWith("In total 1 worker "_L1));
        auto *const prefix = part<QLineEdit>(list, u"prefix-rq"_s);
        QTest::keySequence(prefix, QKeySequence::SelectAll);
        QTest::keyClicks(prefix, u"jobs:"_s);
        QCOMPARE(submit->text().remove(u'&'), u"Connect"_s);
        QSignalSpy submitted(&dialog, &ConnectDialog::submitted);
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(submitted.count(), 1);
        const auto wanted = submitted.front().front().value<SourceSettings>();
        QCOMPARE(wanted.systems.size(), 2);
        QCOMPARE(wanted.systems.value(u"sidekiq"_s), (SystemChoice{false, {}}));
        QCOMPARE(wanted.systems.value(u"rq"_s), (SystemChoice{true, u"jobs:"_s}));
    }

    /// Below one system there is no hole, and in a narrow dialog what may be done there is not cut.
    void theListFitsItsRoom()
    {
        m_server.command({"DEL", "rq:workers", "rq:worker:one", "myapp:beats"});
        const QByteArray info = R"({"concurrency":5,"queues":["default","low"],"version":"7.3.9"})";
        for (const QByteArray id : {"app-1:1:abc", "app-2:2:def"})
            m_server.command({"HSET", id, "info", info, "busy", "2", "beat", "1764240000.5", "quiet", "false"});
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.show();
        test(dialog);
        QWidget *const list = part<QWidget>(&dialog, u"systemList"_s);
        QCOMPARE(text(list, u"basis-sidekiq"_s), u"7.3.9 · 4 of 10 busy · found by the key processes"_s);
        QCOMPARE(text(list, u"counts-sidekiq"_s), u"2 processes, 2 queues"_s);
        auto *const total = part<ToneLabel>(list, u"systemsTotal"_s);
        auto *const scroll = part<QScrollArea>(list, u"systemsScroll"_s);
        dialog.resize(1'250, 760); // The screen of tests is small.
        TRY_EQUAL(scroll->height(), scroll->sizeHint().height());
        QVERIFY(total->y() - (scroll->y() + scroll->height()) < 12);

        auto *const act = part<ToneLabel>(list, u"permission-sidekiq-more"_s);
        auto *const cost = part<ToneLabel>(list, u"cost-sidekiq"_s);
        const auto isWhole = [act] { return act->visibleRegion().boundingRect().width() == act->width(); };
        TRY_TRUE(cost->isVisible() && isWhole());
        dialog.resize(1'060, dialog.height());
        TRY_EQUAL(dialog.width(), 1'060);
        QTRY_VERIFY2_WITH_TIMEOUT(isWhole(), qPrintable(QString::number(act->visibleRegion().boundingRect().width())), patience);
        QVERIFY(part<QCheckBox>(list, u"system-sidekiq"_s)->visibleRegion().boundingRect().width() > 20);
        QVERIFY(!cost->isVisible() && text(list, u"systemsTotal"_s).contains("command"_L1));
        dialog.resize(1'400, dialog.height());
        TRY_TRUE(cost->isVisible() && isWhole());
    }

    void anotherAddressForgetsWhatWasFound()
    {
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.show();
        test(dialog);
        QWidget *const list = part<QWidget>(&dialog, u"systemList"_s);
        click(part<QCheckBox>(list, u"system-sidekiq"_s));
        auto *const url = part<QLineEdit>(&dialog, u"url"_s);
        url->selectAll();
        QTest::keyClicks(url, u"redis://127.0.0.1:1"_s);
        // What was set stays, and can be seen.
        QVERIFY(list->isVisible());
        QCOMPARE(text(list, u"basis-sidekiq"_s), u"not looked for yet"_s);
        QVERIFY(!list->findChild<QCheckBox *>(u"system-rq"_s));
        QVERIFY(!dialog.settings().systems.value(u"sidekiq"_s).on);
        QTest::keySequence(url, QKeySequence::SelectAll);
        QTest::keyClicks(url, u"ws://127.0.0.1:1"_s);
        QVERIFY(!list->isVisible()); // A hub has no systems.
        QVERIFY(dialog.settings().systems.isEmpty());
    }

    /// What is shown as a prefix is no choice of the operator's, and emptied it is there again.
    void aPrefixThatWasFoundIsAValueAndNoChoice()
    {
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.show();
        test(dialog);
        dialog.activateWindow();
        TRY_TRUE(dialog.isActiveWindow());
        QVERIFY(dialog.settings().systems.isEmpty());
        auto *const prefix = part<QLineEdit>(&dialog, u"prefix-rq"_s);
        prefix->setFocus();
        QTest::keySequence(prefix, QKeySequence::SelectAll);
        QTest::keyClick(prefix, Qt::Key_Delete);
        QVERIFY(dialog.settings().systems.isEmpty());
        part<QLineEdit>(&dialog, u"url"_s)->setFocus();
        TRY_EQUAL(prefix->text(), u"rq:"_s);
        QVERIFY(dialog.settings().systems.isEmpty());
    }

    /// With fourteen systems the dialog fits a screen of 1280 by 720, its list scrolls, and the address stays where it was.
    void manySystemsFit()
    {
        fillMany();
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.show();
        test(dialog);
        QVERIFY(dialog.minimumSizeHint().width() <= 1260);
        QVERIFY2(dialog.minimumSizeHint().height() <= 660, QByteArray::number(dialog.minimumSizeHint().height()));
        dialog.resize(1250, 660);
        QCOMPARE(part<QPushButton>(&dialog, u"submit"_s)->text().remove(u'&'), u"Connect with 14 systems"_s);
        TRY_EQUAL(part<QLineEdit>(&dialog, u"url"_s)->visibleRegion().boundingRect().size(),
                  part<QLineEdit>(&dialog, u"url"_s)->size());
        auto *const scroll = part<QScrollArea>(&dialog, u"systemsScroll"_s);
        QVERIFY(scroll->verticalScrollBar()->maximum() > 0);
        QCOMPARE(scroll->horizontalScrollBar()->maximum(), 0);
        QVERIFY(!part<ToneLabel>(&dialog, u"systemsTotal"_s)->visibleRegion().isEmpty());
        // What is said of each is read whole, and of how many they are the number at least.
        const auto cut = [&dialog] {
            QStringList names;
            int looked = 0;
            for (const ToneLabel *label : dialog.findChildren<ToneLabel *>()) {
                const QString name = label->objectName();
                const bool words =
                    name.startsWith("basis-"_L1) || name.startsWith("liveness-"_L1) || name.startsWith("permission-"_L1);
                if (!label->isVisible() || label->text().isEmpty() || !words)
                    continue;
                ++looked;
                const QRect room(0, 0, label->width(), 10'000);
                const QRect taken = label->fontMetrics().boundingRect(room, Qt::TextWordWrap, unitsKept(label->text()));
                if (!label->wordWrap() || label->heightForWidth(label->width()) > label->height() || taken.width() > room.width())
                    names.append(name);
            }
            return looked < 14 ? u"too few"_s : names.join(u", "_s);
        };
        QTRY_COMPARE_WITH_TIMEOUT(cut(), QString(), patienceMs);
        const auto *prefix = part<QLineEdit>(&dialog, u"prefix-horizon"_s);
        QCOMPARE(prefix->text(), u"shop_horizon:"_s);
        QVERIFY(prefix->fontMetrics().horizontalAdvance(prefix->text()) + px(16) <= prefix->width());
        QCOMPARE(prefix->cursorPosition(), 0);
        const auto *counts = part<ToneLabel>(&dialog, u"counts-playwright"_s);
        QVERIFY(counts->fontMetrics().horizontalAdvance(u"40"_s) <= counts->width());
        QCOMPARE(text(&dialog, u"counts-playwright"_s), u"40"_s);
        QCOMPARE(text(&dialog, u"counts-arq"_s), u"1 health check"_s);
        // What may have been set is only the default, until the record that the workers share says it.
        const auto beat = [&dialog](const QString &layout) {
            const auto *label = dialog.findChild<ToneLabel *>(u"liveness-"_s + layout + u"-more"_s);
            return label ? label->text() : QString();
        };
        QCOMPARE(beat(u"playwright"_s), u"beat 10 s by default"_s);
        QCOMPARE(beat(u"asynq"_s), u"10 s, beat 5 s"_s);
        m_server.command({"HSET", "fleet:timing", "version", "1", "heartbeatInterval", "2000", "workerKeyTtl", "8000"});
        click(part<QPushButton>(&dialog, u"lookAgain"_s));
        QTRY_COMPARE_WITH_TIMEOUT(beat(u"playwright"_s), u"8 s, beat 2 s by its timing record"_s, patienceMs);
        QCOMPARE(text(&dialog, u"counts-streams"_s), u"0 consumers, 1 queue"_s);
    }

    /// Celery's workers send only: they are found by listening.
    void whatOnlySendsIsHeard()
    {
        m_server.command({"FLUSHALL"});
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.show();
        test(dialog);
        QVERIFY(!dialog.findChild<QCheckBox *>(u"system-celery"_s));
        auto *const listen = part<QPushButton>(&dialog, u"listen"_s);
        QVERIFY(listen->isVisible());
        click(listen);
        QVERIFY(!listen->isEnabled());
        const QJsonObject beat{{u"hostname"_s, u"w1@host"_s},
                               {u"pid"_s, 7},
                               {u"freq"_s, 2.0},
                               {u"active"_s, 0},
                               {u"processed"_s, 1},
                               {u"timestamp"_s, 1764240000.5},
                               {u"type"_s, u"worker-heartbeat"_s}};
        const QJsonObject envelope{
            {u"body"_s, QString::fromLatin1(QJsonDocument(beat).toJson(QJsonDocument::Compact).toBase64())},
            {u"content-encoding"_s, u"utf-8"_s},
            {u"content-type"_s, u"application/json"_s},
            {u"properties"_s, QJsonObject{{u"body_encoding"_s, u"base64"_s}}}};
        const QByteArray event = QJsonDocument(envelope).toJson(QJsonDocument::Compact);
        QTRY_VERIFY_WITH_TIMEOUT(m_server.command({"PUBLISH", "/0.celeryev/worker.heartbeat", event}).integer > 0, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(dialog.findChild<QCheckBox *>(u"system-celery"_s), patienceMs);
        QCOMPARE(text(&dialog, u"counts-celery"_s), u"1 worker"_s);
        QTRY_VERIFY_WITH_TIMEOUT(listen->isEnabled(), patienceMs);
        QVERIFY(text(&dialog, u"onlyHeard"_s).contains("it was listened for"_L1));
    }

    void missingRightsAreShownWithTheLineThatGivesThem()
    {
        m_server.command({"ACL", "SETUSER", "viewer", "on", ">pw", "~*", "&*", "+@all", "-publish", "-pubsub", "-lpush"});
        SourceSettings viewer = settings();
        viewer.user = u"viewer"_s;
        viewer.password = u"pw"_s;
        ProbeThread tests;
        ConnectDialog dialog(viewer, nullptr, nullptr, &tests);
        dialog.show();
        test(dialog);
        QWidget *const list = part<QWidget>(&dialog, u"systemList"_s);
        const QString missing = text(list, u"missingRights"_s);
        QVERIFY2(missing.contains("PUBSUB"_L1) && missing.contains("Sidekiq"_L1) && missing.contains("LPUSH"_L1),
                 qPrintable(missing));
        QCOMPARE(text(list, u"permission-sidekiq"_s), u"watch"_s);
        QCOMPARE(text(list, u"permission-sidekiq-more"_s), u"act, except Stop and 2 more"_s);
        QVERIFY2(text(list, u"permission-rq"_s).contains("PUBSUB"_L1), qPrintable(text(list, u"permission-rq"_s)));
        auto *const line = part<QLineEdit>(list, u"aclLine"_s);
        QVERIFY2(line->text().startsWith("ACL SETUSER viewer "_L1), qPrintable(line->text()));
        click(part<QPushButton>(list, u"copyAcl"_s));
        QCOMPARE(QGuiApplication::clipboard()->text(), line->text());
        m_server.command({"ACL", "DELUSER", "viewer"});
    }

    /// What none describes gets a layout from a pattern; the file is opened where the system says, changed, and read again.
    void aLayoutIsMade()
    {
        const QString folder = m_folder.filePath(u"config/layouts"_s);
        ProbeThread tests;
        ConnectDialog dialog(settings(), nullptr, nullptr, &tests);
        dialog.setLayoutFolder(folder);
        dialog.show();
        test(dialog);
        QSignalSpy made(&dialog, &ConnectDialog::layoutMade);
        click(part<QPushButton>(&dialog, u"makeLayout"_s));
        auto *const maker = dialog.findChild<LayoutDialog *>();
        QVERIFY(maker);
        QCOMPARE(part<QComboBox>(maker, u"layoutPattern"_s)->currentData().toString(), u"last-seen"_s);
        QCOMPARE(part<QLineEdit>(maker, u"layoutPrefix"_s)->text(), u"myapp:beats"_s);
        auto *const title = part<QLineEdit>(maker, u"layoutTitle"_s);
        auto *const save = part<QPushButton>(maker, u"saveLayout"_s);
        title->selectAll();
        QTest::keyClick(title, Qt::Key_Delete);
        QVERIFY(!save->isEnabled());
        QTest::keyClicks(title, u"My workers"_s);
        QCOMPARE(maker->file(), QString(folder + u"/my-workers.json"_s));
        QTest::keyClick(title, Qt::Key_Return);
        QCOMPARE(made.count(), 1);
        QVERIFY(QFile::exists(maker->file()));
        QVERIFY(QFile::exists(folder + u"/layout.schema.json"_s));
        QVERIFY(text(maker, u"layoutSaid"_s).startsWith("It has no mistake"_L1));

        QDesktopServices::setUrlHandler(u"file"_s, this, "takeUrl");
        click(part<QPushButton>(maker, u"openLayout"_s));
        QDesktopServices::unsetUrlHandler(u"file"_s);
        QCOMPARE(m_opened, QUrl::fromLocalFile(maker->file()));
        QFile file(maker->file());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray bytes = file.readAll();
        file.close();
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(bytes).replace("\"watch\": \"prefix\"", "\"watch\": \"never\""));
        file.close();
        click(part<QPushButton>(maker, u"readLayout"_s));
        const QString said = text(maker, u"layoutSaid"_s);
        QVERIFY2(said.contains("my-workers.json:"_L1) && said.contains("/watch"_L1), qPrintable(said));
        QCOMPARE(made.count(), 1);
        auto *const label = part<ToneLabel>(maker, u"layoutSaid"_s);
        TRY_TRUE(label->visibleRegion().boundingRect().height() >= label->heightForWidth(label->width())); // All of it.
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        click(part<QPushButton>(maker, u"readLayout"_s));
        QCOMPARE(made.count(), 2);
        QTest::keyClick(maker, Qt::Key_Escape);

        // The next one may not have the same name.
        click(part<QPushButton>(&dialog, u"makeLayout"_s));
        TRY_EQUAL(dialog.findChildren<LayoutDialog *>().size(), 1);
        auto *const again = dialog.findChild<LayoutDialog *>();
        part<QLineEdit>(again, u"layoutTitle"_s)->setText(u"my workers"_s);
        QVERIFY(!part<QPushButton>(again, u"saveLayout"_s)->isEnabled());
        QVERIFY(text(again, u"layoutFile"_s).contains("is there already"_L1));
    }

    /// The whole console: what is set on the Connections page counts at once and at the next start, and what lives there is
    /// looked for again on demand.
    void theConnectionsPageHasTheSameList()
    {
        const QString file = m_folder.filePath(u"page.ini"_s);
        QSettings store(file, QSettings::IniFormat);
        CommandLine line;
        line.urls = {u"unix://"_s + m_server.url().path};
        const auto systems = [](Console &console) {
            QStringList names;
            for (const FoundSystem &system : console.store().sourceStatus(1).systems)
                names.append(system.layout);
            names.sort();
            return names;
        };
        {
            Console console(line, store);
            QString error;
            QVERIFY(console.start(&error));
            MainWindow &window = console.window();
            window.resize(1600, 1000);
            window.show();
            window.showPage(u"connections"_s);
            auto *const page = window.findChild<ConnectionsPage *>();
            auto *const editor = page->findChild<SourceEditor *>();
            QTRY_VERIFY_WITH_TIMEOUT(editor->findChild<QCheckBox *>(u"system-sidekiq"_s), patienceMs);
            QCOMPARE(text(editor, u"counts-sidekiq"_s), u"2 processes, 1 queue"_s);
            auto *const save = part<QPushButton>(editor, u"saveSource"_s);
            QVERIFY(!save->isEnabled());

            m_server.command({"SADD", "resque:workers", "app-1:3:default"});
            click(part<QPushButton>(editor, u"lookAgain"_s));
            QTRY_VERIFY_WITH_TIMEOUT(editor->findChild<QCheckBox *>(u"system-resque"_s), patienceMs);

            // The same from the source's menu.
            QSignalSpy asked(&window, &MainWindow::lookForSystemsRequested);
            emit page->sourceMenuRequested(1, window.mapToGlobal(QPoint(20, 20)));
            auto *const menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu);
            const QList<QAction *> actions = menu->actions();
            const auto look = std::find_if(actions.begin(), actions.end(), [](const QAction *action) {
                return action->text().remove(u'&') == "Look for Systems Again"_L1;
            });
            QVERIFY(look != actions.end());
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*look).center());
            QCOMPARE(asked.count(), 1);

            auto *const sidekiq = part<QCheckBox>(editor, u"system-sidekiq"_s);
            sidekiq->setFocus();
            QTest::keyClick(sidekiq, Qt::Key_Space);
            QVERIFY(save->isEnabled());
            click(save);
            QTRY_COMPARE_WITH_TIMEOUT(systems(console), (QStringList{u"resque"_s, u"rq"_s}), patienceMs);
            // It is switched off, not forgotten.
            TRY_TRUE(editor->findChild<QCheckBox *>(u"system-sidekiq"_s));
            QVERIFY(!part<QCheckBox>(editor, u"system-sidekiq"_s)->isChecked());
            const QList<QLabel *> facts = page->findChildren<QLabel *>();
            TRY_TRUE(std::any_of(facts.begin(), facts.end(), [](const QLabel *label) {
                return label->text().contains("switched off: Sidekiq"_L1)
                       && label->text().contains("of no known system: myapp:beats"_L1);
            }));
        }
        {
            // Named by its address it is what it was remembered as.
            Console console(line, store);
            QString error;
            QVERIFY(console.start(&error));
            QVERIFY(!console.sources().settings(1).systems.value(u"sidekiq"_s).on);
            QTRY_COMPARE_WITH_TIMEOUT(systems(console), (QStringList{u"resque"_s, u"rq"_s}), patienceMs);
        }
    }

    void settingsOfEarlierVersionsAreRead()
    {
        SourceSettings source = settings();
        source.systems[u"rq"_s] = {true, u"jobs:"_s};
        source.systems[u"celery"_s].on = false;
        QVariantMap map = sourceToMap(source);
        QCOMPARE(sourceFromMap(map).systems, source.systems);
        map.remove(u"systems"_s);
        QVERIFY(sourceFromMap(map).systems.isEmpty());
        map.insert(u"systems"_s, u"{not json"_s);
        QVERIFY(sourceFromMap(map).systems.isEmpty());
        QCOMPARE(sourceFromMap(map).address(), source.address());
    }
};

PULSEDECK_TEST(ConnectSystemsTest, runWithWidgets)

#include "connectsystems_test.moc"
