// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutproblem.h"

#include <QByteArray>

#include <memory>
#include <vector>

namespace pulsedeck {

/// A JSON schema, ready to check documents with. The validator of the library ends at the first mistake
/// and names only a keyword; this looks on at each value that is wrong and says in a sentence what is. Any thread; one checks at
/// a time.
class LayoutSchema
{
public:
    /// That of layouts: resources/layouts/layout.schema.json.
    static const LayoutSchema &instance();
    /// \a text is a schema: it is one of the program's own.
    explicit LayoutSchema(const QByteArray &text);
    ~LayoutSchema();
    LayoutSchema(const LayoutSchema &) = delete;
    LayoutSchema &operator=(const LayoutSchema &) = delete;

    /// What is wrong with \a json, which has to be JSON; at most \a most, in the order of the document, without lines.
    std::vector<LayoutProblem> check(const QByteArray &json, size_t most) const;

private:
    struct Data;
    std::unique_ptr<Data> m_data;
};

} // namespace pulsedeck
