// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/script.h"

#include <QFile>

namespace pulsedeck::fleet {

Script::Script(RedisConnection &link, const QString &path)
    : m_link(link)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("A resource is missing: %ls", qUtf16Printable(path));
    m_text = file.readAll();
}

void Script::load()
{
    m_hash.clear();
    m_link.request({"SCRIPT", "LOAD", m_text}, [this](const RedisAnswer &answer) {
        if (answer.ok())
            m_hash = answer.reply.bytes().toByteArray();
    });
}

void Script::call(std::initializer_list<QByteArrayView> keys, const std::vector<QByteArrayView> &arguments,
                  RedisConnection::Handler handler)
{
    const QByteArray keyCount = QByteArray::number(keys.size());
    m_words.clear();
    m_words.push_back(m_hash.isEmpty() ? QByteArrayView("EVAL") : QByteArrayView("EVALSHA"));
    m_words.push_back(m_hash.isEmpty() ? m_text : m_hash);
    m_words.push_back(keyCount);
    m_words.insert(m_words.end(), keys.begin(), keys.end());
    m_words.insert(m_words.end(), arguments.begin(), arguments.end());
    m_link.request(m_words, [this, forward = std::move(handler)](const RedisAnswer &answer) {
        if (answer.isError("NOSCRIPT"))
            load(); // SCRIPT FLUSH or another server behind the address: the next call works again.
        if (forward)
            forward(answer);
    });
}

} // namespace pulsedeck::fleet
