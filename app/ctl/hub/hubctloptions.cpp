// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubctloptions.h"

#include "app/ctl/ctlline.h"
#include "app/hub/hubmessage.h"
#include "models/sources/hubprotocol.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using HubAction = HubCtlOptions::Action;

constexpr int shortestEveryMs = 1'000; // The hub's budget is everybody's.

void takeOptions(HubCtlOptions &options, CtlLine &line)
{
    line.takeCommon(&options);
    options.tell = line.has(u"tell");
    options.capability = line.value(u"capability");
    line.takeSeconds(u"wait-reply", &options.replyMs);
    line.takeSeconds(u"every", &options.everyMs);
    line.refuse(line.has(u"every") && options.everyMs < shortestEveryMs,
                u"--every takes one second or more: each request costs the hub time."_s);
}

/// The hub is what has a scheme and stands first, or what the environment says.
QString takeHub(HubCtlOptions &options, QString url, QStringList &words, const QProcessEnvironment &environment)
{
    if (!words.isEmpty() && words.first().contains(u"://"_s)) {
        if (!url.isEmpty())
            return u"Only one hub can be given: as the first argument, or after --url."_s;
        url = words.takeFirst();
    }
    QString error;
    const auto hub = url.isEmpty() ? hubProtocol().fromEnvironment(environment, &error) : hubProtocol().read(url, &error);
    if (hub)
        options.hub = hubAddressOf(*hub);
    else if (url.isEmpty() && error.isEmpty())
        return u"Which hub? Give a URL such as ws://localhost:8787, or set SIGNAL_HUB_URL."_s;
    return error;
}

bool isOneLine(const QString &text)
{
    return !text.isEmpty() && text.size() <= HubMessage::maxAddress
           && std::none_of(text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

/// What stands alone, behind the hub; a sentence if it is not what the action takes.
QString takeWords(HubCtlOptions &options, QStringList words)
{
    const auto next = [&words] { return words.isEmpty() ? QString() : words.takeFirst(); };
    if (options.action == HubAction::Discover && !words.isEmpty()) {
        options.pattern = next();
        if (!isOneLine(options.pattern))
            return u"This is not a pattern, such as @(local/*)."_s;
    }
    if (options.action == HubAction::Send) {
        options.actor = next();
        options.type = next();
        options.hasData = !words.isEmpty();
        options.data = next();
        if (!isOneLine(options.actor))
            return u"The actor is missing: send takes its address, such as @(local/agent-1), then a type."_s;
        if (!isOneLine(options.type))
            return u"The type of the message is missing after the address, such as task:assign."_s;
    }
    if (!words.isEmpty())
        return u"There are too many arguments; see hub --help."_s;
    return {};
}

} // namespace

HubCtlOptions HubCtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    CtlLine line = CtlLine::read(u"hub", arguments);
    HubCtlOptions options;
    if (line.ends(options))
        return options;
    options.action = Action(line.commandNumber());
    takeOptions(options, line);
    QStringList words = line.words();
    line.refuse(takeHub(options, line.value(u"url"), words, environment));
    line.refuse(takeWords(options, words));
    options.hubAccess.takeEnvironment(environment);
    line.ends(options);
    return options;
}

CtlOptions HubCtlOptions::asList() const
{
    CtlOptions list;
    static_cast<CommonOptions &>(list) = *this;
    list.action = CtlOptions::Action::List;
    list.sources.push_back(hubSettings(hub));
    list.actorColumns = true;
    return list;
}

} // namespace pulsedeck
