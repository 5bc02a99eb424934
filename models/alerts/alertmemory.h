// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"

#include <QHash>

class QSettings;

namespace pulsedeck {

/// Keeps silences, and what was acknowledged, in the settings: they hold at the next start as well. An alert that fires again
/// within recallMs of the start is taken for the one that was acknowledged. GUI thread.
class AlertMemory : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 recallMs = 10 * 60'000;
    static constexpr qsizetype mostMarks = 1'000; ///< Further ones are not kept.

    /// Restores what is kept. Both outlive it.
    AlertMemory(AlertEngine &engine, const Clock &clock, QSettings &settings, QObject *parent = nullptr);

private:
    void restore();
    void take(const QString &id, AlertGroups::Event event);
    void store();

    AlertEngine &m_engine;
    const Clock &m_clock;
    QSettings &m_settings;
    const qint64 m_startedAt;
    QHash<QString, AlertMark> m_recalled; ///< From the last run, of alerts that have not fired yet.
    QByteArray m_stored;
};

} // namespace pulsedeck
