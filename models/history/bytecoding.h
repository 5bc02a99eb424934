// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstring>
#include <vector>

namespace pulsedeck {

/// Small numbers become small: 0, -1, 1, -2 … become 0, 1, 2, 3 …
constexpr quint64 zigzag(qint64 value)
{
    return (quint64(value) << 1) ^ quint64(value >> 63);
}
constexpr qint64 unzigzag(quint64 value)
{
    return qint64(value >> 1) ^ -qint64(value & 1);
}

/// Appends numbers and texts to a row of bytes, as ByteReader reads them. Numbers take seven bits a byte, the lowest first.
class ByteWriter
{
public:
    void byte(quint8 value) { m_bytes.push_back(value); }
    void number(quint64 value)
    {
        while (value >= 0x80) {
            m_bytes.push_back(quint8(value) | 0x80);
            value >>= 7;
        }
        m_bytes.push_back(quint8(value));
    }
    void signedNumber(qint64 value) { number(zigzag(value)); }
    void bytes(const void *data, size_t size)
    {
        const auto *from = static_cast<const quint8 *>(data);
        m_bytes.insert(m_bytes.end(), from, from + size);
    }
    void text(const QByteArray &value)
    {
        number(quint64(value.size()));
        bytes(value.constData(), size_t(value.size()));
    }
    void text(const QString &value) { text(value.toUtf8()); }

    size_t size() const { return m_bytes.size(); }
    void reserve(size_t size) { m_bytes.reserve(size); }
    std::vector<quint8> &buffer() { return m_bytes; }
    /// Valid until something is added.
    QByteArrayView view() const { return {reinterpret_cast<const char *>(m_bytes.data()), qsizetype(m_bytes.size())}; }
    QByteArray toByteArray() const { return view().toByteArray(); }

private:
    std::vector<quint8> m_bytes;
};

/// Reads what ByteWriter wrote. The bytes are not trusted: after the first that is missing or wrong isSound() is false, and every
/// value read is 0 or empty.
class ByteReader
{
public:
    explicit ByteReader(QByteArrayView bytes)
        : m_at(reinterpret_cast<const quint8 *>(bytes.data()))
        , m_end(m_at + bytes.size())
    { }

    quint8 byte()
    {
        if (m_at == m_end) {
            fail();
            return 0;
        }
        return *m_at++;
    }
    quint64 number()
    {
        if (m_at != m_end && *m_at < 0x80)
            return *m_at++;
        quint64 value = 0;
        for (int shift = 0; shift < 64 && m_at != m_end; shift += 7) {
            const quint8 byte = *m_at++;
            value |= quint64(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        fail();
        return 0;
    }
    qint64 signedNumber() { return unzigzag(number()); }
    /// How many items follow, each of at least \a leastBytes: never more than there is room for.
    size_t count(size_t leastBytes = 1)
    {
        const quint64 value = number();
        if (value > left() / leastBytes) {
            fail();
            return 0;
        }
        return size_t(value);
    }
    QByteArrayView view(size_t size)
    {
        if (size > left()) {
            fail();
            return {};
        }
        const QByteArrayView found(reinterpret_cast<const char *>(m_at), qsizetype(size));
        m_at += size;
        return found;
    }
    QByteArray text() { return view(count()).toByteArray(); }
    QString words() { return QString::fromUtf8(view(count())); }

    /// Takes \a count numbers if they are one and the same of a single byte, which is most of a column often; else none.
    bool takeSame(size_t count, quint64 *value)
    {
        if (count == 0 || count > left() || *m_at >= 0x80 || std::memcmp(m_at, m_at + 1, count - 1) != 0)
            return false;
        *value = *m_at;
        m_at += count;
        return true;
    }

    size_t left() const { return size_t(m_end - m_at); }
    bool isSound() const { return m_sound; }
    /// All was read, and nothing was wrong.
    bool isComplete() const { return m_sound && m_at == m_end; }
    void fail()
    {
        m_sound = false;
        m_at = m_end;
    }

private:
    const quint8 *m_at;
    const quint8 *m_end;
    bool m_sound = true;
};

} // namespace pulsedeck
