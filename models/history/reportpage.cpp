// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/reportpage.h"

#include "models/core/format.h"
#include "models/history/reportpictures.h"
#include "models/history/reportwords.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QByteArray escaped(const QString &text)
{
    return reportEscaped(text).toUtf8();
}

QByteArray element(const char *name, const QString &text, const char *classes = nullptr)
{
    return QByteArrayLiteral("<") + name + (classes ? QByteArrayLiteral(" class=\"") + classes + '"' : QByteArray()) + '>'
           + escaped(text) + "</" + name + ">\n";
}

QByteArray colourVariables(bool dark)
{
    QByteArray out;
    for (const ReportColour &colour : reportColours)
        out += QByteArray("--") + colour.name + ":#"
               + QByteArray::number(dark ? colour.dark : colour.light, 16).rightJustified(6, '0') + ';';
    return out;
}

constexpr const char *pageStyles = R"(
body{margin:0;background:var(--win);color:var(--text);font:14px/1.45 system-ui,"Noto Sans",sans-serif}
main{max-width:1060px;margin:0 auto;padding:24px 20px 40px}
h1{font-size:22px;margin:0 0 2px}
h2{font-size:15px;margin:0 0 8px}
p{margin:0 0 4px}
section{background:var(--base);border:1px solid var(--line);border-radius:6px;padding:14px 16px;margin-top:14px;overflow-x:auto}
svg{display:block;width:100%;height:auto;margin-bottom:10px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:3px 14px 3px 0;border-top:1px solid var(--grid);overflow-wrap:anywhere}
th{color:var(--dim);font-weight:normal;border-top:0}
td.n,th.n{text-align:right;white-space:nowrap}
td.t{white-space:nowrap}
.dim{color:var(--dim)}
.lead{font-size:16px;font-weight:600}
.cause{font-size:16px;font-weight:600;border-left:3px solid var(--accent);padding-left:10px}
.warn{color:var(--late)}
.grid{columns:300px;column-gap:28px}
.grid div{break-inside:avoid;margin-bottom:14px}
.legend span{display:inline-block;margin-right:18px}
.legend svg{display:inline-block;width:14px;height:10px;margin:0 5px 0 0}
footer{margin-top:16px;color:var(--faint);font-size:12px}
@media print{body{background:#fff}main{max-width:none;padding:0}section{break-inside:avoid;border-color:#ccc}}
)";

/// Writes the parts of the page one after the other.
class ReportPage
{
    Q_DECLARE_TR_FUNCTIONS(ReportPage)

public:
    explicit ReportPage(const SpanReport &report)
        : m_report(report)
    { }

    QByteArray write();

private:
    void head();
    void summary();
    void causes();
    void pictures();
    void legend();
    void changes();
    void facts();
    void traits();
    void gaps();
    void workers();
    void foot();

    void heading(const QString &text) { m_out += element("h2", text); }
    void cell(const QString &text, const char *classes = nullptr) { m_out += element("td", text, classes); }
    void titles(std::initializer_list<std::pair<QString, const char *>> columns);
    void more(qint64 count);
    void swatch(const char *classes, const QString &text);

    const SpanReport &m_report;
    QByteArray m_out;
};

void ReportPage::titles(std::initializer_list<std::pair<QString, const char *>> columns)
{
    m_out += "<table><thead><tr>";
    for (const auto &[text, classes] : columns)
        m_out += element("th", text, classes);
    m_out += "</tr></thead><tbody>\n";
}

void ReportPage::more(qint64 count)
{
    m_out += "</tbody></table>\n";
    if (count > 0)
        m_out += element("p", tr("and %Ln more", nullptr, int(std::min<qint64>(count, 1'000'000'000))), "dim");
}

void ReportPage::head()
{
    m_out += "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
             // A page of others' words has no business loading or running anything.
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
             "<meta name=\"color-scheme\" content=\"light dark\"/>\n";
    m_out += element("title", tr("What happened: %1").arg(spanTimeText(m_report)));
    m_out += "<style>\n:root{color-scheme:light dark;" + colourVariables(false)
             + "}\n@media screen and (prefers-color-scheme:dark){:root{" + colourVariables(true) + "}}" + pageStyles
             + ReportPictures::styles(ReportPictures::Look::OfPage) + "</style></head>\n<body><main>\n";
}

void ReportPage::summary()
{
    m_out += "<header>\n" + element("h1", tr("What happened here")) + element("p", spanTimeText(m_report), "dim");
    if (!m_report.scope.source.isEmpty())
        m_out += element("p", tr("Only the source %1").arg(m_report.scope.source), "dim");
    m_out += "</header>\n<section>\n";
    for (const QString &line : headlines(m_report))
        m_out += element("p", line, "lead");
    for (const QString &line : reportRemarks(m_report))
        m_out += element("p", line, "warn");
    m_out += "</section>\n";
}

void ReportPage::causes()
{
    for (const SpanCause &cause : m_report.causes) {
        m_out += "<section>\n";
        heading(tr("%1: what they have in common").arg(groupText(cause.group)));
        if (const QString line = causeHeadline(cause); !line.isEmpty())
            m_out += element("p", line, "cause");
        for (const QString &line : causeSentences(cause))
            m_out += element("p", line);
        m_out += "</section>\n";
    }
}

void ReportPage::swatch(const char *classes, const QString &text)
{
    m_out += QByteArrayLiteral("<span><svg viewBox=\"0 0 14 10\" aria-hidden=\"true\"><rect class=\"") + classes
             + "\" width=\"14\" height=\"10\"/></svg>" + escaped(text) + "</span>\n";
}

void ReportPage::legend()
{
    m_out += "<p class=\"legend dim\">\n";
    swatch("p-received", tr("beats received"));
    swatch("p-missing", tr("beats missing, late workers"));
    swatch("p-worse", tr("stale, hung, crashed or without their key"));
    swatch("p-lost", tr("lost"));
    swatch("p-draining", tr("draining"));
    swatch("p-outage", tr("a source did not answer"));
    swatch("p-unwatched", tr("not known"));
    m_out += "</p>\n";
}

void ReportPage::pictures()
{
    if (m_report.workers == 0)
        return;
    const ReportPictures draw(m_report);
    m_out += "<section>\n";
    heading(tr("Over the time"));
    m_out += draw.beats() + draw.affected();
    if (!m_report.lanes.empty()) {
        m_out += draw.lanes();
        if (m_report.moreLanes > 0)
            m_out += element("p", tr("and %Ln more worker(s)", nullptr, m_report.moreLanes), "dim");
    }
    legend();
    m_out += "</section>\n";
}

void ReportPage::changes()
{
    m_out += "<section>\n";
    heading(tr("What was changed"));
    if (m_report.changes.empty()) {
        m_out += element(
            "p", tr("Nothing that was recorded: no command, timing version, new version of workers, outage or set clock."));
    } else {
        m_out += element(
            "p", tr("Measured from %1; what came before need not be the reason.").arg(clockTextTenths(m_report.beginsAt)), "dim");
        titles({{tr("Time"), nullptr},
                {tr("When"), nullptr},
                {tr("Change"), nullptr},
                {tr("Source"), nullptr},
                {tr("By"), nullptr}});
        for (const SpanChange &change : m_report.changes) {
            m_out += "<tr>";
            cell(clockTextTenths(change.at), "t");
            cell(nearnessText(change), "t");
            cell(changeText(change));
            cell(change.source);
            cell(change.by);
            m_out += "</tr>\n";
        }
        more(m_report.moreChanges);
    }
    m_out += "</section>\n";
}

void ReportPage::facts()
{
    if (m_report.workers == 0)
        return;
    m_out += "<section>\n";
    heading(tr("Who"));
    titles({{tr("Workers"), nullptr},
            {tr("Number"), "n"},
            {tr("Already at the beginning"), "n"},
            {tr("First"), "n"},
            {tr("Last"), "n"}});
    for (int fact = 0; fact < spanFactCount; ++fact) {
        const SpanCount &count = m_report.facts[size_t(fact)];
        if (count.workers == 0)
            continue;
        const auto timeOr = [](qint64 at) { return at == 0 ? u"–"_s : clockTextTenths(at); };
        m_out += "<tr>";
        cell(factText(SpanFact(fact)));
        cell(groupedNumber(count.workers), "n");
        cell(groupedNumber(count.already), "n");
        cell(timeOr(count.first), "n");
        cell(timeOr(count.last), "n");
        m_out += "</tr>\n";
    }
    m_out += "<tr>";
    cell(tr("all"));
    cell(groupedNumber(m_report.workers), "n");
    m_out += "<td></td><td></td><td></td></tr>\n";
    more(0);
    m_out += "</section>\n";
}

void ReportPage::traits()
{
    const auto shown = [](const SpanTrait &trait) { return !trait.values.empty(); };
    if (std::none_of(m_report.traits.begin(), m_report.traits.end(), shown))
        return;
    m_out += "<section>\n";
    heading(tr("Where"));
    m_out += "<div class=\"grid\">\n";
    for (const SpanTrait &trait : m_report.traits) {
        if (!shown(trait))
            continue;
        m_out += "<div>\n";
        std::array<bool, spanGroupCount> has{};
        for (const SpanValue &value : trait.values) {
            for (size_t group = 0; group < spanGroupCount; ++group)
                has[group] = has[group] || value.affected[group] > 0;
        }
        m_out += "<table><thead><tr>" + element("th", traitTitle(trait.trait));
        for (size_t group = 0; group < spanGroupCount; ++group) {
            if (has[group])
                m_out += element("th", groupText(SpanGroup(group)), "n");
        }
        m_out += element("th", tr("All"), "n") + "</tr></thead><tbody>\n";
        for (const SpanValue &value : trait.values) {
            m_out += "<tr>";
            cell(value.value);
            for (size_t group = 0; group < spanGroupCount; ++group) {
                if (has[group])
                    cell(groupedNumber(value.affected[group]), "n");
            }
            cell(groupedNumber(value.workers), "n");
            m_out += "</tr>\n";
        }
        more(trait.more);
        if (trait.unaffected > 0)
            m_out += element("p", tr("%Ln without any", "values of which no worker was affected", trait.unaffected), "dim");
        m_out += "</div>\n";
    }
    m_out += "</div>\n</section>\n";
}

void ReportPage::gaps()
{
    if (m_report.gaps.empty())
        return;
    m_out += "<section>\n";
    heading(tr("Longest gaps"));
    titles({{tr("From"), nullptr},
            {tr("Worker"), nullptr},
            {tr("Type"), nullptr},
            {tr("Host"), nullptr},
            {tr("Source"), nullptr},
            {tr("Gap"), nullptr}});
    for (const SpanGap &gap : m_report.gaps) {
        m_out += "<tr>";
        cell(clockTextTenths(gap.from), "t");
        cell(shownName(gap.worker));
        cell(gap.worker.type);
        cell(gap.worker.host);
        cell(gap.worker.source);
        cell(gapText(gap));
        m_out += "</tr>\n";
    }
    more(m_report.moreGaps);
    m_out += "</section>\n";
}

void ReportPage::workers()
{
    if (m_report.lanes.empty())
        return;
    m_out += "<section>\n";
    heading(tr("Workers that fared worst"));
    titles({{tr("Worker"), nullptr},
            {tr("Type"), nullptr},
            {tr("Host"), nullptr},
            {tr("Source"), nullptr},
            {tr("Version"), nullptr},
            {tr("What"), nullptr}});
    for (const SpanLane &lane : m_report.lanes) {
        QStringList what;
        for (int fact = 0; fact < spanFactCount; ++fact) {
            const qint64 at = lane.at[size_t(fact)];
            if (at != 0)
                what.append(lane.already[size_t(fact)] ? tr("already %1").arg(factText(SpanFact(fact)))
                                                       : tr("%1 at %2").arg(factText(SpanFact(fact)), clockTextTenths(at)));
        }
        m_out += "<tr>";
        cell(QString::fromUtf8(lane.worker.id));
        cell(lane.worker.type);
        cell(lane.worker.host);
        cell(lane.worker.source);
        cell(lane.worker.version);
        cell(what.join(u", "_s));
        m_out += "</tr>\n";
    }
    more(m_report.moreLanes);
    m_out += "</section>\n";
}

void ReportPage::foot()
{
    m_out += "<footer>" + escaped(tr("Pulsedeck %1. Times are %2.").arg(m_report.program, zoneText(m_report.scope.from)))
             + "</footer>\n</main></body></html>\n";
}

QByteArray ReportPage::write()
{
    head();
    summary();
    causes();
    pictures();
    changes();
    facts();
    traits();
    gaps();
    workers();
    foot();
    return m_out;
}

} // namespace

QByteArray reportPage(const SpanReport &report)
{
    return ReportPage(report).write();
}

} // namespace pulsedeck
