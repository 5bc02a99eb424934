// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace pulsedeck {

/// What workers can have in common. The order is that of preference where two divide the workers alike.
enum class SharedTrait : quint8 { Host, Source, System, Queue, Version, Type };
/// The word for JSON: "host", "source", "system", "queue", "version", "type".
QString sharedTraitName(SharedTrait trait);

/// A worker in the span of time that is looked at.
struct ExaminedWorker
{
    QString source;
    QString system;
    QString type;
    QString host; ///< Empty texts are not known, and nothing that is shared.
    QString version;
    QStringList queues;
    qint64 affectedAt = 0; ///< When it was first late, lost or whatever is asked for, in ms; 0: it was not.
};

/// Calls \a take with each trait of \a worker that is known and its value; a queue that is named twice is one.
template <typename Take> void forEachTrait(const ExaminedWorker &worker, Take take)
{
    const auto known = [&take](SharedTrait trait, const QString &value) {
        if (!value.isEmpty())
            take(trait, value);
    };
    known(SharedTrait::Host, worker.host);
    known(SharedTrait::Source, worker.source);
    known(SharedTrait::System, worker.system);
    known(SharedTrait::Version, worker.version);
    known(SharedTrait::Type, worker.type);
    for (qsizetype i = 0; i < worker.queues.size(); ++i) {
        if (worker.queues.indexOf(worker.queues.at(i)) == i)
            known(SharedTrait::Queue, worker.queues.at(i));
    }
}
bool hasTrait(const ExaminedWorker &worker, SharedTrait trait, const QString &value);

/// How a value that some workers share divides those that were affected from the others.
struct SharedValue
{
    SharedTrait trait = SharedTrait::Host;
    QString value;
    int inside = 0; ///< Workers with this value.
    int affectedInside = 0;
    int outside = 0;
    int affectedOutside = 0;
    /// How likely at least so many of the affected would have it, had they been drawn at random, for any of the values that
    /// were tried (hypergeometric, times their number); at most 1.
    double chance = 1;

    bool operator==(const SharedValue &) const = default;
};

/// What the affected workers have in common, and others have not.
struct CommonCause
{
    /// Fewer affected workers carry no conclusion.
    static constexpr int leastAffected = 3;
    /// A value is named only if fewer than one in a thousand random draws would look like it.
    static constexpr double mostChance = 0.001;

    int workers = 0;
    int affected = 0;
    qint64 first = 0; ///< When the first was affected; 0 if none was.
    qint64 last = 0;
    bool nearlyAll = false; ///< Nine of ten were affected: what they share says nothing then.
    std::optional<SharedValue> likeliest;
    std::vector<SharedValue> alike; ///< Others that divide the workers in the same way: the figures cannot tell which it was.
};

/// Looks for the value that at least two thirds of the affected share and that is rare among the others: affected are three times
/// as frequent inside as outside. None where the figures do not carry it. Pure; linear in the workers.
CommonCause commonCause(const std::vector<ExaminedWorker> &workers);

} // namespace pulsedeck
