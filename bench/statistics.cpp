// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/statistics.h"

#include <algorithm>
#include <cmath>

namespace pulsedeck::bench {

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const double place = std::ceil(share * double(values.size()));
    return values[std::clamp<size_t>(size_t(place), 1, values.size()) - 1];
}

double greatest(const std::vector<double> &values)
{
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

} // namespace pulsedeck::bench
