// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/durationspin.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

namespace pulsedeck {

DurationSpin::DurationSpin(QWidget *parent)
    : QAbstractSpinBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setAccelerated(true);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this](const QString &typed) {
        m_typing = true;
        emitEdited(typed);
    });
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
        if (!m_typing)
            return;
        m_typing = false;
        showCanonical();
        emit finished();
    });
}

QString DurationSpin::text() const
{
    return lineEdit()->text();
}

void DurationSpin::showField(qint64 ms, const QString &unreadable)
{
    const bool same = ms == m_ms && unreadable == m_unreadable;
    m_ms = ms;
    m_unreadable = unreadable;
    // What is being typed stays; only a change from elsewhere (undo, a fix) replaces it.
    if (m_emitting || (same && !lineEdit()->text().isEmpty()))
        return;
    m_typing = false;
    showCanonical();
}

void DurationSpin::emitEdited(const QString &typed)
{
    m_emitting = true;
    emit edited(typed);
    m_emitting = false;
}

void DurationSpin::showCanonical()
{
    const QString wanted = m_unreadable.isEmpty() ? fieldText(m_ms) : m_unreadable;
    if (lineEdit()->text() != wanted)
        lineEdit()->setText(wanted);
}

void DurationSpin::setMarks(std::optional<TimingSeverity> trouble, bool changed)
{
    QFont wanted = font();
    if (wanted.bold() != changed) {
        wanted.setBold(changed);
        setFont(wanted);
    }
    if (m_trouble == trouble)
        return;
    m_trouble = trouble;
    setInvalid(this, trouble == TimingSeverity::Must);
    update();
}

QAbstractSpinBox::StepEnabled DurationSpin::stepEnabled() const
{
    StepEnabled steps = StepUpEnabled;
    if (m_ms > 1'000 || (m_ms > 100 && m_ms < 1'000))
        steps |= StepDownEnabled;
    return steps;
}

void DurationSpin::stepBy(int steps)
{
    constexpr qint64 second = 1'000;
    constexpr qint64 tenth = 100;
    const qint64 from = qMax<qint64>(0, m_ms);
    const qint64 step = from < second ? tenth : second;
    // To the next whole step first, so that 2.5 s goes to 3 s.
    const qint64 ms = qMax(step, (steps > 0 ? from / step : (from + step - 1) / step) * step + steps * step);
    m_ms = ms;
    m_unreadable.clear();
    lineEdit()->setText(fieldText(ms));
    m_typing = true; // Several steps are one, until the field is left.
    emitEdited(lineEdit()->text());
    selectAll();
}

bool DurationSpin::event(QEvent *event)
{
    // The page's undo has every step; that of the field would only have its own text.
    if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return false;
        }
    }
    return QAbstractSpinBox::event(event);
}

void DurationSpin::focusOutEvent(QFocusEvent *event)
{
    QAbstractSpinBox::focusOutEvent(event);
    if (m_typing && event->reason() != Qt::PopupFocusReason) {
        m_typing = false;
        showCanonical();
        emit finished();
    }
}

void DurationSpin::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QAbstractSpinBox::wheelEvent(event);
    else
        event->ignore(); // A page that scrolls must not change values on its way.
}

void DurationSpin::paintEvent(QPaintEvent *event)
{
    QAbstractSpinBox::paintEvent(event);
    if (!m_trouble || *m_trouble == TimingSeverity::Advice)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = *m_trouble == TimingSeverity::Must ? theme().stale : theme().late;
    stylepaint::box(&painter, rect(), {}, colour, hasFocus() ? 2 : 1.5);
}

} // namespace pulsedeck
