// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/hub/hubaccess.h"
#include "app/sources/systemclock.h"
#include "models/core/format.h"
#include "models/fleet/fleetstore.h"
#include "models/hub/hubview.h"
#include "models/layouts/layout.h"
#include "models/protocol/fleetsource.h"
#include "models/sources/sourcesettings.h"

#include <QTimer>

#include <memory>
#include <vector>

namespace pulsedeck {

/// The sources pulsedeckctl was given and the store they fill, on one thread: a program without a window has nothing
/// that must not wait.
class SourceSet : public QObject
{
    Q_OBJECT

public:
    /// \a once: for one look; a source that cannot be reached is given up at once, and push is not asked for.
    /// \a layouts: systems that are looked for in a Redis.
    SourceSet(const std::vector<SourceSettings> &sources, const std::vector<Layout> &layouts, const HubAccess &access, bool once,
              int timeoutMs, const QByteArray &clientName);
    ~SourceSet() override;

    /// Before start(): takes from the journal how workers ended and who drained them, as far as it can be read; \a file as
    /// openJournal() has it. Nothing is written. A missing journal is not an error.
    void recallPast(const QString &file);
    void start();
    /// Tells hubs that it leaves; closed() follows, after two seconds at most. Nothing else is emitted any more.
    void close();
    /// Before start(): they may be written to, so that commands can be carried out and rights are found out. For hubs
    /// only if \a registering: our own address appears in their registry, so that actors can answer.
    void setWritable(bool registering);
    FleetStore &store() { return m_store; }
    const FleetStore &store() const { return m_store; }
    const Clock &clock() const { return m_clock; }
    /// Everything there is in this source was read at least once.
    bool isComplete(SourceId source) const;
    bool isFailed(SourceId source) const;
    /// It answers, and cannot know anything new: a replica whose master is surely lost, or (unless \a surely) silent.
    bool isCutOff(SourceId source, bool surely) const;
    int completeCount() const;
    int failedCount() const;
    /// Sources of which nothing more is to be waited for: complete, failed, or cut off for good.
    int settledCount() const;
    /// What one of them cannot see or do, and that it shows what another shows already: one sentence each, with its name.
    QStringList limits(SourceId source) const;
    /// The systems there of which all workers are paused, each in a sentence with the name of the source.
    QStringList pauses(SourceId source) const;
    int count() const { return int(m_sources.size()); }
    /// Why it is not there, in words with a hint.
    QString trouble(SourceId source) const;
    QString name(SourceId source) const { return m_store.sourceName(source); }
    bool isRegisteredAt(SourceId source) const { return m_store.sourceStatus(source).traits->registers(); }
    /// The traits of the systems that were found in it and are watched, whether any of their workers are seen or not.
    std::vector<TraitsRef> systemsIn(SourceId source) const;
    /// What a hub reported in addition to its actors: those that could not be read, those expected. Null if it passes no messages
    /// on.
    const HubView *hubView(SourceId source) const;

public slots:
    /// In the next turn of the event loop, so that the caller has returned when the answer comes.
    void carryOut(pulsedeck::SourceId source, const QList<pulsedeck::Command> &commands);
    void lookUp(pulsedeck::SourceId source, const QList<pulsedeck::Command> &commands);

signals:
    void commandsProgressed(const QList<pulsedeck::CommandProgress> &progress);
    /// A source became complete or failed, or was lost or came back.
    void sourceChanged(pulsedeck::SourceId source);
    void closed();

private:
    struct Entry
    {
        std::unique_ptr<FleetSource> source;
        bool messages = false; ///< Its system passes messages on.
        HubView view;
        SourceTrouble trouble = SourceTrouble::None;
        bool complete = false;
    };
    void take(const SourceStatus &status);

    SystemClock m_clock;
    ShownClock m_shown{m_clock};
    FleetStore m_store;
    const std::vector<Layout> m_layouts;
    std::vector<Entry> m_sources; ///< By SourceId minus one.
    QTimer m_tick;
    QTimer m_closeLimit;
    int m_closing = 0; ///< Sources whose connection has not ended yet.
};

} // namespace pulsedeck
