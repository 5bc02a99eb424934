// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/historyctloptions.h"

#include "app/ctl/ctlline.h"
#include "models/history/momentinput.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

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
        const MomentInput read = readMoment(line.value(option), now);
        line.refuse(!read.ok(), u"--%1: %2"_s.arg(option, read.error));
        *moment = read.from(now);
    };
    takeMoment(u"from"_s, &options.from);
    takeMoment(u"until"_s, &options.until);
    line.refuse(options.from >= options.until, u"--until has to be after --from."_s);
    if (options.action == Action::Export) {
        options.file = line.words().value(0);
        line.refuse(line.words().size() != 1, u"Which file should be written? Give one name."_s);
    } else if (options.action == Action::Import) {
        options.recording = line.words().value(0);
        options.file = line.words().value(1);
        line.refuse(line.words().size() != 2, u"Give the recording, and the file that is to be written."_s);
    } else {
        line.refuse(!line.words().isEmpty(), u"history %1 takes no names; see --history."_s.arg(line.command()->name));
    }
    line.refuse(options.action == Action::Prune && !line.has(u"from"), u"From when on is it to be kept? Give --from."_s);
    line.ends(options);
    return options;
}

} // namespace pulsedeck
