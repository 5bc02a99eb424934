// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutterms.h"

namespace pulsedeck {

/// Reads what a layout says of queues: how they are found, what is counted of each, and of all together. Used once.
class LayoutQueueBuilder
{
    Q_DECLARE_TR_FUNCTIONS(LayoutQueueBuilder)

public:
    using Allowed = LayoutTerms::Allowed;

    /// \a layout: has its records already. Both outlive this.
    LayoutQueueBuilder(const Layout &layout, LayoutTerms &terms)
        : m_layout(layout)
        , m_terms(terms)
    { }

    /// Without any, its kind is None.
    LayoutQueues build(const LayoutNode &root);

private:
    std::vector<LayoutQueues::Count> counts(const LayoutNode &node, const char *name, Allowed allowed = Allowed::Queue);
    LayoutQueues::Oldest oldest(const LayoutNode &node);
    LayoutQueues::Working working(const LayoutNode &node);

    const Layout &m_layout;
    LayoutTerms &m_terms;
};

} // namespace pulsedeck
