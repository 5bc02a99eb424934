// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfiletext.h"

#include <QMetaType>
#include <QObject>

#include <optional>

namespace pulsedeck {

/// One line of a diff.
struct TimingDiffLine
{
    enum class Kind : quint8 { Context, Removed, Added };
    Kind kind = Kind::Context;
    int line = 0; ///< In the old text for Context and Removed, in the new one for Added.
    QString text;
};

/// A file as read, or with the changes that are proposed for it.
struct TimingFileAnswer
{
    quint64 token = 0;
    QString path;
    bool ok = false;
    QString error; ///< In words: the file's name, and the line where there is one.
    TimingFileText file; ///< As on the disk.
    QString environment; ///< For propose(): which of the file's profiles the values are for.
    QByteArray proposed; ///< For propose(): the text with the profile's values in it.
    std::vector<TimingDiffLine> diff; ///< Changed lines with two of context.
    /// Values of the profile that are not in the file, in words ("Drain timeout: a constant in worker/src/index.ts").
    std::vector<QString> notHeld;
    QString backup; ///< For write(): where the old text was kept.
};

/// Timing files on the disk. Called on the GUI thread; the work is done on another, answered() comes on the GUI thread, once per
/// call.
class TimingFiles : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Reads \a path; its kind follows from its name and content.
    virtual quint64 read(const QString &path) = 0;
    /// Reads it and computes the changes; nothing is written. The values are for \a environment, an empty name for the top
    /// level; without one for the first profile in the file.
    virtual quint64 propose(const QString &path, const TimingProfile &profile,
                            const std::optional<QString> &environment = std::nullopt) = 0;
    /// Writes what propose() answered, if the file has not changed since: a backup next to it, a temporary file, an atomic
    /// rename.
    virtual quint64 write(const TimingFileAnswer &proposal) = 0;

signals:
    void answered(const pulsedeck::TimingFileAnswer &answer);
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::TimingFileAnswer)
