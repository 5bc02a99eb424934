// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timinglibrary.h"

#include "models/timing/jsonplace.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

static void initTimingResources()
{
    Q_INIT_RESOURCE(timing); // Resources of a static library are not found without being asked for.
}

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype mostBytes = 1 << 20;
constexpr qsizetype mostSets = 100;
constexpr qsizetype mostRules = 500;

/// An error in the document, and where.
struct Mistake
{
    QStringList path;
    QString text;
};

/// Reads an object strictly: members of the wrong type, unknown ones and missing ones are mistakes.
class LibraryReader
{
    Q_DECLARE_TR_FUNCTIONS(LibraryReader)

public:
    LibraryReader(const QJsonValue &value, const QStringList &path)
        : m_object(value.toObject())
        , m_path(path)
    {
        if (!value.isObject())
            fail({}, tr("expected an object"));
    }

    QString text(const QString &name, bool required = true)
    {
        const QJsonValue value = take(name, required);
        if (!value.isUndefined() && !value.isString())
            fail(name, tr("expected a text"));
        if (required && value.isString() && value.toString().trimmed().isEmpty())
            fail(name, tr("must not be empty"));
        return value.toString();
    }

    /// A text that is shown: in the user's language, where the catalogue has it. script/translations takes them from the file.
    QString shown(const QString &name, bool required = true) { return translated(text(name, required)); }

    static QString translated(const QString &text)
    {
        return text.isEmpty() ? text : QCoreApplication::translate("timing", text.toUtf8());
    }

    bool flag(const QString &name)
    {
        const QJsonValue value = take(name, false);
        if (!value.isUndefined() && !value.isBool())
            fail(name, tr("expected true or false"));
        return value.toBool();
    }

    qint64 ms(const QString &name, bool required = true)
    {
        const QJsonValue value = take(name, required);
        const double number = value.toDouble();
        if (!value.isUndefined() && (!value.isDouble() || number < 1 || number > 1e15 || number != std::floor(number)))
            fail(name, tr("expected a positive whole number of milliseconds"));
        return qint64(number);
    }

    QJsonArray array(const QString &name, bool required, qsizetype most)
    {
        const QJsonValue value = take(name, required);
        if (!value.isUndefined() && !value.isArray())
            fail(name, tr("expected a list"));
        if (value.toArray().size() > most)
            fail(name, tr("at most %1 are allowed").arg(most));
        return value.toArray();
    }

    std::optional<TimingId> timing(const QString &name, bool required = true)
    {
        const QString word = text(name, required);
        const std::optional<TimingId> id = timingFromName(word.toUtf8());
        if (!word.isEmpty() && !id)
            fail(name, tr("“%1” is not a parameter").arg(word.left(60)));
        return id;
    }

    QJsonValue take(const QString &name, bool required)
    {
        m_known.append(name);
        const QJsonValue value = m_object.value(name);
        if (required && value.isUndefined())
            fail({}, tr("“%1” is missing").arg(name));
        return value;
    }

    void fail(const QString &name, const QString &text)
    {
        if (m_mistake)
            return;
        QStringList path = m_path;
        if (!name.isEmpty())
            path.append(name);
        m_mistake = Mistake{path, name.isEmpty() ? text : tr("“%1”: %2").arg(name, text)};
    }

    /// The first mistake, unknown members included.
    std::optional<Mistake> mistake()
    {
        for (const QString &name : m_object.keys()) {
            if (!m_known.contains(name) && name != "comment"_L1)
                fail(name, tr("is not known here"));
        }
        return m_mistake;
    }

    const QStringList &path() const { return m_path; }

private:
    QJsonObject m_object;
    QStringList m_path;
    QStringList m_known;
    std::optional<Mistake> m_mistake;
};

std::optional<TimingUnit> unitFromName(const QString &name)
{
    if (name == "ms"_L1)
        return TimingUnit::Milliseconds;
    if (name == "s"_L1)
        return TimingUnit::Seconds;
    if (name == "ms-text"_L1)
        return TimingUnit::MillisecondsText;
    return std::nullopt;
}

TimingUnit readUnit(LibraryReader &reader, const QString &name)
{
    const QString word = reader.text(name);
    const std::optional<TimingUnit> unit = unitFromName(word);
    if (!unit)
        reader.fail(name, LibraryReader::tr("expected ms, s or ms-text"));
    return unit.value_or(TimingUnit::Milliseconds);
}

