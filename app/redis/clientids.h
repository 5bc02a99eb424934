// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/listedclient.h"
#include "models/layouts/layout.h"

#include <vector>

namespace pulsedeck {

/// Finds the ids of workers in the names of connections, where a layout knows its workers by these. A worker with several
/// connections has one id, as far as the layout makes one of their names. Any thread.
class ClientIds final
{
public:
    static constexpr qsizetype longestName = 1024; ///< Bytes of a connection's name; a longer one has no id.

    struct Named
    {
        bool fits = false; ///< It is the name of a worker's connection.
        QByteArray id; ///< Empty also where it fits and nothing can be read from it.
        QByteArray queue; ///< That its name says; empty: none.
        /// While these hold for the queue, it is another system's worker; null: never. As long as this lives.
        const LayoutConditions *unless = nullptr;
    };

    /// \a variables: what stands for {prefix}.
    ClientIds(const Layout &layout, const LayoutVariables &variables);

    /// Whether a layout finds any workers so.
    static bool isFor(const Layout &layout);
    /// By the first of the layout's ways to find workers that the name fits.
    Named of(const ListedClient &client) const;

private:
    /// One way to find them.
    struct Way
    {
        LayoutDiscovery discovery;
        QByteArray head; ///< What a fitting name begins with, of the pattern up to its first star.
        QRegularExpression names; ///< The whole pattern; unused where nothing but a star follows.
        bool isHead = false;
        QStringList groups; ///< Of its idFrom.
    };

    Named read(const Way &way, const ListedClient &client) const;

    const LayoutVariables m_variables;
    const QRegularExpression m_accepted; ///< What an id looks like; empty: any.
    std::vector<Way> m_ways;
};

} // namespace pulsedeck
