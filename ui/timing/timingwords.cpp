// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingwords.h"

#include "models/core/format.h"
#include "models/timing/timingeffects.h"
#include "ui/common/fleetwords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct TimingWords
{
    Q_DECLARE_TR_FUNCTIONS(timing)
};

QString lowerFirst(const QString &text)
{
    return text.isEmpty() ? text : QString(text.at(0).toLower() + text.mid(1));
}

/// A label inside a sentence; "TTL" stays as it is.
QString inSentence(TimingId id, const TimingLibrary &library)
{
    return lowerFirst(library.parameter(id).label);
}

} // namespace

QString fieldText(qint64 ms)
{
    return ms == TimingProfile::notUsed ? TimingWords::tr("none") : exactSeconds(ms);
}

QString timingKey(const TimingParameter &parameter)
{
    for (const TimingVariable &variable : parameter.variables) {
        if (!variable.wins)
            return variable.name;
    }
    const QString file = QFileInfo(parameter.place).fileName();
    if (!parameter.place.contains(u'/'))
        return parameter.place; // No file is known by name.
    return parameter.symbol == "a constant"_L1 ? TimingWords::tr("constant, %1").arg(file) : parameter.symbol;
}

QString constantText(const TimingParameter &parameter, qint64 ms)
{
    return TimingWords::tr("%1 %2: %3 in %4").arg(parameter.label, fieldText(ms), parameter.symbol, parameter.place);
}

QString fixText(const std::vector<TimingChange> &changes, TimingId own, const TimingLibrary &library)
{
    if (changes.empty())
        return {};
    if (changes.size() > 1)
        return TimingWords::tr("Set %1 values").arg(changes.size());
    const TimingChange &change = changes.front();
    if (change.id == own)
        return TimingWords::tr("Set to %1").arg(fieldText(change.ms));
    return TimingWords::tr("Set %1 to %2").arg(inSentence(change.id, library), fieldText(change.ms));
}

QString changeList(const std::vector<TimingChange> &changes, const TimingLibrary &library)
{
    QStringList lines;
    for (const TimingChange &change : changes)
        lines.append(QString(library.parameter(change.id).label + u" → "_s + fieldText(change.ms)));
    return lines.join(u'\n');
}

QString trafficText(qint64 fromIntervalMs, qint64 toIntervalMs)
{
    const double factor = trafficFactor(fromIntervalMs, toIntervalMs);
    if (factor <= 0)
        return {};
    if (fromIntervalMs == toIntervalMs)
        return TimingWords::tr("as many beats");
    const double shown = factor > 1 ? factor : 1 / factor;
    const QString number = QString::number(shown, 'f', shown < 1.1 ? 2 : 1);
    return factor > 1 ? TimingWords::tr("%1× fewer beats").arg(number) : TimingWords::tr("%1× more beats").arg(number);
}

QString trafficShare(qint64 fromIntervalMs, qint64 toIntervalMs)
{
    const double factor = trafficFactor(fromIntervalMs, toIntervalMs);
    if (factor <= 0)
        return {};
    const long percent = std::lround((1 / factor - 1) * 100);
    if (percent == 0)
        return fromIntervalMs == toIntervalMs ? u"0 %"_s : u"under 1 %"_s;
    return signedPercent(percent);
}

QString boundText(const TimingRule &rule)
{
    const QString amount = rule.right ? QString(QString::number(rule.factor, 'g', 4) + u'×') : fieldText(rule.rightMs);
    switch (rule.relation) {
    case TimingRule::Relation::Greater:
        return QString(u"> "_s + amount);
    case TimingRule::Relation::AtLeast:
        return QString(u"≥ "_s + amount);
    case TimingRule::Relation::Less:
        return QString(u"< "_s + amount);
    case TimingRule::Relation::AtMost:
        return QString(u"≤ "_s + amount);
    }
    return amount;
}

Glyph findingGlyph(const TimingFinding &finding)
{
    if (!finding.applies)
        return Glyph::Off;
    if (finding.holds)
        return Glyph::Ok;
    switch (finding.severity) {
    case TimingSeverity::Must:
        return Glyph::Error;
    case TimingSeverity::Recommended:
        return Glyph::Warning;
    case TimingSeverity::Advice:
        return Glyph::Info;
    }
    return Glyph::Ok;
}

QString findingWord(const TimingFinding &finding)
{
    if (!finding.applies)
        return TimingWords::tr("not checked");
    if (finding.holds)
        return TimingWords::tr("fine");
    switch (finding.severity) {
    case TimingSeverity::Must:
        return TimingWords::tr("error");
    case TimingSeverity::Recommended:
        return TimingWords::tr("warning");
    case TimingSeverity::Advice:
        return TimingWords::tr("advice");
    }
    return {};
}

QString findingSentence(const TimingFinding &finding, const TimingLibrary &library)
{
    const QString verb = finding.severity == TimingSeverity::Must ? TimingWords::tr("must") : TimingWords::tr("should");
    return TimingWords::tr("%1 %2 be %3. %4").arg(library.parameter(finding.left).label, verb, finding.should, finding.why);
}

int differenceCount(const TimingProfile &from, const TimingProfile &to)
{
    int count = 0;
    for (const TimingId id : allTimings)
        count += timingValue(from, id) != timingValue(to, id);
    return count;
}

bool sameTiming(const TimingProfile &a, const TimingProfile &b)
{
    return differenceCount(a, b) == 0;
}

QString differenceText(const TimingProfile &from, const TimingProfile &to, const TimingLibrary &library)
{
    const int count = differenceCount(from, to);
    if (count == 0)
        return TimingWords::tr("the same values");
    if (count > 1)
        return TimingWords::tr("%1 values differ").arg(count);
    for (const TimingId id : allTimings) {
        if (timingValue(from, id) != timingValue(to, id))
            return TimingWords::tr("%1 %2 → %3")
                .arg(inSentence(id, library), fieldText(timingValue(from, id)), fieldText(timingValue(to, id)));
    }
    return {};
}

} // namespace pulsedeck
