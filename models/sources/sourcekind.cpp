// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcekind.h"

#include "models/sources/sourceprotocol.h"

namespace pulsedeck {

namespace {

QList<const SourceProtocol *> &protocolTable()
{
    // Settings may outlive static objects.
    static auto *table = new QList<const SourceProtocol *>{&redisProtocol(), &hubProtocol()};
    return *table;
}

} // namespace

SourceKind SourceKind::add(const SourceProtocol &protocol)
{
    const std::optional<SourceKind> known = named(protocol.name());
    if (known)
        protocolTable()[known->index()] = &protocol;
    else
        protocolTable().append(&protocol);
    return known.value_or(at(int(protocolTable().size()) - 1));
}

QList<SourceKind> SourceKind::all()
{
    QList<SourceKind> kinds;
    for (int index = 0; index < int(protocolTable().size()); ++index)
        kinds.append(at(index));
    return kinds;
}

std::optional<SourceKind> SourceKind::named(const QString &name)
{
    for (const SourceKind kind : all()) {
        if (kind->name() == name)
            return kind;
    }
    return std::nullopt;
}

const SourceProtocol *SourceKind::operator->() const
{
    return std::as_const(protocolTable()).at(m_index);
}

} // namespace pulsedeck
