// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/linereader.h"

#include <QSocketNotifier>

#include <cerrno>
#include <unistd.h>

namespace pulsedeck::fleet {

namespace {

constexpr qsizetype longestLine = 4096;

} // namespace

LineReader::LineReader(int descriptor, QObject *parent)
    : QObject(parent)
    , m_descriptor(descriptor)
    , m_notifier(new QSocketNotifier(descriptor, QSocketNotifier::Read, this))
{
    connect(m_notifier, &QSocketNotifier::activated, this, &LineReader::read);
}

void LineReader::read()
{
    char bytes[4096];
    const auto count = ::read(m_descriptor, bytes, sizeof bytes); // The notifier says that this does not block.
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (count <= 0) {
        m_notifier->setEnabled(false);
        return;
    }
    m_rest.append(bytes, qsizetype(count));
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
        const QByteArray whole = m_rest.left(end);
        m_rest.remove(0, end + 1);
        emit line(whole);
    }
    if (m_rest.size() > longestLine)
        m_rest.clear();
}

} // namespace pulsedeck::fleet
