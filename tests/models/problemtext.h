// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layoutproblem.h"

#include <QStringList>

#include <vector>

namespace pulsedeck {

/// All problems, one on a line.
inline QString problemText(const std::vector<LayoutProblem> &problems)
{
    QStringList lines;
    for (const LayoutProblem &problem : problems)
        lines.append(problem.toString());
    return lines.join(u'\n');
}

} // namespace pulsedeck
