// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcestatus.h"

#include <QByteArrayView>
#include <QCoreApplication>
#include <QStringList>

#include <map>
#include <utility>

namespace pulsedeck {

/// What an account or a server does not let a console see, each kind at most once: in words, and as the gaps the view has for it.
/// Kinds can end again, as a right is given.
class ViewLimits
{
public:
    enum class Kind : quint8 {
        Push,
        TrackedReads, ///< What is read key by key is not announced, though all else is.
        Keys,
        ActiveCounters,
        LifetimeCounters,
        Workers,
        Ttls,
        Commands,
        Listeners,
        Events,
        Role,
        TooMany,
        LongKeys,
        LongActive,
        LongLifetime,
        Streams,
        Consumers, ///< Of stream groups.
        ManyConsumers,
        LongConsumers,
        Locks,
        Clients,
        ClientNames,
        Pauses,
        Sentinels, ///< None of them is heard.
        Writes, ///< The server takes none, whoever makes it.
    };

    /// Whether that is news. \a by: who found it, where several look at different things of one kind, so that what one of them
    /// may see does not end what another may not; compared, never followed.
    bool set(Kind kind, const QString &text, const void *by = nullptr);
    bool end(Kind kind, const void *by = nullptr);
    void clear() { m_texts.clear(); }
    bool has(Kind kind) const;
    ViewGaps gaps() const;
    /// In a fixed order, each a sentence, none twice.
    QStringList texts() const;
    /// Of those that leave whole kinds of what there is out of the view.
    QStringList gapTexts() const;

private:
    static ViewGaps gapOf(Kind kind);

    using Place = std::pair<Kind, const void *>;

    std::map<Place, QString> m_texts;
};

/// Entries of one pass that are left out because their names are too long: counted, and a few of them named.
class LeftOut
{
    Q_DECLARE_TR_FUNCTIONS(LeftOut)

public:
    static constexpr qsizetype namedBytes = 40;
    static constexpr qsizetype mostNamed = 3;

    void clear() { *this = LeftOut(); }
    /// \a name empty: it is too large itself.
    void add(QByteArrayView name);
    int count() const { return m_count; }
    /// "worker:a, worker:b, …"
    QString names() const;

private:
    int m_count = 0;
    QStringList m_names;
};

} // namespace pulsedeck
