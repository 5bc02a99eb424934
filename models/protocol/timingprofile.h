// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>

#include <array>

namespace pulsedeck {

/// The timing values one source's workers are judged by. All values are whole milliseconds, whatever unit the place
/// they come from uses. The defaults are those of the timing document.
struct TimingProfile
{
    /// A value that the system does not have: playwright-distributed 0.3 has no stale threshold.
    static constexpr qint64 notUsed = -1;

    QString name = QStringLiteral("Timing document"); ///< A preset's name, or "v12". // untranslated: a document's title
    /// The source reports no values: these stand in for what is not known. Workers are judged by measured values
    /// instead.
    bool assumed = false;
    qint64 version = 0; ///< Version of the shared record in Redis it was read from, 0 when it came from a preset.

    qint64 heartbeatInterval = 10'000;
    qint64 workerKeyTtl = 30'000;
    qint64 shutdownCommandTtl = 60'000;
    qint64 drainTimeout = 30'000;
    qint64 reaperStaleThreshold = 30'000;
    qint64 reaperRunInterval = 300'000;
    qint64 hubClientHeartbeat = 25'000;
    qint64 hubServerHeartbeat = 30'000;
    qint64 hubTimeout = 60'000;
    qint64 hubActorTtl = 300'000;

    /// The most parameters a system of a layout has: the schema allows no more.
    static constexpr int mostOwn = 20;
    /// Those of a system that a layout describes, in the order of the layout; see ownTiming(). The ten above mean nothing then.
    std::array<qint64, mostOwn> own = unusedOwn();

    /// Beat age in milliseconds beyond which a worker is late: one and a half intervals.
    qint64 lateAfterMs() const { return heartbeatInterval + heartbeatInterval / 2; }

    bool operator==(const TimingProfile &) const = default;

    /// For a source that reports no timing: the document's values, marked as assumed.
    static TimingProfile assumedDocument();
    /// The drain timeout, or unknownDrain where none is reported: nothing may count down to a guess.
    static constexpr qint64 unknownDrain = -1;
    qint64 toldDrainTimeout() const { return assumed || drainTimeout <= 0 ? unknownDrain : drainTimeout; }

    static constexpr std::array<qint64, mostOwn> unusedOwn()
    {
        std::array<qint64, mostOwn> values{};
        values.fill(notUsed);
        return values;
    }

    /// The quick values of the embedded demo, so that every state shows within a minute.
    static TimingProfile demo();

    /// Reads the shared record (hash fleet:timing: one decimal millisecond field per parameter id, and version).
    /// A field that is absent keeps its default; one that is no positive whole number below a year keeps its default
    /// and is named in \a problems.
    static TimingProfile fromRecord(const QHash<QByteArray, QByteArray> &record, QStringList *problems = nullptr);

    /// The same fields as fromRecord() reads, version included.
    QHash<QByteArray, QByteArray> toRecord() const;
};

} // namespace pulsedeck
