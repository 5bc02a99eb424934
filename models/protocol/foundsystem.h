// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/act.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace pulsedeck {

/// A system that lives in a Redis, as detection found it. A value; -1 in a count: not known.
struct FoundSystem
{
    /// What showed that it is there.
    enum class By : quint8 { Key, Channel, Connection };

    QString layout; ///< The word for filters, JSON and settings: "sidekiq".
    QString title; ///< "Sidekiq".
    QByteArray prefix; ///< Before its keys.
    qint64 workers = -1; ///< Registered ones, living or not.
    qint64 alive = -1; ///< Of these, those whose key, score or connection says so at first sight.
    qint64 queues = -1;
    bool more = false; ///< Only a part of the keys was counted: there may be more of them.
    bool moreQueues = false; ///< Workers that were not asked may name further queues.
    QStringList versions = {}; ///< Of the workers that were read and say it, each once; a few.
    qint64 busy = -1; ///< What all its workers have at work; known where each was read.
    qint64 capacity = -1; ///< For so many they have room.
    qint64 beatMs = -1; ///< Between two beats, as the timing record that its workers share says; -1: it has none.
    qint64 ttlMs = -1; ///< Of a worker's key, by the same record.
    bool watched = false; ///< Its workers are shown.
    QString note = {}; ///< What else is to be said, in words: "the lock is free". Empty: nothing.
    By by = By::Key;
    QByteArray evidence = {}; ///< That key, the pattern of channels, or the name of a connection; may be empty.
    bool hasPrefix = false; ///< Its keys begin with a prefix, which may be another one.

    bool operator==(const FoundSystem &) const = default;
};

/// Keys that look like the beats of workers, and that no layout describes. A value.
struct UnknownBeats
{
    QByteArray keys; ///< The key, or a pattern: "myapp:heartbeat:*".
    QString pattern; ///< The layout for what is written by hand that fits: "last-seen".
    QByteArray prefix; ///< For that layout.
    qint64 count = -1; ///< Members of it, or keys that were seen; -1: not known.

    bool operator==(const UnknownBeats &) const = default;
};

/// What the account may do in one system, as far as it was tried. A value.
struct SystemRights
{
    QString layout;
    bool watchKnown = false;
    bool actsKnown = false;
    QStringList cannotWatch; ///< Commands that are missing for watching: "HMGET on rq:worker:*".
    QStringList cannotAct; ///< For acts: "PUBLISH to rq:pubsub:*".
    QList<Act> denied; ///< The acts that these deny.
    bool nothing = false; ///< None of its acts is permitted.
    bool replica = false; ///< The server is one: it takes no commands at all.

    bool isMissing() const { return !cannotWatch.isEmpty() || !cannotAct.isEmpty(); }
    bool operator==(const SystemRights &) const = default;
};

/// What a look for systems found, and what it cost. A value.
struct DetectionReport
{
    QList<FoundSystem> systems;
    QList<UnknownBeats> unknown;
    int commands = 0; ///< That were sent; 0: nothing was looked for.
    qint64 elapsedMs = 0;
    bool whole = false; ///< All keys were looked at.
    QList<SystemRights> rights; ///< As far as they were tried; of a connection test only.
    QString aclLine; ///< What gives the account all rights that the systems need: "ACL SETUSER …"; empty: nothing is missing.
    QStringList refused; ///< Commands that detection needs and the account may not send: "SCAN".
    int listenedMs = 0; ///< For so long it was listened to events; 0: it was not.

    const SystemRights *rightsOf(const QString &layout) const
    {
        for (const SystemRights &one : rights) {
            if (one.layout == layout)
                return &one;
        }
        return nullptr;
    }

    bool operator==(const DetectionReport &) const = default;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::DetectionReport)
