// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingproposal.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int context = 2;

QString lineText(QByteArray line)
{
    if (line.endsWith('\r'))
        line.chop(1);
    return QString::fromUtf8(line);
}

/// A line beside those that change, without its value: such files hold passwords, which nobody has to see for this.
QString withoutValue(const QString &line, const TimingLibrary &library)
{
    static const QRegularExpression assignment(uR"(^(\s*#?\s*(?:export\s+)?["']?([\w.-]+)["']?\s*=\s*)[^\s=])"_s);
    const QRegularExpressionMatch match = assignment.match(line);
    if (match.hasMatch()) {
        const QString name = match.captured(2).section(u'.', -1);
        const bool ours = std::any_of(
            library.parameters.begin(), library.parameters.end(), [&name](const TimingParameter &parameter) {
                return std::any_of(parameter.variables.begin(), parameter.variables.end(),
                                   [&name](const TimingVariable &variable) { return variable.name == name; });
            });
        return ours ? line : QString(match.captured(1) + u'…');
    }
    // Comments, headings of sections and empty lines; what else there is may be the rest of a value in quotes: a key in base64
    // ends in one or two equals signs, and looks like the name of an empty variable.
    static const QRegularExpression heading(uR"(^\[+[\w.\-]+\]+\s*(#.*)?$)"_s);
    const QString bare = line.trimmed();
    return bare.isEmpty() || bare.startsWith(u'#') || heading.match(bare).hasMatch() ? line : u"…"_s;
}

/// The line one could add for a variable, in the file's own form.
QString lineToAdd(const HeldVariable &held, qint64 ms, bool toml)
{
    const std::optional<QByteArray> number = numberText(ms, held.variable.unit);
    const QString shown = number ? QString::fromLatin1(*number) : u"…"_s;
    return toml ? QString(held.variable.name + u" = \""_s + shown + u'"') : QString(held.variable.name + u'=' + shown);
}

/// Why the file does not set this value, and what would.
QString whyNotHeld(const TimingFileReading &reading, TimingId id, qint64 ms, const TimingLibrary &library)
{
    const TimingParameter &parameter = library.parameter(id);
    const QString label = parameter.label;
    const auto unreadable = std::find_if(reading.unreadable.begin(), reading.unreadable.end(),
                                         [id](const auto &one) { return one.first == id; });
    if (unreadable != reading.unreadable.end())
        return u"%1: line %2 cannot be read and is left as it is"_s.arg(label).arg(unreadable->second);
    if (parameter.variables.empty()) {
        const bool constant = parameter.symbol == "a constant"_L1;
        return constant ? u"%1: a constant in %2"_s.arg(label, parameter.place)
                        : u"%1: %2 in %3"_s.arg(label, parameter.symbol, parameter.place);
    }
    const std::vector<HeldVariable> here = variablesOf(reading.file.kind, library);
    const auto place = reading.file.kind == TimingFileText::Kind::WorkerEnv  ? "worker.env"_L1
                       : reading.file.kind == TimingFileText::Kind::ProxyEnv ? "proxy.env"_L1
                                                                             : "wrangler.toml"_L1;
    // The ordinary one, not the one that would win over it.
    const auto own = std::find_if(here.begin(), here.end(), [&](const HeldVariable &held) {
        return held.id == id && held.variable.file == place && !held.variable.wins;
    });
    if (own != here.end())
        return u"%1: not in this file; it would be the line %2"_s.arg(label, lineToAdd(*own, ms, reading.isToml));
    const TimingVariable &elsewhere = parameter.variables.front();
    return u"%1: set by %2 in %3"_s.arg(label, elsewhere.name, elsewhere.file);
}

} // namespace

std::vector<TimingDiffLine> lineDiff(const QByteArray &before, const QByteArray &after)
{
    using Kind = TimingDiffLine::Kind;
    const QByteArrayList was = before.split('\n');
    const QByteArrayList is = after.split('\n');
    std::vector<TimingDiffLine> diff;
    qsizetype shownTo = 0; // Lines before this one are in the diff or far from any change.
    for (qsizetype i = 0; i < qMin(was.size(), is.size()); ++i) {
        if (was.at(i) == is.at(i))
            continue;
        for (qsizetype near = qMax(shownTo, i - context); near < i; ++near)
            diff.push_back({Kind::Context, int(near) + 1, lineText(was.at(near))});
        qsizetype end = i;
        while (end < qMin(was.size(), is.size()) && was.at(end) != is.at(end))
            ++end;
        for (qsizetype line = i; line < end; ++line)
            diff.push_back({Kind::Removed, int(line) + 1, lineText(was.at(line))});
        for (qsizetype line = i; line < end; ++line)
            diff.push_back({Kind::Added, int(line) + 1, lineText(is.at(line))});
        shownTo = end;
        i = end - 1;
        // Two lines after it, as far as no other change comes.
        for (qsizetype near = end; near < qMin(end + context, was.size()) && was.at(near) == is.at(near); ++near) {
            const bool pastTheLast = near + 1 == was.size() && was.at(near).isEmpty();
            if (!pastTheLast)
                diff.push_back({Kind::Context, int(near) + 1, lineText(was.at(near))});
            shownTo = near + 1;
        }
    }
    return diff;
}

bool makeProposal(const TimingFileReading &reading, const TimingProfile &profile, const TimingLibrary &library,
                  TimingFileAnswer *answer)
{
    answer->file = reading.file;
    if (!reading.error.isEmpty()) {
        answer->error = reading.error;
        return false;
    }
    if (!setTimingValues(reading, profile, library, &answer->proposed, &answer->error))
        return false;
    answer->diff = lineDiff(reading.file.text, answer->proposed);
    for (TimingDiffLine &line : answer->diff) {
        if (line.kind == TimingDiffLine::Kind::Context)
            line.text = withoutValue(line.text, library);
    }
    const TimingDomain domain =
        reading.file.kind == TimingFileText::Kind::Wrangler ? TimingDomain::Hub : TimingDomain::Workers;
    for (const TimingId id : allTimings) {
        const qint64 wanted = timingValue(profile, id);
        const auto &values = reading.file.values;
        const bool held = std::any_of(values.begin(), values.end(),
                                      [id](const auto &value) { return value.id == id && value.inForce; });
        if (held && wanted == TimingProfile::notUsed)
            answer->notHeld.push_back(
                u"%1: not used by this profile; its line is left as it is"_s.arg(library.parameter(id).label));
        else if (!held && wanted != TimingProfile::notUsed && timingDomain(id) == domain)
            answer->notHeld.push_back(whyNotHeld(reading, id, wanted, library));
        for (size_t i = 0; i < values.size(); ++i) {
            const TimingFileText::Value &value = values[i];
            const bool namedSection = value.variable.contains(u'[');
            if (value.id == id && namedSection && wanted != TimingProfile::notUsed && value.ms != wanted) {
                answer->notHeld.push_back(
                    u"%1: line %2, %3, keeps %4: it is a named environment's own"_s.arg(library.parameter(id).label)
                        .arg(value.line)
                        .arg(value.variable, timingText(value.ms)));
            }
        }
    }
    answer->ok = true;
    return true;
}

} // namespace pulsedeck
