// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <functional>

namespace pulsedeck {

/// One connection as CLIENT LIST lists it: what can tell a worker, as views into the reply, and nothing else of the line. Names
/// come from strangers and may hold anything. A value; valid as long as the reply.
struct ListedClient
{
    QByteArrayView client; ///< Its number, CLIENT ID.
    QByteArrayView addr; ///< host:port.
    QByteArrayView name;
    QByteArrayView database; ///< Its number.
    QByteArrayView age; ///< Seconds since it connected.
    QByteArrayView idle; ///< Seconds since its last command began.
    QByteArrayView flags; ///< "b": it is blocked.
    QByteArrayView cmd; ///< Its last command.

    /// What is missing in the line is empty.
    static ListedClient of(QByteArrayView line);
    /// Calls \a take for each line of a reply whose connection has a name. Lines without an end or a name are passed over.
    static void forEachNamed(QByteArrayView list, const std::function<void(const ListedClient &)> &take);
    /// Where it comes from, unlike for each connection: those over a Unix socket have one address, and are told apart by their
    /// numbers ("unix:17").
    QByteArray place() const;
};

} // namespace pulsedeck
