// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/timingproposal.h"

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

using Span = TimingFileReading::Span;

bool isOf(QByteArrayView text, QByteArrayView letters)
{
    return std::all_of(text.begin(), text.end(), [letters](char c) { return letters.contains(c); });
}

/// The beginning of \a text that consists of \a letters.
QByteArrayView beginningOf(QByteArrayView text, QByteArrayView letters)
{
    const auto end = std::find_if(text.begin(), text.end(), [letters](char c) { return !letters.contains(c); });
    return text.first(end - text.begin());
}

/// The placeholder for bytes that are not shown: such files hold passwords, in comments as well.
QByteArray hidden(QByteArrayView text)
{
    return text.startsWith('#') ? "# …" : text.startsWith("//") ? "// …" : "…";
}

/// A line of a file reduced to names, timing values, and the signs between them.
class ShownLine
{
public:
    ShownLine(const TimingFileReading &reading, Span line)
        : m_reading(reading)
        , m_text(reading.file.text)
        , m_line(line)
    {
        const auto take = [this](const auto &spans, bool isValue) {
            for (const Span &span : spans) {
                if (span.from >= m_line.from && span.end() <= m_line.end() && span.length > 0)
                    m_items.push_back({span, isValue});
            }
        };
        take(reading.names, false);
        take(reading.places, true);
        std::sort(m_items.begin(), m_items.end(), [](const Item &a, const Item &b) { return a.span.from < b.span.from; });
    }

