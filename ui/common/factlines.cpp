// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/factlines.h"

#include "ui/common/boxes.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FactLines::FactLines(const QStringList &titles, QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout)
    , m_limits(new QWidget(this))
    , m_limitsLayout(new QVBoxLayout(m_limits))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(px(14));
    m_form->setVerticalSpacing(px(9));
    for (const QString &title : titles) {
        Line line;
        line.row = new QWidget(this);
        line.value = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, line.row);
        line.note = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, line.row);
        line.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        line.note->setElideMode(Qt::ElideRight);
        auto *row = new QHBoxLayout(line.row);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(px(8));
        row->addWidget(line.value);
        row->addWidget(line.note, 1);
        line.row->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // Never squeezed by what is below.
        m_form->addRow(new ToneLabel(title, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), line.row);
        m_lines.push_back(line);
    }
    m_limitsLayout->setContentsMargins(0, 0, 0, 0);
    m_limitsLayout->setSpacing(px(6));
    m_limits->hide();

    auto *column = vbox(this, 16, {16, 16, 16, 16});
    column->addLayout(m_form);
    column->addWidget(m_limits);
    column->addStretch(1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

void FactLines::showAsId(int line)
{
    const Line &shown = m_lines[size_t(line)];
    auto *value = new ToneLabel(shown.value->text(), ToneLabel::Tone::Text, ToneLabel::Face::Id, shown.row);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setElideMode(Qt::ElideMiddle);
    delete shown.row->layout()->replaceWidget(shown.value, value);
    delete shown.value;
    m_lines[size_t(line)].value = value;
}

void FactLines::showWrapped(int line)
{
    const Line &shown = m_lines[size_t(line)];
    delete shown.row->layout();
    auto *column = vbox(shown.row, 2);
    for (ToneLabel *label : {shown.value, shown.note}) {
        label->setElideMode(Qt::ElideNone);
        label->setWrappedInForm();
        // Its height is asked for before it has a width: by this it is not reckoned far too high.
        label->resize(px(420), label->height());
        column->addWidget(label);
    }
    shown.row->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

void FactLines::setCaptionsLeft(const QString &widest)
{
    m_form->setLabelAlignment(Qt::AlignLeft);
    if (QWidget *caption = m_form->itemAt(0, QFormLayout::LabelRole)->widget())
        caption->setMinimumWidth(QFontMetrics(Theme::instance().bodyFont()).horizontalAdvance(widest));
}

void FactLines::set(int number, const QString &value, const QString &note)
{
    Line &line = m_lines[size_t(number)];
    m_form->setRowVisible(line.row, !value.isEmpty());
    line.value->setText(value);
    line.value->setAccessibleName(note.isEmpty() ? value : QString(value + u", "_s + note));
    line.note->setText(note);
    if (line.note->wordWrap())
        line.note->setVisible(!note.isEmpty());
}

void FactLines::setCaption(int number, const QString &title)
{
    if (auto *caption = qobject_cast<ToneLabel *>(m_form->labelForField(m_lines[size_t(number)].row)))
        caption->setText(title);
}

void FactLines::setLimits(const QString &title, const QStringList &limits, const QStringList &asides)
{
    if (limits == m_shownLimits && asides == m_shownAsides)
        return;
    m_shownLimits = limits;
    m_shownAsides = asides;
    while (QLayoutItem *item = m_limitsLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QStringList all = limits + asides;
    m_limits->setVisible(!all.isEmpty());
    if (all.isEmpty())
        return;
    m_limitsLayout->addWidget(new ToneLabel(title, ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_limits));
    for (qsizetype i = 0; i < all.size(); ++i) {
        auto *line = new QWidget(m_limits);
        auto *row = hbox(line, 8);
        auto *text = (new ToneLabel(all[i], ToneLabel::Tone::Text, ToneLabel::Face::Body, line))->wrapped();
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        row->addWidget(new GlyphMark(i < limits.size() ? Glyph::Warning : Glyph::Info, 12, line), 0, Qt::AlignTop);
        row->addWidget(text, 1);
        m_limitsLayout->addWidget(line);
    }
}

} // namespace pulsedeck
