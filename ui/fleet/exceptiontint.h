// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <vector>

namespace pulsedeck {

/// Gives a worker that has just become an exception a tinted row for tintMs: seen from the corner of the eye, and no
/// more. With reduced motion, or when many change at once (a source that came back), there is none.
class ExceptionTint : public QObject
{
    Q_OBJECT

public:
    static constexpr int tintMs = 400;
    static constexpr int mostAtOnce = 50;

    explicit ExceptionTint(const FleetStore &store, QObject *parent);

    bool isTinted(WorkerHandle handle) const { return !m_until.isEmpty() && m_until.contains(handle); }

signals:
    void changed();

private:
    void onPublished(const FleetChanges &changes);
    void expire();

    const FleetStore &m_store;
    std::vector<bool> m_exceptional; ///< By handle, as of the last publish.
    QHash<WorkerHandle, qint64> m_until; ///< On m_clock.
    QElapsedTimer m_clock;
    QTimer m_timer;
    bool m_reduced;
};

} // namespace pulsedeck
