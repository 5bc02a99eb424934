// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alert.h"

#include <vector>

namespace pulsedeck {

/// Which alerts a list shows: words, all of which have to be found in title, place, names of subjects or notes, and terms such as
/// "rule:lost", "env:production", "source:prod", "host:10.4.2" and "state:firing", whose value is a part of the name. A word with
/// another beginning is a word like all others. A value.
class AlertFilter
{
public:
    static AlertFilter parse(const QString &text);

    bool isEmpty() const { return m_terms.empty(); }
    /// \a note: what else the list says of it.
    bool matches(const Alert &alert, const QString &note) const;

private:
    enum class Field : quint8 { Any, Rule, Environment, Source, Host, State };
    struct Term
    {
        Field field = Field::Any;
        QString value; ///< In lower case.
    };
    std::vector<Term> m_terms;
};

} // namespace pulsedeck
