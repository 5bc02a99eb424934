// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace pulsedeck {

/// A line of values up to now without axes: its shape is what it says. The lowest line is zero.
class Sparkline : public QWidget
{
    Q_OBJECT

public:
    explicit Sparkline(QWidget *parent = nullptr);

    /// \a places: how many there would be if all were known; the room of older ones stays empty. 0: as many as there are.
    void setValues(const std::vector<int> &values, int places = 0);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<int> m_values;
    int m_places = 0;
};

} // namespace pulsedeck
