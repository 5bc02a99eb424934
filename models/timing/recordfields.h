// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingrecord.h"

#include <QByteArray>
#include <QHash>

namespace pulsedeck {

/// The record's or a history entry's fields, trusting nothing: as TimingProfile::fromRecord(), and who, when and why, cut to
/// 128 and 512 characters. A whole record that lacks a value some systems do not have says that it is not used; one that
/// names only some values leaves the others at their defaults.
TimingVersion timingVersionOf(const QHash<QByteArray, QByteArray> &fields, QStringList *problems = nullptr);

} // namespace pulsedeck
