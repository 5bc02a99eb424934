// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <vector>

namespace pulsedeck {

/// Somewhere alerts go, and how that went, in words.
struct OutletRow
{
    enum class State { Quiet, Good, Retrying, Bad };

    QString name; ///< As rules name it.
    QString title; ///< "webhook ops".
    QString detail; ///< "hooks.example.net, signed"; no path, which may be a secret.
    QString last; ///< How the last delivery ended: "204, 14:12:08"; empty if there was none.
    QString count; ///< "9 sent, 1 lost", "next attempt in 18 s", "sent by pulsedeckctl (process 4711)".
    State state = State::Quiet;
    bool canBeTested = false;
};

/// Where alerts go, for the page that shows it. Implemented where they are sent from. GUI thread.
class OutletBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual std::vector<OutletRow> outlets() const = 0;
    /// Sends a message that says it is a test. False if there is no such outlet.
    virtual bool sendTest(const QString &name) = 0;

signals:
    void changed();
};

} // namespace pulsedeck
