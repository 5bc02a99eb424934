// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubregistry.h"

#include <QUuid>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr double renewedMs = 300'000; // Always, whatever the TTL was.

QString newToken()
{
    return u"renewal-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace

QJsonValue HubActorEntry::expiry() const
{
    return std::isnan(expiresAt) ? QJsonValue(QJsonValue::Null) : QJsonValue(expiresAt);
}

const HubActorEntry &HubRegistry::put(HubActorEntry entry)
{
    entry.renewalToken = newToken();
    entry.version = 1;
    quint64 place = m_next;
    if (const auto known = m_places.constFind(entry.address); known != m_places.constEnd()) {
        place = *known;
        const HubActorEntry &before = m_entries.at(place);
        entry.version = before.version + 1;
        m_tokens.remove(before.renewalToken);
        m_bySession.remove(before.session, place);
    } else {
        ++m_next;
        m_places.insert(entry.address, place);
    }
    m_tokens.insert(entry.renewalToken, place);
    m_bySession.insert(entry.session, place);
    m_nextExpiry = std::fmin(m_nextExpiry, entry.expiresAt); // Which leaves out what is no number.
    return m_entries.insert_or_assign(place, std::move(entry)).first->second;
}

HubActorEntry *HubRegistry::find(const QString &address)
{
    const auto place = m_places.constFind(address);
    return place == m_places.constEnd() ? nullptr : &m_entries.at(*place);
}

HubActorEntry *HubRegistry::findToken(const QString &token)
{
    const auto place = m_tokens.constFind(token);
    return place == m_tokens.constEnd() ? nullptr : &m_entries.at(*place);
}

HubActorEntry *HubRegistry::renew(const QString &token, qint64 nowMs)
{
    HubActorEntry *entry = findToken(token);
    if (!entry)
        return nullptr;
    const quint64 place = m_tokens.take(token);
    entry->renewalToken = newToken();
    entry->expiresAt = double(nowMs) + renewedMs;
    ++entry->version;
    m_nextExpiry = std::fmin(m_nextExpiry, entry->expiresAt);
    m_tokens.insert(entry->renewalToken, place);
    return entry;
}

bool HubRegistry::remove(const QString &address)
{
    const auto place = m_places.constFind(address);
    if (place == m_places.constEnd())
        return false;
    forget(m_entries.find(*place));
    return true;
}

void HubRegistry::removeSession(quint64 session)
{
    const QList<quint64> places = m_bySession.values(session);
    for (const quint64 place : places)
        forget(m_entries.find(place));
}

void HubRegistry::removeExpired(qint64 nowMs)
{
    if (double(nowMs) < m_nextExpiry) // Every list asks, and 50,000 take a while to walk through.
        return;
    m_nextExpiry = std::numeric_limits<double>::infinity();
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        const auto next = std::next(entry);
        if (entry->second.isExpired(nowMs))
            forget(entry);
        else
            m_nextExpiry = std::fmin(m_nextExpiry, entry->second.expiresAt);
        entry = next;
    }
}

void HubRegistry::forget(std::map<quint64, HubActorEntry>::iterator entry)
{
    m_places.remove(entry->second.address);
    m_tokens.remove(entry->second.renewalToken);
    m_bySession.remove(entry->second.session, entry->first);
    m_entries.erase(entry);
}

void HubRegistry::clear()
{
    m_entries.clear();
    m_places.clear();
    m_tokens.clear();
    m_bySession.clear();
}

} // namespace pulsedeck::fleet
