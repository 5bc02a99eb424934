// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/segmentedrow.h"

#include "ui/common/boxes.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QStyleOptionButton>

namespace pulsedeck {

namespace {

constexpr qreal segmentRadius = 4;

/// One choice: rounded at the ends of the row only, the chosen one with a line at its foot.
class Segment : public QPushButton
{
public:
    using QPushButton::QPushButton;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QStyleOptionButton option;
        initStyleOption(&option);
        const ThemeTokens &t = theme();
        const QList<Segment *> row = parentWidget()->findChildren<Segment *>(Qt::FindDirectChildrenOnly);
        const bool first = row.first() == this;
        const bool last = row.last() == this;
        // Beyond an edge that meets the neighbour the box goes on, so that its corners are outside.
        const QRectF box = QRectF(rect()).adjusted(first ? 0.5 : -0.5, 0.5, last ? -0.5 : segmentRadius, -0.5);
        QPainterPath outline;
        outline.addRoundedRect(box.adjusted(first ? 0 : -segmentRadius, 0, last ? 0 : segmentRadius, 0), segmentRadius,
                               segmentRadius);

        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool over = isEnabled() && (underMouse() || isDown());
        painter.setPen(t.line);
        painter.setBrush(isChecked() ? t.sel : !isEnabled() ? t.win : over ? t.hover : t.raised);
        painter.drawPath(outline);
        painter.setRenderHint(QPainter::Antialiasing, false);
        if (!first && !isChecked())
            painter.fillRect(0, 1, 1, height() - 2, t.line);
        if (isChecked())
            painter.fillRect(first ? 2 : 0, height() - 2, width() - (first ? 2 : 0) - (last ? 2 : 0), 2, t.selLine);
        painter.setPen(isChecked() ? t.text : stylepaint::buttonText(option, ButtonRole::Normal));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextHideMnemonic, text());
        if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange))
            stylepaint::focusFrame(&painter, rect());
    }
};

} // namespace

SegmentedRow::SegmentedRow(const QString &accessibleName, QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
{
    setAccessibleName(accessibleName);
    auto *row = hbox(this, 0);
    row->addStretch(1);
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedRow::chosen);
}

QPushButton *SegmentedRow::add(int id, const QString &text, const QString &objectName)
{
    auto *segment = new Segment(text, this);
    segment->setObjectName(objectName);
    segment->setCheckable(true);
    segment->setAutoDefault(false);
    m_group->addButton(segment, id);
    auto *row = static_cast<QHBoxLayout *>(layout());
    row->insertWidget(row->count() - 1, segment);
    return segment;
}

QPushButton *SegmentedRow::button(int id) const
{
    return static_cast<QPushButton *>(m_group->button(id));
}

int SegmentedRow::choice() const
{
    return m_group->checkedId();
}

void SegmentedRow::setChoice(int id)
{
    if (QAbstractButton *wanted = m_group->button(id)) {
        wanted->setChecked(true);
    } else if (QAbstractButton *held = m_group->checkedButton()) {
        m_group->setExclusive(false);
        held->setChecked(false);
        m_group->setExclusive(true);
    }
}

} // namespace pulsedeck
