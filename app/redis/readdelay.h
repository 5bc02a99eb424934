// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace pulsedeck {

/// Holds back what a connection's news is read for a while after the first byte of it came, so that all of it is read at once:
/// each wake-up of a thread costs more than what it reads. While it is held back the socket keeps that one byte in its buffer,
/// which is never a whole message: the rest is always read next. Times are microseconds of the steady clock. The connection's
/// thread.
class ReadDelay : public QObject
{
    Q_OBJECT

public:
    explicit ReadDelay(QObject *parent);

    /// Milliseconds; 0, as at first: nothing is held back. What is held back now is due.
    void setLength(int ms);
    int length() const { return m_lengthMs; }
    /// Bytes came. True if they are to wait for due(); false if they, or what had been held back, are to be read.
    bool holdsBack(qint64 now);
    /// A message was given that came with what was held back.
    void noteGiven() { ++m_given; }
    /// All that had come was read. \a amid: the last message of it is not whole yet.
    void noteRead(bool amid);
    /// Milliseconds since that came which is being given: exact for the first message, and for the others the middle of the time
    /// in which they came. 0 where nothing was held back.
    qint64 heldMs(qint64 now) const;
    /// The connection ended, with all that was held back.
    void reset();

signals:
    void due();

private:
    QTimer m_timer;
    qint64 m_heldSince = 0; ///< When the first byte came of what is held back; 0: nothing is.
    int m_lengthMs = 0;
    int m_given = 0;
    bool m_due = false; ///< The time is over, and the rest was not read yet.
};

} // namespace pulsedeck
