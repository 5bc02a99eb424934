// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutregistries.h"

#include "app/redis/keywatch.h"

#include <algorithm>

namespace pulsedeck {

LayoutRegistries::LayoutRegistries(RedisSession &session, const Layout &layout, int tier, const LayoutVariables &variables,
                                   const std::pair<QByteArray, QByteArray> &aroundId, TrackedReads *tracked, const Take &take,
                                   const Passed &passed, QObject *parent)
    : m_variables(variables)
    , m_aroundId(aroundId)
{
    using enum LayoutDiscovery::Kind;
    for (const LayoutDiscovery &discovery : layout.discover) {
        const bool isRegistry = discovery.kind == Set || discovery.kind == SortedSet || discovery.kind == Hash;
        if (discovery.tier == tier && isRegistry && m_discoveries.size() < LayoutMember::mostRegistries)
            m_discoveries.push_back(discovery);
    }
    for (size_t place = 0; place < m_discoveries.size(); ++place) {
        const LayoutDiscovery &discovery = m_discoveries[place];
        m_readers.push_back(std::make_unique<RegistryReader>(
            session, discovery.kind, discovery.key.resolve(variables), tracked,
            [this, place, take](QByteArrayView member, QByteArrayView score) {
                const bool fits = member.size() <= 2 * KeyWatch::longestId;
                take(place, fits ? idOf(m_discoveries[place], member) : QByteArray(), score);
            },
            [this, place, passed](bool whole) {
                passed(place, whole);
                ++m_passes[place];
            },
            parent));
    }
}

LayoutRegistries::~LayoutRegistries() = default;

void LayoutRegistries::beginView()
{
    for (size_t i = 0; i < m_readers.size(); ++i) {
        m_readers[i]->beginView();
        ++m_passes[i];
        m_readers[i]->read();
    }
}

bool LayoutRegistries::isRead() const
{
    return std::all_of(m_readers.begin(), m_readers.end(), [](const auto &reader) { return reader->isRead(); });
}

void LayoutRegistries::lost()
{
    for (const auto &reader : m_readers)
        reader->lost();
}

void LayoutRegistries::look(qint64 now, qint64 everyMs)
{
    for (const auto &reader : m_readers)
        reader->look(now, everyMs);
}

void LayoutRegistries::read()
{
    for (const auto &reader : m_readers)
        reader->read();
}

void LayoutRegistries::markChanged()
{
    for (const auto &reader : m_readers)
        reader->markChanged();
}

bool LayoutRegistries::markAnnounced(QByteArrayView key)
{
    bool any = false;
    for (const auto &reader : m_readers) {
        if (reader->key() == key) {
            reader->markChanged();
            any = true;
        }
    }
    return any;
}

bool LayoutRegistries::isRegistered(const LayoutMember &member) const
{
    for (size_t i = 0; i < m_discoveries.size(); ++i) {
        if (member.passes[i] != 0 && (m_discoveries[i].registry || m_discoveries.size() == 1))
            return true;
    }
    return false;
}

bool LayoutRegistries::isInAny(const LayoutMember &member)
{
    return std::any_of(member.passes.begin(), member.passes.end(), [](quint32 pass) { return pass != 0; });
}

size_t LayoutRegistries::scoring(const LayoutMember &member) const
{
    size_t registry = 0;
    while (registry < m_discoveries.size()
           && (m_discoveries[registry].score == LayoutDiscovery::Score::None || member.passes[registry] == 0))
        ++registry;
    return registry;
}

QByteArray LayoutRegistries::idOf(const LayoutDiscovery &discovery, QByteArrayView member) const
{
    if (discovery.memberIsKey) {
        const auto &[before, after] = m_aroundId;
        if (!member.startsWith(before) || !member.endsWith(after) || member.size() <= before.size() + after.size())
            return {};
        return member.sliced(before.size(), member.size() - before.size() - after.size()).toByteArray();
    }
    if (discovery.memberIs.isEmpty())
        return member.toByteArray();
    LayoutVariables variables = m_variables;
    variables.insert("member", member.toByteArray());
    return discovery.memberIs.resolve(variables);
}

} // namespace pulsedeck
