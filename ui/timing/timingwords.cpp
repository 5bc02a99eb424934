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

} // namespace

QString fieldText(qint64 ms)
{
    return ms == TimingProfile::notUsed ? TimingWords::tr("none") : exactSeconds(ms);
}

QString timingKey(const TimingParameter &parameter)
{
    if (isOwnTiming(parameter.id))
        return parameter.place;
    for (const TimingVariable &variable : parameter.variables) {
        if (!variable.wins)
            return variable.name;
    }
    const QString file = QFileInfo(parameter.place).fileName();
    if (!parameter.place.contains(u'/'))
        return parameter.place; // Not the name of a file.
    return parameter.symbol.isEmpty() ? TimingWords::tr("constant, %1").arg(file) : parameter.symbol;
}

QString constantText(const TimingParameter &parameter, qint64 ms)
{
    return parameter.symbol.isEmpty()
               ? TimingWords::tr("%1 %2: a constant in %3").arg(parameter.label, fieldText(ms), parameter.place)
               : TimingWords::tr("%1 %2: %3 in %4").arg(parameter.label, fieldText(ms), parameter.symbol, parameter.place);
}

QString fixText(const std::vector<TimingChange> &changes, TimingId own, const TimingLibrary &library)
{
    if (changes.empty())
        return {};
    if (changes.size() > 1)
        return TimingWords::tr("Set %Ln value(s)", nullptr, int(changes.size()));
    const TimingChange &change = changes.front();
    if (change.id == own)
        return TimingWords::tr("Set to %1").arg(fieldText(change.ms));
    return TimingWords::tr("Set %1 to %2").arg(library.parameter(change.id).inSentence, fieldText(change.ms));
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
    const QString number = decimalText(shown, shown < 1.1 ? 2 : 1);
    return factor > 1 ? TimingWords::tr("%1× fewer beats").arg(number) : TimingWords::tr("%1× more beats").arg(number);
}

QString trafficShare(qint64 fromIntervalMs, qint64 toIntervalMs)
{
    const double factor = trafficFactor(fromIntervalMs, toIntervalMs);
    if (factor <= 0)
        return {};
    const long percent = std::lround((1 / factor - 1) * 100);
    if (percent == 0)
        return fromIntervalMs == toIntervalMs ? u"0 %"_s : TimingWords::tr("under 1 %");
    return signedPercent(percent);
}

QString boundText(const TimingRule &rule)
{
    QString amount = rule.right ? QString(significantText(rule.factor, 4) + u'×') : fieldText(rule.rightMs);
    if (rule.plusMs != 0)
        amount += (rule.plusMs > 0 ? u" + "_s : u" − "_s) + fieldText(qAbs(rule.plusMs));
    static constexpr char16_t signs[]{u'>', u'≥', u'<', u'≤'}; // In the order of the relations.
    return QString(QChar(signs[size_t(rule.relation)]) + u' ' + amount);
}

Glyph findingGlyph(const TimingFinding &finding)
{
    if (!finding.applies)
        return Glyph::Off;
    static constexpr Glyph broken[]{Glyph::Error, Glyph::Warning, Glyph::Info}; // By severity.
    return finding.holds ? Glyph::Ok : broken[size_t(finding.severity)];
}

QString findingWord(const TimingFinding &finding)
{
    if (!finding.applies)
        return TimingWords::tr("not checked");
    static constexpr const char *broken[]{QT_TRANSLATE_NOOP("timing", "error"), QT_TRANSLATE_NOOP("timing", "warning"),
                                          QT_TRANSLATE_NOOP("timing", "advice")}; // By severity.
    return TimingWords::tr(finding.holds ? QT_TRANSLATE_NOOP("timing", "fine") : broken[size_t(finding.severity)]);
}

QString findingSentence(const TimingFinding &finding, const TimingLibrary &library)
{
    return (finding.severity == TimingSeverity::Must ? TimingWords::tr("%1 must be %2. %3")
                                                     : TimingWords::tr("%1 should be %2. %3"))
        .arg(library.parameter(finding.left).label, finding.should, finding.why);
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
        return TimingWords::tr("%Ln value(s) (differs/differ)", nullptr, count);
    for (const TimingId id : allTimings) {
        if (timingValue(from, id) != timingValue(to, id))
            return TimingWords::tr("%1 %2 → %3")
                .arg(library.parameter(id).inSentence, fieldText(timingValue(from, id)), fieldText(timingValue(to, id)));
    }
    return {};
}

} // namespace pulsedeck