std::optional<Mistake> readParameter(const QJsonValue &value, const QStringList &path, TimingParameter *parameter)
{
    LibraryReader reader(value, path);
    parameter->id = reader.timing(u"id"_s).value_or(TimingId::HeartbeatInterval);
    parameter->name = QString::fromLatin1(timingName(parameter->id));
    const QString label = reader.text(u"label"_s);
    parameter->label = LibraryReader::translated(label);
    parameter->inSentence = LibraryReader::translated(label.left(1).toLower() + label.mid(1));
    parameter->purpose = reader.shown(u"purpose"_s);
    parameter->place = reader.shown(u"place"_s);
    parameter->symbol = reader.text(u"symbol"_s, false);
    parameter->setBy = reader.shown(u"setBy"_s);
    parameter->placeUnit = readUnit(reader, u"placeUnit"_s);
    parameter->defaultMs = reader.ms(u"defaultMs"_s);
    parameter->minimumMs = reader.ms(u"minimumMs"_s);
    parameter->maximumMs = reader.ms(u"maximumMs"_s);
    parameter->mayBeAbsent = reader.flag(u"mayBeAbsent"_s);
    const QJsonArray variables = reader.array(u"variables"_s, true, 10);
    for (int i = 0; i < variables.size(); ++i) {
        LibraryReader inner(variables.at(i), path + QStringList{u"variables"_s, QString::number(i)});
        TimingVariable variable;
        variable.name = inner.text(u"name"_s);
        variable.file = inner.text(u"file"_s);
        variable.unit = readUnit(inner, u"unit"_s);
        variable.wins = inner.flag(u"wins"_s);
        if (const auto mistake = inner.mistake())
            return mistake;
        parameter->variables.push_back(variable);
    }
    return reader.mistake();
}

std::optional<Mistake> readRule(const QJsonValue &value, const QStringList &path, TimingRule *rule)
{
    LibraryReader reader(value, path);
    rule->id = reader.text(u"id"_s);
    rule->left = reader.timing(u"left"_s).value_or(TimingId::WorkerKeyTtl);
    const QString relation = reader.text(u"relation"_s);
    const QStringList relations{u">"_s, u">="_s, u"<"_s, u"<="_s};
    const qsizetype which = relations.indexOf(relation);
    if (which < 0)
        reader.fail(u"relation"_s, LibraryReader::tr("expected >, >=, < or <="));
    rule->relation = TimingRule::Relation(qMax<qsizetype>(0, which));
    rule->right = reader.timing(u"right"_s, false);
    rule->rightMs = reader.ms(u"rightMs"_s, false);
    const QJsonValue factor = reader.take(u"factor"_s, false);
    if (!factor.isUndefined() && (!factor.isDouble() || factor.toDouble() <= 0 || factor.toDouble() > 1e6))
        reader.fail(u"factor"_s, LibraryReader::tr("expected a positive number"));
    rule->factor = factor.toDouble(1);
    rule->perActor = reader.flag(u"perActor"_s);
    rule->why = reader.shown(u"why"_s);
    const QString severity = reader.text(u"severity"_s);
    if (!severityFromName(severity))
        reader.fail(u"severity"_s, LibraryReader::tr("expected must, recommended or advice"));
    rule->severity = severityFromName(severity).value_or(TimingSeverity::Must);
    if (rule->right.has_value() == (rule->rightMs > 0))
        reader.fail({}, LibraryReader::tr("expected either “right” or “rightMs”"));
    if (rule->right == rule->left)
        reader.fail(u"right"_s, LibraryReader::tr("a rule compares two different parameters"));
    return reader.mistake();
}