    QString text() const
    {
        const QByteArrayView whole = bytes(m_line.from, m_line.end());
        if (m_items.empty())
            return QString::fromUtf8(unnamed(whole));
        // The first words of a heading may have been named in one before it.
        static const QRegularExpression heading(uR"(^\s*\[+[^\]"'=#]*\]+)"_s);
        if (m_reading.form == TimingFileReading::Form::Toml) {
            const QRegularExpressionMatch match = heading.match(QString::fromUtf8(whole));
            if (match.hasMatch()) {
                const QByteArrayView rest = whole.sliced(match.captured().toUtf8().size()).trimmed();
                return QString(match.captured() + (rest.isEmpty() ? u""_s : u' ' + QString::fromUtf8(hidden(rest))));
            }
        }
        QByteArray shown;
        qsizetype at = m_line.from;
        for (size_t i = 0; i < m_items.size(); ++i) {
            const Item &item = m_items[i];
            const QByteArrayView gap = bytes(at, item.span.from);
            if (i == 0)
                shown += isOf(gap, " \t\xef\xbb\xbf{[,\"'") || gap.trimmed() == "export" ? gap.toByteArray() : QByteArray("… ");
            else if (m_items[i - 1].isValue)
                shown += isOf(gap, " \t\"'`,{}[]") ? gap.toByteArray() : afterValue(gap) + ' ';
            else if (item.isValue || isOf(gap, " \t.={[:\"'"))
                shown += gap.toByteArray();
            else
                shown += afterName(gap) + ", ";
            shown += bytes(item.span.from, item.span.end()).toByteArray();
            at = item.span.end();
        }
        const QByteArrayView tail = bytes(at, m_line.end());
        shown += m_items.back().isValue ? afterValue(tail) : afterName(tail);
        return QString::fromUtf8(shown);
    }

private:
    struct Item
    {
        Span span;
        bool isValue = false;
    };

    QByteArrayView bytes(qsizetype from, qsizetype to) const { return QByteArrayView(m_text).sliced(from, to - from); }

    /// Neither a name nor a value that is known: a comment, or the rest of something.
    static QByteArray unnamed(QByteArrayView line)
    {
        const QByteArray indent = beginningOf(line, " \t").toByteArray();
        const QByteArrayView rest = line.sliced(indent.size());
        return isOf(rest, "{}[], \t") ? line.toByteArray() : QByteArray(indent + hidden(rest));
    }

    static QByteArray afterValue(QByteArrayView tail)
    {
        const QByteArrayView signs = beginningOf(tail, " \t\"'`,{}[]");
        const QByteArrayView rest = tail.sliced(signs.size());
        return rest.isEmpty() ? signs.toByteArray() : QByteArray(signs.toByteArray() + hidden(rest));
    }

    static QByteArray afterName(QByteArrayView tail)
    {
        qsizetype at = beginningOf(tail, "\"' \t").size();
        at += tail.sliced(at).startsWith('=') || tail.sliced(at).startsWith(':') ? 1 : 0;
        at += beginningOf(tail.sliced(at), " \t").size();
        const QByteArrayView rest = tail.sliced(at);
        return tail.first(at).toByteArray() + (isOf(rest, "{[] \t") ? rest.toByteArray() : hidden(rest));
    }

    const TimingFileReading &m_reading;
    const QByteArray &m_text;
    const Span m_line;
    std::vector<Item> m_items;
};

/// Line \a number, from 1, without what must not be shown.
QString shownLine(const TimingFileReading &reading, int number)
{
    const QByteArray &text = reading.file.text;
    qsizetype from = 0;
    for (int line = 1; line < number; ++line)
        from = text.indexOf('\n', from) + 1;
    qsizetype to = text.indexOf('\n', from);
    to = to < 0 ? text.size() : to;
    if (to > from && text.at(to - 1) == '\r')
        --to;
    return ShownLine(reading, {from, to - from}).text();
}

/// The line one could add for a variable, in the file's own form.
QString lineToAdd(const HeldVariable &held, qint64 ms, TimingFileReading::Form form)
{
    const std::optional<QByteArray> number = numberText(ms, held.variable.unit);
    const QString shown = number ? QString::fromLatin1(*number) : u"…"_s;
    switch (form) {
    case TimingFileReading::Form::Toml:
        return held.variable.name + u" = \""_s + shown + u'"';
    case TimingFileReading::Form::Json:
        return u'"' + held.variable.name + u"\": \""_s + shown + u'"';
    case TimingFileReading::Form::Environment:
        break;
    }
    return held.variable.name + u'=' + shown;
}

/// Why the file does not set this value, and what sets it.
QString whyNotHeld(const TimingFileReading &reading, const QString &environment, TimingId id, qint64 ms,
                   const TimingLibrary &library)
{
    const TimingParameter &parameter = library.parameter(id);
    const QString label = parameter.label;
    const auto unreadable = std::find_if(reading.unreadable.begin(), reading.unreadable.end(),
                                         [&](const auto &one) { return one.id == id && one.environment == environment; });
    if (unreadable != reading.unreadable.end())
        return TimingReaderTexts::tr("%1: line %2 cannot be read and is not changed").arg(label).arg(unreadable->line);
    if (parameter.variables.empty()) {
        return parameter.symbol.isEmpty() ? TimingReaderTexts::tr("%1: a constant in %2").arg(label, parameter.place)
                                          : TimingReaderTexts::tr("%1: %2 in %3").arg(label, parameter.symbol, parameter.place);
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
        return TimingReaderTexts::tr("%1: not in %2; the line would be %3")
            .arg(label, environment.isEmpty() ? TimingReaderTexts::tr("this file") : timingEnvironmentText(environment),
                 lineToAdd(*own, ms, reading.form));
    const TimingVariable &elsewhere = parameter.variables.front();
    return TimingReaderTexts::tr("%1: set by %2 in %3").arg(label, elsewhere.name, elsewhere.file);
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
    if (!reading.file.profiles().contains(answer->environment)) {
        answer->error = TimingReaderTexts::tr("it has no environment “%1” with a timing value").arg(answer->environment.left(60));
        return false;
    }
    if (!setTimingValues(reading, profile, answer->environment, library, &answer->proposed, &answer->error))
        return false;
    answer->diff = lineDiff(reading.file.text, answer->proposed);
    const TimingFileReading after = reading.form == TimingFileReading::Form::Toml ? readWrangler(answer->proposed, library)
                                    : reading.form == TimingFileReading::Form::Json
                                        ? readWranglerJson(answer->proposed, library)
                                        : readEnv(answer->proposed, reading.file.kind, library);
    for (TimingDiffLine &line : answer->diff)
        line.text = shownLine(line.kind == TimingDiffLine::Kind::Added ? after : reading, line.line);
    const TimingDomain domain = reading.file.kind == TimingFileText::Kind::Wrangler ? TimingDomain::Hub : TimingDomain::Workers;
    for (const TimingId id : allTimings) {
        const qint64 wanted = timingValue(profile, id);
        const auto &values = reading.file.values;
        const bool held = std::any_of(values.begin(), values.end(), [&](const auto &value) {
            return value.id == id && value.inForce && value.environment == answer->environment;
        });
        if (held && wanted == TimingProfile::notUsed)
            answer->notHeld.push_back(
                TimingReaderTexts::tr("%1: not used by this profile; its line is not changed").arg(library.parameter(id).label));
        else if (!held && wanted != TimingProfile::notUsed && timingDomain(id) == domain)
            answer->notHeld.push_back(whyNotHeld(reading, answer->environment, id, wanted, library));
        for (const TimingFileText::Value &value : values) {
            const bool elsewhere = value.inForce && value.environment != answer->environment;
            if (value.id == id && elsewhere && wanted != TimingProfile::notUsed && value.ms != wanted) {
                answer->notHeld.push_back(TimingReaderTexts::tr("%1: line %2, %3, keeps %4")
                                              .arg(library.parameter(id).label)
                                              .arg(value.line)
                                              .arg(timingEnvironmentText(value.environment), timingText(value.ms)));
            }
        }
    }
    answer->ok = true;
    return true;
}

} // namespace pulsedeck
