// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisreply.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace pulsedeck {

namespace {

constexpr quint32 noNode = std::numeric_limits<quint32>::max();

// A line (a status, an error, a number, a header) is searched for its end from its start each time bytes arrive, so a
// peer that never ends one would cost more and more. No Redis writes lines anywhere near this long.
constexpr qint64 longestLine = 65'536;

// Memory kept for the next reply; what a larger one took is given back before the next is read.
constexpr size_t keptBytes = 262'144;

template <typename Vector> void startAnew(Vector &vector)
{
    if (vector.capacity() * sizeof(typename Vector::value_type) > keptBytes)
        Vector().swap(vector);
    else
        vector.clear();
}

} // namespace

// hiredis calls back for each element, parents before children. An object is a node's number plus one, as a pointer,
// because hiredis takes a null pointer for "out of memory".
struct RedisReader::Builder
{
    enum class Trouble { None, TooLarge, BadEnd };

    redisReplyObjectFunctions functions{};
    redisReader *reader = nullptr;
    std::vector<Node> nodes;
    std::vector<quint32> children; ///< Element slots of all arrays: numbers of nodes.
    std::vector<char> text;
    qint64 maxBytes = 0;
    qint64 maxString = 0; ///< 0: no string is passed over.
    qint64 toPassOver = 0; ///< Bytes still to come of a string that is too large, its two last ones included.
    bool standIn = false; ///< The nil that comes next stands for such a string.
    qint64 fed = 0;
    qint64 endOfLast = 0; ///< Of all bytes fed, how many belonged to finished replies.
    Trouble trouble = Trouble::None;
    bool finished = true; ///< The nodes are a whole reply, or nothing: the next one starts again.

    Builder(qint64 max, qint64 longest)
        : maxBytes(max)
        , maxString(longest)
    {
        functions.createString = &Builder::createString;
        functions.createArray = &Builder::createArray;
        functions.createInteger = &Builder::createInteger;
        functions.createNil = &Builder::createNil;
        functions.freeObject = [](void *) {};
        open();
    }
    ~Builder() { redisReaderFree(reader); }
    Builder(const Builder &) = delete;
    Builder &operator=(const Builder &) = delete;

    void open()
    {
        reader = redisReaderCreateWithFunctions(&functions);
        Q_CHECK_PTR(reader);
        reader->privdata = this;
    }

    void close()
    {
        redisReaderFree(reader);
        reader = nullptr;
        std::vector<Node>().swap(nodes);
        std::vector<quint32>().swap(children);
        std::vector<char>().swap(text);
    }

    qint64 unread() const { return qint64(reader->len - reader->pos); }
    /// Bytes of the reply under way that have been taken, plus the memory of the elements it has or has promised.
    qint64 taken() const { return fed - unread() - endOfLast + qint64(children.size()) * qint64(sizeof(Node) + sizeof(quint32)); }

    static Builder *of(const redisReadTask *task) { return static_cast<Builder *>(task->privdata); }

    static void *add(const redisReadTask *task, const Node &node)
    {
        Builder *self = of(task);
        const auto number = quint32(self->nodes.size());
        self->nodes.push_back(node);
        if (task->parent) {
            const auto parent = size_t(reinterpret_cast<quintptr>(task->parent->obj) - 1);
            self->children[self->nodes[parent].firstChild + size_t(task->idx)] = number;
        }
        return reinterpret_cast<void *>(quintptr(number) + 1);
    }

    static void *createString(const redisReadTask *task, char *bytes, size_t length)
    {
        Builder *self = of(task);
        // hiredis steps over the two bytes that end an item without looking at them.
        if (bytes[length] != '\r' || bytes[length + 1] != '\n') {
            self->trouble = Trouble::BadEnd;
            return nullptr;
        }
        Node node;
        if (self->maxString > 0 && qint64(length) > self->maxString) {
            node.tooLarge = true; // It came whole, and counts no less for that.
            return add(task, node);
        }
        node.type = task->type == REDIS_REPLY_STRING   ? RedisReply::Type::String
                    : task->type == REDIS_REPLY_STATUS ? RedisReply::Type::Status
                                                       : RedisReply::Type::Error;
        node.value = qint64(self->text.size());
        node.length = quint32(length);
        self->text.insert(self->text.end(), bytes, bytes + length);
        return add(task, node);
    }

