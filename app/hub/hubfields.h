// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace pulsedeck {

/// Reads the fields of one JSON object and keeps the first thing that is wrong with them, naming the field and never
/// its value.
class HubFields
{
    Q_DECLARE_TR_FUNCTIONS(HubFields)

public:
    HubFields(const QJsonObject &object, QString *problem)
        : m_object(object)
        , m_problem(problem)
    { }

    bool isSound() const { return m_sound; }

    /// A text that must be there, of 1 to \a longest characters without control characters.
    QString text(QLatin1StringView name, qsizetype longest);
    /// The same, but empty if absent, null or "".
    QString optionalText(QLatin1StringView name, qsizetype longest);
    /// A whole number in [low, high] that must be there.
    qint64 whole(QLatin1StringView name, qint64 low, qint64 high);
    qint64 optionalWhole(QLatin1StringView name, qint64 low, qint64 high);
    /// Unix ms up to the year 9999.
    qint64 time(QLatin1StringView name) { return whole(name, 0, latestMs); }
    /// Must be there, but may be null. Times before 1970 are read as 1970.
    std::optional<qint64> timeOrNull(QLatin1StringView name);
    double number(QLatin1StringView name);
    bool flag(QLatin1StringView name);
    QJsonArray array(QLatin1StringView name);
    /// At most \a most texts of at most \a longest characters; what is more is left out.
    QStringList texts(QLatin1StringView name, qsizetype most, qsizetype longest);

    static constexpr qint64 latestMs = 253'402'300'799'999;
    static constexpr qint64 largest = 9'007'199'254'740'991; ///< Beyond it JSON's numbers are not exact.

private:
    std::optional<qint64> readWhole(const QJsonValue &value, qint64 low, qint64 high) const;
    /// \a what has a place for the name.
    void fail(QLatin1StringView name, const QString &what);

    const QJsonObject &m_object;
    QString *m_problem;
    bool m_sound = true;
};

} // namespace pulsedeck
