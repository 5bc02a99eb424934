// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubdiscovercommand.h"

#include "app/ctl/fleettext.h"
#include "app/hub/hubtext.h"

#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void HubDiscoverCommand::onReady()
{
    m_connection.request(HubRequest::discover(m_options.pattern, m_options.capability), [this](const HubAnswer &answer) {
        if (const auto *found = answer.as<hub::Discovered>())
            tell(*found);
        else
            giveUp(answer);
    });
}

void HubDiscoverCommand::tell(const hub::Discovered &found)
{
    // An address longer than may be shown would be another one when cut.
    const auto address = [](const QString &text) { return hubShownText(text, HubMessage::maxAddress); };
    QByteArray out;
    if (m_options.json) {
        QJsonArray actors;
        for (const hub::Discovered::Found &one : found.actors) {
            QJsonArray capabilities;
            for (const QString &capability : one.capabilities)
                capabilities.append(hubShownText(capability));
            actors.append(QJsonObject{{u"address"_s, address(one.address)}, {u"capabilities"_s, capabilities}});
        }
        out = printableJson(QJsonObject{{u"actors"_s, actors}, {u"hasMore"_s, found.hasMore}, {u"skipped"_s, found.skipped}})
              + '\n';
    } else {
        std::vector<QStringList> rows{{u"ADDRESS"_s, u"CAPABILITIES"_s}};
        for (const hub::Discovered::Found &one : found.actors)
            rows.push_back({address(one.address), hubShownText(one.capabilities.join(u", "_s))});
        out = textTable(rows, {});
    }
    if (!print(out, CtlExit::Done))
        return;
    if (found.hasMore)
        Output::complain(u"The hub lists at most %1 actors, and there may be more. Use a narrower pattern, or hub actors."_s.arg(
            HubRequest::pageLimit));
    if (found.skipped > 0)
        Output::complain(u"Entries left out because they could not be read: %1."_s.arg(found.skipped));
    end(found.skipped > 0 ? CtlExit::Findings : CtlExit::Done);
}

} // namespace pulsedeck
