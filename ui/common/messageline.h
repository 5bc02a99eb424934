// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHBoxLayout>
#include <QWidget>

namespace pulsedeck {

/// A line across a page: amber, with a warning's mark at its left, about something that needs attention; or, about what went
/// well, without colour but for the mark. Its text and buttons are in its row. GUI thread.
class MessageLine : public QWidget
{
    Q_OBJECT

public:
    /// \a margin above the row, in the design's pixels; there is one more below it.
    explicit MessageLine(QWidget *parent, int margin = 3);

    // In the design's pixels.
    static constexpr int leftEdge = 32;
    static constexpr int rightEdge = 8;
    static constexpr int spacing = 8;

    void setGood(bool good);
    bool isGood() const { return m_good; }

protected:
    QHBoxLayout *row() const { return m_row; }
    void paintEvent(QPaintEvent *event) override;

private:
    QHBoxLayout *m_row;
    bool m_good = false;
};

} // namespace pulsedeck
