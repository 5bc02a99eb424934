// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/processguard.h"

#include <array>
#include <csignal>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace pulsedeck::fleet {

namespace {

// A signal handler may do little more than write a byte; who reads it runs in the event loop.
std::array<int, 2> signalPipe{-1, -1};
volatile pid_t guardedParent = 0;

void passOn(int number)
{
    const int saved = errno;
    const char byte = char(number);
    [[maybe_unused]] const auto written = write(signalPipe[1], &byte, 1); // Full: a signal of its kind waits already.
    errno = saved;
}

void endIfOrphaned(int)
{
    if (getppid() != guardedParent)
        _exit(0);
}

void install(int number, void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
}

} // namespace

ProcessGuard::ProcessGuard(QObject *parent)
    : QObject(parent)
{
    if (pipe2(signalPipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("No pipe for signals could be made");
    m_notifier = std::make_unique<QSocketNotifier>(signalPipe[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ProcessGuard::readPipe);
    for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2})
        install(number, passOn);
    install(SIGPIPE, SIG_IGN); // A reader of standard output that went away is no reason to leave keys behind.
}

ProcessGuard::~ProcessGuard()
{
    for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2})
        install(number, SIG_DFL);
    m_notifier.reset();
    close(signalPipe[0]);
    close(signalPipe[1]);
    signalPipe = {-1, -1};
}

bool ProcessGuard::bindToParent(qint64 parentPid)
{
    // The kernel tells a child when the *thread* that made it ends, which may be long before its process does, so the
    // signal is only the occasion to look whose child this is now. SIGHUP, because a lost terminal means the same.
    // prctl() does not report an end before it: hence the check afterwards.
    guardedParent = pid_t(parentPid);
    install(SIGHUP, endIfOrphaned);
    prctl(PR_SET_PDEATHSIG, SIGHUP);
    return getppid() == guardedParent;
}

void ProcessGuard::readPipe()
{
    char bytes[64];
    const auto count = read(signalPipe[0], bytes, sizeof bytes);
    for (ssize_t i = 0; i < count; ++i) {
        if (bytes[i] == SIGTERM || bytes[i] == SIGINT)
            emit stopAsked();
        else if (bytes[i] == SIGUSR1)
            emit nextFailureAsked();
        else if (bytes[i] == SIGUSR2)
            emit outageAsked();
    }
}

} // namespace pulsedeck::fleet