    // The type of the count differs between hiredis 0.14 and 1.0.
    template <typename Count> static void *createArray(const redisReadTask *task, Count count)
    {
        Builder *self = of(task);
        // The count is only a promise so far: it must fit into the bound before anything is set aside for it.
        const qint64 room = (self->maxBytes - self->taken()) / qint64(sizeof(Node) + sizeof(quint32));
        if (qint64(count) > room) {
            self->trouble = Trouble::TooLarge;
            return nullptr;
        }
        Node node;
        node.type = RedisReply::Type::Array;
        node.length = quint32(count);
        node.firstChild = quint32(self->children.size());
        self->children.resize(self->children.size() + size_t(count), noNode);
        return add(task, node);
    }

    static void *createInteger(const redisReadTask *task, long long value)
    {
        Node node;
        node.type = RedisReply::Type::Integer;
        node.value = value;
        return add(task, node);
    }

    static void *createNil(const redisReadTask *task)
    {
        Node node;
        node.tooLarge = std::exchange(of(task)->standIn, false);
        return add(task, node);
    }

    struct Header
    {
        qint64 length = -1; ///< -1: there is none.
        qint64 size = 0; ///< With the end of its line.
    };

    /// The header of a string, when the unread bytes begin with one. Any other finished line would have been taken already, so
    /// digits and a line end are the length of a string.
    Header stringAhead() const
    {
        const char *begin = reader->buf + reader->pos;
        const char *end = reader->buf + reader->len;
        qint64 length = 0;
        const auto [stop, status] = std::from_chars(begin, end, length);
        if (stop == begin || end - stop < 2 || stop[0] != '\r' || stop[1] != '\n')
            return {};
        return {status == std::errc::result_out_of_range ? std::numeric_limits<qint64>::max() : length, stop + 2 - begin};
    }

    bool hugeStringAhead() const { return stringAhead().length > maxBytes - taken(); }

    /// Puts a nil in the place of a string that is too large, so that the reader goes on behind it.
    bool passOverAhead()
    {
        const Header header = stringAhead();
        const bool tooLarge = header.length > maxString || header.length > maxBytes - taken();
        if (maxString == 0 || toPassOver > 0 || !tooLarge || header.length > longestString)
            return false;
        const qint64 here = unread() - header.size;
        toPassOver = header.length + 2 - here;
        if (toPassOver <= 0)
            return false; // It is all here, and will be taken or refused as it is.
        fed -= unread();
        reader->pos = reader->len;
        standIn = true;
        static constexpr QByteArrayView nil("-1\r\n");
        if (redisReaderFeed(reader, nil.data(), size_t(nil.size())) != REDIS_OK)
            return false;
        fed += nil.size();
        return true;
    }

    /// True when the unread bytes are a line without an end that is longer than any line can be.
    bool endlessLine() const
    {
        if (unread() <= longestLine)
            return false;
        return QByteArrayView(reader->buf + reader->pos, longestLine).indexOf("\r\n") < 0;
    }
};

RedisReader::RedisReader(qint64 maxReplyBytes, qint64 maxStringBytes)
    : m_builder(std::make_unique<Builder>(std::clamp<qint64>(maxReplyBytes, 1024, std::numeric_limits<qint32>::max()),
                                          qMax<qint64>(0, maxStringBytes)))
{ }

RedisReader::~RedisReader() = default;

void RedisReader::feed(QByteArrayView bytes)
{
    if (!m_error.isEmpty())
        return;
    bytes = passOver(bytes);
    if (bytes.isEmpty() || !m_error.isEmpty())
        return;
    if (redisReaderFeed(m_builder->reader, bytes.data(), size_t(bytes.size())) == REDIS_OK)
        m_builder->fed += bytes.size();
    else
        m_error = tr("there is not enough memory for what the server sends");
}

/// What is left behind the bytes of a string that is too large.
QByteArrayView RedisReader::passOver(QByteArrayView bytes)
{
    Builder &b = *m_builder;
    if (b.toPassOver == 0)
        return bytes;
    const qsizetype count = qsizetype(qMin<qint64>(b.toPassOver, bytes.size()));
    // The last two are the end of the string, or the bytes are not what their header says.
    for (qsizetype i = qMax<qsizetype>(0, b.toPassOver - 2); i < count; ++i) {
        if (bytes[i] != (b.toPassOver - i == 2 ? '\r' : '\n')) {
            m_error = tr("a string does not end where its length says");
            b.close();
            return {};
        }
    }
    b.toPassOver -= count;
    return bytes.sliced(count);
}

