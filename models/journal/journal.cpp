// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString journalKindName(JournalKind kind)
{
    switch (kind) {
    case JournalKind::Command:
        return u"command"_s;
    case JournalKind::Fleet:
        return u"fleet"_s;
    case JournalKind::Connection:
        return u"connection"_s;
    case JournalKind::Timing:
        return u"timing"_s;
    case JournalKind::Console:
        return u"console"_s;
    case JournalKind::Message:
        return u"message"_s;
    }
    return {};
}

// A journal that keeps no such thing answers with nothing, in the next turn of the event loop as any other would.

void Journal::writeEnds(const QList<EndRecord> &)
{ }

void Journal::readEnds(qint64 afterRow)
{
    QMetaObject::invokeMethod(
        this, [this, afterRow] { emit endsRead({}, afterRow); }, Qt::QueuedConnection);
}

} // namespace pulsedeck
