// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutmember.h"
#include "app/redis/registryreader.h"

#include <functional>
#include <memory>

namespace pulsedeck {

/// The sets, sorted sets and hashes in which one tier of a layout registers its workers, at most LayoutMember::mostRegistries.
/// Each is read in passes with a number, which a member of it keeps: whoever is in none of the last pass has been taken out.
/// Lives on the I/O thread, belongs to a LayoutTier.
class LayoutRegistries
{
public:
    /// A member of \a registry, by its id; an empty one is no worker's. Valid during the call.
    using Take = std::function<void(size_t registry, const QByteArray &id, QByteArrayView score)>;
    /// A pass over \a registry is over; \a whole is false if it was refused. Its number holds until this returns.
    using Passed = std::function<void(size_t registry, bool whole)>;

    /// \a aroundId: what stands before and after an id in the key of a record. \a parent: of the readers.
    LayoutRegistries(RedisSession &session, const Layout &layout, int tier, const LayoutVariables &variables,
                     const std::pair<QByteArray, QByteArray> &aroundId, TrackedReads *tracked, const Take &take,
                     const Passed &passed, QObject *parent);
    ~LayoutRegistries();

    void beginView();
    bool isRead() const;
    /// The last pass of it was refused.
    bool isRefused(size_t registry) const { return m_readers[registry]->isRefused(); }
    void lost();
    /// \a everyMs: the cadence where nothing is announced.
    void look(qint64 now, qint64 everyMs);
    void read();
    void markChanged();
    /// True if one of them has this key: it is read again.
    bool markAnnounced(QByteArrayView key);

    size_t size() const { return m_discoveries.size(); }
    const LayoutDiscovery &at(size_t registry) const { return m_discoveries[registry]; }
    quint32 pass(size_t registry) const { return m_passes[registry]; }
    /// It is in one that registers workers, and does not only keep their beats.
    bool isRegistered(const LayoutMember &member) const;
    static bool isInAny(const LayoutMember &member);
    /// The first that gives this one a score; size() if none does.
    size_t scoring(const LayoutMember &member) const;

private:
    QByteArray idOf(const LayoutDiscovery &discovery, QByteArrayView member) const;

    const LayoutVariables m_variables;
    const std::pair<QByteArray, QByteArray> m_aroundId;
    std::vector<LayoutDiscovery> m_discoveries;
    std::vector<std::unique_ptr<RegistryReader>> m_readers;
    std::array<quint32, LayoutMember::mostRegistries> m_passes{}; ///< Number of the pass under way.
};

} // namespace pulsedeck
