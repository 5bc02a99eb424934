// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingfilereading.h"

#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 mostMs = 1'000'000'000'000'000; // Beyond every parameter's maximum, and far from overflow.

/// Names of this length that differ by so few letters are meant to be the same.
constexpr qsizetype mostSlips = 2;

bool holds(const QByteArray &text, TimingFileText::Kind kind, const QLatin1StringView file, const TimingLibrary &library)
{
    const TimingFileReading reading = readEnv(text, kind, library);
    const auto isOf = [&](TimingId id, const QString &variable) {
        const std::vector<TimingVariable> &all = library.parameter(id).variables;
        return std::any_of(all.begin(), all.end(),
                           [&](const TimingVariable &one) { return one.file == file && one.name == variable; });
    };
    const auto &values = reading.file.values;
    return std::any_of(values.begin(), values.end(),
                       [&](const TimingFileText::Value &value) { return isOf(value.id, value.variable); });
}

/// The encoding if it is neither UTF-8 nor a superset of ASCII; empty if it can be read.
QString otherEncoding(const QByteArray &text)
{
    if (text.startsWith(QByteArrayView("\xff\xfe\0\0", 4)) || text.startsWith(QByteArrayView("\0\0\xfe\xff", 4)))
        return u"UTF-32"_s;
    if (text.startsWith("\xff\xfe") || text.startsWith("\xfe\xff"))
        return u"UTF-16"_s;
    // Without a byte order mark: each letter of a name would have a zero byte next to it.
    return text.contains('\0') ? TimingReaderTexts::tr("another encoding") : QString();
}

/// The first line with bytes that are no UTF-8; 0 if there is none.
int firstForeignLine(const QByteArray &text)
{
    int line = 1;
    for (qsizetype from = 0; from <= text.size(); ++line) {
        const qsizetype end = text.indexOf('\n', from);
        const qsizetype to = end < 0 ? text.size() : end;
        if (!QByteArrayView(text).sliced(from, to - from).isValidUtf8())
            return line;
        from = to + 1;
    }
    return 0;
}

/// Letters to put in, take out, change or swap with the next one to get from one to the other.
qsizetype slipsBetween(const QString &one, const QString &other)
{
    const qsizetype width = other.size() + 1;
    std::vector<qsizetype> table(size_t((one.size() + 1) * width));
    const auto at = [&table, width](qsizetype i, qsizetype j) -> qsizetype & { return table[size_t(i * width + j)]; };
    for (qsizetype i = 0; i <= one.size(); ++i) {
        for (qsizetype j = 0; j <= other.size(); ++j) {
            if (i == 0 || j == 0) {
                at(i, j) = i + j;
                continue;
            }
            const bool same = one.at(i - 1) == other.at(j - 1);
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && one.at(i - 1) == other.at(j - 2) && one.at(i - 2) == other.at(j - 1);
            if (swapped)
                at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
        }
    }
    return at(one.size(), other.size());
}

} // namespace

std::optional<TimingFileText::Kind> timingFileKind(const QString &path, const QByteArray &text, const TimingLibrary &library)
{
    using Kind = TimingFileText::Kind;
    const QString name = QFileInfo(path).fileName().toLower();
    if (name.endsWith(".toml"_L1) || isWranglerJson(path, text))
        return Kind::Wrangler;
    if (name.startsWith(".dev.vars"_L1)) // Wrangler's own environment file.
        return Kind::Wrangler;
    const bool named = name == ".env"_L1 || name.startsWith(".env."_L1) || name.endsWith(".env"_L1) || name.contains(".env."_L1);
    if (named && name.contains("proxy"_L1))
        return Kind::ProxyEnv;
    if (named && name.contains("worker"_L1))
        return Kind::WorkerEnv;
    const bool worker = holds(text, Kind::WorkerEnv, "worker.env"_L1, library);
    if (holds(text, Kind::ProxyEnv, "proxy.env"_L1, library) && !worker)
        return Kind::ProxyEnv;
    return named || worker ? std::optional(Kind::WorkerEnv) : std::nullopt;
}

