// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/layouts/layoutproblem.h"

#include <QCoreApplication>
#include <QJsonObject>

namespace pulsedeck {

/// Makes a Layout of a document that fits the schema, and finds what no schema can say: see LayoutReader. Used once.
class LayoutBuilder
{
    Q_DECLARE_TR_FUNCTIONS(LayoutBuilder)

public:
    explicit LayoutBuilder(const QJsonObject &root);

    Layout build();
    /// Without file and line.
    const std::vector<LayoutProblem> &problems() const { return m_problems; }

private:
    /// An object of the document, and where it is.
    struct Node
    {
        QJsonObject object;
        QString path;

        bool has(const char *name) const { return object.contains(QLatin1StringView(name)); }
        QJsonValue value(const char *name) const { return object.value(QLatin1StringView(name)); }
        QString text(const char *name) const { return value(name).toString(); }
        QByteArray bytes(const char *name) const { return text(name).toUtf8(); }
        QString at(const char *name) const { return path + u'/' + QLatin1StringView(name); }
        Node child(const char *name) const { return {value(name).toObject(), at(name)}; }
        /// The objects of a list; of one object, that.
        std::vector<Node> children(const char *name) const;
    };
    /// Which variables a text may have, besides {prefix}.
    enum class Allowed { Prefix, Member, Worker, Queue, Job, WorkerQueue, WorkerInQueues };

    void fail(const QString &path, const QString &text);
    LayoutText text(const QString &written, const QString &path, Allowed allowed, bool hasTime = false);
    LayoutText text(const Node &node, const char *name, Allowed allowed);
    QRegularExpression regex(const Node &node, const char *name, const char *group = nullptr);
    LayoutPaths paths(const QJsonValue &value, const QString &path, const LayoutRecord &record);
    std::optional<LayoutPath> path(const QString &written, const QString &place, const LayoutRecord &record);
    QByteArray field(const QString &name, const QString &path);
    /// In ms; \a intervalMs is what "1 interval" is.
    qint64 duration(const Node &node, const char *name, qint64 intervalMs);
    template <typename Enum, size_t size>
    Enum word(const Node &node, const char *name, const std::array<std::pair<const char *, Enum>, size> &words, Enum otherwise);
    LayoutKeyType keyType(const Node &node);

    void takeDetections(const Node &root);
    void takeDiscoveries(const Node &root);
    LayoutRecord record(const Node &node);
    void takeIdentity(const Node &root);
    LayoutLiveness liveness(const Node &node);
    LayoutPace pace(const Node &node, const LayoutPace &otherwise);
    void takeStatus(const Node &root);
    std::vector<LayoutQueues::Count> counts(const Node &node, const char *name, Allowed allowed = Allowed::Queue);
    LayoutQueues::Oldest oldest(const Node &node);
    LayoutQueues::Working working(const Node &node);
    void takeQueues(const Node &root);
    void takeWatch(const Node &root);
    LayoutConditions conditions(const Node &node, const char *name, Allowed allowed);
    void addConditions(LayoutConditions *list, const Node &node, Allowed allowed, bool negated);
    bool takeCondition(LayoutCondition *condition, const Node &node, const QString &name, Allowed allowed);
    std::vector<LayoutOp> ops(const Node &node, const char *name, Allowed allowed);
    LayoutOp op(const Node &node, Allowed allowed);
    void takeCommands(const Node &root);
    LayoutCommand command(const Node &node, Act act);
    void takeReap(const Node &root);

    Node m_root;
    Layout m_layout;
    QByteArrayList m_groups; ///< Of the pattern of ids.
    std::vector<LayoutProblem> m_problems;
};

} // namespace pulsedeck
