// SPDX-License-Identifier: GPL-3.0-or-later
// Writes entries and prints the number of each that is durable, until it is killed: it does not end by itself, but writes no more
// than the reader of the file wants to read. With --as-nobody it gives up root's rights first, for which no file is read-only,
// and ends after the first answer: 0 if it was recorded, 3 if not.
#include "app/journal/sqljournal.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cstdio>

#include <unistd.h>

using namespace pulsedeck;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const bool once = arguments.contains(QStringLiteral("--as-nobody"));
    constexpr uid_t nobody = 65'534;
    if (once && geteuid() == 0 && (setgid(nobody) != 0 || setuid(nobody) != 0))
        return 2;

    SqlJournal journal(arguments.value(1));
    quint64 number = 0;
    // A reader that is kept from killing it for a second finds thousands more otherwise, and more in the end than a page holds.
    constexpr quint64 most = 1'000;
    const auto writeNext = [&] {
        if (number >= most)
            return;
        JournalEntry entry;
        entry.at = QDateTime::currentMSecsSinceEpoch();
        entry.step = QStringLiteral("requested");
        entry.text = QString::number(++number);
        journal.write({entry}, number);
    };
    QObject::connect(&journal, &Journal::written, &application, [&](quint64 token, bool ok) {
        if (once) {
            std::printf("%s\n%s\n", qPrintable(journal.state().message), qPrintable(journal.state().hint));
            std::fflush(stdout);
            QCoreApplication::exit(ok ? 0 : 3);
            return;
        }
        if (ok) {
            std::printf("%llu\n", static_cast<unsigned long long>(token));
            std::fflush(stdout);
        } else if (!journal.state().message.contains(QStringLiteral("locked"))) {
            QCoreApplication::exit(3);
        }
        writeNext();
    });
    writeNext();
    if (!once) {
        // Several at a time, so that it is killed inside transactions as well as between them.
        writeNext();
        writeNext();
    }
    return QCoreApplication::exec();
}
