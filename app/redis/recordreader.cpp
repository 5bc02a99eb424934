// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/recordreader.h"

#include "app/redis/protobufrecord.h"
#include "models/core/visibletext.h"
#include "models/layouts/layouttime.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype recordLongestHost = 128;
constexpr qsizetype recordLongestLabel = 128;
constexpr qsizetype recordLongestWord = 64;
constexpr qsizetype recordLongestQueue = 128;
constexpr qsizetype recordMostQueues = 64;

class RecordTexts
{
    Q_DECLARE_TR_FUNCTIONS(RecordTexts)
};

/// Words from outside in one line.
QString lineOf(const QByteArray &bytes, qsizetype longest)
{
    constexpr qsizetype bytesPerCharacter = 4;
    return visibleLine(QString::fromUtf8(bytes.first(qMin(bytes.size(), longest * bytesPerCharacter))))
        .simplified()
        .left(longest);
}

QByteArray textOf(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? "true" : "false";
    case QJsonValue::Double: {
        const double number = value.toDouble();
        return number == double(qint64(number)) ? QByteArray::number(qint64(number)) : QByteArray::number(number, 'f', 6);
    }
    case QJsonValue::String:
        return value.toString().toUtf8();
    case QJsonValue::Array:
    case QJsonValue::Object:
        return value.isArray() ? QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)
                               : QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return {};
}

/// From a number of KiB, so that a change too small to be seen is none; 0: not known.
qint64 mebibytes(QByteArrayView kib)
{
    constexpr qint64 kibOfOne = 1024;
    const qint64 number = kib.toByteArray().toLongLong();
    return number > 0 ? number / kibOfOne + 1 : 0;
}

QJsonValue stepInto(QJsonValue value, const QStringList &pointer)
{
    for (const QString &step : pointer) {
        if (value.isObject())
            value = value.toObject().value(step);
        else if (value.isArray())
            value = value.toArray().at(step.toInt());
        else
            return QJsonValue::Undefined;
    }
    return value;
}

} // namespace

/// The values of one read, with what was parsed of them so far.
struct RecordReader::Values
{
    const RecordReader &reader;
    const RedisReply &reply;
    QByteArrayView id;
    QByteArrayView score;
    const LayoutVariables &found;
    std::vector<std::optional<QJsonValue>> json{};
    std::optional<QJsonObject> message{}; ///< Of a protobuf record; empty where it is none.
    std::optional<QRegularExpressionMatch> idMatch{};
    std::optional<QRegularExpressionMatch> textMatch{};

