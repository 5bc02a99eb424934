// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>

class QSocketNotifier;

namespace pulsedeck::fleet {

/// Lines from a file descriptor, as they come and without blocking. The end of the input is no order: it only ends the
/// reading. Lines longer than 4096 bytes are dropped.
class LineReader : public QObject
{
    Q_OBJECT

public:
    explicit LineReader(int descriptor, QObject *parent = nullptr);

signals:
    void line(const QByteArray &line);

private:
    void read();

    int m_descriptor;
    QSocketNotifier *m_notifier;
    QByteArray m_rest;
};

} // namespace pulsedeck::fleet
