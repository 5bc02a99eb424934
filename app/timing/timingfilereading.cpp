// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingfilereading.h"

#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 mostMs = 1'000'000'000'000'000; // Beyond every parameter's maximum, and far from overflow.

bool holds(const QByteArray &text, TimingFileText::Kind kind, const QLatin1StringView file,
           const TimingLibrary &library)
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

} // namespace

std::optional<TimingFileText::Kind> timingFileKind(const QString &path, const QByteArray &text,
                                                   const TimingLibrary &library)
{
    using Kind = TimingFileText::Kind;
    const QString name = QFileInfo(path).fileName().toLower();
    if (name.endsWith(".toml"_L1))
        return Kind::Wrangler;
    if (name.startsWith(".dev.vars"_L1)) // Wrangler's own environment file.
        return Kind::Wrangler;
    const bool named =
        name == ".env"_L1 || name.startsWith(".env."_L1) || name.endsWith(".env"_L1) || name.contains(".env."_L1);
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
    const std::optional<TimingFileText::Kind> kind = timingFileKind(path, text, library);
    if (!kind) {
        TimingFileReading none;
        none.file.text = text;
        none.error = u"this is no environment file and no wrangler.toml, and it holds no timing variable"_s;
        return none;
    }
    return path.endsWith(".toml"_L1, Qt::CaseInsensitive) ? readWrangler(text, library) : readEnv(text, *kind, library);
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
    const QString unitName = unit == TimingUnit::Seconds ? u"seconds"_s : u"milliseconds"_s;
    QByteArrayView digits = text.trimmed();
    if (digits.startsWith('-') || digits.startsWith('+'))
        digits = digits.sliced(1);
    const bool decimal =
        !digits.isEmpty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!decimal) {
        const QString shown = QString::fromUtf8(text.first(qMin<qsizetype>(text.size(), 40))).simplified();
        *why = shown.isEmpty() ? u"it is empty"_s : u"“%1” is no whole number of %2"_s.arg(shown, unitName);
        return std::nullopt;
    }
    bool ok = false;
    const qint64 value = text.trimmed().toByteArray().toLongLong(&ok);
    if (!ok || qAbs(value) > mostMs / unitMs(unit)) {
        *why = u"the number is too large"_s;
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

TimingProfile profileOf(const TimingFileText &file, const TimingProfile &base)
{
    TimingProfile profile = base;
    for (const TimingFileText::Value &value : file.values) {
        if (value.inForce)
            setTimingValue(profile, value.id, value.ms);
    }
    return profile;
}

bool setTimingValues(const TimingFileReading &reading, const TimingProfile &profile, const TimingLibrary &library,
                     QByteArray *changed, QString *error)
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
        const auto inForce = std::find_if(values.begin(), values.end(),
                                          [id](const auto &value) { return value.id == id && value.inForce; });
        if (inForce == values.end() || inForce->ms == wanted || wanted == TimingProfile::notUsed)
            continue;
        for (size_t i = 0; i < values.size(); ++i) {
            const TimingFileReading::Place &place = reading.places[i];
            if (values[i].id != id || !(values[i].inForce || place.follows))
                continue;
            const std::optional<QByteArray> number = numberText(wanted, place.unit);
            if (!number) {
                return fail(u"%1: %2 counts whole seconds and cannot hold %3"_s.arg(
                    library.parameter(id).label, values[i].variable, timingText(wanted)));
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
