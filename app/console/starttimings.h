// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace pulsedeck {

/// Milliseconds since the system started this process, by /proc, in its steps of 10 ms; -1 where that is not known.
qint64 msSinceProcessStart();

/// For --timings: prints "first paint N ms" on standard output when the window has been painted for the first time. GUI thread.
class StartTimings : public QObject
{
    Q_OBJECT

public:
    explicit StartTimings(QWidget &window);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace pulsedeck
