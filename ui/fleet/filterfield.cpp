// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/filterfield.h"

#include "ui/fleet/filterchip.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QStringListModel>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// A term as it has to be typed.
QString written(const FleetFilter::Term &term)
{
    const QString text = term.text.contains(u' ') ? QString(u'"' + term.text + u'"') : term.text;
    return term.negated ? QString(u"not "_s + text) : text;
}

/// Whether the last word is only the beginning of a term: a negation, or open quotes.
bool isUnfinished(const QString &text)
{
    const QString last = text.trimmed().section(u' ', -1);
    return last.compare("not"_L1, Qt::CaseInsensitive) == 0 || last == "-"_L1 || text.count(u'"') % 2 != 0;
}

} // namespace

FilterField::FilterField(const FleetStore &store, QWidget *parent)
    : QFrame(parent)
    , m_store(store)
    , m_chipLayout(new QHBoxLayout)
    , m_line(new QLineEdit(this))
    , m_hint(new ToneLabel(u"Ctrl+F"_s, ToneLabel::Tone::Faint, ToneLabel::Face::Small, this))
    , m_completer(new QCompleter(this))
    , m_completions(new QStringListModel(this))
{
    const Theme &measures = Theme::instance();
    setFrameShape(QFrame::NoFrame);
    connect(&measures, &Theme::changed, this, [this] {
        this->layout()->setContentsMargins(Theme::instance().scaled(28), 1, Theme::instance().scaled(8), 1);
    });
    setCursor(Qt::IBeamCursor);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(measures.scaled(28), 1, measures.scaled(8), 1);
    layout->setSpacing(measures.scaled(4));
    m_chipLayout->setSpacing(measures.scaled(4));
    layout->addLayout(m_chipLayout);
    layout->addWidget(m_line, 1);
    layout->addWidget(m_hint);
    m_line->setFrame(false);
    m_line->setMinimumWidth(measures.scaled(60));
    m_line->setPlaceholderText(u"status:draining type:chromium age>10s"_s);
    m_line->setAccessibleName(u"Filter workers"_s);
    m_line->setAttribute(Qt::WA_MacShowFocusRect, false);
    QPalette clear = m_line->palette();
    clear.setColor(QPalette::Base, Qt::transparent);
    m_line->setPalette(clear);
    m_line->installEventFilter(this);
    setFocusProxy(m_line);

    m_completer->setModel(m_completions);
    m_completer->setWidget(m_line);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(10);
    m_completer->popup()->installEventFilter(this);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &FilterField::takeCompletion);
    connect(m_line, &QLineEdit::textEdited, this, &FilterField::onEdited);
    connect(m_line, &QLineEdit::returnPressed, this, [this] {
        // The completer hands Enter to the line before it acts itself: a chosen completion is meant, not what is typed.
        QAbstractItemView *popup = m_completer->popup();
        if (popup->isVisible() && popup->currentIndex().isValid())
            return;
        popup->hide();
        const bool nothingTyped = m_line->text().trimmed().isEmpty();
        finishTerms(true);
        applyNow();
        if (nothingTyped)
            emit listRequested();
    });
    m_timer.setSingleShot(true);
    m_timer.setInterval(0); // The keys that wait already are taken together; 100,000 workers are filtered within a frame or two.
    connect(&m_timer, &QTimer::timeout, this, &FilterField::applyNow);
}

QString FilterField::text() const
{
    QStringList parts;
    for (const FilterChip *chip : m_chips)
        parts.append(chip->term());
    parts.append(m_line->text().trimmed());
    return parts.join(u' ').trimmed();
}

void FilterField::setText(const QString &text)
{
    m_completer->popup()->hide(); // It completes what is no longer there.
    while (!m_chips.empty())
        removeChip(m_chips.back());
    m_line->setText(text.trimmed());
    finishTerms(true);
    applyNow();
}

