// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace pulsedeck::bench {

/// The middle value; the mean of the two middle ones for an even number; 0 for none.
double median(std::vector<double> values);
/// The smallest value that at least \a share of all values do not exceed; 0 for none.
double quantile(std::vector<double> values, double share);
double greatest(const std::vector<double> &values);

} // namespace pulsedeck::bench
