// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <utility>

std::size_t lengthOfBoth(std::string text)
{
    const std::string taken = std::move(text);
    return taken.size() + text.size();
}