    int place(const QByteArray &name) const
    {
        const auto at = std::find(reader.m_fields.begin(), reader.m_fields.end(), name);
        return at == reader.m_fields.end() ? -1 : int(at - reader.m_fields.begin());
    }
    QByteArrayView bytes(int place) const
    {
        const QByteArrayView value = place < 0 ? QByteArrayView() : reply.at(place).bytes();
        return value.size() <= longestText ? value : QByteArrayView();
    }
    const QJsonValue &parsed(int place)
    {
        json.resize(qMax<size_t>(json.size(), size_t(place) + 1));
        std::optional<QJsonValue> &value = json[size_t(place)];
        if (!value) {
            const QJsonDocument document = QJsonDocument::fromJson(bytes(place).toByteArray());
            value = document.isObject()  ? QJsonValue(document.object())
                    : document.isArray() ? QJsonValue(document.array())
                                         : QJsonValue(QJsonValue::Undefined);
        }
        return *value;
    }
    const QJsonObject &parsedMessage()
    {
        if (!message)
            message = ProtobufRecord::read(reader.m_record.schema, bytes(0)).value_or(QJsonObject());
        return *message;
    }
    QJsonValue value(const LayoutPath &path)
    {
        switch (path.from) {
        case LayoutPath::From::Field: {
            if (reader.isMessage())
                return stepInto(parsedMessage().value(QString::fromUtf8(path.name)), path.pointer);
            const int at = place(path.name);
            if (at < 0 || reply.at(at).isNil())
                return QJsonValue::Undefined;
            return path.pointer.isEmpty() && !reader.isJson(path) ? QJsonValue(QString::fromUtf8(bytes(at)))
                                                                  : stepInto(parsed(at), path.pointer);
        }
        case LayoutPath::From::Group: {
            if (!idMatch)
                idMatch = reader.m_layout.idPattern.match(QString::fromUtf8(id));
            if (!idMatch->hasMatch() || !idMatch->hasCaptured(QString::fromLatin1(path.name)))
                return QJsonValue::Undefined;
            const QString part = idMatch->captured(QString::fromLatin1(path.name));
            return reader.m_layout.escapesIds() ? QString::fromUtf8(QByteArray::fromPercentEncoding(part.toUtf8())) : part;
        }
        case LayoutPath::From::Score:
            return score.isNull() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(QString::fromUtf8(score));
        case LayoutPath::From::Found: {
            const auto at = found.constFind(path.name);
            return at == found.constEnd() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(QString::fromUtf8(*at));
        }
        case LayoutPath::From::Text: {
            if (!textMatch)
                textMatch = reader.m_record.text.match(QString::fromUtf8(bytes(0)));
            return textMatch->hasMatch() ? QJsonValue(textMatch->captured(QString::fromLatin1(path.name)))
                                         : QJsonValue(QJsonValue::Undefined);
        }
        }
        return QJsonValue::Undefined;
    }
};

RecordReader::RecordReader(const Layout &layout, int tier)
    : m_layout(layout)
    , m_record(tier > 0 && size_t(tier) <= layout.tiers.size() ? layout.tiers[size_t(tier) - 1] : layout.record)
{
    if (m_record.type == LayoutRecord::Type::Hash) {
        for (const auto &[name, found] : m_record.fields)
            want(found);
        for (const LayoutPaths *found : {&layout.host, &layout.pid, &layout.group, &layout.label})
            want(*found);
    } else if (m_record.type != LayoutRecord::Type::None) {
        m_fields.push_back({});
    }
    m_wanted.assign(m_fields.begin(), m_fields.end());
    // A hash that is read for the sake of its TTL alone: HMGET wants a field.
    if (m_record.type == LayoutRecord::Type::Hash && m_wanted.empty())
        m_wanted.push_back("id");
    for (const QByteArray &field : m_fields)
        m_uses.push_back(useOf(field));
}

/// What describe() makes of a field. A text without a field of its own is told apart as a whole.
RecordReader::Use RecordReader::useOf(const QByteArray &field) const
{
    if (m_record.type != LayoutRecord::Type::Hash)
        return Use::Text;
    const auto isOf = [&field](const LayoutPaths &found) {
        return std::any_of(found.begin(), found.end(), [&field](const LayoutPath &path) {
            return path.from == LayoutPath::From::Field && path.name == field;
        });
    };
    const bool isIdentity = isOf(m_layout.host) || isOf(m_layout.pid) || isOf(m_layout.group) || isOf(m_layout.label);
    const auto isTold = [&](const auto &one) {
        constexpr std::array told{"version", "queues", "job", "jobQueue", "capacity", "started"};
        return std::find(told.begin(), told.end(), one.first) != told.end() && isOf(one.second);
    };
    if (isIdentity || std::any_of(m_record.fields.begin(), m_record.fields.end(), isTold))
        return Use::Text;
    const LayoutPaths *memory = paths("memory");
    if (!memory || !isOf(*memory))
        return Use::None;
    return memory->size() == 1 && memory->front().pointer.isEmpty() ? Use::Memory : Use::Text;
}

void RecordReader::want(const LayoutPaths &paths)
{
    for (const LayoutPath &path : paths) {
        const bool known = std::find(m_fields.begin(), m_fields.end(), path.name) != m_fields.end();
        constexpr size_t mostFields = 31; // A bit each in what is too large.
        if (path.from == LayoutPath::From::Field && !known && m_fields.size() < mostFields)
            m_fields.push_back(path.name);
    }
}

