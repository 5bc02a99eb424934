// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/pushverifier.h"

#include "app/redis/serveridentity.h"

#include <QRandomGenerator>

namespace pulsedeck {

namespace {

bool isAnswered(const RedisAnswer &answer)
{
    return answer.ok() || answer.outcome == RedisAnswer::Outcome::Error;
}

void compareRunIds(RedisConnection &main, const QString &pushRunId, const PushVerifier::Answer &answer)
{
    if (pushRunId.isEmpty()) {
        answer(PushVerifier::Verdict::Unknown);
        return;
    }
    main.request({"INFO", "server"}, [pushRunId, answer](const RedisAnswer &info) {
        if (!isAnswered(info))
            return;
        const QString runId = info.ok() ? ServerIdentity::fromInfo(info.reply.bytes()).runId : QString();
        answer(runId.isEmpty()      ? PushVerifier::Verdict::Unknown
               : runId == pushRunId ? PushVerifier::Verdict::Same
                                    : PushVerifier::Verdict::Other);
    });
}

} // namespace

QByteArray PushVerifier::makeName(const QByteArray &base)
{
    return base + "-push-" + QByteArray::number(QRandomGenerator::system()->generate64(), 16);
}

PushVerifier::Verdict PushVerifier::judgeList(QByteArrayView list, qint64 id, QByteArrayView name)
{
    // One line a client: "id=7 addr=10.1.2.3:53412 … name=pulsedeck-push-1f age=0 …". No name holds a space.
    const QByteArray number = "id=" + QByteArray::number(id) + ' ';
    if (!list.startsWith(number))
        return Verdict::Other;
    const QByteArrayView key(" name=");
    const qsizetype at = list.indexOf(key);
    if (at < 0)
        return Verdict::Unknown;
    QByteArrayView found = list.sliced(at + key.size());
    if (const qsizetype end = found.indexOf(' '); end >= 0)
        found = found.first(end);
    if (found == name)
        return Verdict::Same;
    return found.isEmpty() ? Verdict::Unknown : Verdict::Other;
}

void PushVerifier::verify(RedisConnection &main, const RedisConnection &push, const QByteArray &name, Answer answer)
{
    const qint64 id = push.clientId();
    const QString runId = ServerIdentity::fromInfo(push.serverInfo()).runId;
    main.request({"CLIENT", "LIST", "ID", QByteArray::number(id)},
                 [&main, id, name, runId, answer = std::move(answer)](const RedisAnswer &list) {
                     if (!isAnswered(list))
                         return;
                     const Verdict verdict = list.ok() ? judgeList(list.reply.bytes(), id, name) : Verdict::Unknown;
                     if (verdict == Verdict::Unknown)
                         compareRunIds(main, runId, answer);
                     else
                         answer(verdict);
                 });
}

} // namespace pulsedeck
