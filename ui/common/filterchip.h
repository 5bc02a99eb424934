// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace pulsedeck {

/// A finished term of the filter. The whole chip is a button that removes it, as its × shows.
class FilterChip : public QToolButton
{
    Q_OBJECT

public:
    FilterChip(const QString &term, QWidget *parent);

    QString term() const { return m_term; }
    /// Framed as a term that makes no sense; the reason is shown elsewhere.
    void setSenseless(bool senseless);
    /// Selected with all other terms, to be cleared or copied.
    void setMarked(bool marked);
    /// The most it may take; a term that needs more is shortened in its middle, and whole in the tool tip.
    void setRoom(int width);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_term;
    bool m_senseless = false;
    bool m_marked = false;
    int m_room = 0; ///< 0: as its owner's layout lets it.
};

} // namespace pulsedeck
