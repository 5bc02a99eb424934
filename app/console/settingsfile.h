// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>
#include <QTimer>

namespace pulsedeck {

/// Settings that are written a moment after they changed, all at once, and when they go. QSettings writes and syncs its file
/// whenever the event loop is reached: on each step of a handle that is dragged, or of a view that moves with the time, the
/// GUI thread would wait for the disk. sync() writes at once, as ever. One thread.
class SettingsFile : public QSettings
{
    Q_OBJECT

public:
    static constexpr int writtenAfterMs = 1'000;

    SettingsFile(const QString &path, Format format);
    SettingsFile(Format format, Scope scope, const QString &organization, const QString &application);

protected:
    bool event(QEvent *event) override;

private:
    void prepare();

    QTimer m_due; ///< Runs while something waits to be written.
};

} // namespace pulsedeck
