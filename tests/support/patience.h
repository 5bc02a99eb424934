// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

namespace pulsedeck {

constexpr int patience = 60'000; ///< Milliseconds; far more than anything takes, for a machine that is busy.

} // namespace pulsedeck

/// Waits for a condition, long enough for a loaded machine: Qt's own give up after five seconds.
#define TRY_TRUE(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, pulsedeck::patience)
#define TRY_EQUAL(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, pulsedeck::patience)