void FilterField::focusLine()
{
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

void FilterField::onEdited()
{
    const QString typed = m_line->text();
    if (typed.endsWith(u' ') && m_line->cursorPosition() == typed.size())
        finishTerms(false);
    complete();
    changedSoon();
}

/// Makes chips of the terms typed; \a last: also of one that is not followed by a space.
void FilterField::finishTerms(bool last)
{
    const QString typed = m_line->text();
    if (typed.trimmed().isEmpty() || isUnfinished(typed) || (!last && !typed.endsWith(u' ')))
        return;
    for (const FleetFilter::Term &term : FleetFilter::parse(typed).terms())
        addChip(written(term));
    m_line->clear();
    changedSoon();
}

void FilterField::addChip(const QString &term)
{
    constexpr size_t mostChips = 16;
    if (m_chips.size() >= mostChips || term.isEmpty())
        return;
    auto *chip = new FilterChip(term, this);
    m_chipLayout->addWidget(chip);
    chip->show();
    m_chips.push_back(chip);
    connect(chip, &QToolButton::clicked, this, [this, chip] {
        removeChip(chip);
        m_line->setFocus();
        applyNow();
    });
}

void FilterField::removeChip(FilterChip *chip)
{
    std::erase(m_chips, chip);
    m_chipLayout->removeWidget(chip);
    chip->hide();
    chip->deleteLater();
}

void FilterField::editLastChip()
{
    FilterChip *chip = m_chips.back();
    m_line->setText(QString(chip->term() + m_line->text()));
    m_line->setCursorPosition(int(chip->term().size()));
    removeChip(chip);
    changedSoon();
}

bool FilterField::eventFilter(QObject *watched, QEvent *event)
{
    // While completions are offered, Escape means them and not the filter, whatever the window does with that key.
    if (event->type() == QEvent::ShortcutOverride && m_completer->popup()->isVisible()
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    if (watched == m_line) {
        if (event->type() == QEvent::KeyPress) {
            const auto *key = static_cast<QKeyEvent *>(event);
            if (key->key() == Qt::Key_Backspace && m_line->cursorPosition() == 0 && !m_line->hasSelectedText()
                && !m_chips.empty()) {
                editLastChip();
                return true;
            }
            if (key->key() == Qt::Key_Down && !m_completer->popup()->isVisible()) {
                finishTerms(true);
                applyNow();
                emit listRequested();
                return true;
            }
        } else if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
            update();
        }
    }
    return QFrame::eventFilter(watched, event);
}

void FilterField::complete()
{
    const QString typed = m_line->text();
    const QString stem = typed.mid(typed.lastIndexOf(u' ') + 1);
    if (stem.isEmpty() || m_line->cursorPosition() != typed.size()) {
        m_completer->popup()->hide();
        return;
    }
    const QStringList fitting = FleetFilter::completions(typed, m_store);
    m_completions->setStringList(fitting);
    if (fitting.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_completer->popup()->setFont(Theme::instance().bodyFont());
    // Below the term it completes.
    const int left = m_line->fontMetrics().horizontalAdvance(typed.chopped(stem.size()));
    m_completer->complete(QRect(qMin(left, m_line->width()), 0, Theme::instance().scaled(220), m_line->height() + 4));
}

void FilterField::takeCompletion(const QString &completion)
{
    const QString typed = m_line->text();
    m_line->setText(QString(typed.left(typed.lastIndexOf(u' ') + 1) + completion + u' '));
    finishTerms(false);
    changedSoon();
}

void FilterField::changedSoon()
{
    m_timer.start();
}

void FilterField::applyNow()
{
    m_timer.stop();
    review();
    const QString now = text();
    if (now == m_applied)
        return;
    m_applied = now;
    emit filterChanged(FleetFilter::parse(now));
}

void FilterField::review()
{
    for (FilterChip *chip : m_chips)
        chip->setSenseless(!FleetFilter::parse(chip->term()).problems().isEmpty());
    // The term being typed is not blamed for being half there: "age>" may become "age>10s".
    QString whole = text();
    const QString typed = m_line->text().trimmed();
    if (typed.endsWith(u':') || typed.endsWith(u'>') || typed.endsWith(u'<') || typed.endsWith(u'='))
        whole.chop(typed.size() - (typed.lastIndexOf(u' ') + 1));
    const QString problem = FleetFilter::parse(whole).problems().join(u" · "_s);
    if (problem == m_problem)
        return;
    m_problem = problem;
    setAccessibleDescription(problem);
    update();
    emit problemChanged(problem);
}

void FilterField::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    stylepaint::box(&painter, rect(), tokens.field, m_problem.isEmpty() ? tokens.line : tokens.late);
    if (m_line->hasFocus())
        stylepaint::focusFrame(&painter, rect());
    paintGlyph(painter, QPointF(measures.scaled(16), height() / 2.0), measures.scaled(15), Glyph::Search, tokens.dim);
}

void FilterField::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    m_hint->setVisible(width() > Theme::instance().scaled(m_chips.empty() ? 320 : 480));
}

void FilterField::mousePressEvent(QMouseEvent *event)
{
    QFrame::mousePressEvent(event);
    m_line->setFocus(Qt::MouseFocusReason);
}

} // namespace pulsedeck
