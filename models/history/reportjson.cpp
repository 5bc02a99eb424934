// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/reportjson.h"

#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int reportFormat = 1;

/// The members of a report in their order.
class ReportWriter
{
public:
    ReportWriter(QByteArray &out, JsonWriter::Escapes escapes)
        : m_json(out, escapes)
    { }

    void write(const SpanReport &report);

private:
    void time(QLatin1StringView name, qint64 at);
    void textOrNull(QLatin1StringView name, const QString &text);
    void times(QLatin1StringView name, const std::vector<std::pair<qint64, qint64>> &spans);
    void count(QLatin1StringView name, const SpanCount &count);
    void workerMembers(const SpanWorker &worker);
    void outageMembers(const SpanOutage &outage);
    void cause(const SpanCause &cause);
    void trait(const SpanTrait &trait);
    void gap(const SpanGap &gap);
    void change(const SpanChange &change);
    void steps(const SpanSteps &steps);
    void lane(const SpanLane &lane);

    template <typename Values, typename Write> void list(QLatin1StringView name, const Values &values, Write write)
    {
        m_json.name(name);
        m_json.beginArray();
        for (const auto &value : values)
            write(value);
        m_json.endArray();
    }
    template <typename Write> void object(Write write)
    {
        m_json.beginObject();
        write();
        m_json.endObject();
    }

    JsonWriter m_json;
};

void ReportWriter::time(QLatin1StringView name, qint64 at)
{
    m_json.name(name);
    if (at == 0)
        m_json.value(nullptr);
    else
        m_json.value(isoTimeText(at));
}

void ReportWriter::textOrNull(QLatin1StringView name, const QString &text)
{
    m_json.name(name);
    if (text.isEmpty())
        m_json.value(nullptr);
    else
        m_json.value(text);
}

void ReportWriter::times(QLatin1StringView name, const std::vector<std::pair<qint64, qint64>> &spans)
{
    list(name, spans, [this](const auto &span) {
        object([&] {
            time("from"_L1, span.first);
            time("to"_L1, span.second);
        });
    });
}

void ReportWriter::count(QLatin1StringView name, const SpanCount &count)
{
    m_json.name(name);
    object([&] {
        m_json.member("workers"_L1, count.workers);
        m_json.member("already"_L1, count.already);
        time("first"_L1, count.first);
        time("last"_L1, count.last);
    });
}

void ReportWriter::workerMembers(const SpanWorker &worker)
{
    m_json.member("id"_L1, worker.id);
    textOrNull("label"_L1, worker.label);
    m_json.member("source"_L1, worker.source);
    m_json.member("system"_L1, worker.system);
    textOrNull("type"_L1, worker.type);
    textOrNull("host"_L1, worker.host);
    textOrNull("version"_L1, worker.version);
}

void ReportWriter::outageMembers(const SpanOutage &outage)
{
    m_json.member("source"_L1, outage.source);
    time("from"_L1, outage.from);
    time("to"_L1, outage.to);
}

void ReportWriter::cause(const SpanCause &cause)
{
    const CommonCause &found = cause.cause;
    object([&] {
        m_json.member("group"_L1, spanGroupName(cause.group));
        m_json.member("affected"_L1, found.affected);
        m_json.member("workers"_L1, found.workers);
        time("first"_L1, found.first);
        time("last"_L1, found.last);
        m_json.member("nearlyAll"_L1, found.nearlyAll);
        m_json.name("likeliest"_L1);
        if (!found.likeliest) {
            m_json.value(nullptr);
        } else {
            object([&] {
                m_json.member("trait"_L1, sharedTraitName(found.likeliest->trait));
                m_json.member("value"_L1, found.likeliest->value);
                m_json.member("inside"_L1, found.likeliest->inside);
                m_json.member("affectedInside"_L1, found.likeliest->affectedInside);
                m_json.member("outside"_L1, found.likeliest->outside);
                m_json.member("affectedOutside"_L1, found.likeliest->affectedOutside);
                m_json.member("silentOutside"_L1, cause.silentOutside);
                m_json.member("chance"_L1, found.likeliest->chance);
            });
        }
        list("alike"_L1, found.alike, [this](const SharedValue &value) {
            object([&] {
                m_json.member("trait"_L1, sharedTraitName(value.trait));
                m_json.member("value"_L1, value.value);
            });
        });
        m_json.name("outage"_L1);
        if (cause.outage)
            object([&] { outageMembers(*cause.outage); });
        else
            m_json.value(nullptr);
    });
}

void ReportWriter::trait(const SpanTrait &trait)
{
    object([&] {
        m_json.member("trait"_L1, sharedTraitName(trait.trait));
        list("values"_L1, trait.values, [this](const SpanValue &value) {
            object([&] {
                m_json.member("value"_L1, value.value);
                m_json.member("workers"_L1, value.workers);
                for (int group = 0; group < spanGroupCount; ++group)
                    m_json.member(QLatin1StringView(spanGroupName(SpanGroup(group)).toLatin1()), value.affected[size_t(group)]);
            });
        });
        m_json.member("more"_L1, trait.more);
        m_json.member("unaffected"_L1, trait.unaffected);
    });
}

