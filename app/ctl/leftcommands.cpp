// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/leftcommands.h"

#include "app/ctl/ctljournal.h"
#include "models/commands/recordedcommand.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

std::vector<CommandTarget> takeLeftFor(QStringList *missing, const SourceSet &sources, const WriteAccess &access,
                                       const QString &journalFile)
{
    std::vector<CommandTarget> left;
    if (missing->isEmpty() || journalFile == u"none"_s)
        return left;
    const FleetStore &store = sources.store();
    const std::vector<RecordedCommand> given = commandsFromHistory(readCommandHistoryOf(journalFile), sources.clock());
    const auto targetOf = [&](const CommandEntry &entry) -> std::optional<CommandTarget> {
        for (const SourceId source : store.sources()) {
            // Where only one system is meant there is no list of them.
            std::vector<TraitsRef> systems = sources.systemsIn(source);
            systems.push_back(store.sourceStatus(source).traits);
            for (const TraitsRef &system : systems) {
                const bool meant = store.sourceName(source) == entry.sourceName && system->layout == entry.traits->layout;
                if (meant && system->of(entry.command.act).withdrawable && access.whyNot(source, Act::Cancel).isEmpty())
                    return CommandTarget{source, ActScope::Worker, {}, system, entry.command.worker};
            }
        }
        return std::nullopt;
    };
    missing->removeIf([&](const QString &name) {
        const auto last = std::find_if(given.rbegin(), given.rend(), [&name](const RecordedCommand &one) {
            const Command &command = one.entry.command;
            return command.scope == ActScope::Worker && command.act != Act::Cancel && command.worker == name.toUtf8();
        });
        const std::optional<CommandTarget> target = last == given.rend() ? std::nullopt : targetOf(last->entry);
        if (target)
            left.push_back(*target);
        return target.has_value();
    });
    return left;
}

} // namespace pulsedeck
