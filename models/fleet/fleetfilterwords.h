// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace pulsedeck {

class FleetStore;

// The words that the terms of a fleet filter may hold; for reading one and for completing it.

/// A term as it has to be typed: in quotes if it has spaces.
QString quotedTerm(const QString &term);
/// Both for liveness: and status:, since people ask "status:late".
const QStringList &livenessWords();
const QStringList &statusWords();
QStringList flagWords();
/// How a worker may differ from the timing in force.
const QStringList &driftWords();
/// What workers are called, and consoles that registered. GUI thread; changes as other kinds of workers come.
const QStringList &kindWords();
/// Every term whose value is known; capabilities, hosts and queues only where \a stem asks for them.
QStringList knownTerms(const QString &stem, const FleetStore &store);

} // namespace pulsedeck
