// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcekind.h"

#include "models/sources/hubprotocol.h"
#include "models/sources/redisprotocol.h"

namespace pulsedeck {

namespace {

QList<const SourceProtocol *> &protocolTable()
{
    // Settings may outlive static objects.
    static auto *const table = [] {
        auto *const protocols = new QList<const SourceProtocol *>{&redisProtocol(), &hubProtocol()};
        for (const SourceProtocol *protocol : std::as_const(*protocols))
            protocol->traits(); // What is read from a record finds the kinds of their workers.
        return protocols;
    }();
    return *table;
}

} // namespace

SourceKind SourceKind::add(const SourceProtocol &protocol)
{
    const std::optional<SourceKind> known = named(protocol.name());
    protocol.traits();
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

TraitsRef SourceKind::workerKind(const QString &name)
{
    protocolTable();
    return TraitsRef::named(name);
}

QStringList SourceKind::workerKinds()
{
    protocolTable();
    return TraitsRef::kindNames();
}

const SourceProtocol *SourceKind::operator->() const
{
    return std::as_const(protocolTable()).at(m_index);
}

} // namespace pulsedeck
