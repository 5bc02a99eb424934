// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace pulsedeck {

/// Whether the operator has touched neither keyboard nor mouse in any window of this application for a while: what is shown may
/// then change less often. GUI thread.
class InputIdle : public QObject
{
    Q_OBJECT
public:
    /// \a afterMs: idle so long after the last input, in milliseconds.
    explicit InputIdle(int afterMs, QObject *parent = nullptr);

    /// False at first.
    bool isIdle() const { return m_idle; }

signals:
    void idleChanged(bool idle);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void onTimeout();

    QElapsedTimer m_sinceInput;
    QTimer m_timer;
    int m_afterMs;
    bool m_idle = false;
};

} // namespace pulsedeck
