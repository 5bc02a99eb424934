// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/historyctloptions.h"

#include "app/ctl/ctlline.h"
#include "models/timing/durationinput.h"

#include <QDateTime>

#include <optional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// "2026-11-29T14:02", by the zone of TZ unless it names one; "2h", so long ago; Unix ms.
std::optional<qint64> readMoment(const QString &text, qint64 now)
{
    constexpr qint64 leastUnixMs = 100'000'000'000; // In 1973: a shorter number is none.
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (isNumber)
        return number >= leastUnixMs ? std::optional(number) : std::nullopt;
    if (const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs); time.isValid())
        return time.toMSecsSinceEpoch();
    const DurationInput ago = readDuration(text, TimingUnit::Milliseconds);
    return ago.ok() ? std::optional(now - ago.ms) : std::nullopt;
}

} // namespace

HistoryCtlOptions HistoryCtlOptions::parse(const QStringList &arguments, qint64 now)
{
    CtlLine line = CtlLine::read(u"history", arguments);
    HistoryCtlOptions options;
    if (line.ends(options))
        return options;
    options.action = Action(line.commandNumber());
    line.takeCommon(&options);
    options.historyFile = line.value(u"history");
    line.refuse(line.has(u"history") && options.historyFile.isEmpty(), u"--history takes a file."_s);
    const auto takeMoment = [&](const QString &option, qint64 *moment) {
        if (!line.has(option))
            return;
        const auto read = readMoment(line.value(option), now);
        line.refuse(!read, u"--%1 takes a time such as 2026-11-29T14:02, or how long ago: 2h."_s.arg(option));
        *moment = read.value_or(*moment);
    };
    takeMoment(u"from"_s, &options.from);
    takeMoment(u"until"_s, &options.until);
    line.refuse(options.from >= options.until, u"--until has to be after --from."_s);
    if (options.action == Action::Export) {
        options.file = line.words().value(0);
        line.refuse(line.words().size() != 1, u"Which file should be written? Give one name."_s);
    } else {
        line.refuse(!line.words().isEmpty(), u"history %1 takes no names; see --history."_s.arg(line.command()->name));
    }
    line.refuse(options.action == Action::Prune && !line.has(u"from"), u"From when on is it to be kept? Give --from."_s);
    line.ends(options);
    return options;
}

} // namespace pulsedeck
