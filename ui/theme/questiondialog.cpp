// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/questiondialog.h"

#include "ui/theme/band.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QuestionDialog::QuestionDialog(const QString &title, const QString &question, const QString &text, const QString &act,
                               ButtonRole role, QWidget *parent)
    : QDialog(parent)
    , m_question(new ToneLabel(question, ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_words(new QVBoxLayout)
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_act(new QPushButton(act, this))
{
    const Theme &t = Theme::instance();
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    m_question->setWordWrap(true);
    m_words->setContentsMargins(t.scaled(20), t.scaled(18), t.scaled(20), t.scaled(18));
    m_words->setSpacing(t.scaled(6));
    m_words->addWidget(m_question);
    if (!text.isEmpty()) {
        auto *label = new ToneLabel(text, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
        label->setWordWrap(true);
        m_words->addWidget(label);
    }
    m_cancel->setObjectName(u"cancel"_s);
    m_cancel->setDefault(true); // Enter changes nothing.
    m_act->setObjectName(u"act"_s);
    m_act->setAutoDefault(false);
    setButtonRole(m_act, role);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, &QDialog::accept);
    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = new QHBoxLayout(footer);
    buttons->setContentsMargins(t.scaled(16), t.scaled(11), t.scaled(16), t.scaled(11));
    buttons->setSpacing(t.scaled(9));
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_act);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(m_words);
    whole->addStretch(1);
    whole->addWidget(footer);
    // A title bar has three buttons beside the words.
    setMinimumWidth(qMax(t.scaled(420), QFontMetrics(t.bodyFont()).horizontalAdvance(title) + t.scaled(220)));
    m_cancel->setFocus();
}

QLineEdit *QuestionDialog::addField(const QString &label, const QString &value)
{
    auto *field = new QLineEdit(value, this);
    auto *caption = new ToneLabel(label, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    caption->setBuddy(field);
    field->setAccessibleName(label);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::instance().scaled(10));
    line->addWidget(caption);
    line->addWidget(field, 1);
    m_words->addSpacing(Theme::instance().scaled(4));
    m_words->addLayout(line);
    m_cancel->setDefault(false);
    m_cancel->setAutoDefault(false);
    m_act->setDefault(true);
    const auto review = [this, field] { m_act->setEnabled(!field->text().trimmed().isEmpty()); };
    connect(field, &QLineEdit::textChanged, this, review);
    review();
    setTabOrder(field, m_cancel);
    setTabOrder(m_cancel, m_act);
    field->selectAll();
    field->setFocus();
    return field;
}

QString QuestionDialog::question() const
{
    return m_question->text();
}

} // namespace pulsedeck
