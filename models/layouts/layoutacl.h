// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

namespace pulsedeck {

/// The least rights an account of Redis needs for the workers of a layout: as Redis 7 writes them.
struct LayoutRights
{
    QByteArrayList readKeys; ///< Patterns, without "%R~".
    QByteArrayList keys; ///< Read and written; patterns, without "~".
    QByteArrayList channels; ///< Patterns, without "&".
    QByteArrayList commands; ///< "hmget", "pubsub|numsub".

    /// "ACL SETUSER pulsedeck on >PASSWORD resetkeys …".
    QByteArray line(const QByteArray &user) const;
};

/// What watching takes: discovery, records, queues, and being informed of changes. Of a layout that is read by code, what its
/// file says. Pure; any thread.
LayoutRights watchingRights(const Layout &layout);
/// That, and what the commands take that the layout has, their guards, proofs and undoing.
LayoutRights commandingRights(const Layout &layout);

} // namespace pulsedeck
