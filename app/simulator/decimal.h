// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <array>
#include <charconv>

namespace pulsedeck::fleet {

/// The decimal text of a number, kept on the stack: beats write 20,000 of them in a second.
class Decimal
{
public:
    explicit Decimal(qint64 value)
        : m_length(std::to_chars(m_text.data(), m_text.data() + m_text.size(), value).ptr - m_text.data())
    { }
    QByteArrayView view() const { return {m_text.data(), m_length}; }

private:
    std::array<char, 24> m_text;
    qsizetype m_length;
};

} // namespace pulsedeck::fleet
