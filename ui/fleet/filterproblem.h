// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace pulsedeck {

/// The sentence below the filter about a term that makes no sense. It lies over the table, so that nothing moves for
/// it.
class FilterProblem : public QLabel
{
    Q_OBJECT

public:
    explicit FilterProblem(QWidget *parent);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace pulsedeck
