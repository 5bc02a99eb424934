// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>

namespace pulsedeck {

/// What an operator has set for one system in one Redis. A value.
struct SystemChoice
{
    static constexpr int longestPrefix = 128; ///< In bytes.

    bool on = true; ///< False: it is neither looked for nor watched.
    QString prefix; ///< What its keys begin with, in the place of the layout's own; empty: as in the layout.

    bool isUsual() const { return on && prefix.isEmpty(); }
    bool operator==(const SystemChoice &) const = default;

    /// Whether keys can begin with it: at most longestPrefix bytes, none of them a control character. Empty is good.
    static bool isPrefix(const QString &text);
};

/// By the name of the layout; those that are as usual need not be there.
using SystemChoices = QMap<QString, SystemChoice>;

/// As settings files have them: {"rq":{"prefix":"jobs:"},"sidekiq":{"on":false}}, in the order of the names, without those that
/// are as usual; empty if all are.
QString systemChoicesText(const SystemChoices &choices);
/// The reverse. What cannot be understood is left out; at most 100 are read.
SystemChoices systemChoicesFromText(const QString &text);

} // namespace pulsedeck
