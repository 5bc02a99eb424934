// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctljournal.h"

#include "app/ctl/output.h"
#include "app/journal/sqljournal.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QList<JournalEntry> readCommandHistoryOf(const QString &file)
{
    constexpr qint64 withinMs = 90LL * 24 * 3'600 * 1'000;
    const QString path = file.isEmpty() ? defaultJournalPath() : file;
    return QFileInfo::exists(path) ? readHistoryOf(path, withinMs) : QList<JournalEntry>();
}

std::unique_ptr<Journal> openJournal(const QString &file)
{
    if (file == u"none"_s)
        return nullptr;
    auto journal = std::make_unique<SqlJournal>(file.isEmpty() ? defaultJournalPath() : file);
    QObject::connect(journal.get(), &Journal::stateChanged, journal.get(), [told = false](const JournalState &state) mutable {
        if (state.message.isEmpty() || told)
            return;
        told = true;
        Output::complain(state.hint.isEmpty() ? state.message : QString(state.message + u' ' + state.hint));
    });
    return journal;
}

} // namespace pulsedeck
