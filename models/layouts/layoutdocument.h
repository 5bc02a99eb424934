// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutproblem.h"
#include "models/layouts/layoutschema.h"

#include <QByteArray>
#include <QHash>
#include <QJsonObject>

#include <vector>

namespace pulsedeck {

/// The text of a file as JSON, checked against a schema, with the line of each value. A value;
/// any thread. Limits: mostBytes, mostDepth, mostProblems.
class LayoutDocument
{
public:
    static constexpr qsizetype mostBytes = 256 * 1024;
    static constexpr int mostDepth = 24;
    static constexpr size_t mostProblems = 20;

    explicit LayoutDocument(const QByteArray &json, const LayoutSchema &schema = LayoutSchema::instance());

    /// Empty if it fits the schema. Without a file name.
    const std::vector<LayoutProblem> &problems() const { return m_problems; }
    const QJsonObject &root() const { return m_root; }
    /// The line of the value at a JSON pointer, or of the nearest one around it that is there.
    int lineOf(const QString &path) const;

    /// The schema of layouts, as it is shipped.
    static QByteArray schema();
    /// The step of a JSON pointer for a member's name.
    static QString step(const QString &name);

private:
    void add(const QString &path, const QString &text);

    QJsonObject m_root;
    QHash<QString, int> m_lines;
    std::vector<LayoutProblem> m_problems;
};

} // namespace pulsedeck
