// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/reportpictures.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/history/reportwords.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class ReportPictureTexts
{
    Q_DECLARE_TR_FUNCTIONS(ReportPictures)
};

constexpr int left = 200; ///< Names stand before it.
constexpr int right = ReportPictures::width - 12;
constexpr int axisHeight = 22;
constexpr int stripHeight = 74;
constexpr int laneHeight = 20;
constexpr qsizetype mostNameLetters = 26;

/// The same in every locale.
QByteArray number(double value)
{
    QByteArray text = QByteArray::number(value, 'f', 1);
    return text.endsWith(".0") ? text.chopped(2) : text;
}

QByteArray rect(const char *classes, double x, double y, double width, double height, const QString &title = {})
{
    QByteArray out = QByteArrayLiteral("<rect class=\"") + classes + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\""
                     + number(std::max(width, 0.8)) + "\" height=\"" + number(height) + '"';
    if (title.isEmpty())
        return out + "/>";
    return out + "><title>" + reportEscaped(title).toUtf8() + "</title></rect>";
}

QByteArray line(const char *classes, double x1, double y1, double x2, double y2)
{
    return QByteArrayLiteral("<line class=\"") + classes + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\""
           + number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

QByteArray words(const char *classes, double x, double y, const QString &text, const char *anchor = "start")
{
    return QByteArrayLiteral("<text class=\"") + classes + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\""
           + anchor + "\">" + reportEscaped(text).toUtf8() + "</text>";
}

QString cutName(const QString &name)
{
    return name.size() > mostNameLetters ? QString(name.left(mostNameLetters - 1) + u'…') : name;
}

/// From one line of the axis to the next.
qint64 axisStep(qint64 length)
{
    constexpr std::array<qint64, 24> steps{100,        200,        500,        1'000,       2'000,       5'000,
                                           10'000,     15'000,     30'000,     60'000,      120'000,     300'000,
                                           600'000,    900'000,    1'800'000,  3'600'000,   7'200'000,   14'400'000,
                                           21'600'000, 43'200'000, 86'400'000, 172'800'000, 604'800'000, 2'592'000'000};
    const auto step = std::find_if(steps.begin(), steps.end(), [length](qint64 one) { return length / one <= 8; });
    return step == steps.end() ? length / 8 : *step;
}

} // namespace

QString reportEscaped(const QString &text)
{
    QString out = visibleLine(text);
    // XML has no place for these two.
    for (const char16_t none : {u'\xfffe', u'\xffff'})
        out.replace(QChar(none), QChar(QChar::ReplacementCharacter));
    return out.toHtmlEscaped();
}

QByteArray ReportPictures::styles(Look look)
{
    const auto colour = [look](const char *name) -> QByteArray {
        if (look == Look::OfPage)
            return QByteArray("var(--") + name + ')';
        const auto row = std::find_if(reportColours.begin(), reportColours.end(),
                                      [name](const ReportColour &one) { return qstrcmp(one.name, name) == 0; });
        return '#' + QByteArray::number(look == Look::Dark ? row->dark : row->light, 16).rightJustified(6, '0');
    };
    const auto rule = [&colour](const char *name, const char *fill) -> QByteArray {
        return QByteArray(".p-") + name + "{fill:" + colour(fill) + "}\n";
    };
    const auto stroke = [&colour](const char *name, const char *of, const char *rest) -> QByteArray {
        return QByteArray(".p-") + name + "{fill:none;stroke:" + colour(of) + ';' + rest + "}\n";
    };
    return rule("ground", "base") + rule("received", "aliveTick") + rule("missing", "lateFill") + rule("late", "lateFill")
           + rule("worse", "stale") + rule("lost", "zombie") + rule("draining", "drain") + rule("text", "text")
           + rule("dim", "dim") + rule("unwatched", "grid") + rule("outage", "lateTint")
           + stroke("grid", "grid", "stroke-width:1") + stroke("base", "line", "stroke-width:1")
           + stroke("beat", "aliveTick", "stroke-width:1.2") + stroke("gone", "gone", "stroke-width:1;stroke-dasharray:2 3")
           + stroke("end", "stale", "stroke-width:1.8") + stroke("begin", "aliveTick", "stroke-width:1.8")
           + stroke("change", "accent", "stroke-width:1;stroke-dasharray:4 3");
}

double ReportPictures::xOf(qint64 at) const
{
    const SpanScope &scope = m_report.scope;
    const double share = double(at - scope.from) / double(std::max<qint64>(1, scope.to - scope.from));
    return left + std::clamp(share, 0.0, 1.0) * (right - left);
}

QByteArray ReportPictures::begin(int height, const QString &title) const
{
    QByteArray out = QByteArrayLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ")
                     + QByteArray::number(width) + ' ' + QByteArray::number(height)
                     + "\" font-size=\"11\" font-family=\"sans-serif\"><title>" + reportEscaped(title).toUtf8() + "</title>\n";
    if (m_look != Look::OfPage)
        out += "<style>\n" + styles(m_look) + "</style>\n";
    return out;
}

QByteArray ReportPictures::backdrop(int top, int bottom) const
{
    QByteArray out = rect("p-ground", left, top, right - left, bottom - top);
    for (const auto &[from, to] : m_report.unwatched)
        out += rect("p-unwatched", xOf(from), top, xOf(to) - xOf(from), bottom - top,
                    ReportPictureTexts::tr("nothing was recorded"));
    for (const SpanOutage &outage : m_report.outages) {
        const qint64 to = outage.to == 0 ? m_report.scope.to : outage.to;
        if (to > m_report.scope.from && outage.from < m_report.scope.to)
            out += rect("p-outage", xOf(outage.from), top, xOf(to) - xOf(outage.from), bottom - top,
                        ReportPictureTexts::tr("the source %1 did not answer").arg(outage.source));
    }
    return out + '\n';
}

QByteArray ReportPictures::axis(int top, int bottom) const
{
    const SpanScope &scope = m_report.scope;
    const qint64 step = axisStep(scope.to - scope.from);
    // Full hours are full hours in the zone that is shown.
    const qint64 ahead = qint64(shownTime(scope.from).offsetFromUtc()) * 1'000;
    QByteArray out;
    for (qint64 at = (scope.from + ahead + step - 1) / step * step - ahead; at < scope.to; at += step) {
        const double x = xOf(at);
        out += line("p-grid", x, top, x, bottom);
        const QString text = step < 1'000 ? clockTextTenths(at) : step < 86'400'000 ? clockText(at) : dateTimeText(at).left(10);
        if (x < right - 24)
            out += words("p-dim", x, bottom + 14, text, x < left + 24 ? "start" : "middle");
    }
    return out + line("p-base", left, bottom, right, bottom) + '\n';
}

QByteArray ReportPictures::bars(int top, int height, double most,
                                const std::vector<std::pair<const char *, const std::vector<int> *>> &layers) const
{
    const SpanSteps &steps = m_report.steps;
    const double bottom = top + height;
    QByteArray out;
    for (int step = 0; step < steps.size(); ++step) {
        const qint64 from = steps.from + step * steps.stepMs;
        const double x = xOf(from);
        // A little into the next one, so that no seam shows between them.
        const double wide = xOf(from + steps.stepMs) - x + 0.4;
        double y = bottom;
        for (const auto &[classes, values] : layers) {
            const int value = (*values)[size_t(step)];
            if (value == 0)
                continue;
            const double tall = value / most * height;
            y -= tall;
            out += rect(classes, x, y, wide, tall);
        }
    }
    return out + '\n';
}

QByteArray ReportPictures::beats() const
{
    const SpanSteps &steps = m_report.steps;
    constexpr int whole = 10'000;
    quint64 received = 0;
    quint64 expected = 0;
    // Shares of what was expected in each step: how many that is depends on where in their intervals the steps begin.
    std::vector<int> came;
    std::vector<int> missed;
    for (size_t step = 0; step < steps.received.size(); ++step) {
        received += steps.received[step];
        expected += steps.expected[step];
        const double share = double(steps.received[step]) / double(std::max<quint64>(1, steps.expected[step]));
        came.push_back(int(share * whole));
        missed.push_back(steps.expected[step] > 0 ? whole - came.back() : 0);
    }
    const int bottom = stripHeight;
    return begin(bottom + axisHeight, ReportPictureTexts::tr("Beats received of those expected")) + backdrop(0, bottom)
           + axis(0, bottom) + bars(0, bottom, whole, {{"p-received", &came}, {"p-missing", &missed}})
           + words("p-text", 0, 16, ReportPictureTexts::tr("Beats"))
           + words("p-dim", 0, 34, ReportPictureTexts::tr("%1 received").arg(groupedNumber(qint64(received))))
           + words("p-dim", 0, 50, ReportPictureTexts::tr("%1 missing").arg(groupedNumber(qint64(expected - received))))
           + "</svg>\n";
}

QByteArray ReportPictures::affected() const
{
    const SpanSteps &steps = m_report.steps;
    int most = 1;
    for (size_t step = 0; step < steps.late.size(); ++step)
        most = std::max(most, steps.late[step] + steps.worse[step] + steps.lost[step]);
    const int bottom = stripHeight;
    return begin(bottom + axisHeight, ReportPictureTexts::tr("Workers that were late, worse or lost")) + backdrop(0, bottom)
           + axis(0, bottom)
           + bars(0, bottom, most, {{"p-lost", &steps.lost}, {"p-worse", &steps.worse}, {"p-late", &steps.late}})
           + words("p-text", 0, 16, ReportPictureTexts::tr("Affected workers"))
           + words("p-dim", 0, 34, ReportPictureTexts::tr("at most %Ln at a time", nullptr, most)) + "</svg>\n";
}

QByteArray ReportPictures::lane(const SpanLane &lane, int top) const
{
    const double middle = top + laneHeight / 2.0;
    const QString name = shownName(lane.worker);
    QByteArray out =
        QByteArrayLiteral("<g><title>")
        + reportEscaped(QStringList{name, lane.worker.type, lane.worker.host, lane.worker.source}.join(u' ')).toUtf8()
        + "</title>" + words("p-text", 0, middle + 4, cutName(name)) + "</g>";
    for (const SpanStretch &stretch : lane.stretches) {
        const double x = xOf(stretch.from);
        const double wide = xOf(stretch.to) - x;
        switch (stretch.kind) {
        case SpanStretch::Late:
            out += rect("p-late", x, middle + 1, wide, 6);
            break;
        case SpanStretch::Worse:
            out += rect("p-worse", x, middle - 7, wide, 14);
            break;
        case SpanStretch::Draining:
            out += rect("p-draining", x, middle + 3, wide, 4);
            break;
        case SpanStretch::Unknown:
            out += rect("p-unwatched", x, middle - 7, wide, 14);
            break;
        case SpanStretch::Lost:
        case SpanStretch::Gone:
            out += line("p-gone", x, middle, x + wide, middle);
            break;
        }
    }
    if (!lane.beats.empty()) {
        QByteArray path;
        for (const qint64 beat : lane.beats)
            path += 'M' + number(xOf(beat)) + ' ' + number(middle - 5) + "v10";
        out += "<path class=\"p-beat\" d=\"" + path + "\"/>";
    }
    const auto cross = [&](SpanFact fact) {
        const qint64 at = lane.at[size_t(fact)];
        if (at == 0)
            return;
        // Behind the block that it ends.
        const double x = xOf(at) + 6;
        out += line("p-end", x - 4, middle - 4, x + 4, middle + 4) + line("p-end", x - 4, middle + 4, x + 4, middle - 4);
    };
    cross(SpanFact::Lost);
    const auto bracket = [&](SpanFact fact, bool opens) {
        const qint64 at = lane.at[size_t(fact)];
        if (at == 0)
            return;
        const double x = xOf(at);
        const double arm = opens ? x + 4 : x - 4;
        out += "<path class=\"p-begin\" d=\"M" + number(arm) + ' ' + number(middle - 7) + 'H' + number(x) + "v14H" + number(arm)
               + "\"/>";
    };
    bracket(SpanFact::Began, true);
    bracket(SpanFact::Returned, true);
    bracket(SpanFact::Drained, false);
    bracket(SpanFact::Ended, false);
    return out + '\n';
}

QByteArray ReportPictures::lanes() const
{
    const int bottom = int(m_report.lanes.size()) * laneHeight;
    QByteArray out =
        begin(bottom + axisHeight, ReportPictureTexts::tr("Workers that fared worst")) + backdrop(0, bottom) + axis(0, bottom);
    for (const SpanChange &change : m_report.changes) {
        if (change.at > m_report.scope.from && change.at < m_report.scope.to && change.kind != SpanChangeKind::Outage)
            out += line("p-change", xOf(change.at), 0, xOf(change.at), bottom);
    }
    int top = 0;
    for (const SpanLane &one : m_report.lanes) {
        out += lane(one, top);
        top += laneHeight;
    }
    return out + "</svg>\n";
}

} // namespace pulsedeck
