// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/protocol/foundsystem.h"

#include <QSet>

#include <optional>
#include <vector>

namespace pulsedeck {

/// The systems that a look has found so far, with what was counted of each. A value; holds the layouts it was made for, and knows
/// a system by its layout's place among them and by its prefix.
class DetectedSystems
{
public:
    struct System
    {
        size_t layout = 0;
        QByteArray prefix;
        FoundSystem::By by = FoundSystem::By::Key;
        QByteArray evidence = {};
        qint64 workers = -1;
        qint64 alive = -1;
        bool moreWorkers = false; ///< Of some it is not known whether they are another system's.
        qint64 queues = -1; ///< Registered.
        QSet<QString> queueNames = {}; ///< Those registered, and those that workers name.
        bool moreQueues = false; ///< Some workers may name others.
        std::optional<bool> paused = {}; ///< Whether all its workers are; nothing: not known.
        qint64 beatMs = -1; ///< As FoundSystem has it.
        qint64 ttlMs = -1;
        QByteArray sample = {}; ///< The key of a worker's record.
        QStringList versions = {};
        qint64 busy = 0; ///< Of the records that were read.
        qint64 capacity = 0;
        qint64 records = 0; ///< So many those are; a ghost has none.
        qint64 toRead = -1; ///< Records of workers that were not read; -1: none is, or some cannot be.
    };

    explicit DetectedSystems(const std::vector<Layout> &layouts)
        : m_layouts(layouts)
    { }

    void clear() { m_systems.clear(); }
    size_t size() const { return m_systems.size(); }
    /// Places grow; those of before clear() are no more.
    System &at(size_t place) { return m_systems[place]; }
    const std::vector<System> &all() const { return m_systems; }
    bool has(size_t place) const { return place < m_systems.size(); }
    /// Null if it was not found.
    System *find(size_t layout, const QByteArray &prefix);
    const System *find(const QString &layout, const QByteArray &prefix) const;
    /// It was not found before.
    System &add(size_t layout, const QByteArray &prefix, FoundSystem::By by, const QByteArray &evidence);
    const Layout &layoutOf(const System &system) const { return m_layouts[system.layout]; }
    const std::vector<Layout> &layouts() const { return m_layouts; }
    /// The key of a worker's record; empty where its system has none.
    QByteArray recordKey(const System &system, const QByteArray &id) const;
    /// Whether a key belongs to it, as far as its name says.
    bool isOf(const System &system, const QByteArray &key) const;
    /// As it is told to others, without what only keys say.
    FoundSystem told(const System &system) const;

private:
    std::vector<Layout> m_layouts;
    std::vector<System> m_systems;
};

} // namespace pulsedeck
