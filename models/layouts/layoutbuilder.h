// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutterms.h"

namespace pulsedeck {

/// Makes a Layout of a document that fits the schema, and finds what no schema can say: see LayoutReader. What it refers to is
/// read first; LayoutTerms reads the terms of all parts, LayoutQueueBuilder the queues. Used once.
class LayoutBuilder
{
    Q_DECLARE_TR_FUNCTIONS(LayoutBuilder)

public:
    explicit LayoutBuilder(const QJsonObject &root);

    Layout build();
    /// Without file and line.
    const std::vector<LayoutProblem> &problems() const { return m_terms.problems(); }

private:
    using Allowed = LayoutTerms::Allowed;

    void takeDetections(const LayoutNode &root);
    void takeDiscoveries(const LayoutNode &root);
    LayoutRecord record(const LayoutNode &node);
    void takeIdentity(const LayoutNode &root);
    LayoutLiveness liveness(const LayoutNode &node);
    LayoutPace pace(const LayoutNode &node, const LayoutPace &otherwise);
    void takeStatus(const LayoutNode &root);
    void checkStatus(const LayoutNode &root);
    void takeWatch(const LayoutNode &root);
    void takeCommands(const LayoutNode &root);
    LayoutCommand command(const LayoutNode &node, Act act);
    void takeReap(const LayoutNode &root);

    LayoutNode m_root;
    Layout m_layout;
    QByteArrayList m_groups; ///< Of the pattern of ids.
    LayoutTerms m_terms{m_layout, m_groups};
};

} // namespace pulsedeck
