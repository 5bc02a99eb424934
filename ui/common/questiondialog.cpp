// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/questiondialog.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QuestionDialog::QuestionDialog(const QString &title, const QString &question, const QString &text, const QString &act,
                               ButtonRole role, QWidget *parent)
    : QDialog(parent)
    , m_question(new ToneLabel(question, ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_words(vbox(nullptr, 6, {20, 18, 20, 18}))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_act(new QPushButton(act, this))
{
    const Theme &t = Theme::instance();
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    m_question->setWordWrap(true);
    m_words->addWidget(m_question);
    if (!text.isEmpty()) {
        auto *label = (new ToneLabel(text, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->wrapped();
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
    auto *buttons = hbox(footer, 9, {16, 11, 16, 11});
    buttons->addStretch(1);
    addWidgets(buttons, {m_cancel, m_act});
    auto *whole = vbox(this, 0);
    whole->addLayout(m_words);
    whole->addStretch(1);
    whole->addWidget(footer);
    // A title bar has three buttons next to the title.
    setMinimumWidth(qMax(px(420), QFontMetrics(t.bodyFont()).horizontalAdvance(title) + px(220)));
    m_cancel->setFocus();
}

QLineEdit *QuestionDialog::addField(const QString &label, const QString &value)
{
    auto *field = new QLineEdit(value, this);
    auto *caption = new ToneLabel(label, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    caption->setBuddy(field);
    field->setAccessibleName(label);
    auto *line = hbox(10);
    line->addWidget(caption);
    line->addWidget(field, 1);
    m_words->addSpacing(px(4));
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