TimingFileReading readTimingFile(const QString &path, const QByteArray &text, const TimingLibrary &library)
{
    TimingFileReading none;
    none.file.text = text;
    if (const QString encoding = otherEncoding(text); !encoding.isEmpty()) {
        none.error = TimingReaderTexts::tr("the text is in %1, not in UTF-8").arg(encoding);
        return none;
    }
    const std::optional<TimingFileText::Kind> kind = timingFileKind(path, text, library);
    if (!kind) {
        none.error =
            TimingReaderTexts::tr("this is neither an environment file nor a wrangler.toml, and it has no timing variable");
        return none;
    }
    TimingFileReading reading = path.endsWith(".toml"_L1, Qt::CaseInsensitive) ? readWrangler(text, library)
                                : isWranglerJson(path, text)                   ? readWranglerJson(text, library)
                                                                               : readEnv(text, *kind, library);
    const int foreign = reading.error.isEmpty() ? firstForeignLine(text) : 0;
    if (foreign > 0) {
        reading.file.problems.push_back(
            {foreign, TimingReaderTexts::tr("some of it is not UTF-8; values are read and written nevertheless"), {}});
    }
    return reading;
}

void takeVariables(const std::vector<FoundVariable> &found, TimingFileReading *reading)
{
    TimingFileText &file = reading->file;
    file.setsTopLevel = false;
    for (size_t i = 0; i < found.size(); ++i) {
        const FoundVariable &one = found[i];
        const bool again = std::any_of(found.begin() + qsizetype(i) + 1, found.end(), [&](const FoundVariable &later) {
            return later.environment == one.environment && later.held.variable.name == one.held.variable.name;
        });
        const bool beaten = !one.held.variable.wins && std::any_of(found.begin(), found.end(), [&](const auto &other) {
            return other.environment == one.environment && other.held.id == one.held.id && other.held.variable.wins;
        });
        if (one.environment.isEmpty())
            file.setsTopLevel = true;
        else if (!file.environments.contains(one.environment))
            file.environments.append(one.environment);
        QString why = one.problem;
        const std::optional<qint64> ms =
            why.isEmpty() ? numberOf(one.said, one.held.variable.unit, &why) : std::optional<qint64>();
        if (!ms) {
            file.problems.push_back({one.line, QString(one.held.variable.name + u": "_s + why), one.environment});
            if (!again && !beaten)
                reading->unreadable.push_back({one.held.id, one.line, one.environment});
            continue;
        }
        file.values.push_back({one.held.id, one.held.variable.name, *ms, one.line, !again && !beaten, one.environment});
        TimingFileReading::Place place;
        place.from = one.number.from;
        place.length = one.number.length;
        place.unit = one.held.variable.unit;
        place.follows = beaten && !again;
        reading->places.push_back(place);
    }
}

void nameNearMisses(const std::vector<OtherVariable> &others, const std::vector<HeldVariable> &known, TimingFileReading *reading)
{
    for (const OtherVariable &other : others) {
        const QString upper = other.name.toUpper();
        QString nearest;
        qsizetype fewest = mostSlips + 1;
        for (const HeldVariable &held : known) {
            const QString &name = held.variable.name;
            const qsizetype slips = qAbs(name.size() - upper.size()) > mostSlips ? mostSlips + 1 : slipsBetween(upper, name);
            if (slips < fewest) {
                fewest = slips;
                nearest = name;
            }
        }
        if (!nearest.isEmpty())
            reading->file.problems.push_back(
                {other.line, TimingReaderTexts::tr("%1: did you mean %2?").arg(other.name, nearest), other.environment});
    }
}

