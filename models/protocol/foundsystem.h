// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QString>

namespace pulsedeck {

/// A system that lives in a Redis, as detection found it. A value; -1 in a count: not known.
struct FoundSystem
{
    QString layout; ///< The word for filters, JSON and settings: "sidekiq".
    QString title; ///< "Sidekiq".
    QByteArray prefix; ///< Before its keys.
    qint64 workers = -1; ///< Registered ones, living or not.
    qint64 queues = -1;
    bool watched = false; ///< Its workers are shown.
    QString note = {}; ///< What else is to be said, in words: "the lock is free". Empty: nothing.

    bool operator==(const FoundSystem &) const = default;
};

} // namespace pulsedeck
