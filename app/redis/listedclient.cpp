// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/listedclient.h"

#include <array>
#include <utility>

namespace pulsedeck {

ListedClient ListedClient::of(QByteArrayView line)
{
    ListedClient client;
    const std::array<std::pair<QByteArrayView, QByteArrayView *>, 8> wanted{{{"id", &client.client},
                                                                             {"addr", &client.addr},
                                                                             {"name", &client.name},
                                                                             {"db", &client.database},
                                                                             {"age", &client.age},
                                                                             {"idle", &client.idle},
                                                                             {"flags", &client.flags},
                                                                             {"cmd", &client.cmd}}};
    // No value has a space in it: Redis refuses such names.
    while (!line.isEmpty()) {
        const qsizetype end = line.indexOf(' ');
        const QByteArrayView word = end < 0 ? line : line.first(end);
        line = end < 0 ? QByteArrayView() : line.sliced(end + 1);
        const qsizetype mark = word.indexOf('=');
        if (mark < 0)
            continue;
        for (const auto &[key, value] : wanted) {
            // The first counts: what follows in a name that was not refused is not its address.
            if (value->isNull() && word.first(mark) == key)
                *value = word.sliced(mark + 1);
        }
    }
    return client;
}

void ListedClient::forEachNamed(QByteArrayView list, const std::function<void(const ListedClient &)> &take)
{
    for (qsizetype end = list.indexOf('\n'); end >= 0; end = list.indexOf('\n')) {
        const QByteArrayView line = list.first(end);
        list = list.sliced(end + 1);
        const qsizetype name = line.indexOf(QByteArrayView(" name="));
        constexpr qsizetype before = 6;
        const qsizetype at = name + before;
        if (name >= 0 && at < line.size() && line[at] != ' ')
            take(of(line));
    }
}

QByteArray ListedClient::place() const
{
    const bool isSocket = !addr.isEmpty() && addr.front() == '/';
    return isSocket || addr.isEmpty() ? QByteArray("unix:" + client.toByteArray()) : addr.toByteArray();
}

} // namespace pulsedeck