QByteArrayList RecordReader::secretMembers() const
{
    QByteArrayList members;
    for (const auto &[name, found] : m_record.fields) {
        for (const LayoutPath &path : found) {
            if (m_record.isSecret && path.from == LayoutPath::From::Field && !path.pointer.isEmpty())
                members.append(path.pointer.first().toUtf8());
        }
    }
    return members;
}

bool RecordReader::isJson(const LayoutPath &path) const
{
    return m_record.type == LayoutRecord::Type::Json && path.name.isEmpty();
}

bool RecordReader::accepts(QByteArrayView id) const
{
    return m_layout.idPattern.pattern().isEmpty() || m_layout.idPattern.match(QString::fromUtf8(id)).hasMatch();
}

bool RecordReader::setAllPaused(std::optional<bool> paused)
{
    if (std::exchange(m_allPaused, paused) == paused || m_layout.queues.allPaused.empty())
        return false;
    return std::any_of(m_layout.status.begin(), m_layout.status.end(), [this](const LayoutStatusRule &rule) {
        return std::any_of(rule.when.begin(), rule.when.end(), [this](const LayoutCondition &condition) {
            return condition.asksSame(m_layout.queues.allPaused.front());
        });
    });
}

// Values --------------------------------------------------------------------------------------------------------------

QByteArray RecordReader::first(const LayoutPaths &paths, Values &values) const
{
    for (const LayoutPath &path : paths) {
        const QJsonValue value = values.value(path);
        if (!value.isUndefined() && !value.isNull())
            return textOf(value);
    }
    return {};
}

QByteArray RecordReader::named(QByteArrayView field, Values &values) const
{
    const LayoutPaths *found = paths(field);
    // The usual case, taken with every beat: a field of its own.
    if (found && found->size() == 1 && found->front().from == LayoutPath::From::Field && found->front().pointer.isEmpty()
        && !isJson(found->front()) && !isMessage())
        return values.bytes(values.place(found->front().name)).toByteArray();
    return found ? first(*found, values) : QByteArray();
}

QStringList RecordReader::listOf(QByteArrayView field, Values &values) const
{
    const LayoutPaths *found = paths(field);
    QStringList list;
    if (!found)
        return list;
    for (const LayoutPath &path : *found) {
        const QJsonValue value = values.value(path);
        if (value.isUndefined() || value.isNull())
            continue;
        QJsonArray array = value.toArray();
        const QByteArray text = value.toString().toUtf8();
        if (value.isString() && text.startsWith('['))
            array = QJsonDocument::fromJson(text).array();
        if (value.isObject()) {
            list = value.toObject().keys();
        } else if (value.isString() && array.isEmpty()) {
            list = value.toString().split(u',', Qt::SkipEmptyParts);
        } else {
            for (const QJsonValue &one : std::as_const(array))
                list.append(one.isArray() ? one.toArray().at(0).toString() : one.toString());
        }
        break;
    }
    list = list.mid(0, recordMostQueues);
    for (QString &one : list)
        one = lineOf(one.toUtf8(), recordLongestQueue);
    list.removeAll(QString());
    return list;
}

qint32 RecordReader::count(QByteArrayView field, Values &values) const
{
    if (!paths(field))
        return unknownValue;
    bool ok = false;
    const QByteArray text = named(field, values);
    const qint64 value = text.toLongLong(&ok);
    if (ok)
        return qint32(std::clamp<qint64>(value, std::numeric_limits<qint32>::min() + 1, std::numeric_limits<qint32>::max()));
    // An object or a list: as many as it has; of an object of numbers their sum, as processes by queue are.
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (document.isArray())
        return qint32(document.array().size());
    if (!document.isObject())
        return unknownValue;
    double sum = 0;
    for (const QJsonValue &one : document.object())
        sum += one.toDouble();
    return qint32(qBound(0.0, sum, 1e9));
}

