// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/reportcommand.h"

#include "app/ctl/fleettext.h"
#include "app/history/sqlhistory.h"
#include "models/core/format.h"
#include "models/history/reportjson.h"
#include "models/history/reportpage.h"
#include "models/history/reportwords.h"

#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ReportCommand::ReportCommand(const ReportOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
{ }

ReportCommand::~ReportCommand() = default;

void ReportCommand::refuse(const QString &problem)
{
    Output::complain(printable(problem));
    end(CtlExit::Usage);
}

void ReportCommand::start()
{
    const QString path = m_options.historyFile.isEmpty() ? defaultHistoryPath() : m_options.historyFile;
    if (!QFileInfo(path).isFile())
        return refuse(m_options.historyFile.isEmpty()
                          ? u"There is no history yet: the console records it. Name another file with --history."_s
                          : u"There is no file %1."_s.arg(path));
    m_history = std::make_unique<SqlHistory>(path, HistoryLimits(), SqlHistory::Use::Read);
    m_reader = std::make_unique<SpanReader>(*m_history);
    connect(m_reader.get(), &SpanReader::finished, this, &ReportCommand::takeReport);
    connect(m_reader.get(), &SpanReader::failed, this, &ReportCommand::refuse);
    connect(m_history.get(), &History::answered, this, [this](quint64 token, const SharedHistoryAnswer &answer) {
        if (token != m_token)
            return;
        if (const auto *runs = std::get_if<SpansAnswer>(answer.get()))
            takeRuns(*runs);
        else if (const auto *failed = std::get_if<FailedAnswer>(answer.get()))
            refuse(failed->message);
    });
    m_token = m_history->nextToken();
    m_history->ask(SpansQuery(), m_token, 0);
}

void ReportCommand::takeRuns(const SpansAnswer &answer)
{
    qint64 last = 0;
    for (const HistoryRun &run : answer.runs)
        last = std::max(last, run.to);
    if (last == 0) {
        Output::complain(u"Nothing is recorded in this file."_s);
        end(CtlExit::NoConnection);
        return;
    }
    SpanScope scope;
    scope.to = m_options.to.from(last + 1);
    scope.from = m_options.from.from(scope.to);
    scope.source = m_options.source;
    if (scope.from >= scope.to)
        return refuse(u"--from is not before --to: %1 and %2."_s.arg(dateTimeText(scope.from), dateTimeText(scope.to)));
    m_reader->read(scope);
}

bool ReportCommand::writePage(const SpanReport &report)
{
    QSaveFile file(m_options.htmlFile);
    const QByteArray page = reportPage(report);
    if (file.open(QFile::WriteOnly) && file.write(page) == page.size() && file.commit())
        return true;
    refuse(u"%1 cannot be written: %2"_s.arg(m_options.htmlFile, file.errorString()));
    return false;
}

void ReportCommand::takeReport(const SharedSpanReport &report)
{
    if (!m_options.htmlFile.isEmpty() && !writePage(*report))
        return;
    QByteArray out;
    if (m_options.json)
        out = reportJson(*report, JsonWriter::Escapes::Unprintable);
    else if (m_options.htmlFile.isEmpty())
        out = reportText(*report).toUtf8();
    if (!report->isBlank() && !report->unwatched.empty())
        Output::complain(u"Not all of this time was recorded."_s);
    endWith(out, report->isBlank()                              ? CtlExit::NoConnection
                 : report->count(SpanGroup::Silent).workers > 0 ? CtlExit::Findings
                                                                : CtlExit::Done);
}

} // namespace pulsedeck
