// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/preparedrequest.h"

#include <hiredis/hiredis.h>

#include <charconv>
#include <vector>

namespace pulsedeck {

PreparedRequest::PreparedRequest(std::span<const QByteArrayView> arguments, int variable)
{
    std::vector<const char *> pointers;
    std::vector<size_t> lengths;
    for (size_t i = 0; i < arguments.size(); ++i) {
        const bool fixed = int(i) != variable && !arguments[i].isEmpty();
        pointers.push_back(fixed ? arguments[i].data() : "");
        lengths.push_back(fixed ? size_t(arguments[i].size()) : 0);
    }
    char *formatted = nullptr;
    const auto length = redisFormatCommandArgv(&formatted, int(arguments.size()), pointers.data(), lengths.data());
    Q_ASSERT(length > 0);
    const QByteArray whole(formatted, length);
    redisFreeCommand(formatted);
    // "*N\r\n", then "$length\r\nbytes\r\n" for each argument: the empty one is cut out.
    constexpr qsizetype lineEnd = 2;
    qsizetype at = whole.indexOf("\r\n") + lineEnd;
    for (int i = 0; i < variable; ++i)
        at = whole.indexOf("\r\n", at) + lineEnd + qsizetype(lengths[size_t(i)]) + lineEnd;
    m_before = whole.first(at).append('$');
    m_after = whole.sliced(whole.indexOf("\r\n", at) + lineEnd);
}

PreparedRequest::PreparedRequest(std::initializer_list<QByteArrayView> arguments, int variable)
    : PreparedRequest(std::span<const QByteArrayView>(arguments.begin(), arguments.size()), variable)
{ }

void PreparedRequest::appendTo(QByteArray *out, QByteArrayView value) const
{
    char length[24];
    const char *end = std::to_chars(length, length + sizeof length, value.size()).ptr;
    out->append(m_before);
    out->append(length, end - length);
    out->append("\r\n", 2);
    out->append(value);
    out->append(m_after);
}

} // namespace pulsedeck
