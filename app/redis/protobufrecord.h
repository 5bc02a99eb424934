// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace pulsedeck {

/// Records that are protobuf messages, of the kinds that are built in: "asynq.ServerInfo". Takes the fields that tell of a worker
/// and passes over all others. A number that is not there is zero, as in protobuf. Trusts nothing: a message that is cut off or
/// no message at all is none. Pure; any thread.
class ProtobufRecord
{
public:
    static constexpr int mostRepeated = 64; ///< Of one field; further ones are passed over.

    static bool knows(const QString &schema);
    /// Its fields by name, texts, numbers and lists of texts; nothing where the bytes are no such message.
    static std::optional<QJsonObject> read(const QString &schema, QByteArrayView bytes);
};

} // namespace pulsedeck
