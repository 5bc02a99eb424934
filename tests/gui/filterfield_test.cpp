// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fleetscene.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/common/filterchip.h"
#include "ui/fleet/filterfield.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QCompleter>
#include <QLayout>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

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
        QVERIFY(QTest::qWaitForWindowExposed(m_field.get(), patience));
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

    void whatIsTypedMatchesByItsBeginning()
    {
        const auto matches = [this] {
            int count = 0;
            const FleetFilter filter = qvariant_cast<FleetFilter>(m_spy->constLast().at(0));
            for (int i = 0; i < m_scene->store.capacity(); ++i)
                count += filter.matches(m_scene->store, WorkerHandle(i), m_scene->store.viewNow());
            return count;
        };
        // At no key of the way there the list is empty.
        const QString whole = u"type:firefox"_s;
        for (qsizetype i = 0; i < whole.size(); ++i) {
            QTest::keyClicks(&m_field->line(), whole.mid(i, 1));
            TRY_EQUAL(qvariant_cast<FleetFilter>(m_spy->isEmpty() ? QVariant() : m_spy->constLast().at(0)).text(),
                      whole.left(i + 1));
            QVERIFY2(matches() > 0, qPrintable(whole.left(i + 1)));
            QCOMPARE(m_field->problem(), QString());
        }
    }

    void enterTakesTheOnlyValueThatIsMeant()
    {
        QAbstractItemView *offered = m_field->findChild<QCompleter *>()->popup();
        QTest::keyClicks(&m_field->line(), u"type:fire"_s);
        offered->hide();
        QTest::keyClick(&m_field->line(), Qt::Key_Return);
        QCOMPARE(m_field->text(), u"type:firefox"_s);
        QTest::keyClicks(&m_field->line(), u"liveness:l"_s); // Late, or left: that has to be said.
        offered->hide();
        QTest::keyClick(&m_field->line(), Qt::Key_Return);
        QCOMPARE(m_field->text(), u"type:firefox liveness:l"_s);
        QVERIFY(!m_field->problem().isEmpty());
    }

    void whatIsLeftHalfTypedIsNoTermAnyMore()
    {
        QTest::keyClicks(&m_field->line(), u"skew>"_s);
        TRY_TRUE(!m_spy->isEmpty());
        m_field->findChild<QCompleter *>()->popup()->hide();
        QVERIFY(qvariant_cast<FleetFilter>(m_spy->constLast().at(0)).isReadable());
        QFocusEvent out(QEvent::FocusOut, Qt::TabFocusReason);
        QCoreApplication::sendEvent(&m_field->line(), &out);
        QVERIFY(!qvariant_cast<FleetFilter>(m_spy->constLast().at(0)).isReadable());
        QVERIFY(!m_field->problem().isEmpty());
    }

    void selectAllMarksTheChipsToo()
    {
        m_field->setText(u"type:chromium status:draining"_s);
        QTest::keyClicks(&m_field->line(), u"age"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&m_field->line(), Qt::Key_Backspace);
        QCOMPARE(m_field->text(), QString());
        QCOMPARE(m_field->chipCount(), 0);
        TRY_TRUE(qvariant_cast<FleetFilter>(m_spy->constLast().at(0)).isEmpty());
        // With nothing in the line, by Delete; and a key takes the place of all of it.
        m_field->setText(u"type:chromium"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&m_field->line(), Qt::Key_Delete);
        QCOMPARE(m_field->text(), QString());
        m_field->setText(u"type:chromium status:draining"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&m_field->line(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"type:chromium status:draining"_s);
        QTest::keyClicks(&m_field->line(), u"x"_s);
        QCOMPARE(m_field->text(), u"x"_s);
        // Moved away from, nothing is marked any more.
        m_field->setText(u"type:chromium"_s);
        QTest::keyClick(&m_field->line(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&m_field->line(), Qt::Key_Left);
        QTest::keyClicks(&m_field->line(), u"y"_s);
        QCOMPARE(m_field->text(), u"type:chromium y"_s);
    }

    void chipsAreWholeOrFolded()
    {
        for (const int width : {240, 400, 600}) {
            m_field->resize(width, 26);
            m_field->setText(u"type:chromium liveness:attention status:draining sessions>0"_s);
            QCOMPARE(m_field->chipCount(), 4);
            int shown = 0;
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            m_field->layout()->activate();
            for (const FilterChip *chip : m_field->findChildren<FilterChip *>()) {
                if (!chip->isVisible())
                    continue;
                ++shown;
                QVERIFY2(chip->width() >= QFontMetrics(Theme::instance().smallFont()).horizontalAdvance(chip->term()),
                         qPrintable(chip->term()));
            }
            QVERIFY(shown >= 1);
            QCOMPARE(m_field->foldedCount(), 4 - shown);
            QVERIFY(m_field->line().width() >= 60);
            auto *more = m_field->findChild<QToolButton *>(u"foldedTerms"_s);
            QCOMPARE(more->isVisible(), shown < 4);
        }
    }

    void tabGoesOverTheTermsToTheLine()
    {
        m_field->resize(900, 26);
        m_field->setText(u"type:chromium status:draining"_s);
        const QList<FilterChip *> chips = m_field->findChildren<FilterChip *>();
        QCOMPARE(chips.size(), 2);
        QVERIFY(QTest::qWaitForWindowActive(m_field.get(), patience));
        m_field->focusLine();
        QTest::keyClick(&m_field->line(), Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(QApplication::focusWidget(), chips.at(1));
        QTest::keyClick(chips.at(1), Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(QApplication::focusWidget(), chips.at(0));
        QTest::keyClick(chips.at(0), Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), chips.at(1));
        QTest::keyClick(chips.at(1), Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), &m_field->line());
    }

    void noTermIsLost()
    {
        QStringList terms;
        for (int i = 0; i < 40; ++i)
            terms.append(u"not id:x%1"_s.arg(i));
        m_field->setText(terms.join(u' '));
        QCOMPARE(m_field->text(), terms.join(u' '));
        QVERIFY(m_field->problem().contains("at most 32"_L1));
        QVERIFY(!qvariant_cast<FleetFilter>(m_spy->constLast().at(0)).isReadable());
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

PULSEDECK_TEST(FilterFieldTest, runWithWidgets)
#include "filterfield_test.moc"
