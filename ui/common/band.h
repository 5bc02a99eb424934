// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace pulsedeck {

/// A plain area in the chrome's or the tables' colour with 1 px lines at some of its edges: headers, footers, side
/// panels.
class Band : public QWidget
{
    Q_OBJECT

public:
    enum class Ground { Chrome, Base };

    explicit Band(Qt::Edges lines, Ground ground = Ground::Chrome, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Qt::Edges m_lines;
    Ground m_ground;
};

} // namespace pulsedeck
