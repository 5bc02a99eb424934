// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace pulsedeck {

/// Asks the processor to fetch an object that is needed in a moment. With 100,000 workers what a beat touches is in no cache, and
/// waiting for it would cost more than all that is done with it; a batch knows which ones come next.
template <typename T> inline void prefetch([[maybe_unused]] const T *object)
{
#if defined(__GNUC__)
    constexpr std::size_t line = 64;
    constexpr std::size_t most = 4 * line;
    const char *bytes = reinterpret_cast<const char *>(object);
    for (std::size_t at = 0; at < sizeof(T) && at < most; at += line)
        __builtin_prefetch(bytes + at);
#endif
}

} // namespace pulsedeck
