// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcekind.h"
#include "ui/common/band.h"

class QPushButton;

namespace pulsedeck {

/// What the window shows while there is no source: what the program is for, and the ways to begin.
class WelcomePage : public Band
{
    Q_OBJECT

public:
    explicit WelcomePage(QWidget *parent = nullptr);

    /// The demo was asked for and has not answered yet.
    void setDemoStarting(bool starting);

signals:
    void demoRequested();
    void connectRequested(pulsedeck::SourceKind kind);

private:
    void adoptTheme();

    QPushButton *m_demo;
    QPushButton *m_redis;
    QPushButton *m_hub;
};

} // namespace pulsedeck
