// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"
#include "models/layouts/layout.h"
#include "models/protocol/fleetbatch.h"

#include <optional>

namespace pulsedeck {

/// What one read of a worker's record said, as far as it changes with every beat.
struct RecordReading
{
    bool present = false; ///< Any value was there.
    bool gone = false; ///< It says that it has left.
    bool incomplete = false; ///< It lacks a field that every whole record has.
    WorkerStatus status = WorkerStatus::Missing;
    quint16 rule = 0; ///< Which status rule fitted, from 1 on; 0: none.
    WorkerFlags flags; ///< BadField, TooLarge, WrongType.
    qint64 stamp = 0; ///< Time of the last beat as the record has it, Unix ms; 0 if there is none.
    qint32 busy = unknownValue;
    qint32 processed = unknownValue;
    QByteArray queue; ///< Of the job at work, where the layout says that a field names it.
    size_t textHash = 0; ///< Changes when anything of WorkerText would, its memory by at least about a MiB; never 0.
};

/// Reads records as one tier of a layout has them. Which fields are asked for, where each value is and which rules apply is
/// worked out once; a read then compares bytes, and JSON in a field is parsed only where a rule needs it or when its bytes have
/// changed. Trusts nothing: any value may be missing, enormous, no number, no text. Lives on the I/O thread.
class RecordReader
{
public:
    static constexpr qsizetype longestText = 16 * 1024; ///< Bytes of one value; a longer one is named and not read.

    explicit RecordReader(const Layout &layout, int tier = 0);

    /// The fields of the hash that are to be asked for, in their order; bytes of the reader.
    const std::vector<QByteArrayView> &wanted() const { return m_wanted; }
    bool isText() const { return hasRecord() && m_record.type != LayoutRecord::Type::Hash; }
    bool hasRecord() const { return m_record.type != LayoutRecord::Type::None; }
    const LayoutText &key() const { return m_record.key; }
    /// The members that a script is to take out of the text in Redis; empty where it may be read.
    QByteArrayList secretMembers() const;

    /// \a reply: values in the order of wanted(), or one text. \a tooLarge has a bit per field that was not asked for.
    /// \a found: what else discovery gives with it, see LayoutPath::foundNames().
    RecordReading read(const RedisReply &reply, QByteArrayView id, QByteArrayView score, quint32 tooLarge,
                       const LayoutVariables &found = {}) const;
    /// The describing part, from the same reply.
    WorkerText describe(WorkerNumber number, const QByteArray &id, const RedisReply &reply, QByteArrayView score,
                        const RecordReading &reading, const LayoutVariables &found = {}) const;
    /// Whether an id can be a worker's.
    bool accepts(QByteArrayView id) const;
    bool hasStatus() const { return !m_layout.status.empty(); }
    /// Whether all workers of the system are paused, for rules that ask for it: none of these fits while it is not known. True if
    /// records say something else by it now.
    bool setAllPaused(std::optional<bool> paused);

private:
    struct Values;
    enum class Use : quint8 {
        None, ///< It is in no text: it may change with every beat.
        Memory, ///< Only as the memory of the process.
        Text,
    };
    Use useOf(const QByteArray &field) const;
    QByteArray first(const LayoutPaths &paths, Values &values) const;
    QByteArray named(QByteArrayView field, Values &values) const;
    QStringList listOf(QByteArrayView field, Values &values) const;
    bool fits(const LayoutCondition &condition, Values &values) const;
    qint32 count(QByteArrayView field, Values &values) const;
    qint32 busyCount(bool present, Values &values) const;
    LayoutUnit unitOf(QByteArrayView field) const;
    void want(const LayoutPaths &paths);
    bool isJson(const LayoutPath &path) const;
    bool isMessage() const { return m_record.type == LayoutRecord::Type::Protobuf; }
    const LayoutPaths *paths(QByteArrayView field) const { return m_record.paths(field); }

    const Layout m_layout;
    const LayoutRecord m_record;
    std::vector<QByteArray> m_fields;
    std::vector<QByteArrayView> m_wanted;
    std::optional<bool> m_allPaused;
    std::vector<Use> m_uses; ///< By field.
};

} // namespace pulsedeck
