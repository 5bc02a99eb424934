// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/output.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace pulsedeck {

using namespace Qt::StringLiterals;

Output::Output()
{
    std::signal(SIGPIPE, SIG_IGN);
}

Output::Result Output::write(const QByteArray &bytes)
{
    qsizetype at = 0;
    while (at < bytes.size()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.constData() + at, size_t(bytes.size() - at));
        if (written >= 0) {
            at += written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            // Whoever gave us the descriptor made it non-blocking.
            pollfd descriptor{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&descriptor, 1, -1);
        } else if (errno == EPIPE) {
            return Result::ReaderGone;
        } else if (errno != EINTR) {
            m_error = QString::fromLocal8Bit(std::strerror(errno));
            return Result::Failed;
        }
    }
    return Result::Written;
}

CtlExit Output::print(const QByteArray &bytes, CtlExit code)
{
    if (write(bytes) != Result::Failed)
        return code;
    complain(m_error);
    return CtlExit::Usage;
}

void Output::complain(const QString &line)
{
    const QByteArray bytes = QString(u"pulsedeckctl: "_s + line + u'\n').toUtf8();
    // Nothing can be done about a failure here.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, bytes.constData(), size_t(bytes.size()));
}

} // namespace pulsedeck
