// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/pastreasons.h"

namespace pulsedeck {

QString PastReasons::apply()
{
    return tr("What is shown is the past: go back to now to apply.");
}

QString PastReasons::files()
{
    return tr("Files have the values of now: go back to now to read or write them.");
}

QString PastReasons::rules()
{
    return tr("Rules are loaded in the present: go back to now to load them.");
}

QString PastReasons::handOn()
{
    return tr("What is to be changed rests on the values of now: go back to now to hand it on.");
}

} // namespace pulsedeck
