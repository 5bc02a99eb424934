// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfile.h"
#include "models/timing/timinglibrary.h"

#include <QStringList>

#include <optional>
#include <utility>
#include <vector>

namespace pulsedeck {

/// A timing file as read, with the places of its values: what an edit in place needs. A value; pure, any thread.
struct TimingFileReading
{
    /// Where a value stands. One per entry of file.values, in the same order.
    struct Place
    {
        qsizetype from = 0; ///< First byte of the number itself, inside whatever quotes.
        qsizetype length = 0;
        TimingUnit unit = TimingUnit::Seconds;
        /// Another variable beside it wins (HB_INTERVAL_SECONDS over HEARTBEAT_INTERVAL): it is kept in agreement with
        /// that one.
        bool follows = false;
    };

    TimingFileText file;
    std::vector<Place> places;
    std::vector<std::pair<TimingId, int>>
        unreadable; ///< In force, and no number stands there: the line is named in file.problems.
    QString error; ///< The whole cannot be read: "line 3: …". Empty if it can.
    int errorLine = 0;

    bool isToml = false;
};

/// Which kind of file this is, by its name and then by the variables it holds; nothing if it is none.
std::optional<TimingFileText::Kind> timingFileKind(const QString &path, const QByteArray &text,
                                                   const TimingLibrary &library);

/// Reads \a text as the file at \a path: .toml by toml++, all else as an environment file. Never fails to give a
/// reading; see its error.
TimingFileReading readTimingFile(const QString &path, const QByteArray &text, const TimingLibrary &library);

/// An environment file: the lines of which dotenv, a shell and a container's --env-file agree on a number. Debian has
/// no library for C++ that reads it, and none anywhere that tells where in the file a value stands, so the lines are
/// read here.
TimingFileReading readEnv(const QByteArray &text, TimingFileText::Kind kind, const TimingLibrary &library);
/// wrangler.toml: [vars] is in force, [env.NAME.vars] is listed as not in force.
TimingFileReading readWrangler(const QByteArray &text, const TimingLibrary &library);

/// Puts the values of \a profile into the text; bytes change only where a value does. False, with the reason, if a
/// variable cannot hold one.
bool setTimingValues(const TimingFileReading &reading, const TimingProfile &profile, const TimingLibrary &library,
                     QByteArray *changed, QString *error);

/// The values in force over \a base.
TimingProfile profileOf(const TimingFileText &file, const TimingProfile &base);

/// A variable that a file of this kind can hold.
struct HeldVariable
{
    TimingId id = TimingId::HeartbeatInterval;
    TimingVariable variable;
};
std::vector<HeldVariable> variablesOf(TimingFileText::Kind kind, const TimingLibrary &library);

/// Reads a whole number, as a variable holds it, into ms; nothing with \a why if it is none.
std::optional<qint64> numberOf(QByteArrayView text, TimingUnit unit, QString *why);
/// The number for a variable; nothing if its unit cannot hold it exactly.
std::optional<QByteArray> numberText(qint64 ms, TimingUnit unit);

} // namespace pulsedeck
