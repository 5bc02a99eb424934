// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace pulsedeck {

/// What the marks mean: states of workers, sources and commands, and the parts of a heartbeat strip. Stays open next to the
/// window.
class LegendDialog : public QDialog
{
    Q_OBJECT

public:
    explicit LegendDialog(QWidget *parent = nullptr);
};

} // namespace pulsedeck