LayoutUnit RecordReader::unitOf(QByteArrayView field) const
{
    for (const auto &[name, unit] : m_record.units) {
        if (name == field)
            return unit;
    }
    return LayoutUnit::Auto;
}

bool RecordReader::fits(const LayoutCondition &condition, Values &values) const
{
    bool holds = false;
    switch (condition.kind) {
    case LayoutCondition::Kind::Equal: {
        const QByteArray value = named(condition.field, values);
        holds = value == condition.value || condition.others.contains(value);
        break;
    }
    case LayoutCondition::Kind::Exists:
        holds = !named(condition.field, values).isEmpty();
        break;
    case LayoutCondition::Kind::Missing:
        holds = named(condition.field, values).isEmpty();
        break;
    default:
        // The layout has no other key in its rules: see LayoutBuilder::checkStatus().
        if (!m_allPaused || m_layout.queues.allPaused.empty())
            return false;
        holds = *m_allPaused;
        break;
    }
    return holds != condition.negated;
}

// Reading -------------------------------------------------------------------------------------------------------------

RecordReading RecordReader::read(const RedisReply &reply, QByteArrayView id, QByteArrayView score, quint32 tooLarge,
                                 const LayoutVariables &found) const
{
    RecordReading reading;
    if (reply.isError()) {
        reading.flags = reply.bytes().startsWith("WRONGTYPE") ? WorkerFlag::WrongType : WorkerFlag::BadField;
        reading.textHash = size_t(reading.flags.toInt()) + 1;
        return reading;
    }
    Values values{*this, reply, id, score, found};
    size_t hash = 7;
    for (size_t i = 0; i < m_fields.size(); ++i) {
        const RedisReply value = reply.at(int(i));
        const bool large = value.isTooLarge() || value.bytes().size() > longestText || (tooLarge >> i & 1u);
        if (large)
            reading.flags |= WorkerFlag::TooLarge;
        if (value.isNil() && !large)
            continue;
        reading.present = true;
        if (m_uses[i] == Use::Text)
            hash = qHash(value.bytes(), hash + i);
        else if (m_uses[i] == Use::Memory)
            hash = qHash(mebibytes(value.bytes()), hash + i);
    }
    if (m_record.type == LayoutRecord::Type::None)
        reading.present = true;
    for (size_t i = 0; i < m_layout.status.size(); ++i) {
        const LayoutStatusRule &rule = m_layout.status[i];
        const bool all = std::all_of(rule.when.begin(), rule.when.end(),
                                     [&](const LayoutCondition &condition) { return fits(condition, values); });
        if (all) {
            reading.rule = quint16(i + 1);
            reading.status = rule.status;
            break;
        }
    }
    if (isMessage() && reading.present && values.parsedMessage().isEmpty())
        reading.flags |= WorkerFlag::BadField;
    const LayoutLiveness &liveness = m_layout.liveness;
    reading.gone = !liveness.goneIf.isEmpty() && !named(liveness.goneIf, values).isEmpty();
    if (!liveness.stamp.isEmpty())
        reading.stamp = layoutTime(named(liveness.stamp, values), liveness.stampUnit);
    reading.busy = busyCount(reading.present, values);
    reading.processed = count("processed", values);
    using How = LayoutQueues::Working::How;
    if (const How how = m_layout.queues.working.how; how == How::Field || how == How::Records)
        reading.queue = named(m_layout.queues.working.field, values).left(recordLongestQueue);
    // Those that failed were done as well, and none is counted before the first.
    if (m_layout.queues.doneByWorkers && reading.present) {
        const qint64 done = qMax<qint64>(0, reading.processed) + qMax<qint64>(0, count("failed", values));
        reading.processed = qint32(qMin<qint64>(done, std::numeric_limits<qint32>::max()));
    }
    reading.incomplete = reading.present
                         && std::any_of(liveness.complete.begin(), liveness.complete.end(),
                                        [&](const QByteArray &field) { return named(field, values).isEmpty(); });
    reading.textHash = qHashMulti(hash, reading.flags.toInt(), reading.rule, reading.incomplete) | 1;
    return reading;
}

