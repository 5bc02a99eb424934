// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"

#include "models/sources/redisurl.h"

#include <QProcessEnvironment>
#include <QStringList>

namespace pulsedeck {

/// The command line of pulsedeckctl layouts. Pure.
struct LayoutCtlOptions : CommonOptions
{
    /// The first ones in the order in which the commands are declared.
    enum class Action { List, Show, Schema, Check, Acl, Detect, Help, Wrong };

    Action action = Action::Wrong;
    QString name; ///< Of a layout, for Show and Acl.
    QStringList files; ///< To check.
    RedisUrl url; ///< For Detect.
    QString prefix; ///< Of its keys, for Acl; empty: the usual one.
    int database = 0; ///< For Acl.
    QStringList queues; ///< For Acl: named ones.
    QString user = QStringLiteral("pulsedeck"); ///< For Acl.

    /// \a arguments without the program's name and without "layouts". The environment is used when no URL is given.
    static LayoutCtlOptions parse(const QStringList &arguments, const QProcessEnvironment &environment = {});
};

} // namespace pulsedeck
