// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/environmentmark.h"

namespace pulsedeck {

/// The environment's word in its colour, within a frame of it; hidden for None. GUI thread.
class EnvironmentTag final : public EnvironmentMark
{
    Q_OBJECT

public:
    using EnvironmentMark::EnvironmentMark;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace pulsedeck
