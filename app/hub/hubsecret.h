// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDebug>
#include <QString>

#include <utility>

namespace pulsedeck {

/// A JWT or a renewal token: its holder can act for an actor. It can be sent and compared, and nothing else: no stream,
/// string or JSON of ours accepts it.
class HubSecret
{
public:
    HubSecret() = default;
    explicit HubSecret(QString value)
        : m_value(std::move(value))
    { }

    bool isEmpty() const { return m_value.isEmpty(); }
    /// For the message that carries it; never for anything that is shown.
    const QString &forTheWire() const { return m_value; }
    /// From when on a hub refuses a JWT, Unix ms: its own end, or a day after it was issued. 0 if it says neither or is
    /// none.
    qint64 expiresAt() const;
    bool operator==(const HubSecret &) const = default;

private:
    QString m_value;
};

QDebug operator<<(QDebug, const HubSecret &) = delete;

} // namespace pulsedeck
