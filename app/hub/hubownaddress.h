// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// An address that only this process has: "@(pulsedeck/host-4711-9c3f)". Two that registered the same would end each
/// other's connections. Each call gives another one.
QString hubOwnAddress(const QString &program = QStringLiteral("pulsedeck"));

} // namespace pulsedeck
