// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gui/commandfixture.h"

namespace pulsedeck {

/// The acts on a fleet without a main window, over a plain widget: dialogs are its children.
struct ActionsFixture : CommandFixture
{
    QWidget ground;
    CommandContext all = context();
    CommandActions actions{all, &ground};

    using CommandFixture::CommandFixture;
    ~ActionsFixture() { delete dialog(); }

    /// The dialog that asks about an act; it is in dialog() from then on.
    CommandDialog &ask(Act act, const std::vector<WorkerHandle> &who)
    {
        actions.ask(act, who);
        return *dialog();
    }
};

} // namespace pulsedeck
