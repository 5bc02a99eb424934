// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutnode.h"
#include "models/layouts/layoutproblem.h"

#include <QCoreApplication>

#include <optional>

namespace pulsedeck {

/// The terms that the parts of a layout are written in: texts with variables, expressions, paths into a record, conditions and
/// writes. Reads them, and notes what is wrong with each. What the layout and the groups of its ids say so far decides what
/// fits: both outlive this.
class LayoutTerms
{
    Q_DECLARE_TR_FUNCTIONS(LayoutTerms)

public:
    /// Which variables a text may have, besides {prefix}.
    enum class Allowed { Prefix, Member, Worker, Queue, Job, WorkerQueue, WorkerInQueues };

    LayoutTerms(const Layout &layout, const QByteArrayList &groups)
        : m_layout(layout)
        , m_groups(groups)
    { }

    void fail(const QString &path, const QString &text);
    /// Without file and line.
    const std::vector<LayoutProblem> &problems() const { return m_problems; }

    LayoutText text(const QString &written, const QString &path, Allowed allowed, bool hasTime = false);
    LayoutText text(const LayoutNode &node, const char *name, Allowed allowed);
    /// With a limit of steps: a hostile id cannot keep the console busy with a pattern of a file.
    QRegularExpression regex(const LayoutNode &node, const char *name, const char *group = nullptr);
    LayoutPaths paths(const QJsonValue &value, const QString &path, const LayoutRecord &record);
    /// The name of a field that the record, or that of a tier, has.
    QByteArray field(const QString &name, const QString &path);
    /// In ms; \a intervalMs is what "1 interval" is.
    qint64 duration(const LayoutNode &node, const char *name, qint64 intervalMs);
    LayoutConditions conditions(const LayoutNode &node, const char *name, Allowed allowed);
    /// The member "unless": keys of a queue that are there, or are not, and say that it is another system's.
    LayoutConditions unless(const LayoutNode &node);
    /// \a guards: where those of single writes are added; null: a write has none of its own.
    std::vector<LayoutOp> ops(const LayoutNode &node, const char *name, Allowed allowed, LayoutConditions *guards = nullptr);
    /// "a, b".
    static QString joined(const QByteArrayList &names);

private:
    std::optional<LayoutPath> path(const QString &written, const QString &place, const LayoutRecord &record);
    void addConditions(LayoutConditions *list, const LayoutNode &node, Allowed allowed, bool negated);
    bool takeCondition(LayoutCondition *condition, const LayoutNode &node, const QString &name, Allowed allowed);
    LayoutOp op(const LayoutNode &node, Allowed allowed, LayoutConditions *guards);

    const Layout &m_layout;
    const QByteArrayList &m_groups; ///< Of the pattern of ids.
    std::vector<LayoutProblem> m_problems;
};

} // namespace pulsedeck
