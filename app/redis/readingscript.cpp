// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/readingscript.h"

#include "app/redis/scriptcall.h"

namespace pulsedeck {

namespace {

constexpr qint64 refusedForMs = 60'000;

} // namespace

ReadingScript::ReadingScript(RedisSession &session, const char *name)
    : m_session(session)
    , m_text(readingScript(name))
{ }

void ReadingScript::call(const std::vector<QByteArray> &keys, const std::vector<QByteArray> &arguments,
                         std::function<void(const RedisReply &)> take, std::function<void()> ended)
{
    const qint64 now = m_session.now();
    if (m_refusedAt > 0 && now - m_refusedAt < refusedForMs && now >= m_refusedAt) {
        if (ended)
            ended();
        return;
    }
    const QByteArray count = QByteArray::number(keys.size());
    std::vector<QByteArrayView> words{m_old ? "EVAL" : "EVAL_RO", m_text, count};
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    m_session.ask(words, [this, keys, arguments, take = std::move(take), ended = std::move(ended)](const RedisAnswer &answer) {
        const QByteArrayView said = answer.reply.isError() ? answer.reply.bytes() : QByteArrayView();
        if (!m_old && said.contains("unknown command")) {
            m_old = true;
            call(keys, arguments, take, ended);
            return;
        }
        if (answer.ok()) {
            m_refusedAt = 0;
            take(answer.reply);
        } else if (refusalOf(said) == Refusal::NotPermitted || said.contains("unknown command")) {
            m_refusedAt = m_session.now();
        }
        if (ended)
            ended();
    });
}

} // namespace pulsedeck