std::vector<HeldVariable> variablesOf(TimingFileText::Kind kind, const TimingLibrary &library)
{
    const bool hub = kind == TimingFileText::Kind::Wrangler;
    std::vector<HeldVariable> held;
    for (const TimingParameter &parameter : library.parameters) {
        for (const TimingVariable &variable : parameter.variables) {
            // One .env often serves worker and proxy; their variables have different names.
            if ((variable.file == "wrangler.toml"_L1) == hub)
                held.push_back({parameter.id, variable});
        }
    }
    return held;
}

std::optional<qint64> numberOf(QByteArrayView text, TimingUnit unit, QString *why)
{
    QByteArrayView digits = text.trimmed();
    if (digits.startsWith('-') || digits.startsWith('+'))
        digits = digits.sliced(1);
    const bool decimal =
        !digits.isEmpty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!decimal) {
        const QString shown = QString::fromUtf8(text.first(qMin<qsizetype>(text.size(), 40))).simplified();
        *why = shown.isEmpty()               ? TimingReaderTexts::tr("it is empty")
               : unit == TimingUnit::Seconds ? TimingReaderTexts::tr("“%1” is not a whole number of seconds").arg(shown)
                                             : TimingReaderTexts::tr("“%1” is not a whole number of milliseconds").arg(shown);
        return std::nullopt;
    }
    bool ok = false;
    const qint64 value = text.trimmed().toByteArray().toLongLong(&ok);
    if (!ok || qAbs(value) > mostMs / unitMs(unit)) {
        *why = TimingReaderTexts::tr("the number is too large");
        return std::nullopt;
    }
    return value * unitMs(unit);
}

std::optional<QByteArray> numberText(qint64 ms, TimingUnit unit)
{
    if (ms % unitMs(unit) != 0)
        return std::nullopt;
    return QByteArray::number(ms / unitMs(unit));
}

const HeldVariable *variableNamed(const QString &name, const std::vector<HeldVariable> &known)
{
    const auto found =
        std::find_if(known.begin(), known.end(), [&name](const HeldVariable &one) { return one.variable.name == name; });
    return found == known.end() ? nullptr : &*found;
}

bool setTimingValues(const TimingFileReading &reading, const TimingProfile &profile, const QString &environment,
                     const TimingLibrary &library, QByteArray *changed, QString *error)
{
    struct Edit
    {
        qsizetype from;
        qsizetype length;
        QByteArray number;
    };
    const auto fail = [error](const QString &text) {
        if (error)
            *error = text;
        return false;
    };
    const std::vector<TimingFileText::Value> &values = reading.file.values;
    std::vector<Edit> edits;
    for (const TimingId id : allTimings) {
        const qint64 wanted = timingValue(profile, id);
        const auto inForce = std::find_if(values.begin(), values.end(), [&](const auto &value) {
            return value.id == id && value.inForce && value.environment == environment;
        });
        if (inForce == values.end() || inForce->ms == wanted || wanted == TimingProfile::notUsed)
            continue;
        for (size_t i = 0; i < values.size(); ++i) {
            const TimingFileReading::Place &place = reading.places[i];
            const bool counts = values[i].inForce || place.follows;
            if (values[i].id != id || values[i].environment != environment || !counts)
                continue;
            const std::optional<QByteArray> number = numberText(wanted, place.unit);
            if (!number) {
                return fail(TimingReaderTexts::tr("%1: %2 is in whole seconds and cannot hold %3")
                                .arg(library.parameter(id).label, values[i].variable, timingText(wanted)));
            }
            edits.push_back({place.from, place.length, *number});
        }
    }
    std::sort(edits.begin(), edits.end(), [](const Edit &a, const Edit &b) { return a.from > b.from; });
    QByteArray text = reading.file.text;
    for (const Edit &edit : edits) // From the end, so that the places before stay true.
        text.replace(edit.from, edit.length, edit.number);
    *changed = text;
    return true;
}

} // namespace pulsedeck
