// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfiletext.h"
#include "models/timing/timinglibrary.h"

#include <QCoreApplication>
#include <QStringList>

#include <optional>
#include <vector>

namespace pulsedeck {

/// The texts of this folder.
class TimingReaderTexts
{
    Q_DECLARE_TR_FUNCTIONS(TimingReaderTexts)
};

/// A timing file as read, with the places of its values: what an edit in place needs. A value; pure, any thread.
struct TimingFileReading
{
    enum class Form : quint8 { Environment, Toml, Json };

    /// Bytes of the text.
    struct Span
    {
        qsizetype from = 0;
        qsizetype length = 0;
        qsizetype end() const { return from + length; }
    };
    /// Where a value stands. One per entry of file.values, in the same order.
    struct Place : Span
    {
        TimingUnit unit = TimingUnit::Seconds; ///< from and length are those of the number itself, inside whatever quotes.
        /// Another variable wins over it (HB_INTERVAL_SECONDS over HEARTBEAT_INTERVAL): it is changed together with that one.
        bool follows = false;
    };
    /// In force without a readable number: the line is among file.problems.
    struct Unreadable
    {
        TimingId id = TimingId::HeartbeatInterval;
        int line = 0;
        QString environment;
    };

    TimingFileText file;
    std::vector<Place> places;
    std::vector<Unreadable> unreadable;
    std::vector<Span> names; ///< Of all variables, keys and sections: what may be shown besides a value, in order.
    QString error; ///< Why the file cannot be read: "line 3: …". Empty if it can.
    int errorLine = 0;
    Form form = Form::Environment;
};

/// Which kind of file this is, by its name and then by the variables it holds; nothing if it is none.
std::optional<TimingFileText::Kind> timingFileKind(const QString &path, const QByteArray &text, const TimingLibrary &library);

/// Whether the JSON at \a path is a Worker's configuration (wrangler.jsonc), by its name or by what is in it, and not a
/// profile.
bool isWranglerJson(const QString &path, const QByteArray &text);

/// Reads \a text as the file at \a path: .toml by toml++, a Worker's configuration in JSON, all else as an environment
/// file. Always gives a reading; see its error, which a text in another encoding than UTF-8 has too.
TimingFileReading readTimingFile(const QString &path, const QByteArray &text, const TimingLibrary &library);

/// An environment file: NAME=value and "NAME: value", as dotenv and docker compose accept them. There is no library for C++ that
/// gives the place of a value in the file, so the lines are read here.
TimingFileReading readEnv(const QByteArray &text, TimingFileText::Kind kind, const TimingLibrary &library);
/// wrangler.toml: [vars], and [env.NAME.vars] of each environment.
TimingFileReading readWrangler(const QByteArray &text, const TimingLibrary &library);
/// wrangler.jsonc and wrangler.json: the same, with comments and trailing commas as Wrangler accepts them.
TimingFileReading readWranglerJson(const QByteArray &text, const TimingLibrary &library);

/// A text in JSON with comments as JSON without them: comments and trailing commas are replaced by blanks, so that every byte
/// keeps its place. A comment that does not end stays.
QByteArray withoutComments(const QByteArray &text);

/// A variable that a file of this kind can hold.
struct HeldVariable
{
    TimingId id = TimingId::HeartbeatInterval;
    TimingVariable variable;
};
/// A variable as a reader of files found it.
struct FoundVariable
{
    HeldVariable held;
    QString environment; ///< Empty: the top level.
    int line = 0;
    TimingFileReading::Span number; ///< Its bytes inside whatever quotes.
    QByteArray said; ///< Its text, without escapes.
    QString problem; ///< Why no number can be read or edited there; empty if the number itself has to be looked at.
};
/// Puts the variables into \a reading: of one name the last counts, and one that wins over another of its environment.
void takeVariables(const std::vector<FoundVariable> &found, TimingFileReading *reading);
/// A variable that is none of the known ones.
struct OtherVariable
{
    QString name;
    QString environment;
    int line = 0;
};
/// Adds those that look like a misspelled known one to the reading's problems.
void nameNearMisses(const std::vector<OtherVariable> &others, const std::vector<HeldVariable> &known, TimingFileReading *reading);

/// Puts the values of \a profile into the text, those of \a environment; bytes change only where a value does. False,
/// with the reason, if a variable cannot hold one.
bool setTimingValues(const TimingFileReading &reading, const TimingProfile &profile, const QString &environment,
                     const TimingLibrary &library, QByteArray *changed, QString *error);

/// The one of \a known with this name; null if there is none.
const HeldVariable *variableNamed(const QString &name, const std::vector<HeldVariable> &known);

/// The variables that a file of this kind can hold.
std::vector<HeldVariable> variablesOf(TimingFileText::Kind kind, const TimingLibrary &library);

/// Reads a whole number, as a variable holds it, into ms; nothing with \a why if it is none.
std::optional<qint64> numberOf(QByteArrayView text, TimingUnit unit, QString *why);
/// The number for a variable; nothing if its unit cannot hold it exactly.
std::optional<QByteArray> numberText(qint64 ms, TimingUnit unit);

} // namespace pulsedeck
