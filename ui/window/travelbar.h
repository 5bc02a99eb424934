// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"

#include <QWidget>

class QAction;
class QPushButton;
class QToolButton;

namespace pulsedeck {

class SegmentedRow;
class TimeTravel;
class ToneLabel;

/// Above every page while the console shows another time than now: which, how long ago that is, and how to move in time. Its keys
/// are the window's: Space plays, comma and full stop go from event to event, Alt+End comes back. GUI thread.
class TravelBar : public QWidget
{
    Q_OBJECT

public:
    /// Hidden until it is away. Both outlive it. \a live: the clock of the present.
    TravelBar(TimeTravel &travel, const Clock &live, QWidget *parent = nullptr);

    /// "14:02:31, 3 h 12 min ago", with the day where it is another one; for titles.
    QString momentText() const;
    /// What is shown, in one sentence.
    QString text() const;

public slots:
    /// Time goes on in the present, or the playhead has moved.
    void refresh();

signals:
    void textChanged();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void onAway(bool away);
    void adoptTheme();
    void reviewPlaying();
    QToolButton *button(const QString &name, const QString &text, const QString &toolTip);
    QAction *key(const QKeySequence &shortcut, const QString &text);

    TimeTravel &m_travel;
    const Clock &m_live;
    ToneLabel *m_text;
    QToolButton *m_previous;
    QToolButton *m_play;
    QToolButton *m_next;
    SegmentedRow *m_speeds;
    QPushButton *m_back;
    QList<QAction *> m_keys; ///< Enabled while it is away.
};

} // namespace pulsedeck
