// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace pulsedeck {

/// Makes history files of recordings that the Timing page exported: their beats, and who was late or expired by them. Called on
/// the GUI thread and never waits; signals come on the GUI thread.
class RecordingImporter : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Reads \a recording and writes \a file; progressed() some times and ended() once follow. A file of that name is replaced
    /// once the new one is whole, except a history in use. Returns a token, never 0, never the same twice. Several can be under
    /// way.
    virtual quint64 start(const QString &recording, const QString &file) = 0;
    /// ended() follows all the same, and says so. Of one that has ended nothing happens.
    virtual void cancel(quint64 token) = 0;

signals:
    void progressed(quint64 token, int percent);
    /// \a error is empty when the file is complete; otherwise none was written.
    void ended(quint64 token, const QString &error);
};

} // namespace pulsedeck
