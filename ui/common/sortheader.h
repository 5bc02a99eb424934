// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace pulsedeck {

/// The headings of a table that can be sorted: titles in secondary text, and next to the one that is sorted by a small angle. GUI
/// thread.
class SortHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit SortHeader(QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent *event) override;
    /// Of the title; as the model says it.
    virtual Qt::Alignment alignmentOf(int logicalIndex) const;
    /// Instead of a title; false: the title is painted.
    virtual bool paintInstead(QPainter &, const QRect &, int) const { return false; }
};

} // namespace pulsedeck
