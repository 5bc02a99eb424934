// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/sources/connectiontest.h"

#include <QThread>

#include <vector>

namespace pulsedeck {

class SecretStore;
class WriteAccess;

/// Tests settings for the connect dialog by probes, on a thread of their own: a test never waits for a running source, nor the
/// other way round. A token is found as for a connect. GUI thread.
class ProbeThread : public ConnectionTester
{
public:
    /// \a secrets may be null, \a access too: then rights are always tested. Both outlive this. \a wholeMs is for a whole test,
    /// looking for the token included.
    explicit ProbeThread(SecretStore *secrets = nullptr, const WriteAccess *access = nullptr, int wholeMs = limitMs);
    /// The tests it has started are to be deleted before.
    ~ProbeThread() override;

    /// Of systems that may live in a Redis, for tests that are started from now on; at first the built-in ones.
    void setLayouts(const std::vector<Layout> &layouts) { m_layouts = layouts; }
    ConnectionTest *start(const SourceSettings &settings, QObject *parent, int listenMs = 0) override;

private:
    SecretStore *m_secrets;
    const WriteAccess *m_access;
    const int m_limitMs;
    std::vector<Layout> m_layouts;
    QThread m_thread;
    QObject *m_context; ///< On that thread.
};

} // namespace pulsedeck
