// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fleetscene.h"
#include "ui/fleet/filterchip.h"
#include "ui/fleet/filterfield.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCompleter>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class FilterFieldTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().install(*qApp); }

    void init()
    {
        m_scene = std::make_unique<FleetScene>(20);
        m_field = std::make_unique<FilterField>(m_scene->store);
        m_field->resize(600, 26);
        m_field->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_field.get()));
        m_field->focusLine();
        m_spy = std::make_unique<QSignalSpy>(m_field.get(), &FilterField::filterChanged);
    }

    void cleanup()
    {
        m_spy.reset();
        m_field.reset();
        m_scene.reset();
    }

    void typingFiltersAfterAShortWhile()
    {
        QTest::keyClicks(&m_field->line(), u"type:fire"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_spy->size(), 1, 10'000); // Once, not for each key.
        QCOMPARE(qvariant_cast<FleetFilter>(m_spy->at(0).at(0)).text(), u"type:fire"_s);
        QCOMPARE(m_field->chipCount(), 0);
    }

    void spaceMakesAChip()
    {
        QTest::keyClicks(&m_field->line(), u"status:draining age>10s "_s);
        QCOMPARE(m_field->chipCount(), 2);
        QCOMPARE(m_field->line().text(), QString());
        QCOMPARE(m_field->text(), u"status:draining age>10s"_s);
    }

    void negationStaysWithItsTerm()
    {
        QTest::keyClicks(&m_field->line(), u"not "_s);
        QCOMPARE(m_field->chipCount(), 0); // It waits for what it negates.
        QTest::keyClicks(&m_field->line(), u"type:webkit "_s);
        QCOMPARE(m_field->chipCount(), 1);
        QCOMPARE(m_field->text(), u"not type:webkit"_s);
    }

    void quotesKeepSpaces()
    {
        QTest::keyClicks(&m_field->line(), u"\"source:hub eu\" "_s);
        QCOMPARE(m_field->chipCount(), 1);
        QCOMPARE(FleetFilter::parse(m_field->text()).terms().at(0).text, u"source:hub eu"_s);
    }

    void enterFinishesTheLastTermAtOnce()
    {
        QTest::keyClicks(&m_field->line(), u"late"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_Escape); // Closes the completion, if any.
        m_spy->clear();
        QTest::keyClick(&m_field->line(), Qt::Key_Return);
        QCOMPARE(m_field->chipCount(), 1);
        QCOMPARE(m_spy->size(), 1);
    }

    void backspaceTakesTheLastChipBack()
    {
        m_field->setText(u"type:chromium status:draining"_s);
        QCOMPARE(m_field->chipCount(), 2);
        QTest::keyClick(&m_field->line(), Qt::Key_Backspace);
        QCOMPARE(m_field->chipCount(), 1);
        QCOMPARE(m_field->line().text(), u"status:draining"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_Backspace);
        QCOMPARE(m_field->line().text(), u"status:drainin"_s); // From here on it deletes characters.
        QCOMPARE(m_field->chipCount(), 1);
    }

    void crossTakesAChipAway()
    {
        m_field->setText(u"type:chromium status:draining"_s);
        m_spy->clear();
        QTest::mouseClick(m_field->findChildren<FilterChip *>().constFirst(), Qt::LeftButton);
        QCOMPARE(m_field->text(), u"status:draining"_s);
        QCOMPARE(m_spy->size(), 1);
    }

    void senselessTermIsKeptAndExplained()
    {
        QSignalSpy problems(m_field.get(), &FilterField::problemChanged);
        m_field->setText(u"age>ten type:chromium"_s);
        QCOMPARE(m_field->chipCount(), 2);
        QVERIFY2(m_field->problem().contains("age>ten"_L1), qPrintable(m_field->problem()));
        QVERIFY(m_field->problem().contains("duration"_L1));
        QCOMPARE(problems.size(), 1);
        m_field->setText(u"age>10s"_s);
        QCOMPARE(m_field->problem(), QString());
        QCOMPARE(problems.size(), 2);
    }

    void halfATermIsNotBlamed()
    {
        QTest::keyClicks(&m_field->line(), u"age>"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_spy->size(), 1, 10'000);
        QCOMPARE(m_field->problem(), QString());
    }

    void downAndEnterLeadToTheList()
    {
        QSignalSpy wanted(m_field.get(), &FilterField::listRequested);
        QTest::keyClicks(&m_field->line(), u"zz9"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_Return); // It finishes the term: another may follow.
        QCOMPARE(wanted.size(), 0);
        QCOMPARE(m_field->chipCount(), 1);
        QTest::keyClick(&m_field->line(), Qt::Key_Return);
        QCOMPARE(wanted.size(), 1);
        QTest::keyClicks(&m_field->line(), u"zz8"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_Down);
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(m_field->text(), u"zz9 zz8"_s);
        QCOMPARE(m_field->chipCount(), 2);
    }

    void completionOffersAndFinishesATerm()
    {
        QTest::keyClicks(&m_field->line(), u"liveness:zo"_s);
        auto *completer = m_field->findChild<QCompleter *>();
        QVERIFY(completer);
        QTRY_VERIFY_WITH_TIMEOUT(completer->popup()->isVisible(), 10'000);
        QTest::keyClick(completer->popup(), Qt::Key_Down);
        QTest::keyClick(completer->popup(), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(m_field->text(), u"liveness:zombie"_s, 10'000);
        QCOMPARE(m_field->chipCount(), 1);
    }

private:
    std::unique_ptr<FleetScene> m_scene;
    std::unique_ptr<FilterField> m_field;
    std::unique_ptr<QSignalSpy> m_spy;
};

QTEST_MAIN(FilterFieldTest)
#include "filterfield_test.moc"
