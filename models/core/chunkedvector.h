// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace pulsedeck {

/// A vector that only grows, in chunks that never move: with 100,000 workers growing a plain one copies 50 MB at once, which an
/// operator sees as a stutter. Indexing costs a shift and a mask more.
template <typename T, std::size_t chunkBits = 10> class ChunkedVector
{
public:
    std::size_t size() const { return m_size; }

    void emplace_back()
    {
        if (m_size == m_chunks.size() << chunkBits)
            m_chunks.push_back(std::make_unique<Chunk>());
        ++m_size;
    }

    T &operator[](std::size_t index) { return (*m_chunks[index >> chunkBits])[index & mask]; }
    const T &operator[](std::size_t index) const { return (*m_chunks[index >> chunkBits])[index & mask]; }

private:
    static constexpr std::size_t mask = (std::size_t(1) << chunkBits) - 1;
    using Chunk = std::array<T, std::size_t(1) << chunkBits>;

    std::vector<std::unique_ptr<Chunk>> m_chunks;
    std::size_t m_size = 0;
};

} // namespace pulsedeck
