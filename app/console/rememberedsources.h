// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QHash>
#include <QVariantMap>

#include <vector>

class QSettings;

namespace pulsedeck {

/// What is remembered of sources, in a settings file that several windows of one user may have open. Each source has a
/// place of its own there, by SourceSettings::key. Reading and writing happen under a lock file next to the settings,
/// and of a source only that is written which this window has changed since it read it: what another window set
/// meanwhile stays, and so does a source that only another window has. A password or a token is never written, only
/// where a token comes from.
///
/// Where the lock cannot be had within lockWaitMs it is done without: QSettings itself still merges value by value.
class RememberedSources
{
public:
    static constexpr int mostSources = 100;
    static constexpr int lockWaitMs = 3'000;

    /// \a settings outlives this.
    explicit RememberedSources(QSettings &settings);

    /// All that are there now, in their order. A list of an earlier version is converted, once.
    std::vector<SourceSettings> read();
    /// Writes what this window changed, all but the demo's. \a sources gets keys where it has none, and what another
    /// window has set meanwhile of a name, of the environment and of read-only.
    void write(std::vector<SourceSettings> &sources);
    /// Forgets the one with this key, in every window.
    void forget(const QString &key);

    /// Fits \a settings, which has no key, to the remembered source of the same address and login, if there is one that
    /// is not among \a taken: its key, its name, its environment; and read-only if that is. False if there is none.
    bool adopt(SourceSettings &settings, const QStringList &taken);

private:
    std::vector<SourceSettings> readNow();
    void convertList();
    QVariantMap valuesOf(const QString &key) const;
    void writeValues(const QString &key, const QVariantMap &values);

    QSettings &m_settings;
    QHash<QString, QVariantMap> m_base; ///< By key: what this window read or wrote last.
};

/// All but secrets, as it is written to settings.
QVariantMap sourceToMap(const SourceSettings &source);
SourceSettings sourceFromMap(const QVariantMap &values);

} // namespace pulsedeck
