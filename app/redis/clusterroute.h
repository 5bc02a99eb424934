// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <span>

namespace pulsedeck {

/// Which nodes of a Redis Cluster a command is for, and how their answers become one. A value, found by the command's name.
struct ClusterRoute
{
    enum class To : quint8 {
        Slot, ///< The master that has the slot of the argument \a key. That all further keys lie there, that node says.
        First, ///< One node, always the same: each would answer alike.
        All, ///< All masters; answered when the last has answered.
        Split, ///< Every argument from \a key on is a key: those of each slot by themselves.
        Scan, ///< All masters, one after the other: the argument \a key is the cursor.
        Refused, ///< It cannot be answered for a cluster.
    };
    enum class Merge : quint8 {
        First, ///< The first node's answer.
        Sum, ///< Integers are added up.
        SumPairs, ///< Name and integer, in the same order in all answers: the integers are added up.
        Union, ///< Arrays become one, each text once.
        Places, ///< Arrays: each element to the place of its key.
    };

    To to = To::Slot;
    Merge merge = Merge::First;
    int key = 1;

    static ClusterRoute of(std::span<const QByteArrayView> words);
};

} // namespace pulsedeck
