// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"
#include "models/protocol/foundsystem.h"
#include "ui/theme/glyphs.h"

#include <QFontMetrics>
#include <QString>

namespace pulsedeck {

/// What is said of a system in the list of those that live in a Redis: texts in the user's language.
struct SystemWords
{
    /// What shows that its workers live: "key TTL".
    static QString livenessBasis(const Layout &layout);
    static Glyph livenessGlyph(const Layout &layout);
    /// "8 s, beat 2 s by its timing record", "beat 10 s by default" where it can be set, "10 s, beat 5 s"; empty where nothing is
    /// known.
    static QString beatText(const Layout &layout, const FoundSystem &found);
    /// "5 commands/s"
    static QString costText(double perSecond);
    /// "by push, queues every 2 s"
    static QString watchText(const Layout &layout);
    /// "found by the key processes"; empty where nothing is to be said. With \a metrics the name of the key loses its middle
    /// where it is wider than \a room pixels.
    static QString evidenceText(const FoundSystem &system, const QFontMetrics *metrics = nullptr, int room = 0);
    /// "12 alive, 1 without a key"; empty where that is not known.
    static QString aliveText(qint64 workers, qint64 alive);

    /// "7 of 20 busy", or "7 jobs at work" where it is not known for how many there is room.
    static QString busyText(const Layout &layout, qint64 busy, qint64 capacity);

    /// What the account may do.
    struct Permission
    {
        enum class Kind : quint8 { Given, Missing, Unknown };
        Kind kind = Kind::Unknown;
        QString text; ///< "act, except Cancel command"
    };
    /// \a rights: null where nothing was tried.
    static Permission watching(const SystemRights *rights);
    static Permission acting(const Layout &layout, const SystemRights *rights);
};

} // namespace pulsedeck
