// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>
#include <QString>

#include <vector>

namespace pulsedeck {

/// The values of a layout's variables for one worker, queue or member, by name without braces: "prefix", "id", "member", "key",
/// "queue", and the named groups of the layout's pattern of ids.
using LayoutVariables = QHash<QByteArray, QByteArray>;

/// A text of a layout in which variables stand in braces: "{prefix}queue:{queue}". What stands in other braces is plain text only
/// where it is no name, as in "asynq:{{queue}}:paused", which is "asynq:{", the queue, "}:paused". A value; any thread.
class LayoutText
{
public:
    LayoutText() = default;
    /// Takes any text. Names are lower-case letters, digits and hyphens, and begin with a letter.
    explicit LayoutText(QByteArrayView text);

    bool isEmpty() const { return m_parts.empty(); }
    /// As it was written.
    const QByteArray &written() const { return m_written; }
    /// The names in it, each once, in order.
    QByteArrayList variables() const;
    /// A name without a value is empty.
    QByteArray resolve(const LayoutVariables &values) const;
    /// The same with \a value, which is plain text, in the place of the variable \a name.
    LayoutText with(QByteArrayView name, const QByteArray &value) const;
    /// What stands before the first variable whose value is not in \a values, with those before it put in: the prefix of the
    /// keys that it describes.
    QByteArray fixedStart(const LayoutVariables &values) const;

    bool operator==(const LayoutText &other) const { return m_written == other.m_written; }

private:
    struct Part
    {
        QByteArray text; ///< Or the name.
        bool variable = false;
    };
    QByteArray m_written;
    std::vector<Part> m_parts;
};

} // namespace pulsedeck
