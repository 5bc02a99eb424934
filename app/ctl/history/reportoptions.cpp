// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/reportoptions.h"

#include "app/ctl/ctlline.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

ReportOptions ReportOptions::parse(const QStringList &arguments, qint64 now)
{
    CtlLine line = CtlLine::read(u"", arguments);
    ReportOptions options;
    if (line.ends(options))
        return options;
    options.action = Action::Report;
    line.takeCommon(&options);
    line.refuse(!line.words().isEmpty(), u"report takes options only; see report --help."_s);
    line.refuse(!line.has(u"from"), u"Which time? Give --from, such as --from -15min."_s);
    const auto takeMoment = [&](QStringView name, MomentInput *moment) {
        if (!line.has(name))
            return;
        *moment = readMoment(line.value(name), now);
        line.refuse(!moment->ok(), u"--%1: %2"_s.arg(name, moment->error));
    };
    takeMoment(u"from", &options.from);
    takeMoment(u"to", &options.to);
    line.refuse(options.from.relative && options.from.ms == 0, u"The span has no length: --from is its end."_s);
    line.refuse(!options.from.relative && !options.to.relative && options.from.ms >= options.to.ms,
                u"--from is not before --to."_s);
    options.source = line.value(u"source");
    options.historyFile = line.value(u"history");
    options.htmlFile = line.value(u"html");
    line.ends(options);
    return options;
}

} // namespace pulsedeck
