// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubctloptions.h"

#include "app/ctl/ctlline.h"
#include "app/hub/hubmessage.h"

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using HubAction = HubCtlOptions::Action;

constexpr int shortestEveryMs = 1'000; // The hub's budget is everybody's.

const std::map<QString, HubAction> &hubActions()
{
    static const std::map<QString, HubAction> all{{u"health"_s, HubAction::Health},
                                                  {u"actors"_s, HubAction::Actors},
                                                  {u"discover"_s, HubAction::Discover},
                                                  {u"send"_s, HubAction::Send},
                                                  {u"metrics"_s, HubAction::Metrics}};
    return all;
}

void takeOptions(HubCtlOptions &options, CtlLine &line)
{
    options.json = line.has(u"json");
    options.tell = line.has(u"tell");
    options.access.caFile = line.value(u"cacert");
    options.access.tokenFile = line.value(u"token-file");
    options.where = line.takeFilter();
    options.capability = line.value(u"capability");
    options.journalFile = line.value(u"journal");
    line.takeSeconds(u"timeout", &options.timeoutMs);
    line.takeSeconds(u"wait-reply", &options.replyMs);
    line.takeSeconds(u"every", &options.everyMs);
    line.refuse(line.has(u"every") && options.everyMs < shortestEveryMs,
                u"--every takes a second or more: what a hub is asked costs it."_s);
}

/// The hub is what has a scheme and stands first, or what the environment says.
QString takeHub(HubCtlOptions &options, QString url, QStringList &words, const QProcessEnvironment &environment)
{
    QString prefix;
    if (!words.isEmpty() && words.first().contains(u"://"_s)) {
        if (!url.isEmpty())
            return u"One hub at a time: it stands first, or after --url."_s;
        url = words.takeFirst();
    }
    if (url.isEmpty()) {
        url = environment.value(u"SIGNAL_HUB_URL"_s);
        prefix = u"SIGNAL_HUB_URL: "_s;
    }
    if (url.isEmpty())
        return u"Which hub? Give a URL such as ws://localhost:8787, or set SIGNAL_HUB_URL."_s;
    QString error;
    const auto hub = HubAddress::parse(url, &error);
    if (!hub)
        return prefix + error;
    options.hub = *hub;
    return {};
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
            return u"This is no pattern: @(local/*) is one."_s;
    }
    if (options.action == HubAction::Send) {
        options.actor = next();
        options.type = next();
        options.hasData = !words.isEmpty();
        options.data = next();
        if (!isOneLine(options.actor))
            return u"To whom? send takes an actor's address, such as @(local/agent-1), then a type."_s;
        if (!isOneLine(options.type))
            return u"What is sent has a type, such as task:assign, behind the actor's address."_s;
    }
    if (!words.isEmpty())
        return u"There is more on the command line than is understood; see hub --help."_s;
    return {};
}

} // namespace

HubCtlOptions HubCtlOptions::parse(const QStringList &arguments, const QProcessEnvironment &environment)
{
    CtlLine line = CtlLine::read(u"hub", arguments);
    HubCtlOptions options;
    if (line.ends(options))
        return options;
    options.action = hubActions().at(line.command()->name);
    takeOptions(options, line);
    QStringList words = line.words();
    line.refuse(takeHub(options, line.value(u"url"), words, environment));
    line.refuse(takeWords(options, words));
    options.access.takeEnvironment(environment);
    line.ends(options);
    return options;
}

CtlOptions HubCtlOptions::asList() const
{
    CtlOptions list;
    list.action = CtlOptions::Action::List;
    list.sources.push_back(SourceSettings::fromHub(hub));
    list.hubAccess = access;
    list.actorColumns = true;
    list.where = where;
    list.json = json;
    list.timeoutMs = timeoutMs;
    return list;
}

} // namespace pulsedeck
