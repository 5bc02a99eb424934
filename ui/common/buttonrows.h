// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace pulsedeck {

/// A line of buttons that continues in the next row where a button's words would not fit, and fills each row. What is hidden
/// takes no room. Only a button that is wider than a whole row gets less than it needs. GUI thread.
class ButtonRows final : public QLayout
{
    Q_OBJECT

public:
    /// \a spacing: between buttons and between rows, in the design's pixels.
    explicit ButtonRows(int spacing, QWidget *parent = nullptr);
    ~ButtonRows() override;

    /// Whether a row's last button may grow to its end (the default), or the buttons keep their size.
    void setFilled(bool filled) { m_filled = filled; }
    /// How many rows there are at \a width pixels.
    int rowsAt(int width) const;

    void addItem(QLayoutItem *item) override;
    int count() const override { return int(m_items.size()); }
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    struct Row
    {
        std::vector<QLayoutItem *> items;
        int width = 0; ///< Of all of them and what is between them.
        int height = 0;
    };
    std::vector<Row> rows(int width) const;
    int rowsHeight(int width) const;
    int gap() const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
    int m_spacing;
    bool m_filled = true;
};

} // namespace pulsedeck
