// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace pulsedeck {

/// "3 new need attention", over the list; a click goes there. Amber, and hidden while there is none.
class AttentionPill : public QPushButton
{
    Q_OBJECT

public:
    explicit AttentionPill(QWidget *parent);

    void setCount(int count);
    int count() const { return m_count; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_count = 0;
};

} // namespace pulsedeck
