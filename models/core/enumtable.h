// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QLatin1StringView>

#include <algorithm>
#include <optional>

namespace pulsedeck {

/// Helpers for tables with one row per value of an enumeration: each row has an \a id, and where it is used a \a name, the word
/// for files, as a Latin-1 literal.

/// For a static_assert: the rows stand in the order of the enumeration, and the last one is there.
template <typename Rows, typename Enum> constexpr bool isInOrder(const Rows &rows, Enum last)
{
    for (size_t i = 0; i < rows.size(); ++i) {
        if (size_t(rows[i].id) != i)
            return false;
    }
    return rows.size() == size_t(last) + 1;
}

/// The value whose name is \a name.
template <typename Rows> auto idFromName(const Rows &rows, QStringView name)
{
    const auto row =
        std::find_if(rows.begin(), rows.end(), [name](const auto &one) { return name == QLatin1StringView(one.name); });
    return row == rows.end() ? std::nullopt : std::optional(row->id);
}

/// A literal of a table in the user's language; empty for an empty one.
inline QString tableText(const char *context, const char *text)
{
    return text && *text ? QCoreApplication::translate(context, text) : QString();
}

} // namespace pulsedeck
