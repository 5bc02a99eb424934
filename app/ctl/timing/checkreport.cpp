// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/timing/checkreport.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// A line of a file, without its end; the first where only the file is known.
QString lineOf(const ProfileInput &input, const QString &file, int line)
{
    const QList<QByteArray> lines = input.texts.value(file).split('\n');
    QString text = QString::fromUtf8(lines.value(qMax(1, line) - 1));
    if (text.endsWith(u'\r'))
        text.chop(1);
    return text;
}

QJsonObject place(const ProfileInput &input, const QString &file, int line)
{
    // As an address: a relative path stays relative, so that a CI finds it in its own tree.
    const QString uri = QFileInfo(file).isAbsolute() ? QUrl::fromLocalFile(file).toString(QUrl::FullyEncoded)
                                                     : QString::fromLatin1(QUrl::toPercentEncoding(file, "/"));
    // Code scanning shows nothing without a region: the whole line, or the first for what concerns the file.
    const int shown = qMax(1, line);
    const QJsonObject region{{u"startLine"_s, shown},
                             {u"startColumn"_s, 1},
                             {u"endLine"_s, shown},
                             {u"endColumn"_s, int(lineOf(input, file, shown).size()) + 1}};
    return {{u"physicalLocation"_s, QJsonObject{{u"artifactLocation"_s, QJsonObject{{u"uri"_s, uri}}}, {u"region"_s, region}}}};
}

/// What stays the same of a finding while lines move: the rule, the file and what stands in the line.
QJsonObject fingerprint(const ProfileInput &input, const QString &rule, const QString &file, int line)
{
    const QString text = rule + u'\n' + QFileInfo(file).fileName() + u'\n' + lineOf(input, file, line).trimmed();
    const QByteArray hash = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex().first(16);
    return {{u"primaryLocationLineHash"_s, QString::fromLatin1(hash + ":1")}};
}

QString level(TimingSeverity severity)
{
    return severity == TimingSeverity::Must ? u"error"_s : severity == TimingSeverity::Recommended ? u"warning"_s : u"note"_s;
}

QJsonObject result(const ProfileInput &input, const QString &rule, const QString &howBad, const QString &text,
                   const ProfileInput::Origin &origin)
{
    return {{u"ruleId"_s, rule},
            {u"level"_s, howBad},
            {u"message"_s, QJsonObject{{u"text"_s, text}}},
            {u"locations"_s, QJsonArray{place(input, origin.file, origin.line)}},
            {u"partialFingerprints"_s, fingerprint(input, rule, origin.file, origin.line)}};
}

} // namespace

QString CheckReport::ruleText(const TimingRule &rule) const
{
    static const std::array<QString, 4> words{u"more than"_s, u"at least"_s, u"less than"_s, u"at most"_s};
    QString left = library.parameter(rule.left).label;
    if (rule.perActor)
        left += u" by the number of actors"_s;
    const QString right = !rule.right        ? timingText(rule.rightMs)
                          : rule.factor == 1 ? library.parameter(*rule.right).label
                                             : u"%1 × %2"_s.arg(rule.factor).arg(library.parameter(*rule.right).label);
    return u"%1 %2 %3"_s.arg(left, words[size_t(rule.relation)], right);
}

namespace {

QJsonValue orNull(qint64 ms)
{
    return ms == TimingProfile::notUsed ? QJsonValue() : QJsonValue(ms);
}

} // namespace

QJsonObject profileJson(const TimingProfile &profile)
{
    QJsonObject object;
    for (const TimingId id : allTimings) {
        object[QString::fromLatin1(timingName(id))] = orNull(timingValue(profile, id));
    }
    return object;
}

QJsonObject changeJson(TimingId id, qint64 from, qint64 to)
{
    return {{u"name"_s, QString::fromLatin1(timingName(id))}, {u"from"_s, orNull(from)}, {u"to"_s, orNull(to)}};
}

ProfileInput::Origin CheckReport::placeOf(const TimingFinding &finding) const
{
    const ProfileInput::Origin &left = input.origins[size_t(finding.left)];
    if (!left.file.isEmpty() || !finding.right)
        return left;
    return input.origins[size_t(*finding.right)];
}

QString CheckReport::sentence(const TimingFinding &finding) const
{
    const auto withValue = [this](TimingId id) {
        const bool given = input.given[size_t(id)];
        const QString value = timingText(timingValue(input.profile, id));
        return u"%1 (%2%3)"_s.arg(library.parameter(id).label, value, given ? QString() : u", by default"_s);
    };
    const QString against = finding.right ? QString(u" against "_s + withValue(*finding.right)) : QString();
    return u"%1%2: it should be %3. %4"_s.arg(withValue(finding.left), against, finding.should, finding.why);
}

