// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/timing/timingfiles.h"
#include "models/timing/timinglibrary.h"

#include <QThreadPool>

#include <functional>

namespace pulsedeck {

/// TimingFiles on the disk, one after the other on a thread of its own. Lives on the GUI thread; what is under way at
/// its end is waited for, since a file must not be left half replaced.
class DiskTimingFiles final : public TimingFiles
{
    Q_OBJECT

public:
    /// \a library: names, units and places of the variables.
    DiskTimingFiles(const TimingLibrary &library, const Clock &clock, QObject *parent = nullptr);
    ~DiskTimingFiles() override;

    quint64 read(const QString &path) override;
    quint64 propose(const QString &path, const TimingProfile &profile,
                    const std::optional<QString> &environment = std::nullopt) override;
    quint64 write(const TimingFileAnswer &proposal) override;

private:
    quint64 start(const QString &path, std::function<void(TimingFileAnswer &)> work);

    const TimingLibrary m_library;
    const Clock &m_clock;
    QThreadPool m_pool;
    quint64 m_lastToken = 0;
};

} // namespace pulsedeck
