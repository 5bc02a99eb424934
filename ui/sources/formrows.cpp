// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/formrows.h"

#include "ui/common/boxes.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace pulsedeck {

FormRows::FormRows(QWidget &form)
    : m_widget(form)
    , m_layout(new QFormLayout(&form))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(px(12));
    m_layout->setVerticalSpacing(px(7));
    m_layout->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter); // As those of the facts, which may be next to it.
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

QLineEdit *FormRows::edit(const QString &objectName, const QString &accessibleName, const QString &placeholder) const
{
    auto *field = new QLineEdit(&m_widget);
    field->setObjectName(objectName);
    field->setAccessibleName(accessibleName);
    field->setPlaceholderText(placeholder);
    return field;
}

QLineEdit *FormRows::maskedEdit(const QString &objectName, const QString &accessibleName) const
{
    QLineEdit *field = edit(objectName, accessibleName);
    field->setEchoMode(QLineEdit::Password);
    field->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText);
    return field;
}

QPushButton *FormRows::pushButton(const QString &text) const
{
    auto *button = new QPushButton(text, &m_widget);
    button->setAutoDefault(false);
    return button;
}

std::pair<QWidget *, QHBoxLayout *> FormRows::line() const
{
    auto *row = new QWidget(&m_widget);
    auto *layout = hbox(row, 8);
    return {row, layout};
}

ToneLabel *FormRows::caption(const QString &text, QWidget *buddy)
{
    auto *label = new ToneLabel(text, ToneLabel::Tone::Dim);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(buddy);
    return label;
}

void FormRows::add(const QString &text, QWidget *buddy, QWidget *row)
{
    m_layout->addRow(caption(text, buddy), row);
}

void FormRows::add(QWidget *row)
{
    m_layout->addRow(QString(), row);
}

void FormRows::addWide(QWidget *row)
{
    m_layout->addRow(row);
}

void FormRows::take(QWidget *row)
{
    const QFormLayout::TakeRowResult taken = m_layout->takeRow(row);
    delete taken.labelItem;
    delete taken.fieldItem; // The item, not its widget.
}

ToneLabel *FormRows::addMessage()
{
    ToneLabel *label = addNote();
    label->setTone(ToneLabel::Tone::Stale);
    setVisible(label, false);
    return label;
}

ToneLabel *FormRows::addNote()
{
    auto *label = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, &m_widget);
    label->setWrappedInForm();
    // Its height is asked for before it has a width: by this it is not reckoned far too high.
    label->resize(px(420), label->height());
    add(label);
    return label;
}

void FormRows::alignCaptions()
{
    int widest = 0;
    QLabel *first = nullptr;
    for (int row = 0; row < m_layout->rowCount(); ++row) {
        const QLayoutItem *item = m_layout->itemAt(row, QFormLayout::LabelRole);
        if (!item || !item->widget())
            continue;
        widest = qMax(widest, item->widget()->sizeHint().width());
        if (!first)
            first = qobject_cast<QLabel *>(item->widget());
    }
    if (!first)
        return;
    first->setMinimumWidth(widest);
    first->setAlignment(m_layout->labelAlignment() | Qt::AlignVCenter); // In the width it has now to spare.
}

void FormRows::setVisible(QWidget *row, bool visible)
{
    m_layout->setRowVisible(row, visible);
}

void FormRows::say(ToneLabel *label, QLineEdit *field, const QString &problem)
{
    setInvalid(field, !problem.isEmpty());
    field->setAccessibleDescription(problem);
    label->setText(problem);
    setVisible(label, !problem.isEmpty());
}

std::pair<QWidget *, QPushButton *> FormRows::fileLine(QLineEdit *field, const QString &title,
                                                       const std::function<void()> &then) const
{
    auto *button = pushButton(tr("Browse…"));
    const auto [row, layout] = line();
    layout->addWidget(field, 1);
    layout->addWidget(button);
    QObject::connect(button, &QPushButton::clicked, field, [field, title, then] {
        auto *dialog = selfDeleting(new QFileDialog(field->window(), title, QFileInfo(field->text()).path()));
        dialog->setFileMode(QFileDialog::ExistingFile);
        // A socket is no plain file: without System it would not be listed.
        dialog->setFilter(QDir::AllEntries | QDir::System | QDir::AllDirs | QDir::NoDotAndDotDot);
        QObject::connect(dialog, &QFileDialog::fileSelected, field, [field, then](const QString &file) {
            field->setText(file);
            then();
        });
        dialog->open();
    });
    return {row, button};
}

} // namespace pulsedeck
