// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/sourceset.h"
#include "models/commands/commandledger.h"
#include "models/commands/writeaccess.h"

namespace pulsedeck {

/// Takes those out of \a missing, names that no worker has, for whom the journal has a command that may still wait: where
/// commands are left in a list that does not expire, that of a worker which is in no registry any more stays there. Answers what
/// a Cancel is to be given for; the script finds out whether there is anything. Without a journal ("none") there are none.
std::vector<CommandTarget> takeLeftFor(QStringList *missing, const SourceSet &sources, const WriteAccess &access,
                                       const QString &journalFile);

} // namespace pulsedeck
