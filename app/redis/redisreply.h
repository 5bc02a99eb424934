// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QCoreApplication>
#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

struct redisReader;

namespace pulsedeck {

class RedisReader;

/// One node of a reply, valid only while the handler it was given to runs: the bytes lie in the reader's own memory.
/// Copy what is to be kept. Cheap to pass by value; never null.
class RedisReply
{
public:
    enum class Type : quint8 { Nil, Integer, String, Status, Error, Array };

    RedisReply() = default; ///< Nil.

    Type type() const;
    bool isNil() const { return type() == Type::Nil; }
    bool isError() const { return type() == Type::Error; }
    bool isArray() const { return type() == Type::Array; }
    bool isText() const { return type() == Type::String || type() == Type::Status; }
    /// A string that was too large to be kept: nothing of it is here, and type() is Nil.
    bool isTooLarge() const;

    /// The bytes of a String, Status or Error; empty for the others.
    QByteArrayView bytes() const;
    /// The value of an Integer, or of a String that is a whole decimal number; \a fallback otherwise.
    qint64 toInteger(qint64 fallback = 0) const;
    /// Number of elements of an Array, 0 for the others.
    int size() const;
    /// Element \a index of an Array; Nil when there is none.
    RedisReply at(int index) const;

private:
    friend class RedisReader;
    RedisReply(const RedisReader *reader, quint32 node)
        : m_reader(reader)
        , m_node(node)
    { }

    const RedisReader *m_reader = nullptr;
    quint32 m_node = 0;
};

/// hiredis' protocol reader, building replies into two flat vectors that are used again for each reply, so that
/// reading a reply allocates nothing. Not thread-safe; used by one connection.
class RedisReader
{
    Q_DECLARE_TR_FUNCTIONS(RedisReader)

public:
    /// The longest string Redis makes; a longer one that is announced is no Redis talking.
    static constexpr qint64 longestString = 512LL * 1024 * 1024;

    /// \a maxReplyBytes bounds one reply, headers and nested elements included. With \a maxStringBytes a longer string, or one
    /// that does not fit into what is left of the bound, costs nothing but itself: its bytes are passed over as they come, and
    /// RedisReply::isTooLarge() tells. Without (0) it ends the reading.
    explicit RedisReader(qint64 maxReplyBytes, qint64 maxStringBytes = 0);
    ~RedisReader();
    RedisReader(const RedisReader &) = delete;
    RedisReader &operator=(const RedisReader &) = delete;

    enum class Result { NeedMore, Ready, Broken };

    /// Adds bytes from the socket. They may be split and merged anyhow.
    void feed(QByteArrayView bytes);
    /// Ready: reply() is the next whole reply until the next call. Broken: error() says why, and nothing more can be
    /// read.
    Result next();
    RedisReply reply() const;
    /// A reply has begun that is not whole yet.
    bool isAmid() const;
    /// In words: what is wrong with the bytes, or that a reply is larger than the bound.
    QString error() const { return m_error; }
    bool isOversize() const { return m_oversize; }
    /// Forgets everything, for a new connection.
    void reset();
    /// Bytes it holds on to; a huge reply's are given back before the next one is read.
    qint64 memory() const;

    /// One element of a reply in the flat tree; internal, public for hiredis' callbacks.
    struct Node
    {
        RedisReply::Type type = RedisReply::Type::Nil;
        qint64 value = 0; ///< Integer value, or offset of the bytes.
        quint32 length = 0; ///< Number of bytes, or of elements.
        quint32 firstChild = 0; ///< For an array: index of the first of its element slots in children.
        bool tooLarge = false; ///< A string that was passed over.
    };

private:
    friend class RedisReply;
    struct Builder;

    QByteArrayView passOver(QByteArrayView bytes);

    std::unique_ptr<Builder> m_builder;
    QString m_error;
    bool m_oversize = false;
};

} // namespace pulsedeck