std::optional<Mistake> readRuleSet(const QJsonValue &value, const QStringList &path, const TimingLibrary &library,
                                   TimingRuleSet *set)
{
    LibraryReader reader(value, path);
    set->id = reader.text(u"id"_s);
    set->name = reader.shown(u"name"_s);
    const QString base = reader.text(u"extends"_s, false);
    if (!base.isEmpty()) {
        const TimingRuleSet *found = library.ruleSet(base);
        if (!found)
            reader.fail(u"extends"_s, LibraryReader::tr("there is no rule set “%1” before this one").arg(base.left(60)));
        else
            *set = {set->id, set->name, found->rules, found->wholeSeconds};
    }
    const QJsonArray whole = reader.array(u"wholeSeconds"_s, false, timingCount);
    for (int i = 0; i < whole.size(); ++i) {
        const std::optional<TimingId> id = timingFromName(whole.at(i).toString().toUtf8());
        if (!id)
            return Mistake{path + QStringList{u"wholeSeconds"_s, QString::number(i)}, LibraryReader::tr("expected a parameter")};
        set->wholeSeconds.push_back(*id);
    }
    const QJsonArray rules = reader.array(u"rules"_s, true, mostRules);
    for (int i = 0; i < rules.size(); ++i) {
        TimingRule rule;
        const QStringList place = path + QStringList{u"rules"_s, QString::number(i)};
        if (const auto mistake = readRule(rules.at(i), place, &rule))
            return mistake;
        const auto same = [&rule](const TimingRule &other) { return other.id == rule.id; };
        const auto old = std::find_if(set->rules.begin(), set->rules.end(), same);
        if (old != set->rules.end())
            *old = rule; // A rule with the same id replaces the inherited one.
        else
            set->rules.push_back(rule);
    }
    return reader.mistake();
}

std::optional<Mistake> readPreset(const QJsonValue &value, const QStringList &path, const TimingLibrary &library,
                                  TimingPreset *preset)
{
    LibraryReader reader(value, path);
    preset->id = reader.text(u"id"_s);
    preset->name = reader.shown(u"name"_s);
    preset->profile.name = preset->name;
    for (const TimingParameter &parameter : library.parameters)
        setTimingValue(preset->profile, parameter.id, parameter.defaultMs);
    const QJsonValue given = reader.take(u"values"_s, true);
    if (given.isUndefined())
        return reader.mistake();
    LibraryReader values(given, path + QStringList{u"values"_s});
    for (const TimingId id : allTimings) {
        const qint64 ms = values.ms(QString::fromLatin1(timingName(id)), false);
        if (ms > 0) {
            setTimingValue(preset->profile, id, ms);
            preset->named.push_back(id);
        }
    }
    if (const auto mistake = values.mistake())
        return mistake;
    const QJsonArray absent = reader.array(u"absent"_s, false, timingCount);
    for (int i = 0; i < absent.size(); ++i) {
        const std::optional<TimingId> id = timingFromName(absent.at(i).toString().toUtf8());
        if (!id || !library.parameter(*id).mayBeAbsent)
            return Mistake{path + QStringList{u"absent"_s, QString::number(i)},
                           LibraryReader::tr("expected a parameter that may be absent")};
        setTimingValue(preset->profile, *id, TimingProfile::notUsed);
        preset->named.push_back(*id);
    }
    return reader.mistake();
}

/// Puts \a item in the place of the one with its id, or at the end.
template <typename Item> void place(std::vector<Item> &list, const Item &item)
{
    const auto old = std::find_if(list.begin(), list.end(), [&item](const Item &other) { return other.id == item.id; });
    if (old != list.end())
        *old = item;
    else
        list.push_back(item);
}

std::optional<Mistake> readLibrary(const QJsonObject &root, bool withParameters, TimingLibrary *library)
{
    LibraryReader reader(root, {});
    const QJsonArray parameters = reader.array(u"parameters"_s, withParameters, timingCount);
    if (!withParameters && !parameters.isEmpty())
        return Mistake{{u"parameters"_s},
                       LibraryReader::tr("the parameters cannot be changed; only rule sets and presets can be added")};
    for (int i = 0; i < parameters.size(); ++i) {
        TimingParameter parameter;
        const QStringList path{u"parameters"_s, QString::number(i)};
        if (const auto mistake = readParameter(parameters.at(i), path, &parameter))
            return mistake;
        if (parameter.id != TimingId(i))
            return Mistake{path, LibraryReader::tr("the parameters have a fixed order")};
        library->parameters.push_back(parameter);
    }
    const QJsonArray sets = reader.array(u"ruleSets"_s, false, mostSets);
    for (int i = 0; i < sets.size(); ++i) {
        TimingRuleSet set;
        if (const auto mistake = readRuleSet(sets.at(i), {u"ruleSets"_s, QString::number(i)}, *library, &set))
            return mistake;
        place(library->ruleSets, set);
    }
    const QJsonArray presets = reader.array(u"presets"_s, false, mostSets);
    for (int i = 0; i < presets.size(); ++i) {
        TimingPreset preset;
        if (const auto mistake = readPreset(presets.at(i), {u"presets"_s, QString::number(i)}, *library, &preset))
            return mistake;
        place(library->presets, preset);
    }
    return reader.mistake();
}

