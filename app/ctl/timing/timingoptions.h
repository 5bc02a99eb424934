// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"
#include "models/sources/redisurl.h"
#include "models/timing/timinglibrary.h"

#include <QProcessEnvironment>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// One profile as named on the command line.
struct ProfileSpec
{
    enum class Kind { File, Preset };
    Kind kind = Kind::File;
    QString name; ///< Path, or the preset's id.
};

/// The command line of pulsedeckctl timing. Pure.
struct TimingOptions : CommonOptions
{
    /// The first ones in the order in which the commands are declared.
    enum class Action { Check, Show, Diff, Apply, History, RollBack, WhatIf, Help, Wrong };

    Action action = Action::Wrong;
    RedisUrl url; ///< For Show, Apply, History and RollBack.
    std::vector<ProfileSpec> profiles;
    std::vector<TimingChange> changes; ///< From --set.
    QString system; ///< From --system: the word of a layout; empty: the timing document.
    QStringList systemChanges; ///< From --set with a system, as given: its parameters are known only once layouts are read.
    QString rules = QStringLiteral("timing-document"); ///< A set's id, or a file.
    QString base = QStringLiteral("timing-document"); ///< Preset whose values count where no file sets any.
    QString environment; ///< Of a wrangler file; empty: its top level, for check all of them.
    QString recording;
    qint64 toVersion = 0;
    qint64 expected = -1; ///< The version an edit began from; -1: the one that is there.
    int actors = 0;
    bool acknowledged = false; ///< Broken recommendations are meant so.
    bool sarif = false;

    /// \a arguments without the program's name and without "timing".
    static TimingOptions parse(const QStringList &arguments, const QProcessEnvironment &environment);
};

} // namespace pulsedeck
