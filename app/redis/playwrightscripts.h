// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/actscripts.h"

namespace pulsedeck {

/// The acts on Playwright workers: scripts of resources/lua on the worker's key, its command key and channel, and both counter
/// hashes. See docs/commands.md.
class PlaywrightScripts final : public ActScripts
{
public:
    ScriptCall scriptFor(const Command &command, qint64 now) const override;
    CommandProgress decode(Act act, const RedisAnswer &answer, const RedisUrl &url) const override;
    std::vector<Right> rights(const QByteArray &absent) const override;
    std::vector<int> rightsFor(Act act) const override;
    void lookUp(RedisConnection &connection, const Command &command, bool careful,
                std::function<void(const CommandProgress &)> then) const override;
};

} // namespace pulsedeck