/// Where nothing counts the jobs and the record names the one at work, it is that one or none.
qint32 RecordReader::busyCount(bool present, Values &values) const
{
    if (paths("busy") || (!paths("job") && !paths("jobQueue")))
        return count("busy", values);
    if (!present)
        return unknownValue;
    return named("job", values).isEmpty() && named("jobQueue", values).isEmpty() ? 0 : 1;
}

WorkerText RecordReader::describe(WorkerNumber number, const QByteArray &id, const RedisReply &reply, QByteArrayView score,
                                  const RecordReading &reading, const LayoutVariables &found) const
{
    WorkerText text;
    text.number = number;
    text.id = id;
    if (reading.flags.testFlag(WorkerFlag::WrongType)) {
        text.problems.append(RecordTexts::tr("the key is of another type than this system uses"));
        return text;
    }
    Values values{*this, reply, id, score, found};
    text.host = lineOf(first(m_layout.host, values), recordLongestHost).toUtf8();
    // Capacity and floors count by type: workers of two systems are never one.
    text.type = lineOf(first(m_layout.group, values), recordLongestWord).toUtf8();
    if (text.type.isEmpty())
        text.type = m_layout.title.toUtf8().left(recordLongestWord);
    text.label = lineOf(first(m_layout.label, values), recordLongestLabel);
    text.version = lineOf(named("version", values), recordLongestWord);
    text.queues = listOf("queues", values);
    const QString job = lineOf(named("job", values), recordLongestQueue);
    const QString queue = lineOf(named("jobQueue", values), recordLongestQueue);
    if (!job.isEmpty() && !queue.isEmpty())
        text.jobs = {RecordTexts::tr("%1 (%2)", "a job, and its queue").arg(job, queue)};
    else if (!job.isEmpty() || !queue.isEmpty())
        text.jobs = {job.isEmpty() ? RecordTexts::tr("a job of %1", "a queue").arg(queue) : job};
    bool ok = false;
    const int pid = first(m_layout.pid, values).toInt(&ok);
    text.pid = ok && pid > 0 ? pid : unknownValue;
    const qint32 capacity = count("capacity", values);
    text.capacity = capacity >= 0 ? capacity : unknownValue;
    const qint32 kib = count("memory", values);
    text.memory = kib > 0 ? qint64(kib) * 1024 : unknownValue;
    text.startedAt = layoutTime(named("started", values), unitOf("started"));
    if (reading.rule > 0)
        text.statusText = m_layout.status[reading.rule - 1u].word.toUtf8().left(recordLongestWord);
    if (!m_layout.parent.isEmpty()) {
        LayoutVariables variables{{"prefix", m_layout.prefix}, {"id", id}};
        const QRegularExpressionMatch match = m_layout.idPattern.match(QString::fromUtf8(id));
        const QStringList groups = m_layout.idPattern.namedCaptureGroups();
        for (const QString &group : groups) {
            if (!group.isEmpty())
                variables.insert(group.toLatin1(), match.captured(group).toUtf8());
        }
        text.parent = m_layout.parent.resolve(variables);
        if (text.parent == id) // A tier's parents are members of it in their own right.
            text.parent.clear();
    }
    if (reading.flags.testFlag(WorkerFlag::TooLarge))
        text.problems.append(RecordTexts::tr("a value is larger than 16 KB and was not read"));
    if (isMessage() && reading.flags.testFlag(WorkerFlag::BadField))
        text.problems.append(RecordTexts::tr("its record is no message as its system writes them"));
    if (reading.incomplete)
        text.problems.append(RecordTexts::tr("its record lacks fields that a whole one has"));
    return text;
}

} // namespace pulsedeck
