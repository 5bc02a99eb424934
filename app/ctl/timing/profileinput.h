// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/timing/timingoptions.h"

#include "models/timing/timingrule.h"

#include <QHash>

#include <array>
#include <optional>

namespace pulsedeck {

/// A profile put together from files and presets, and where each value comes from.
struct ProfileInput
{
    struct Origin
    {
        QString file; ///< Empty: not from a file.
        int line = 0;
    };
    struct Problem
    {
        QString file;
        int line = 0; ///< 0: the whole file.
        QString text;
        bool fatal = true; ///< False: of a value that is not in force.
        bool isFile = true; ///< False: file is an option that is wrong.
        bool said = false; ///< With another profile of the same files.
    };

    TimingProfile profile;
    std::array<Origin, timingCount> origins;
    std::array<bool, timingCount> given{}; ///< Named by a file or preset.
    std::vector<Problem> problems;
    QHash<QString, QByteArray> texts; ///< What was read, by path.
    QString environment; ///< Which one of files that have several; a file without it gives its top level. Empty: the
                         ///< top level.
    QStringList environments; ///< That the files have.
    QStringList settingNone; ///< Files that could be read and set none of the known values in this environment.
    bool setsTopLevel = false; ///< A file or preset sets a value outside of any environment.
    bool isJson = false; ///< One of the files at least is a profile in JSON, which holds milliseconds whatever the unit
                         ///< of a variable.

    bool isReadable() const;
    /// Where the values stand, and so in which steps they can be changed.
    TimingDestination destination() const;
    /// Replaces the values that \a spec has.
    void take(const ProfileSpec &spec, const TimingLibrary &library);
    /// The same of the same texts for \a name.
    ProfileInput forEnvironment(const QString &name, const TimingProfile &base, const std::vector<ProfileSpec> &specs,
                                const TimingLibrary &library) const;

private:
    void takeFile(const QString &path, const TimingLibrary &library);
    void takeJson(const QString &path, const QByteArray &json);
};

/// "worker.env:3: " for a message.
QString placeText(const QString &file, int line);

} // namespace pulsedeck
