// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/protobufrecord.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <span>

namespace pulsedeck {

namespace {

enum class FieldKind : quint8 {
    Text,
    Number,
    Seconds, ///< A message of a time, whose first field is Unix seconds.
    Names, ///< Repeated messages, whose first field is a name.
};

struct FieldRow
{
    quint64 number;
    const char *name;
    FieldKind kind;
};

constexpr auto serverInfo = std::to_array<FieldRow>({{1, "host", FieldKind::Text},
                                                     {2, "pid", FieldKind::Number},
                                                     {3, "server", FieldKind::Text},
                                                     {4, "concurrency", FieldKind::Number},
                                                     {5, "queues", FieldKind::Names},
                                                     {7, "status", FieldKind::Text},
                                                     {8, "start", FieldKind::Seconds},
                                                     {9, "active", FieldKind::Number}});

/// Reads the fields of one message after another.
class WireReader
{
public:
    enum Wire : quint8 { Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5 };

    explicit WireReader(QByteArrayView bytes)
        : m_rest(bytes)
    { }

    bool isAtEnd() const { return m_rest.isEmpty(); }
    quint64 number() const { return m_number; }
    quint8 wire() const { return m_wire; }
    quint64 value() const { return m_value; } ///< Of a varint.
    QByteArrayView bytes() const { return m_bytes; } ///< Of what has a length.

    /// False if the bytes are no message.
    bool next()
    {
        quint64 tag = 0;
        constexpr quint64 wireBits = 7;
        constexpr int wireWidth = 3;
        if (!takeVarint(&tag) || tag >> wireWidth == 0)
            return false;
        m_number = tag >> wireWidth;
        m_wire = quint8(tag & wireBits);
        quint64 length = 0;
        switch (m_wire) {
        case Varint:
            return takeVarint(&m_value);
        case Fixed64:
            length = sizeof(quint64);
            break;
        case Fixed32:
            length = sizeof(quint32);
            break;
        case Delimited:
            if (!takeVarint(&length))
                return false;
            break;
        default:
            return false;
        }
        if (length > quint64(m_rest.size()))
            return false;
        m_bytes = m_rest.first(qsizetype(length));
        m_rest = m_rest.sliced(qsizetype(length));
        return true;
    }

private:
    bool takeVarint(quint64 *value)
    {
        constexpr int groupBits = 7;
        constexpr int mostBits = 64;
        constexpr quint8 more = 0x80;
        *value = 0;
        for (int shift = 0; shift < mostBits && !m_rest.isEmpty(); shift += groupBits) {
            const quint8 byte = quint8(m_rest.front());
            m_rest = m_rest.sliced(1);
            *value |= quint64(byte & (more - 1)) << shift;
            if (!(byte & more))
                return true;
        }
        return false;
    }

    QByteArrayView m_rest;
    QByteArrayView m_bytes;
    quint64 m_number = 0;
    quint64 m_value = 0;
    quint8 m_wire = 0;
};

/// The first field of an inner message, which is of that form; nothing where it is no message.
std::optional<WireReader> firstField(QByteArrayView message, quint8 wire)
{
    WireReader reader(message);
    while (!reader.isAtEnd()) {
        if (!reader.next())
            return std::nullopt;
        if (reader.number() == 1 && reader.wire() == wire)
            return reader;
    }
    return WireReader({}); // It is not there: zero, or no text.
}

bool takeField(const FieldRow &row, const WireReader &reader, QJsonObject *fields)
{
    const QString name = QString::fromLatin1(row.name);
    const bool isNumber = row.kind == FieldKind::Number;
    if (reader.wire() != (isNumber ? WireReader::Varint : WireReader::Delimited))
        return false;
    switch (row.kind) {
    case FieldKind::Text:
        fields->insert(name, QString::fromUtf8(reader.bytes()));
        return true;
    case FieldKind::Number:
        fields->insert(name, qint64(reader.value()));
        return true;
    case FieldKind::Seconds: {
        const auto seconds = firstField(reader.bytes(), WireReader::Varint);
        fields->insert(name, seconds ? qint64(seconds->value()) : 0);
        return seconds.has_value();
    }
    case FieldKind::Names: {
        const auto first = firstField(reader.bytes(), WireReader::Delimited);
        QJsonArray names = fields->value(name).toArray();
        if (first && names.size() < ProtobufRecord::mostRepeated)
            names.append(QString::fromUtf8(first->bytes()));
        fields->insert(name, names);
        return first.has_value();
    }
    }
    return false;
}

std::span<const FieldRow> rowsOf(const QString &schema)
{
    return schema == QLatin1StringView("asynq.ServerInfo") ? std::span<const FieldRow>(serverInfo) : std::span<const FieldRow>();
}

} // namespace

bool ProtobufRecord::knows(const QString &schema)
{
    return !rowsOf(schema).empty();
}

std::optional<QJsonObject> ProtobufRecord::read(const QString &schema, QByteArrayView bytes)
{
    const std::span<const FieldRow> rows = rowsOf(schema);
    QJsonObject fields;
    for (const FieldRow &row : rows) {
        if (row.kind == FieldKind::Number)
            fields.insert(QString::fromLatin1(row.name), 0);
    }
    WireReader reader(bytes);
    while (!reader.isAtEnd()) {
        if (!reader.next())
            return std::nullopt;
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&reader](const FieldRow &one) { return one.number == reader.number(); });
        if (row != rows.end() && !takeField(*row, reader, &fields))
            return std::nullopt;
    }
    return rows.empty() ? std::nullopt : std::optional(fields);
}

} // namespace pulsedeck
