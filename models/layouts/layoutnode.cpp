// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutnode.h"

#include <QJsonArray>

namespace pulsedeck {

namespace {

constexpr auto layoutUnits = std::to_array<std::pair<const char *, LayoutUnit>>({{"s", LayoutUnit::Seconds},
                                                                                 {"ms", LayoutUnit::Milliseconds},
                                                                                 {"ns", LayoutUnit::Nanoseconds},
                                                                                 {"iso8601", LayoutUnit::Iso8601},
                                                                                 {"ruby", LayoutUnit::Ruby},
                                                                                 {"auto", LayoutUnit::Auto}});
constexpr auto layoutKeyTypes = std::to_array<std::pair<const char *, LayoutKeyType>>({{"string", LayoutKeyType::String},
                                                                                       {"hash", LayoutKeyType::Hash},
                                                                                       {"list", LayoutKeyType::List},
                                                                                       {"set", LayoutKeyType::Set},
                                                                                       {"zset", LayoutKeyType::SortedSet},
                                                                                       {"stream", LayoutKeyType::Stream}});

} // namespace

std::vector<LayoutNode> LayoutNode::children(const char *name) const
{
    const QJsonValue list = value(name);
    if (list.isObject())
        return {{list.toObject(), at(name)}};
    std::vector<LayoutNode> nodes;
    int index = 0;
    for (const QJsonValue &one : list.toArray())
        nodes.push_back({one.toObject(), at(name) + u'/' + QString::number(index++)});
    return nodes;
}

LayoutUnit LayoutNode::unit(const char *name, LayoutUnit otherwise) const
{
    return word(name, layoutUnits, otherwise);
}

LayoutKeyType LayoutNode::keyType() const
{
    return word("type", layoutKeyTypes, LayoutKeyType::Any);
}

} // namespace pulsedeck
