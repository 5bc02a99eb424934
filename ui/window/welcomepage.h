// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcekind.h"
#include "models/sources/sourceprotocol.h"
#include "ui/common/band.h"

#include <vector>

class QPushButton;

namespace pulsedeck {

/// Shown while there is no source: what the program is for, and how to begin. GUI thread.
class WelcomePage : public Band
{
    Q_OBJECT

public:
    explicit WelcomePage(QWidget *parent = nullptr);

    /// The demo was requested and is not there yet.
    void setDemoStarting(bool starting);

signals:
    void demoRequested();
    void connectRequested(pulsedeck::SourceKind kind);

private:
    void adoptTheme();

    QPushButton *m_demo;
    std::vector<std::pair<SourceKind, QPushButton *>> m_connects;
};

} // namespace pulsedeck
