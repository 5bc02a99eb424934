// SPDX-License-Identifier: GPL-3.0-or-later
// The question before writing is unlocked: when it comes, what it says, and what Enter and Esc do.
#include "tests/gui/confirmunlock.h"
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/window/statuscell.h"

#include <QAction>
#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

UnlockQuestion *question(const WindowFixture &f)
{
    for (auto *each : f.window->findChildren<UnlockQuestion *>()) {
        if (each->isVisible())
            return each;
    }
    return nullptr;
}

void pressLock(const WindowFixture &f)
{
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience)); // Shortcuts are for the active window.
    QTest::keyClick(f.window.get(), Qt::Key_L, Qt::ControlModifier);
}

SourceSettings changed(WindowFixture &f, SourceId id, bool SourceSettings::*flag)
{
    SourceSettings settings = f.sources.settings(id);
    settings.*flag = true;
    f.sources.setSource(settings);
    return settings;
}

void setEnvironment(WindowFixture &f, SourceId id, SourceEnvironment environment)
{
    SourceSettings settings = f.sources.settings(id);
    settings.environment = environment;
    f.sources.setSource(settings);
}

} // namespace

class UnlockQuestionTest : public QObject
{
    Q_OBJECT

private slots:
    void enterLeavesItLocked_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("Enter") << int(Qt::Key_Return);
        QTest::newRow("Enter on the pad") << int(Qt::Key_Enter);
        QTest::newRow("Esc") << int(Qt::Key_Escape);
    }

    void enterLeavesItLocked()
    {
        QFETCH(int, key);
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.open();
        pressLock(f);
        UnlockQuestion *asked = question(f);
        QVERIFY(asked);
        QVERIFY(!f.access.isUnlocked());
        QVERIFY(QTest::qWaitForWindowActive(asked, patience));
        QTRY_VERIFY_WITH_TIMEOUT(asked->findChild<QPushButton *>(u"stayLocked"_s)->hasFocus(), 10'000);
        QTest::keyClick(asked->focusWidget(), Qt::Key(key));
        QVERIFY(!question(f));
        QVERIFY(!f.access.isUnlocked());
        pressLock(f); // Asked again.
        QVERIFY(question(f));
    }

    void byKeyboardAlone()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.open();
        pressLock(f);
        UnlockQuestion *asked = question(f);
        QVERIFY(asked && QTest::qWaitForWindowActive(asked, patience));
        QTest::keyClick(asked->focusWidget(), Qt::Key_Tab);
        QCOMPARE(asked->focusWidget()->objectName(), u"confirmUnlock"_s);
        QTest::keyClick(asked->focusWidget(), Qt::Key_Return);
        QVERIFY(f.access.isUnlocked());
        QVERIFY(f.access.allows(1));
        QVERIFY(!question(f));
        // Within the running time nothing is asked: the key locks, at once.
        pressLock(f);
        QVERIFY(!question(f));
        QVERIFY(!f.access.isUnlocked());
    }

    void saysWhichSourcesForHowLongAndWhat()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addHub(2, u"hub eu-1"_s);
        f.addSource(3, u"archive"_s);
        changed(f, 3, &SourceSettings::readOnly);
        f.addSource(4, u"demo fleet"_s);
        changed(f, 4, &SourceSettings::demo);
        f.open();
        pressLock(f);
        UnlockQuestion *asked = question(f);
        QVERIFY(asked);
        const QString texts = allTexts(*asked);
        for (const QString &part : {u"prod-eu"_s, u"hub eu-1"_s, u"5 min"_s, u"drained"_s, u"messages can be sent"_s,
                                    u"redis.example.net:6301"_s, u"archive, stays locked"_s, u"registers its own address"_s})
            QVERIFY2(texts.contains(part), qPrintable(part));
        QVERIFY(!texts.contains("demo fleet"_L1)); // It is open already.
    }

    void theLockInTheStatusBarAsksTheSame()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.open();
        auto *lock = f.window->findChild<StatusCell *>(u"lockCell"_s);
        QTest::mouseClick(lock, Qt::LeftButton);
        QVERIFY(question(f));
        QVERIFY(!f.access.isUnlocked());
        QTest::mouseClick(lock, Qt::LeftButton);
        QCOMPARE(f.window->findChildren<UnlockQuestion *>().size(), 1); // Once is enough.
        confirmUnlock(*f.window);
        QVERIFY(f.access.isUnlocked());
        action(*f.window, u"Lock Writing"_s)->trigger();
        QVERIFY(!f.access.isUnlocked());
        action(*f.window, u"Unlock Writing (5 min)…"_s)->trigger();
        QVERIFY(question(f));
    }

    void nothingToUnlockIsNotAsked_data()
    {
        QTest::addColumn<QString>("what");
        for (const auto *what : {"demo", "readOnly", "forbidden", "none"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }

    void nothingToUnlockIsNotAsked()
    {
        QFETCH(QString, what);
        WindowFixture f;
        if (what != "none"_L1)
            f.addSource(1, u"it"_s);
        if (what == "demo"_L1)
            changed(f, 1, &SourceSettings::demo);
        if (what == "readOnly"_L1)
            changed(f, 1, &SourceSettings::readOnly);
        f.access.setForbidden(what == "forbidden"_L1);
        f.open();
        pressLock(f);
        QTest::mouseClick(f.window->findChild<StatusCell *>(u"lockCell"_s), Qt::LeftButton);
        QVERIFY(!question(f));
        QVERIFY(!f.access.isUnlocked());
        QVERIFY(!f.window->findChild<StatusCell *>(u"lockCell"_s)->toolTip().isEmpty());
        if (what == "demo"_L1) {
            QVERIFY(f.access.allows(1));
            f.addSource(2, u"prod"_s); // Now there is something.
            pressLock(f);
            QVERIFY(question(f));
        }
    }

    void whatIsAskedAboutFollowsTheSources()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.open();
        pressLock(f);
        f.addSource(2, u"staging"_s);
        QVERIFY(question(f));
        QVERIFY(allTexts(*question(f)).contains("staging"_L1));
        f.sources.removeSource(1);
        QVERIFY(!allTexts(*question(f)).contains("prod-eu"_L1));
        f.sources.removeSource(2);
        QVERIFY(!question(f)); // Nothing is left to ask about.
        QVERIFY(!f.access.isUnlocked());
    }

    void whatIsAskedAboutFollowsTheirSettings()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"archive"_s);
        f.open();
        pressLock(f);
        QVERIFY(!allTexts(*question(f)).contains("stays locked: "_L1));
        SourceSettings settings = changed(f, 2, &SourceSettings::readOnly);
        QVERIFY(allTexts(*question(f)).contains("archive, stays locked"_L1));
        settings.readOnly = false;
        settings.name = u"attic"_s;
        settings.host = u"attic.example.net"_s;
        f.sources.setSource(settings);
        const QString texts = allTexts(*question(f));
        QVERIFY(texts.contains("attic, "_L1) && texts.contains("attic.example.net:6302"_L1));
        QVERIFY(!texts.contains("stays locked: "_L1) && !texts.contains("archive"_L1));
    }

    void theKeyFollowsTheSettings()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        SourceSettings settings = changed(f, 1, &SourceSettings::readOnly);
        f.open();
        pressLock(f);
        QVERIFY(!question(f));
        settings.readOnly = false;
        f.sources.setSource(settings);
        pressLock(f);
        QVERIFY(question(f));
        changed(f, 1, &SourceSettings::readOnly);
        QVERIFY(!question(f));
        QVERIFY(!action(*f.window, u"Unlock Writing (5 min)…"_s)->isEnabled());
    }

    void manySourcesScroll()
    {
        WindowFixture f;
        for (SourceId id = 1; id <= 30; ++id)
            f.addSource(id, u"source number %1 with rather a long name that goes on and on"_s.arg(id));
        f.open();
        pressLock(f);
        UnlockQuestion *asked = question(f);
        QVERIFY(asked);
        QVERIFY2(asked->height() < 460, qPrintable(QString::number(asked->height())));
        QVERIFY(QTest::qWaitForWindowActive(asked, patience));
        // From top to bottom, and what has the keyboard is in sight.
        asked->tick(1)->setFocus();
        for (SourceId id = 2; id <= 30; ++id) {
            QTest::keyClick(asked->focusWidget(), Qt::Key_Tab);
            QCOMPARE(asked->focusWidget(), asked->tick(id));
        }
        QVERIFY(!asked->tick(30)->visibleRegion().isEmpty());
        for (const QString &next : {u"stayLocked"_s, u"confirmUnlock"_s}) {
            QTest::keyClick(asked->focusWidget(), Qt::Key_Tab);
            QCOMPARE(asked->focusWidget()->objectName(), next);
        }
        QTest::keyClick(asked->focusWidget(), Qt::Key_Tab);
        QCOMPARE(asked->focusWidget(), asked->tick(1));
    }

    void eachSourceHasItsTickAndProductionStartsWithout()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"staging"_s);
        f.addSource(3, u"lab"_s);
        setEnvironment(f, 1, SourceEnvironment::Production);
        setEnvironment(f, 2, SourceEnvironment::Staging);
        f.open();
        pressLock(f);
        UnlockQuestion *asked = question(f);
        QVERIFY(asked);
        QCOMPARE(asked->ticked(), (QList<SourceId>{2, 3}));
        QVERIFY(asked->tick(1)->accessibleName().contains("prod-eu, production"_L1));
        auto *confirm = asked->findChild<QPushButton *>(u"confirmUnlock"_s);
        QCOMPARE(confirm->text(), u"&Unlock 2 sources"_s);
        QVERIFY(!asked->findChild<QLineEdit *>(u"unlockName"_s)->isVisible());
        QTest::mouseClick(asked->tick(3), Qt::LeftButton);
        QCOMPARE(asked->ticked(), QList<SourceId>{2});
        f.addSource(4, u"added meanwhile"_s); // It is asked about too; what was chosen stays chosen.
        QCOMPARE(asked->ticked(), (QList<SourceId>{2, 4}));
        QTest::mouseClick(asked->tick(4), Qt::LeftButton);
        QTest::mouseClick(confirm, Qt::LeftButton);
        QVERIFY(!question(f));
        QVERIFY(f.access.allows(2));
        QVERIFY(!f.access.allows(1) && !f.access.allows(3) && !f.access.allows(4));
        f.addSource(5, u"added later"_s);
        QVERIFY(!f.access.allows(5));
        auto *lock = f.window->findChild<StatusCell *>(u"lockCell"_s);
        QCOMPARE(lock->accessibleName(), u"Writing open, staging · locks in 5:00"_s);
        QCOMPARE(lock->environment(), SourceEnvironment::Staging);
    }

    void productionAsksForItsName()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"prod-us"_s);
        setEnvironment(f, 1, SourceEnvironment::Production);
        setEnvironment(f, 2, SourceEnvironment::Production);
        f.open();
        pressLock(f);
        UnlockQuestion *asked = question(f);
        QVERIFY(asked && QTest::qWaitForWindowActive(asked, patience));
        auto *confirm = asked->findChild<QPushButton *>(u"confirmUnlock"_s);
        auto *field = asked->findChild<QLineEdit *>(u"unlockName"_s);
        QVERIFY(!confirm->isEnabled()); // Nothing is ticked.
        asked->tick(1)->setFocus();
        QTest::keyClick(asked->tick(1), Qt::Key_Space);
        QVERIFY(field->isVisible());
        QVERIFY(!confirm->isEnabled());
        field->setFocus();
        QTest::keyClicks(field, u"prod-u"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(question(f)); // Enter behind a wrong name does nothing at all.
        QVERIFY(!f.access.isUnlocked());
        field->clear();
        QTest::keyClicks(field, u"prod-eu"_s);
        QVERIFY(confirm->isEnabled());
        asked->tick(2)->click(); // Both are meant: both are typed.
        QVERIFY(!confirm->isEnabled());
        asked->tick(2)->click();
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!question(f));
        QVERIFY(f.access.allows(1));
        QVERIFY(!f.access.allows(2));
        QCOMPARE(f.window->findChild<StatusCell *>(u"lockCell"_s)->environment(), SourceEnvironment::Production);
    }

    void anotherSourceIsUnlockedBesides()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"staging"_s);
        f.open();
        f.access.unlock({2});
        QMenu *menu = nullptr;
        for (QMenu *each : f.window->findChildren<QMenu *>()) {
            if (each->title().contains("ommands"_L1))
                menu = each;
        }
        QVERIFY(menu);
        emit menu->aboutToShow();
        auto *another = menu->findChild<QAction *>(u"unlockAnother"_s);
        QVERIFY(another);
        another->trigger();
        UnlockQuestion *asked = question(f);
        QVERIFY(asked);
        QCOMPARE(asked->ticked(), QList<SourceId>{1});
        QVERIFY(!asked->tick(2)); // Open already, and said so.
        QVERIFY(allTexts(*asked).contains("open already"_L1));
        confirmUnlock(*f.window);
        QVERIFY(f.access.allows(1) && f.access.allows(2));
    }
};

PULSEDECK_TEST(UnlockQuestionTest, runWithTheme)

#include "unlockquestion_test.moc"