RedisReader::Result RedisReader::next()
{
    if (!m_error.isEmpty())
        return Result::Broken;

    Builder &b = *m_builder;
    if (b.finished) {
        startAnew(b.nodes);
        startAnew(b.children);
        startAnew(b.text);
        b.finished = false;
    }

    void *object = nullptr;
    int status = redisReaderGetReply(b.reader, &object);
    while (status == REDIS_OK && !object && b.passOverAhead())
        status = redisReaderGetReply(b.reader, &object);
    const bool broken = status != REDIS_OK;
    if (!broken && object && !b.nodes.empty()) {
        if (b.taken() <= b.maxBytes) {
            b.endOfLast = b.fed - b.unread();
            b.finished = true;
            return Result::Ready;
        }
        m_oversize = true;
    } else if (!broken && !object) {
        m_oversize = b.taken() + b.unread() > b.maxBytes || b.hugeStringAhead();
        if (!m_oversize && !b.endlessLine())
            return Result::NeedMore;
    }

    m_oversize = m_oversize || b.trouble == Builder::Trouble::TooLarge;
    if (m_oversize)
        m_error = tr("a reply is larger than the limit of %1 KB").arg(b.maxBytes / 1024);
    else if (b.trouble == Builder::Trouble::BadEnd)
        m_error = tr("a string does not end where its length says");
    else if (broken)
        m_error = QString::fromLatin1(b.reader->errstr);
    else if (object)
        m_error = tr("a reply of RESP3 came, which was not asked for");
    else
        m_error = tr("a line is longer than %1 KB").arg(longestLine / 1024);
    b.close();
    return Result::Broken;
}

bool RedisReader::isAmid() const
{
    return m_builder->fed != m_builder->endOfLast;
}

RedisReply RedisReader::reply() const
{
    return m_builder->finished && !m_builder->nodes.empty() ? RedisReply(this, 0) : RedisReply();
}

void RedisReader::reset()
{
    m_error.clear();
    m_oversize = false;
    m_builder = std::make_unique<Builder>(m_builder->maxBytes, m_builder->maxString);
}

qint64 RedisReader::memory() const
{
    const Builder &b = *m_builder;
    size_t bytes = b.nodes.capacity() * sizeof(Node) + b.children.capacity() * sizeof(quint32) + b.text.capacity();
    if (b.reader)
        bytes += b.reader->len;
    return qint64(bytes);
}

RedisReply::Type RedisReply::type() const
{
    return m_reader ? m_reader->m_builder->nodes[m_node].type : Type::Nil;
}

bool RedisReply::isTooLarge() const
{
    return m_reader && m_reader->m_builder->nodes[m_node].tooLarge;
}

QByteArrayView RedisReply::bytes() const
{
    if (!m_reader)
        return {};
    const auto &node = m_reader->m_builder->nodes[m_node];
    if (node.type != Type::String && node.type != Type::Status && node.type != Type::Error)
        return {};
    return QByteArrayView(m_reader->m_builder->text.data() + node.value, node.length);
}

qint64 RedisReply::toInteger(qint64 fallback) const
{
    if (!m_reader)
        return fallback;
    const auto &node = m_reader->m_builder->nodes[m_node];
    if (node.type == Type::Integer)
        return node.value;
    if (node.type != Type::String)
        return fallback;
    const QByteArrayView text = bytes();
    qint64 value = 0;
    const auto [stop, status] = std::from_chars(text.begin(), text.end(), value);
    return status == std::errc() && stop == text.end() ? value : fallback;
}

int RedisReply::size() const
{
    if (!m_reader)
        return 0;
    const auto &node = m_reader->m_builder->nodes[m_node];
    return node.type == Type::Array ? int(node.length) : 0;
}

RedisReply RedisReply::at(int index) const
{
    if (index < 0 || index >= size())
        return {};
    const auto &builder = *m_reader->m_builder;
    const quint32 node = builder.children[builder.nodes[m_node].firstChild + size_t(index)];
    return node == noNode ? RedisReply() : RedisReply(m_reader, node);
}

} // namespace pulsedeck
