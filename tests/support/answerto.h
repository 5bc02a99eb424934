// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSignalSpy>

#include <algorithm>

namespace pulsedeck {

/// The arguments of the signal, seen by \a answered, whose first one is \a token. Null: not yet. Others may ask as well, so that
/// the last answer need not be the one.
inline const QList<QVariant> *answerTo(const QSignalSpy &answered, quint64 token)
{
    const auto found = std::find_if(answered.begin(), answered.end(),
                                    [token](const QList<QVariant> &one) { return one.at(0).toULongLong() == token; });
    return found == answered.end() ? nullptr : &*found;
}

} // namespace pulsedeck
