// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/band.h"

class QDockWidget;

namespace pulsedeck {

class ToneLabel;

/// The title bar of a page's dock: its name, and the ways to float and to close it. GUI thread.
class DockTitle final : public Band
{
    Q_OBJECT

public:
    /// \a closeTip says how the dock is opened again.
    DockTitle(QDockWidget &dock, const QString &closeTip);

    /// What is shown in the dock, in place of the dock's name: the entry in menus keeps that.
    void setText(const QString &text);
    QString text() const;

private:
    ToneLabel *m_label;
};

} // namespace pulsedeck
