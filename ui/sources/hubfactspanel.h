// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubview.h"
#include "models/protocol/sourcestatus.h"
#include "models/sources/sourcesettings.h"
#include "ui/sources/factlines.h"

namespace pulsedeck {

class WriteAccess;

/// How one Signal Hub is reached and with a token from where (never which), its actors, the timing in force and whether
/// it may be written to. What moves (heartbeat, budget, list) is the hub panel's.
class HubFactsPanel : public FactLines
{
    Q_OBJECT

public:
    explicit HubFactsPanel(QWidget *parent = nullptr);

    void setFacts(const SourceSettings &settings, const SourceStatus &status, const HubView &view, const WriteAccess &access,
                  int actors);

private:
    enum Fact { Address, Token, Encryption, Hub, Actors, Skew, Timing, Writing };
};

} // namespace pulsedeck