QString CheckReport::text() const
{
    QString out;
    const bool none = std::none_of(input.given.begin(), input.given.end(), [](bool given) { return given; });
    if (!input.isReadable() && none)
        return {}; // Nothing was read: a verdict on the defaults alone would look like one on the files.
    for (const TimingFieldProblem &field : check.fields) {
        const ProfileInput::Origin &origin = input.origins[size_t(field.id)];
        out += (origin.file.isEmpty() ? QString() : placeText(origin.file, origin.line)) + prefix()
               + u"must: %1: %2\n"_s.arg(library.parameter(field.id).label, field.text);
    }
    int held = 0;
    for (const TimingFinding &finding : check.findings) {
        if (!finding.applies)
            continue;
        held += finding.holds;
        if (finding.holds)
            continue;
        const ProfileInput::Origin origin = placeOf(finding);
        out += (origin.file.isEmpty() ? QString() : placeText(origin.file, origin.line)) + prefix()
               + u"%1 %2: %3\n"_s.arg(severityName(finding.severity), finding.rule, sentence(finding));
        if (finding.smallest) {
            out += u"    smallest change: %1 = %2\n"_s.arg(QString::fromLatin1(timingName(finding.smallest->id)),
                                                           timingText(finding.smallest->ms));
        }
    }
    const auto count = [this](TimingSeverity severity) { return check.broken(severity); };
    if (none && input.isReadable() && !input.settingNone.isEmpty()) {
        const QStringList &files = input.settingNone;
        const QString rest = count(TimingSeverity::Must) + int(check.fields.size()) == 0
                                 ? QString()
                                 : u", %1 that must hold do not"_s.arg(count(TimingSeverity::Must) + int(check.fields.size()));
        out += u"%1: %2: %3 rules hold%4 for the defaults.\n"_s.arg(
            files.join(u", "_s), files.size() == 1 ? u"sets no timing value"_s : u"set no timing value"_s, QString::number(held),
            rest);
        return out;
    }
    out += prefix()
           + u"%1: %2 rules hold; broken: %3 must, %4 recommended, %5 advice\n"_s.arg(rules.name)
                 .arg(held)
                 .arg(count(TimingSeverity::Must) + int(check.fields.size()))
                 .arg(count(TimingSeverity::Recommended))
                 .arg(count(TimingSeverity::Advice));
    if (!input.isReadable())
        out += u"Not everything could be read: the defaults were checked in its place.\n"_s;
    return out;
}

QJsonObject CheckReport::json() const
{
    const auto withPlace = [](QJsonObject object, const ProfileInput::Origin &origin) {
        object[u"file"_s] = origin.file.isEmpty() ? QJsonValue() : QJsonValue(origin.file);
        object[u"line"_s] = origin.line > 0 ? QJsonValue(origin.line) : QJsonValue();
        return object;
    };
    QJsonArray findings;
    for (const TimingFinding &finding : check.findings) {
        QJsonObject object{
            {u"rule"_s, finding.rule},
            {u"severity"_s, severityName(finding.severity)},
            {u"applies"_s, finding.applies},
            {u"holds"_s, finding.holds},
            {u"left"_s, QString::fromLatin1(timingName(finding.left))},
            {u"right"_s, finding.right ? QJsonValue(QString::fromLatin1(timingName(*finding.right))) : QJsonValue()},
            {u"ratio"_s, finding.ratio},
            {u"bound"_s, finding.bound},
            {u"should"_s, finding.should},
            {u"why"_s, finding.why}};
        if (finding.smallest) {
            object[u"smallest"_s] =
                QJsonObject{{u"name"_s, QString::fromLatin1(timingName(finding.smallest->id))}, {u"ms"_s, finding.smallest->ms}};
        }
        findings.append(withPlace(object, placeOf(finding)));
    }
    QJsonArray fields;
    for (const TimingFieldProblem &field : check.fields) {
        fields.append(withPlace({{u"name"_s, QString::fromLatin1(timingName(field.id))}, {u"text"_s, field.text}},
                                input.origins[size_t(field.id)]));
    }
    QJsonArray problems;
    for (const ProfileInput::Problem &problem : input.problems)
        problems.append(withPlace({{u"text"_s, problem.text}, {u"fatal"_s, problem.fatal}}, {problem.file, problem.line}));
    return {{u"environment"_s, input.environment.isEmpty() ? QJsonValue() : QJsonValue(input.environment)},
            {u"rules"_s, rules.id},
            {u"ok"_s, mayApply()},
            {u"setsNone"_s, QJsonArray::fromStringList(input.settingNone)},
            {u"profile"_s, profileJson(input.profile)},
            {u"findings"_s, findings},
            {u"fields"_s, fields},
            {u"problems"_s, problems}};
}

