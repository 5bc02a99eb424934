// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/systemfleet.h"

namespace pulsedeck::fleet {

/// Workers as many write them by hand: the patterns that have a layout, but for the lock, see LockFleet. Each beats every five
/// seconds by one or two commands of Redis under the usual prefix of its layout; keys with a TTL live for three beats. Whoever
/// ends in order removes what it wrote; nothing removes the members and fields of one that was killed. Jobs are lists.
class PatternFleet : public SystemFleet
{
    Q_OBJECT

public:
    /// \a options.layout has to be one of the patterns.
    PatternFleet(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);

protected:
    QByteArray nameProcess(quint32 slot) override;
    void enroll(quint32 slot) override;
    void beat(quint32 slot) override;
    qint64 beatMs(quint32 slot) const override;
    void leave(quint32 slot) override;
    void loseKeys(quint32 slot) override;
    QByteArray queueKey(const QByteArray &queue) const override { return "jobs:" + queue; }
    QByteArrayList ownVerbs() const override;
    bool act(const QByteArray &verb, quint32 slot, std::optional<double> seconds) override;

private:
    struct Pattern;

    static const Pattern &patternOf(const QString &layout);
    /// Sends one command of a pattern; none where it is empty.
    void write(quint32 slot, const QByteArray &command);

    const Pattern &m_pattern;
};

} // namespace pulsedeck::fleet
