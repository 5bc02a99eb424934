// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/layouts/layoutctloptions.h"

#include "app/ctl/ctlline.h"
#include "models/sources/systemchoice.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

LayoutCtlOptions LayoutCtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    CtlLine line = CtlLine::read(u"layouts", arguments);
    LayoutCtlOptions options;
    if (line.ends(options))
        return options;
    options.action = Action(line.commandNumber());
    line.takeCommon(&options);
    if (line.has(u"user"))
        options.user = line.value(u"user");
    // It goes into a line for redis-cli.
    static const QRegularExpression plain(u"^[\\x21-\\x7e]{1,100}$"_s);
    line.refuse(!plain.match(options.user).hasMatch(), u"--user takes a name without blanks."_s);
    switch (options.action) {
    case Action::List:
        line.refuse(!line.words().isEmpty(), u"layouts list takes no names; see layouts show."_s);
        break;
    case Action::Schema:
        line.refuse(!line.words().isEmpty(), u"layouts schema takes no names; see layouts show."_s);
        break;
    case Action::Check:
        options.files = line.words();
        line.refuse(options.files.isEmpty(), u"Which file should be checked?"_s);
        break;
    case Action::Detect: {
        const QStringList addresses = line.words() + line.values(u"url");
        line.refuse(addresses.size() > 1, u"layouts detect takes one address."_s);
        QString error;
        const auto url = addresses.isEmpty() ? RedisUrl::fromEnvironment(environment, &error)
                                             : RedisUrl::parse(addresses.constFirst(), &error);
        line.refuse(!url,
                    error.isEmpty() ? u"Which Redis? Give a URL such as redis://localhost:6379, or set REDIS_URL."_s : error);
        options.url = url.value_or(RedisUrl());
        break;
    }
    case Action::Acl: {
        const QString word = line.words().value(0);
        options.name = word.section(u'=', 0, 0);
        options.prefix = word.section(u'=', 1);
        line.refuse(line.words().size() != 1, u"Which layout? Give one name, or NAME=PREFIX; see layouts list."_s);
        line.refuse(
            word.contains(u'=') && (options.prefix.isEmpty() || !SystemChoice::isPrefix(options.prefix)),
            u"layouts acl NAME=PREFIX takes at most %1 bytes without control characters."_s.arg(SystemChoice::longestPrefix));
        options.queues = line.values(u"queue");
        bool isNumber = true;
        if (line.has(u"db"))
            options.database = line.value(u"db").toInt(&isNumber);
        line.refuse(!isNumber || options.database < 0 || options.database > 9999, u"--db takes the number of a database."_s);
        break;
    }
    default:
        options.name = line.words().value(0);
        line.refuse(line.words().size() != 1, u"Which layout? Give one name; see layouts list."_s);
    }
    line.ends(options);
    return options;
}

} // namespace pulsedeck
