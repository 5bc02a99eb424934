// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace pulsedeck {

/// What a second start asks of the window that is open already: its sources, with the passwords and tokens they were
/// given, and the page. It goes over a socket that only this user can open, and is never written anywhere.
struct WindowRequest
{
    std::vector<SourceSettings> sources;
    QString page; ///< Empty: as it is.
    QString theme; ///< Empty: as it is.
    QByteArray activation; ///< What the window system gave the second start, so that the window may come to the front.

    QByteArray toJson() const;
    /// Nothing if it is no such request, or one of a version that says other things.
    static std::optional<WindowRequest> fromJson(const QByteArray &json);
};

} // namespace pulsedeck
