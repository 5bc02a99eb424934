// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/emptynote.h"

#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QAbstractScrollArea>
#include <QEvent>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace pulsedeck {

EmptyNote::EmptyNote(QWidget *parent)
    : QWidget(parent)
    , m_title(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, this))
    , m_text(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_button(new QPushButton(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(px(8));
    layout->addStretch(2);
    layout->addSpacing(px(40)); // The mark is painted here.
    m_title->setAlignment(Qt::AlignHCenter);
    layout->addWidget(m_title);
    m_text->setAlignment(Qt::AlignHCenter);
    m_text->setWordWrap(true);
    layout->addWidget(m_text);
    layout->addSpacing(px(4));
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(m_button, &QPushButton::clicked, this, &EmptyNote::stepRequested);
    if (const auto *list = qobject_cast<QAbstractScrollArea *>(parent)) {
        list->viewport()->installEventFilter(this);
        setGeometry(list->viewport()->geometry());
    }
    hide();
}

bool EmptyNote::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move)
        setGeometry(static_cast<QWidget *>(watched)->geometry());
    return QWidget::eventFilter(watched, event);
}

void EmptyNote::setWords(const EmptyWords &words, const QString &step, ButtonRole role)
{
    m_words = words;
    setVisible(!words.title.isEmpty());
    m_title->setText(words.title);
    m_text->setText(words.text);
    m_button->setText(step);
    m_button->setVisible(!step.isEmpty());
    setButtonRole(m_button, role);
    setAccessibleName(words.title + QStringLiteral(". ") + words.text);
    update();
}

void EmptyNote::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor colour = m_words.glyph == Glyph::Warning ? theme().late
                          : m_words.glyph == Glyph::Error ? theme().stale
                                                          : theme().faint;
    paintGlyph(painter, QPointF(width() / 2.0, m_title->geometry().top() - px(24)), px(28), m_words.glyph, colour);
}

} // namespace pulsedeck
