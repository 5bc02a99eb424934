// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/band.h"

class QDockWidget;

namespace pulsedeck {

/// The title bar of a page's dock: its name, and the ways to float and to close it. GUI thread.
class DockTitle final : public Band
{
    Q_OBJECT

public:
    /// \a closeTip says how the dock is opened again.
    DockTitle(QDockWidget &dock, const QString &closeTip);
};

} // namespace pulsedeck
