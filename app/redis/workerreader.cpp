// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/workerreader.h"

#include "models/core/visibletext.h"

#include <QCoreApplication>
#include <QHashFunctions>

namespace pulsedeck {

namespace {

class WorkerTexts
{
    Q_DECLARE_TR_FUNCTIONS(WorkerTexts)
};

enum Field { Id, BrowserType, Endpoint, Status, StartedAt, LastHeartbeat, DrainedBy };

constexpr qsizetype longestFieldRead = 256; // Longer than any sound value; longer ones are named, not kept.
constexpr qsizetype longestWord = 64;
constexpr qsizetype longestHost = 128;
constexpr qsizetype longestBy = 128; // Characters, each of which may take four bytes.
constexpr qsizetype longestReason = 512;

bool isText(QByteArrayView bytes)
{
    for (const char c : bytes) {
        if (quint8(c) < 0x20 || quint8(c) == 0x7f)
            return false;
    }
    return bytes.isEmpty() || QUtf8StringView(bytes.data(), bytes.size()).isValidUtf8();
}

/// A moment in ms; 0 for what is no number, or before 2001 or after 2286, which no clock shows, however wrong it goes.
qint64 moment(QByteArrayView bytes)
{
    bool ok = false;
    const qint64 value = decimalNumber(bytes, &ok);
    return ok && value >= 1'000'000'000'000 && value <= 9'999'999'999'999 ? value : 0;
}

/// Somebody's words in one line; they may be anything.
QString plainText(QByteArrayView bytes, qsizetype longest)
{
    constexpr qsizetype bytesPerCharacter = 4;
    const QString text = QString::fromUtf8(bytes.first(qMin(bytes.size(), longest * bytesPerCharacter)));
    return visibleLine(text).simplified().left(longest);
}

} // namespace

QByteArrayView endpointHost(QByteArrayView endpoint)
{
    qsizetype start = -1;
    if (endpoint.startsWith("ws://"))
        start = 5;
    else if (endpoint.startsWith("wss://"))
        start = 6;
    if (start < 0)
        return {};
    QByteArrayView rest = endpoint.sliced(start);
    for (qsizetype i = 0; i < rest.size(); ++i) {
        if (rest[i] == '/' || rest[i] == '?' || rest[i] == '#') {
            rest = rest.first(i);
            break;
        }
    }
    for (qsizetype i = rest.size() - 1; i >= 0; --i) {
        if (rest[i] == '@') {
            rest = rest.sliced(i + 1);
            break;
        }
    }
    return rest.size() <= longestHost && isText(rest) ? rest : QByteArrayView();
}

qint64 decimalNumber(QByteArrayView text, bool *ok)
{
    const bool negative = text.startsWith('-');
    const QByteArrayView digits = negative ? text.sliced(1) : text;
    *ok = !digits.isEmpty() && digits.size() <= 18;
    qint64 value = 0;
    for (const char c : digits) {
        if (!*ok || c < '0' || c > '9') {
            *ok = false;
            return 0;
        }
        value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
}

WorkerFields decodeWorkerFields(const RedisReply &reply, QByteArrayView id, quint32 tooLarge)
{
    WorkerFields fields;
    if (reply.isError()) {
        fields.wrongType = reply.bytes().startsWith("WRONGTYPE");
        fields.flags = fields.wrongType ? WorkerFlag::WrongType : WorkerFlag::BadField;
        fields.textHash = size_t(fields.flags.toInt()) + 1;
        return fields;
    }
    std::array<QByteArrayView, workerFields.size()> values;
    quint32 missing = 0;
    quint32 large = tooLarge;
    for (int i = 0; i < int(values.size()); ++i) {
        const RedisReply value = reply.at(i);
        if (value.isTooLarge()) {
            fields.present = fields.passedOver = true;
            large |= 1u << i;
            continue;
        }
        if (value.isNil()) {
            missing |= 1u << i;
            continue;
        }
        fields.present = true;
        if (value.bytes().size() > (i == DrainedBy ? longestBy * 4 : longestFieldRead))
            large |= 1u << i;
        else
            values[size_t(i)] = value.bytes();
    }
    fields.present = fields.present || tooLarge != 0;
    fields.passedOver = fields.passedOver || tooLarge != 0;
    if (!fields.present)
        return fields;

    const auto isOdd = [&](Field field) { return ((missing | large) >> field & 1u) != 0; };
    bool bad = false;
    const auto number = [&](Field field) -> qint64 {
        const qint64 value = isOdd(field) ? 0 : moment(values[field]);
        bad = bad || value == 0;
        return value;
    };
    fields.startedAt = number(StartedAt);
    fields.lastHeartbeat = number(LastHeartbeat);
    fields.drainedByOperator = !(missing >> DrainedBy & 1u);
    fields.drainedBy = values[DrainedBy];

    const QByteArrayView status = values[Status];
    if (isOdd(Status) || status.isEmpty() || !isText(status)) {
        bad = true;
    } else {
        fields.status = statusFromText(status);
        if (fields.status == WorkerStatus::Other)
            fields.statusText = status.first(qMin(status.size(), longestWord));
    }
    const bool typedId = id.contains(':');
    if (!values[BrowserType].isEmpty() && isText(values[BrowserType]))
        fields.type = values[BrowserType].first(qMin(values[BrowserType].size(), longestWord));
    else if (typedId)
        fields.type = id.first(qMin(id.indexOf(':'), longestWord));
    if (!typedId)
        fields.flags |= WorkerFlag::Untyped;
    // Fleets before 0.1.0 have no browserType, so only an unreadable one is a fault.
    fields.typeOdd = !(missing >> BrowserType & 1u) && values[BrowserType] != fields.type;
    bad = bad || fields.typeOdd;
    fields.host = endpointHost(values[Endpoint]);
    if (fields.host.isEmpty())
        bad = true;
    if (bad)
        fields.flags |= WorkerFlag::BadField;
    if (large)
        fields.flags |= WorkerFlag::TooLarge;

    size_t hash = qHash(fields.type, 7);
    hash = qHash(fields.host, hash);
    hash = qHash(fields.statusText, hash);
    hash = qHash(fields.drainedBy, hash);
    hash = qHashMulti(hash, fields.startedAt, fields.flags.toInt(), missing, large);
    fields.textHash = hash | 1;
    return fields;
}

WorkerText workerText(WorkerNumber number, const QByteArray &id, const WorkerFields &fields)
{
    WorkerText text;
    text.number = number;
    text.id = id;
    text.type = fields.type.toByteArray();
    text.host = fields.host.toByteArray();
    text.statusText = fields.statusText.toByteArray();
    text.startedAt = fields.startedAt;
    text.drainedBy = plainText(fields.drainedBy, longestBy);
    if (fields.wrongType)
        text.problems.append(WorkerTexts::tr("the key is not a hash"));
    else if (fields.flags.testFlag(WorkerFlag::BadField) && fields.host.isEmpty())
        text.problems.append(WorkerTexts::tr("endpoint is missing or not an address"));
    if (!fields.wrongType && fields.present) {
        if (fields.typeOdd)
            text.problems.append(WorkerTexts::tr("browserType is not a word"));
        if (fields.startedAt == 0)
            text.problems.append(WorkerTexts::tr("startedAt is missing or not a time"));
        if (fields.lastHeartbeat == 0)
            text.problems.append(WorkerTexts::tr("lastHeartbeat is missing or not a time"));
        if (fields.status == WorkerStatus::Missing)
            text.problems.append(WorkerTexts::tr("status is missing or not a word"));
        if (fields.flags.testFlag(WorkerFlag::TooLarge))
            text.problems.append(WorkerTexts::tr("a field is larger than 256 bytes and was not kept"));
    }
    return text;
}

void addDrainNote(WorkerText *text, QByteArrayView drainedAt, QByteArrayView drainReason)
{
    text->drainedAt = moment(drainedAt);
    text->drainReason = plainText(drainReason, longestReason);
}

} // namespace pulsedeck
