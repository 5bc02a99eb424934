// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/filterfield.h"

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilterwords.h"
#include "ui/common/filterchip.h"
#include "ui/common/filterexamples.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QCompleter>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QStringListModel>
#include <QToolButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// A term as it has to be typed.
QString written(const FleetFilter::Term &term)
{
    return term.negated ? QString(u"not "_s + quotedTerm(term.text)) : quotedTerm(term.text);
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
    , m_more(new QToolButton(this))
    , m_line(new QLineEdit(this))
    , m_hint(new ToneLabel(QKeySequence(Qt::CTRL | Qt::Key_F).toString(QKeySequence::NativeText), ToneLabel::Tone::Faint,
                           ToneLabel::Face::Small, this))
    , m_completer(new QCompleter(this))
    , m_completions(new QStringListModel(this))
{
    setFrameShape(QFrame::NoFrame);
    setCursor(Qt::IBeamCursor);
    auto *layout = new QHBoxLayout(this);
    layout->setSpacing(px(4));
    m_chipLayout->setSpacing(px(4));
    m_more->setObjectName(u"foldedTerms"_s);
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::TabFocus);
    m_more->setCursor(Qt::ArrowCursor);
    m_more->hide();
    connect(m_more, &QToolButton::clicked, this, &FilterField::showFolded);
    layout->addWidget(m_more);
    layout->addLayout(m_chipLayout);
    layout->addWidget(m_line, 1);
    layout->addWidget(m_hint);
    m_line->setFrame(false);
    m_line->setMinimumWidth(px(60));
    m_line->setAccessibleName(tr("Filter workers"));
    m_line->setAttribute(Qt::WA_MacShowFocusRect, false);
    QPalette clear = m_line->palette();
    clear.setColor(QPalette::Base, Qt::transparent);
    m_line->setPalette(clear);
    // The line is no focus proxy of the field: that would make the field a stop of Tab by itself, wherever it stands in the
    // window's chain, from which Tab goes on behind the line.
    m_line->installEventFilter(this);

    m_completer->setModel(m_completions);
    m_completer->setWidget(m_line);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(10);
    m_completer->popup()->installEventFilter(this);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &FilterField::takeCompletion);
    connect(m_line, &QLineEdit::textEdited, this, &FilterField::onEdited);
    connect(&store, &FleetStore::published, this, [this] {
        if (isVisible() && m_chips.empty() && m_line->text().isEmpty())
            reviewExample();
    });
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
    followTheme(this, [this] {
        this->layout()->setContentsMargins(px(28), 1, px(8), 1);
        m_more->setFont(Theme::instance().smallFont());
        arrangeChips();
    });
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
    m_typing = false;
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
    m_typing = true;
    const QString typed = m_line->text();
    if (typed.endsWith(u' ') && m_line->cursorPosition() == typed.size())
        finishTerms(false);
    complete();
    changedSoon();
}

/// Makes chips of the terms typed; \a last: also of one that is not followed by a space. A value that is the beginning
/// of one known value only is meant to be that.
void FilterField::finishTerms(bool last)
{
    constexpr size_t mostChips = 32; // So many a filter reads; what is over stays in the line, and is named as too much.
    const QString typed = m_line->text();
    if (typed.trimmed().isEmpty() || isUnfinished(typed) || (!last && !typed.endsWith(u' ')))
        return;
    QStringList over;
    for (FleetFilter::Term term : FleetFilter::parse(typed).terms()) {
        if (m_typing)
            term.text = FleetFilter::completed(term.text, m_store);
        if (m_chips.size() < mostChips)
            addChip(written(term));
        else
            over.append(written(term));
    }
    m_typing = false;
    m_line->setText(over.join(u' '));
    changedSoon();
}

void FilterField::addChip(const QString &term)
{
    if (term.isEmpty())
        return;
    auto *chip = new FilterChip(term, this);
    m_chipLayout->addWidget(chip);
    // In front of the line, as to the eye: what is made later stands last in the window's chain.
    setTabOrder(m_chips.empty() ? static_cast<QWidget *>(m_more) : m_chips.back(), chip);
    m_chips.push_back(chip);
    connect(chip, &QToolButton::clicked, this, [this, chip] {
        removeChip(chip);
        m_line->setFocus();
        applyNow();
    });
    arrangeChips();
}

void FilterField::removeChip(FilterChip *chip)
{
    std::erase(m_chips, chip);
    m_chipLayout->removeWidget(chip);
    chip->hide();
    chip->deleteLater();
    arrangeChips();
}

void FilterField::reviewExample()
{
    const QString example = m_chips.empty() ? fleetFilterExample(m_store) : QString();
    if (example != m_line->placeholderText())
        m_line->setPlaceholderText(example);
}

/// The last chips are shown as far as there is room for them, each of them whole; the line keeps enough to type in.
void FilterField::arrangeChips()
{
    reviewExample();
    m_hint->setVisible(m_chips.empty() && width() > px(320));
    const int gap = px(4);
    const int room = width() - px(28 + 8) - px(90) - gap;
    m_more->setText(u"+%1"_s.arg(m_chips.size()));
    const int moreWidth = m_more->sizeHint().width() + gap;
    const auto widthOf = [](FilterChip *chip) { return chip->sizeHint().width(); };
    int all = 0;
    for (FilterChip *chip : m_chips) {
        chip->setRoom(qMax(px(60), room - moreWidth));
        all += widthOf(chip) + gap;
    }
    int left = all <= room ? room : room - moreWidth;
    m_folded = int(m_chips.size());
    for (auto chip = m_chips.rbegin(); chip != m_chips.rend(); ++chip) {
        left -= widthOf(*chip) + gap;
        if (left < -gap && chip != m_chips.rbegin())
            break;
        --m_folded;
    }
    QStringList hidden;
    for (size_t i = 0; i < m_chips.size(); ++i) {
        m_chips[i]->setVisible(int(i) >= m_folded);
        if (int(i) < m_folded)
            hidden.append(m_chips[i]->term());
    }
    m_more->setText(u"+%1"_s.arg(m_folded));
    m_more->setToolTip(toolTipText(hidden.join(u'\n')));
    m_more->setAccessibleName(tr("%Ln more term(s): %1", nullptr, m_folded).arg(hidden.join(u", "_s)));
    m_more->setVisible(m_folded > 0);
}

