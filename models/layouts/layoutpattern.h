// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

namespace pulsedeck {

/// A layout file of the operator's own, made from one of the patterns for what is written by hand. Pure; any thread.
struct LayoutPattern
{
    /// The patterns that are built in, in the order of the catalogue.
    static std::vector<const Layout *> all();
    /// The name of a layout, as its file and filters have it, for what people call it: "My app (EU)" becomes "my-app-eu". Empty
    /// if nothing is left.
    static QString nameFor(const QString &title);
    /// The text of the file: that of the pattern, with this name, title and prefix, and with what shows that it is there.
    static QByteArray fill(const Layout &pattern, const QString &name, const QString &title, const QString &prefix);
};

} // namespace pulsedeck
