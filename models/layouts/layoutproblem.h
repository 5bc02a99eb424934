// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// Something that is wrong with a layout, in the user's language. A value.
struct LayoutProblem
{
    QString file; ///< As it was named; empty: none.
    int line = 0; ///< From 1; 0: the file as a whole.
    QString path; ///< A JSON pointer: "/commands/drain/ops/0/op"; empty: the file as a whole.
    QString text;

    /// "sidekiq.json:12: /commands/drain/ops/0/op: must be one of …".
    QString toString() const;

    bool operator==(const LayoutProblem &) const = default;
};

} // namespace pulsedeck
