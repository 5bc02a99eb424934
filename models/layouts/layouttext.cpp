// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layouttext.h"

namespace pulsedeck {

namespace {

bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// The length of a name that begins at \a from and is followed by a closing brace; 0 if there is none.
qsizetype nameLength(QByteArrayView text, qsizetype from)
{
    qsizetype end = from;
    while (end < text.size() && isNameByte(text[end]))
        ++end;
    const bool closed = end < text.size() && text[end] == '}';
    return closed && end > from && text[from] >= 'a' && text[from] <= 'z' ? end - from : 0;
}

} // namespace

LayoutText::LayoutText(QByteArrayView text)
    : m_written(text.toByteArray())
{
    QByteArray plain;
    for (qsizetype i = 0; i < text.size();) {
        const qsizetype length = text[i] == '{' ? nameLength(text, i + 1) : 0;
        if (length == 0) {
            plain.append(text[i++]);
            continue;
        }
        if (!plain.isEmpty())
            m_parts.push_back({plain, false});
        plain.clear();
        m_parts.push_back({text.sliced(i + 1, length).toByteArray(), true});
        i += length + 2;
    }
    if (!plain.isEmpty())
        m_parts.push_back({plain, false});
}

QByteArrayList LayoutText::variables() const
{
    QByteArrayList names;
    for (const Part &part : m_parts) {
        if (part.variable && !names.contains(part.text))
            names.append(part.text);
    }
    return names;
}

QByteArray LayoutText::resolve(const LayoutVariables &values) const
{
    QByteArray text;
    for (const Part &part : m_parts)
        text += part.variable ? values.value(part.text) : part.text;
    return text;
}

LayoutText LayoutText::with(QByteArrayView name, const QByteArray &value) const
{
    LayoutText text = *this;
    text.m_written.clear();
    for (Part &part : text.m_parts) {
        if (part.variable && part.text == name)
            part = {value, false};
        text.m_written += part.variable ? '{' + part.text + '}' : part.text;
    }
    return text;
}

QByteArray LayoutText::fixedStart(const LayoutVariables &values) const
{
    QByteArray text;
    for (const Part &part : m_parts) {
        if (part.variable && !values.contains(part.text))
            break;
        text += part.variable ? values.value(part.text) : part.text;
    }
    return text;
}

} // namespace pulsedeck