bool read(const QByteArray &json, bool withParameters, TimingLibrary *library, QString *error)
{
    const auto fail = [error](int line, const QString &text) {
        if (error)
            *error = LibraryReader::tr("line %1: %2").arg(line).arg(text);
        return false;
    };
    if (json.size() > mostBytes)
        return fail(1, LibraryReader::tr("the file is larger than 1 MB"));
    QJsonParseError parse{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &parse);
    if (parse.error != QJsonParseError::NoError)
        return fail(lineOfOffset(json, parse.offset), LibraryReader::tr("this is not JSON (%1)").arg(parse.errorString()));
    if (!document.isObject())
        return fail(1, LibraryReader::tr("expected an object with ruleSets and presets"));
    TimingLibrary changed = *library;
    if (const auto mistake = readLibrary(document.object(), withParameters, &changed))
        return fail(jsonLine(json, mistake->path), mistake->text);
    *library = changed;
    return true;
}

} // namespace

const TimingLibrary &TimingLibrary::builtIn()
{
    static const TimingLibrary library = [] {
        initTimingResources();
        TimingLibrary read;
        QFile file(u":/timing/timing.json"_s);
        QString error;
        if (!file.open(QIODevice::ReadOnly) || !pulsedeck::read(file.readAll(), true, &read, &error))
            qFatal("The built-in timing rules cannot be read: %s", qPrintable(error));
        return read;
    }();
    return library;
}

bool TimingLibrary::extend(const QByteArray &json, QString *error)
{
    return read(json, false, this, error);
}

std::optional<TimingId> TimingLibrary::find(const QString &name) const
{
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&name](const TimingParameter &parameter) { return parameter.name == name; });
    return found == parameters.end() ? std::nullopt : std::optional(found->id);
}

TimingProfile TimingLibrary::defaults() const
{
    TimingProfile profile;
    profile.assumed = isSystem();
    for (const TimingParameter &parameter : parameters)
        setTimingValue(profile, parameter.id, parameter.defaultMs > 0 ? parameter.defaultMs : qint64(TimingProfile::notUsed));
    followTiming(profile, parameters);
    return profile;
}

TimingProfile TimingLibrary::judged(const TimingProfile &profile) const
{
    if (!isSystem())
        return profile;
    TimingProfile beats = profile;
    for (const TimingId id : allTimings)
        setTimingValue(beats, id, TimingProfile::notUsed);
    const auto put = [&](TimingId place, std::optional<TimingId> id) {
        if (id)
            setTimingValue(beats, place, timingValue(profile, *id));
    };
    put(TimingId::HeartbeatInterval, interval);
    put(TimingId::WorkerKeyTtl, limit);
    put(TimingId::ShutdownCommandTtl, commandTtl);
    return beats;
}

TimingProfile TimingLibrary::judgedOnBeats(const TimingProfile &profile) const
{
    TimingProfile beats = judged(profile);
    if (isSystem() && interval && parameter(*interval).fixed && !parameter(*interval).follows)
        beats.heartbeatInterval = parameter(*interval).defaultMs;
    return beats;
}

qint64 TimingLibrary::configuredInterval() const
{
    return isSystem() && interval && !gapsFollowInterval ? parameter(*interval).defaultMs : 0;
}

bool TimingLibrary::canSetLimit() const
{
    return !isSystem() || (limit && !parameter(*limit).fixed);
}

const TimingRuleSet *TimingLibrary::ruleSet(const QString &id) const
{
    const auto found = std::find_if(ruleSets.begin(), ruleSets.end(), [&](const TimingRuleSet &set) { return set.id == id; });
    return found == ruleSets.end() ? nullptr : &*found;
}

const TimingPreset *TimingLibrary::preset(const QString &id) const
{
    const auto found = std::find_if(presets.begin(), presets.end(), [&](const TimingPreset &preset) { return preset.id == id; });
    return found == presets.end() ? nullptr : &*found;
}

} // namespace pulsedeck
