// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QLatin1StringView>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace pulsedeck {

/// Helpers for tables with one row per value of an enumeration: each row has an \a id, and where it is used a \a name, the word
/// for files, as a Latin-1 literal.

/// A row with nothing but words.
template <typename Id> struct WordRow
{
    Id id;
    const char *name; ///< For files and other programs.
    const char *text; ///< For people, in English.
    const char *former = nullptr; ///< The text as earlier versions wrote it into the journal, where it was another.
};

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

/// The name of \a id, in a table whose rows are in order.
template <typename Rows, typename Enum> QString nameFromId(const Rows &rows, Enum id)
{
    return QString::fromLatin1(rows[size_t(id)].name);
}

/// A row of a table that has nothing but names.
template <typename Enum> struct NamedId
{
    Enum id;
    const char *name;
};

/// The value whose text is \a text, in English, now or formerly.
template <typename Rows> auto idFromText(const Rows &rows, QStringView text)
{
    const auto row = std::find_if(rows.begin(), rows.end(), [text](const auto &one) {
        return text == QLatin1StringView(one.text) || (one.former && text == QLatin1StringView(one.former));
    });
    return row == rows.end() ? std::nullopt : std::optional(row->id);
}

/// A literal of a table in the user's language; empty for an empty one.
inline QString tableText(const char *context, const char *text)
{
    return text && *text ? QCoreApplication::translate(context, text) : QString();
}

/// The names of all rows, to be kept where they are asked for often.
template <typename Rows> QStringList tableNames(const Rows &rows)
{
    QStringList names;
    for (const auto &row : rows)
        names.append(QString::fromLatin1(row.name));
    return names;
}

/// The texts of all rows in the user's language, to be kept where they are painted often.
template <typename Rows> QStringList tableTexts(const char *context, const Rows &rows)
{
    QStringList texts;
    for (const auto &row : rows)
        texts.append(tableText(context, row.text));
    return texts;
}

} // namespace pulsedeck
