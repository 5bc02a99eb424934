// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubview.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class HubViewTexts
{
    Q_DECLARE_TR_FUNCTIONS(HubViewTexts)
};

} // namespace

QString droppedMessagesText(const DroppedMessages &dropped)
{
    if (dropped.total() == 0)
        return {};
    QStringList why;
    if (dropped.tooMany > 0)
        why.append(HubViewTexts::tr("%Ln over the message rate", nullptr, int(dropped.tooMany)));
    if (dropped.tooLarge > 0)
        why.append(HubViewTexts::tr("%Ln over the byte rate", nullptr, int(dropped.tooLarge)));
    if (dropped.behind > 0)
        why.append(HubViewTexts::tr("%Ln because the window was behind", nullptr, int(dropped.behind)));
    return HubViewTexts::tr("%Ln message(s) of others (was/were) not kept: %1", nullptr, int(dropped.total()))
        .arg(why.join(u", "_s));
}

} // namespace pulsedeck
