// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcestatus.h"
#include "models/sources/sourcesettings.h"
#include "ui/sources/factlines.h"

namespace pulsedeck {

class WriteAccess;

/// What is known of one Redis, name and value in lines: how it is reached, how fast it answers, what it cannot do.
class FactsPanel : public FactLines
{
    Q_OBJECT

public:
    explicit FactsPanel(QWidget *parent = nullptr);

    void setFacts(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access, int workers, qint64 now);

private:
    enum Fact { Address, Login, Encryption, Server, Workers, Updates, Rate, RoundTrip, Lag, Skew, Timing, Writing };
};

} // namespace pulsedeck
