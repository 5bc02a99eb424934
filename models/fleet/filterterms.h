// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace pulsedeck {

/// One term of a filter as it was typed, without quotes.
struct FilterTerm
{
    QString text;
    bool negated = false;
};

/// Splits a filter at spaces outside quotes; "not x", "-x" and "!x" become a negated x. Any thread.
std::vector<FilterTerm> filterTerms(const QString &filter);

} // namespace pulsedeck
