// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>

#include <optional>

namespace pulsedeck::fleet {

/// One line of standard input to a SystemFleet: "VERB [N|ID|all [SECONDS]]", "jobs [N [QUEUE]]", "outage [SECONDS]", or a word.
struct SystemOrder
{
    QByteArray verb; ///< Empty for an empty line and a comment (#).
    QByteArray target; ///< As it was given: a number, an id, "all", or nothing.
    QByteArray queue; ///< Of "jobs"; empty: the first.
    int count = 1; ///< Of "jobs".
    std::optional<double> seconds;
    QByteArray problem; ///< What is wrong with the line, for standard output; empty if nothing is.

    /// \a ownVerbs are those of one system alone.
    static SystemOrder parse(const QByteArray &line, const QByteArrayList &ownVerbs);
};

} // namespace pulsedeck::fleet
