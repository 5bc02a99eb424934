// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/alerts/alertdispatcher.h"
#include "ui/alerts/alertnotifier.h"
#include "ui/alerts/outletboard.h"

#include <QCoreApplication>

namespace pulsedeck {

/// The outlets of a console for its Alerts page: the desktop, and those of the file of rules. GUI thread.
class ConsoleOutlets : public OutletBoard
{
    Q_OBJECT

public:
    /// All of it outlives this.
    ConsoleOutlets(const AlertEngine &engine, AlertDispatcher &dispatcher, AlertNotifier &notifier, const SendingTurns &turns,
                   const FleetStore &store);

    std::vector<OutletRow> outlets() const override;
    bool sendTest(const QString &name) override;

private:
    OutletRow desktopRow() const;
    OutletRow rowOf(const AlertOutlet &outlet, const AlertOutletState &state) const;
    QString holders() const;

    const AlertEngine &m_engine;
    AlertDispatcher &m_dispatcher;
    AlertNotifier &m_notifier;
    const SendingTurns &m_turns;
    const FleetStore &m_store;
    int m_notified = 0;
    qint64 m_notifiedAt = 0; ///< Unix ms.
};

} // namespace pulsedeck
