// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceenvironment.h"

#include <QWidget>

class QButtonGroup;
class QGridLayout;

namespace pulsedeck {

/// What a source serves, as cards of which one is chosen: each with the mark and the colour of its environment, and what follows
/// from it when writing is unlocked. Two stand next to each other where there is room for both. Buttons for the keyboard and for
/// assistive technology. GUI thread.
class EnvironmentCards : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentCards(QWidget *parent = nullptr);

    SourceEnvironment environment() const;
    /// Does not emit chosen().
    void setEnvironment(SourceEnvironment environment);
    /// As wide as one card.
    QSize minimumSizeHint() const override;

signals:
    /// The user chose.
    void chosen();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange(int columns);
    int widestCard() const;

    QButtonGroup *m_group;
    QGridLayout *m_grid;
    int m_columns = 0;
};

} // namespace pulsedeck
