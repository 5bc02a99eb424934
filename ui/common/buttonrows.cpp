// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/buttonrows.h"

#include "ui/theme/theme.h"

#include <QWidget>

namespace pulsedeck {

ButtonRows::ButtonRows(int spacing, QWidget *parent)
    : QLayout(parent)
    , m_spacing(spacing)
{
    setContentsMargins(0, 0, 0, 0);
}

ButtonRows::~ButtonRows() = default;

int ButtonRows::gap() const
{
    return px(m_spacing);
}

void ButtonRows::addItem(QLayoutItem *item)
{
    m_items.emplace_back(item);
    invalidate();
}

QLayoutItem *ButtonRows::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[size_t(index)].get() : nullptr;
}

QLayoutItem *ButtonRows::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    QLayoutItem *item = m_items[size_t(index)].release();
    m_items.erase(m_items.begin() + index);
    invalidate();
    return item;
}

std::vector<ButtonRows::Row> ButtonRows::rows(int width) const
{
    std::vector<Row> all;
    for (const auto &item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size = item->sizeHint();
        if (all.empty() || all.back().width + gap() + size.width() > width)
            all.emplace_back();
        Row &row = all.back();
        row.width += (row.items.empty() ? 0 : gap()) + size.width();
        row.height = qMax(row.height, size.height());
        row.items.push_back(item.get());
    }
    return all;
}

int ButtonRows::rowsAt(int width) const
{
    return int(rows(width).size());
}

int ButtonRows::rowsHeight(int width) const
{
    int height = 0;
    for (const Row &row : rows(width))
        height += (height > 0 ? gap() : 0) + row.height;
    return height;
}

int ButtonRows::heightForWidth(int width) const
{
    const QMargins around = contentsMargins();
    return around.top() + rowsHeight(width - around.left() - around.right()) + around.bottom();
}

QSize ButtonRows::sizeHint() const
{
    const std::vector<Row> one = rows(QLAYOUTSIZE_MAX);
    const QSize size = one.empty() ? QSize(0, 0) : QSize(one.front().width, one.front().height);
    return size.grownBy(contentsMargins());
}

QSize ButtonRows::minimumSize() const
{
    QSize least(0, 0);
    for (const auto &item : m_items) {
        if (!item->isEmpty())
            least = least.expandedTo(item->minimumSize());
    }
    return least.grownBy(contentsMargins());
}

void ButtonRows::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    const QRect inside = rect.marginsRemoved(contentsMargins());
    const bool mirrored = parentWidget() && parentWidget()->isRightToLeft();
    int top = inside.top();
    for (const Row &row : rows(inside.width())) {
        const int spare = inside.width() - row.width;
        int left = inside.left();
        for (size_t i = 0; i < row.items.size(); ++i) {
            // The same share for each; the last one has what is left by rounding.
            const int share =
                !m_filled && spare > 0 ? 0 : spare * int(i + 1) / int(row.items.size()) - spare * int(i) / int(row.items.size());
            const int width = row.items[i]->sizeHint().width() + share;
            const QRect place(left, top, width, row.height);
            row.items[i]->setGeometry(mirrored ? QRect(inside.left() + inside.right() - place.right(), top, width, row.height)
                                               : place);
            left += width + gap();
        }
        top += row.height + gap();
    }
}

} // namespace pulsedeck
