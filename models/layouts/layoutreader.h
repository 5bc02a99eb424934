// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/layouts/layoutproblem.h"

namespace pulsedeck {

/// A layout file as it was read.
struct LayoutReading
{
    std::optional<Layout> layout; ///< Only if nothing is wrong.
    std::vector<LayoutProblem> problems; ///< At most LayoutDocument::mostProblems.
};

/// Reads a layout from JSON, strictly: what resources/layouts/layout.schema.json does not know, lacks or limits is a problem, and
/// so are regular expressions that are none, variables and fields that do not exist, and watched prefixes of which one begins
/// with another. Pure; any thread.
class LayoutReader
{
public:
    /// \a file is named in problems and kept in the layout.
    static LayoutReading read(const QByteArray &json, const QString &file);
    /// Reads the file of that path. A file that cannot be read is a problem, too.
    static LayoutReading readFile(const QString &path);
};

} // namespace pulsedeck