QJsonArray CheckReport::sarif() const
{
    // Readers of SARIF refuse results without a place: a value that no file sets is shown at the first file.
    const auto placed = [this](ProfileInput::Origin origin) {
        if (origin.file.isEmpty()) {
            const auto any =
                std::find_if(input.origins.begin(), input.origins.end(), [](const auto &one) { return !one.file.isEmpty(); });
            origin = any != input.origins.end() ? ProfileInput::Origin{any->file, 0} : origin;
        }
        return origin;
    };
    QJsonArray results;
    for (const ProfileInput::Problem &problem : input.problems) {
        if (problem.isFile && !problem.said)
            results.append(result(input, u"unreadable"_s, problem.fatal ? u"error"_s : u"note"_s,
                                  QString(prefix() + problem.text), {problem.file, problem.line}));
    }
    for (const TimingFieldProblem &field : check.fields) {
        const ProfileInput::Origin origin = placed(input.origins[size_t(field.id)]);
        if (!origin.file.isEmpty())
            results.append(result(input, u"value"_s, u"error"_s,
                                  QString(prefix() + library.parameter(field.id).label + u": "_s + field.text), origin));
    }
    for (const TimingFinding &finding : check.findings) {
        if (!finding.applies || finding.holds)
            continue;
        ProfileInput::Origin origin = placeOf(finding);
        // No line of these files can fix a rule between two defaults; only what blocks is reported.
        if (origin.file.isEmpty() && finding.severity == TimingSeverity::Must)
            origin = placed(origin);
        if (!origin.file.isEmpty())
            results.append(result(input, finding.rule, level(finding.severity), QString(prefix() + sentence(finding)), origin));
    }
    return results;
}

QByteArray sarifLog(const std::vector<CheckReport> &reports)
{
    QJsonArray ruleList;
    const auto addRule = [&ruleList](const QString &id, const QString &howBad, const QString &title, const QString &help) {
        const auto text = [](const QString &words) { return QJsonObject{{u"text"_s, words}}; };
        ruleList.append(QJsonObject{{u"id"_s, id},
                                    {u"shortDescription"_s, text(title)},
                                    {u"fullDescription"_s, text(help)},
                                    {u"help"_s, text(help)},
                                    {u"defaultConfiguration"_s, QJsonObject{{u"level"_s, howBad}}}});
    };
    const CheckReport &first = reports.front();
    for (const TimingRule &rule : first.rules.rules)
        addRule(rule.id, level(rule.severity), u"%1: %2"_s.arg(rule.id, first.ruleText(rule)), rule.why);
    addRule(u"value"_s, u"error"_s, u"A value must be valid"_s,
            u"It is positive, within its limits, and its variable can hold it."_s);
    addRule(u"unreadable"_s, u"error"_s, u"A value must be readable"_s, u"Only values that can be read can be checked."_s);
    QJsonArray results;
    bool readable = true;
    for (const CheckReport &report : reports) {
        for (const QJsonValue &one : report.sarif())
            results.append(one);
        readable = readable && report.input.isReadable();
    }
    const QJsonObject driver{
        {u"name"_s, u"pulsedeckctl"_s}, {u"semanticVersion"_s, QStringLiteral(PULSEDECK_VERSION)}, {u"rules"_s, ruleList}};
    const QJsonObject run{{u"tool"_s, QJsonObject{{u"driver"_s, driver}}},
                          {u"columnKind"_s, u"utf16CodeUnits"_s},
                          {u"invocations"_s, QJsonArray{QJsonObject{{u"executionSuccessful"_s, readable}}}},
                          {u"results"_s, results}};
    const QJsonObject log{{u"$schema"_s, u"https://json.schemastore.org/sarif-2.1.0.json"_s},
                          {u"version"_s, u"2.1.0"_s},
                          {u"runs"_s, QJsonArray{run}}};
    return QJsonDocument(log).toJson();
}

} // namespace pulsedeck
