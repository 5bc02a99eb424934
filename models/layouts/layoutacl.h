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

/// What rights are made for besides the layout.
struct LayoutPlace
{
    int database = 0; ///< Channels of Celery have its number.
    QByteArrayList queues = {}; ///< Names, where keys of queues have nothing in common; empty: the usual ones, or all keys.
};

/// What watching takes: discovery, records, queues, and being informed of changes. For keys that begin with the layout's
/// prefix. Pure; any thread.
LayoutRights watchingRights(const Layout &layout, const LayoutPlace &place = {});
/// That, and what the commands take that the layout has, their guards, proofs and undoing.
LayoutRights commandingRights(const Layout &layout, const LayoutPlace &place = {});

} // namespace pulsedeck
