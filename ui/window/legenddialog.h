// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace pulsedeck {

/// What the marks mean: states of workers, states of sources, what a heartbeat strip can say. Stays open beside the
/// window.
class LegendDialog : public QDialog
{
    Q_OBJECT

public:
    explicit LegendDialog(QWidget *parent = nullptr);
};

} // namespace pulsedeck
