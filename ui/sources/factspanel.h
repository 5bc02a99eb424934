// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubview.h"
#include "models/protocol/sourcestatus.h"
#include "models/sources/sourcesettings.h"
#include "ui/common/factlines.h"

namespace pulsedeck {

class WriteAccess;

/// What is known of one source, name and value in lines: how it is reached and signed in to, how fast it answers, what it cannot
/// do. Of a hub the moving figures (heartbeat, budget, list) are in its own panel.
class FactsPanel : public FactLines
{
    Q_OBJECT

public:
    /// \a ofHub: for sources that pass messages on, whose facts are above those of the hub panel.
    explicit FactsPanel(bool ofHub, QWidget *parent = nullptr);

    /// \a view is a hub's.
    void setFacts(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access, int workers, qint64 now,
                  const HubView &view = {});

private:
    enum Fact { Address, Secret, Encryption, Server, Workers, Systems, Updates, Rate, RoundTrip, Lag, Skew, Timing, Writing };

    static QString encryptionNote(const SourceSettings &settings, qint64 until);
    void setLogin(const SourceSettings &settings);
    void setWorkers(const SourceStatus &status, int workers);
    void setSystems(const SourceSettings &settings, const SourceStatus &status);
    void setActors(const SourceStatus &status, int actors, int awaited);
    void setUpdates(const SourceStatus &status, qint64 now);
    static QString wayWords(const SshRoute &way);
    QString timingNote(const TimingProfile &profile) const;
    void setTiming(const SourceStatus &status, bool reached);

    const bool m_ofHub;
};

} // namespace pulsedeck
