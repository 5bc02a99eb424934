// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

#include <limits>
#include <map>

namespace pulsedeck::fleet {

/// One registered address. Times are Unix milliseconds.
struct HubActorEntry
{
    QString address;
    QJsonArray capabilities;
    QJsonObject metadata;
    quint64 session = 0; ///< HubCore's key.
    QString connectionId;
    QString renewalToken;
    qint64 registeredAt = 0;
    double expiresAt = 0; ///< Not a number where the TTL was none: it never expires then.
    qint64 version = 0;

    bool isExpired(qint64 nowMs) const { return expiresAt <= double(nowMs); }
    bool hasCapability(const QString &capability) const { return capabilities.contains(capability); }
    QJsonValue expiry() const;
};

/// The hub's registry: addresses in the order in which they first came. Addresses, tokens and sessions are found by
/// hash.
class HubRegistry
{
public:
    static constexpr double noNumber = std::numeric_limits<double>::quiet_NaN();

    /// A known address keeps its place and gets another version and token.
    const HubActorEntry &put(HubActorEntry entry);
    HubActorEntry *find(const QString &address);
    HubActorEntry *findToken(const QString &token);
    /// Another token for the actor, which is returned with its next version.
    HubActorEntry *renew(const QString &token, qint64 nowMs);
    bool remove(const QString &address);
    void removeSession(quint64 session);
    void removeExpired(qint64 nowMs);
    void clear();

    int size() const { return int(m_entries.size()); }
    /// In order.
    const std::map<quint64, HubActorEntry> &entries() const { return m_entries; }

private:
    void forget(std::map<quint64, HubActorEntry>::iterator entry);

    std::map<quint64, HubActorEntry> m_entries;
    QHash<QString, quint64> m_places;
    QHash<QString, quint64> m_tokens;
    QMultiHash<quint64, quint64> m_bySession;
    quint64 m_next = 0;
    double m_nextExpiry = std::numeric_limits<double>::infinity(); ///< No entry expires before it.
};

} // namespace pulsedeck::fleet
