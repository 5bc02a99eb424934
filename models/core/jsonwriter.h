// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace pulsedeck {

/// Writes JSON as text, value after value, without building it in memory first: for output of many thousand objects. The bytes
/// are those of QJsonDocument in its compact form if the members of an object come in the order of their names. Appends to a
/// byte array that outlives it. The caller closes what it opens. Any thread.
class JsonWriter
{
public:
    /// What is escaped in texts: what JSON demands, or also all that is not printable, for a terminal.
    enum class Escapes : quint8 { Needed, Unprintable };

    explicit JsonWriter(QByteArray &out, Escapes escapes = Escapes::Needed)
        : m_out(out)
        , m_escapes(escapes)
    { }

    void beginObject() { open('{'); }
    void endObject() { close('}'); }
    void beginArray() { open('['); }
    void endArray() { close(']'); }

    /// Of the value that follows; plain ASCII.
    void name(QLatin1StringView name);
    void value(QStringView text);
    void value(const QString &text) { value(QStringView(text)); }
    /// UTF-8; invalid bytes become U+FFFD.
    void value(const QByteArray &text);
    void value(const QStringList &texts);
    void value(qint64 number);
    void value(qint32 number) { value(qint64(number)); }
    /// In as few digits as bring the same number back; one that is not finite is null.
    void value(double number);
    void value(bool value) { literal(value ? "true" : "false"); }
    void value(std::nullptr_t) { literal("null"); }
    void value(const char *) = delete;

    template <typename Value> void member(QLatin1StringView memberName, const Value &memberValue)
    {
        name(memberName);
        value(memberValue);
    }

private:
    void open(char bracket);
    void close(char bracket);
    /// Room for \a size bytes behind what is written, after a comma where one is due. What is not needed has to be cut off.
    char *room(qsizetype size);
    void literal(QByteArrayView text);

    QByteArray &m_out;
    const Escapes m_escapes;
    bool m_first = true; ///< No comma stands before what comes next.
};

} // namespace pulsedeck