void ReportWriter::gap(const SpanGap &gap)
{
    object([&] {
        workerMembers(gap.worker);
        time("from"_L1, gap.from);
        time("to"_L1, gap.to);
        m_json.member("ms"_L1, gap.to - gap.from);
        m_json.member("expectedMs"_L1, gap.interval);
        m_json.member("missed"_L1, gap.missed);
        m_json.member("open"_L1, gap.open);
    });
}

void ReportWriter::change(const SpanChange &change)
{
    object([&] {
        m_json.member("kind"_L1, spanChangeName(change.kind));
        time("at"_L1, change.at);
        m_json.member("beforeMs"_L1, change.beforeMs);
        textOrNull("source"_L1, change.source);
        textOrNull("act"_L1, change.kind == SpanChangeKind::Version ? QString() : change.act);
        textOrNull("step"_L1, change.step);
        textOrNull("by"_L1, change.by);
        textOrNull("what"_L1, change.what);
        textOrNull("text"_L1, change.text);
        m_json.member("workers"_L1, change.workers);
        time("until"_L1, change.until);
    });
}

void ReportWriter::steps(const SpanSteps &steps)
{
    m_json.name("steps"_L1);
    object([&] {
        time("from"_L1, steps.from);
        m_json.member("stepMs"_L1, steps.stepMs);
        const auto number = [this](auto value) { m_json.value(qint64(value)); };
        list("received"_L1, steps.received, number);
        list("expected"_L1, steps.expected, number);
        list("late"_L1, steps.late, number);
        list("worse"_L1, steps.worse, number);
        list("lost"_L1, steps.lost, number);
    });
}

void ReportWriter::lane(const SpanLane &lane)
{
    object([&] {
        workerMembers(lane.worker);
        m_json.name("facts"_L1);
        object([&] {
            for (int fact = 0; fact < spanFactCount; ++fact) {
                if (lane.at[size_t(fact)] == 0)
                    continue;
                m_json.name(QLatin1StringView(spanFactName(SpanFact(fact)).toLatin1()));
                object([&] {
                    time("at"_L1, lane.at[size_t(fact)]);
                    m_json.member("already"_L1, bool(lane.already[size_t(fact)]));
                });
            }
        });
        m_json.member("longestGapMs"_L1, lane.longestGapMs);
    });
}

void ReportWriter::write(const SpanReport &report)
{
    object([&] {
        m_json.member("format"_L1, u"pulsedeck-report"_s);
        m_json.member("formatVersion"_L1, reportFormat);
        m_json.member("program"_L1, report.program);
        time("from"_L1, report.scope.from);
        time("to"_L1, report.scope.to);
        m_json.member("leadMs"_L1, report.scope.leadMs);
        textOrNull("source"_L1, report.scope.source);
        times("unwatched"_L1, report.unwatched);
        times("damaged"_L1, report.damaged);
        m_json.member("eventsCut"_L1, report.cutEvents);
        m_json.member("workers"_L1, report.workers);
        time("beginsAt"_L1, report.beginsAt);
        m_json.name("groups"_L1);
        object([&] {
            for (int group = 0; group < spanGroupCount; ++group)
                count(QLatin1StringView(spanGroupName(SpanGroup(group)).toLatin1()), report.groups[size_t(group)]);
        });
        m_json.name("facts"_L1);
        object([&] {
            for (int fact = 0; fact < spanFactCount; ++fact)
                count(QLatin1StringView(spanFactName(SpanFact(fact)).toLatin1()), report.facts[size_t(fact)]);
        });
        list("causes"_L1, report.causes, [this](const SpanCause &one) { cause(one); });
        list("changes"_L1, report.changes, [this](const SpanChange &one) { change(one); });
        m_json.member("moreChanges"_L1, report.moreChanges);
        list("outages"_L1, report.outages, [this](const SpanOutage &one) { object([&] { outageMembers(one); }); });
        list("traits"_L1, report.traits, [this](const SpanTrait &one) { trait(one); });
        list("gaps"_L1, report.gaps, [this](const SpanGap &one) { gap(one); });
        m_json.member("moreGaps"_L1, report.moreGaps);
        steps(report.steps);
        list("lanes"_L1, report.lanes, [this](const SpanLane &one) { lane(one); });
        m_json.member("moreLanes"_L1, report.moreLanes);
    });
}

} // namespace

QByteArray reportJson(const SpanReport &report, JsonWriter::Escapes escapes)
{
    QByteArray out;
    ReportWriter(out, escapes).write(report);
    out += '\n';
    return out;
}

} // namespace pulsedeck
