// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/simworker.h"

#include "app/simulator/seededrandom.h"

#include <cstring>

namespace pulsedeck::fleet {

namespace {

using Use = SeededRandom::Use;

/// Writes the 36 characters of a version 4 uuid.
void writeUuid(char *out, quint64 high, quint64 low)
{
    static constexpr char digits[] = "0123456789abcdef";
    high = (high & ~quint64(0xf000)) | 0x4000;
    low = (low & ~(quint64(3) << 62)) | (quint64(2) << 62);
    for (int i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *out++ = '-';
        const quint64 word = i < 16 ? high : low;
        *out++ = digits[(word >> (60 - 4 * (i % 16))) & 0xf];
    }
}

QByteArrayView typeOfSlot(quint32 slot, const SeededRandom &random)
{
    const double drawn = random.unit(Use::Type, slot);
    return drawn < 0.6 ? QByteArrayView("chromium:") : drawn < 0.85 ? QByteArrayView("firefox:") : QByteArrayView("webkit:");
}

} // namespace

void SimWorker::assume(quint32 slot, quint32 newOrdinal, bool withType, const SeededRandom &random)
{
    ordinal = newOrdinal;
    typed = withType;
    const QByteArrayView prefix = typed ? typeOfSlot(slot, random) : QByteArrayView();
    std::memcpy(m_key.data(), "worker:", 7);
    std::memcpy(m_commandKey.data(), "worker:cmd:", 11);
    if (!prefix.isEmpty())
        std::memcpy(m_key.data() + 7, prefix.data(), size_t(prefix.size()));
    writeUuid(m_key.data() + 7 + prefix.size(), random.bits(Use::Id, newOrdinal, 0), random.bits(Use::Id, newOrdinal, 1));
    idLength = quint8(prefix.size() + 36);
    std::memcpy(m_commandKey.data() + 11, m_key.data() + 7, idLength);
}

void SimWorker::clearProcess()
{
    beats = 0;
    skewMs = 0;
    sessions = 0;
    process = Process::None;
    mode = FailureMode::None;
    garbage = GarbageKind::None;
    draining = hung = late = pinned = cutOff = beatUnderway = commandHeard = false;
}

QByteArray endpointOf(quint32 slot, quint32 ordinal, const SeededRandom &random)
{
    const quint64 bits = random.bits(Use::Host, slot);
    char uuid[36];
    writeUuid(uuid, random.bits(Use::Secret, ordinal, 0), random.bits(Use::Secret, ordinal, 1));
    QByteArray endpoint;
    endpoint.reserve(80);
    endpoint += "ws://10.";
    endpoint += QByteArray::number(uint(bits & 0xff)) + '.';
    endpoint += QByteArray::number(uint((bits >> 8) & 0xff)) + '.';
    endpoint += QByteArray::number(uint(1 + (bits >> 16) % 254)) + ':';
    endpoint += QByteArray::number(uint(3000 + (bits >> 32) % 30'000));
    endpoint += "/playwright/";
    endpoint += QByteArrayView(uuid, 36);
    return endpoint;
}

} // namespace pulsedeck::fleet
