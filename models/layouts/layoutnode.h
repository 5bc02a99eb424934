// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

#include <QJsonObject>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pulsedeck {

/// An object of the document of a layout, and where it is. A value.
struct LayoutNode
{
    QJsonObject object;
    QString path;

    bool has(const char *name) const { return object.contains(QLatin1StringView(name)); }
    QJsonValue value(const char *name) const { return object.value(QLatin1StringView(name)); }
    QString text(const char *name) const { return value(name).toString(); }
    QByteArray bytes(const char *name) const { return text(name).toUtf8(); }
    QString at(const char *name) const { return path + u'/' + QLatin1StringView(name); }
    LayoutNode child(const char *name) const { return {value(name).toObject(), at(name)}; }
    /// The objects of a list; of one object, that.
    std::vector<LayoutNode> children(const char *name) const;

    /// What stands for a member's word; \a otherwise for a word that is not among these, and where there is none.
    template <typename Enum, size_t size>
    Enum word(const char *name, const std::array<std::pair<const char *, Enum>, size> &words, Enum otherwise) const
    {
        const QString written = text(name);
        const auto found = std::find_if(words.begin(), words.end(),
                                        [&written](const auto &word) { return written == QLatin1StringView(word.first); });
        return found == words.end() ? otherwise : found->second;
    }
    /// Of a time.
    LayoutUnit unit(const char *name, LayoutUnit otherwise) const;
    /// The member "type" of what is looked for.
    LayoutKeyType keyType() const;
    /// A number of seconds, in ms.
    qint64 seconds(const char *name) const { return msOf(value(name)); }
    static qint64 msOf(const QJsonValue &seconds) { return qRound64(seconds.toDouble() * 1000); }
};

} // namespace pulsedeck