/// The terms that do not fit, each with its way out.
void FilterField::showFolded()
{
    auto *menu = selfDeleting(new QMenu(this));
    for (int i = 0; i < m_folded; ++i) {
        FilterChip *chip = m_chips[size_t(i)];
        QString words = tr("Remove %1").arg(chip->term());
        connect(menu->addAction(words.replace(u'&', "&&"_L1)), &QAction::triggered, chip, &QToolButton::click);
    }
    menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 2)));
}

void FilterField::setMarked(bool marked)
{
    if (marked == std::exchange(m_marked, marked))
        return;
    for (FilterChip *chip : m_chips)
        chip->setMarked(marked);
}

void FilterField::clearAll()
{
    setMarked(false);
    while (!m_chips.empty())
        removeChip(m_chips.back());
    m_line->clear();
    m_typing = false;
    m_completer->popup()->hide();
    changedSoon();
}

void FilterField::editLastChip()
{
    FilterChip *chip = m_chips.back();
    m_line->setText(QString(chip->term() + m_line->text()));
    m_line->setCursorPosition(int(chip->term().size()));
    m_typing = true;
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
        switch (event->type()) {
        case QEvent::KeyPress:
            if (keyPressed(static_cast<QKeyEvent *>(event)))
                return true;
            break;
        case QEvent::MouseButtonPress:
            setMarked(false);
            break;
        case QEvent::FocusOut: {
            const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
            if (reason == Qt::PopupFocusReason || reason == Qt::ActiveWindowFocusReason)
                break;
            setMarked(false);
            // Left as it is, "age>" is no term that is still being typed.
            if (m_typing && filterNow().isUnfinished()) {
                m_typing = false;
                applyNow();
            }
            update();
            break;
        }
        case QEvent::FocusIn:
            update();
            break;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

/// Whether the field takes the key from the line.
bool FilterField::keyPressed(QKeyEvent *key)
{
    if (key->matches(QKeySequence::SelectAll) && !m_chips.empty()) {
        m_line->selectAll();
        setMarked(true);
        return true;
    }
    if (m_marked) {
        const bool copies = key->matches(QKeySequence::Copy);
        const bool cuts = key->matches(QKeySequence::Cut);
        if (copies || cuts)
            QGuiApplication::clipboard()->setText(text());
        if (cuts || key->key() == Qt::Key_Backspace || key->key() == Qt::Key_Delete) {
            clearAll();
            return true;
        }
        if (copies)
            return true;
        const bool types = !key->text().isEmpty() && key->text().at(0).isPrint()
                           && !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
        if (types || key->matches(QKeySequence::Paste))
            clearAll(); // What is typed or pasted takes the place of all of it.
        else if (key->key() != Qt::Key_Shift && key->key() != Qt::Key_Control && key->key() != Qt::Key_Alt
                 && key->key() != Qt::Key_Meta)
            setMarked(false);
        return false;
    }
    if (key->key() == Qt::Key_Backspace && m_line->cursorPosition() == 0 && !m_line->hasSelectedText() && !m_chips.empty()) {
        editLastChip();
        return true;
    }
    if (key->key() == Qt::Key_Down && !m_completer->popup()->isVisible()) {
        finishTerms(true);
        applyNow();
        emit listRequested();
        return true;
    }
    return false;
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
    m_completer->complete(QRect(qMin(left, m_line->width()), 0, px(220), m_line->height() + 4));
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

FleetFilter FilterField::filterNow() const
{
    if (!m_typing)
        return FleetFilter::parse(text());
    QStringList finished;
    for (const FilterChip *chip : m_chips)
        finished.append(chip->term());
    return FleetFilter::parse(finished.join(u' '), m_line->text());
}

void FilterField::applyNow()
{
    m_timer.stop();
    const FleetFilter filter = filterNow();
    review(filter);
    // The same words mean another thing once they are finished.
    const QString now = text() + (m_typing ? u"\n"_s + m_line->text().trimmed() : QString());
    if (now == m_applied)
        return;
    m_applied = now;
    emit filterChanged(filter);
}

void FilterField::review(const FleetFilter &filter)
{
    for (FilterChip *chip : m_chips)
        chip->setSenseless(!FleetFilter::parse(chip->term()).isReadable());
    const QString problem = filter.problems().join(u'\n');
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
    QPainter painter(this);
    stylepaint::box(&painter, rect(), tokens.field, m_problem.isEmpty() ? tokens.line : tokens.late);
    if (m_line->hasFocus())
        stylepaint::focusFrame(&painter, rect());
    paintGlyph(painter, QPointF(px(16), height() / 2.0), px(15), Glyph::Search, tokens.dim);
}

void FilterField::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    arrangeChips();
}

void FilterField::mousePressEvent(QMouseEvent *event)
{
    QFrame::mousePressEvent(event);
    setMarked(false);
    m_line->setFocus(Qt::MouseFocusReason);
}

} // namespace pulsedeck
