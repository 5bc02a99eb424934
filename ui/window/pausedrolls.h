// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/messageline.h"

#include <QUuid>

class QPushButton;

namespace pulsedeck {

class RollingRunner;
class ToneLabel;

/// A message line above all pages while a rolling shutdown is paused and waits for the operator, as after a restart of the
/// console. Hidden while there is none. GUI thread.
class PausedRolls : public MessageLine
{
    Q_OBJECT

public:
    explicit PausedRolls(const RollingRunner &rolling, QWidget *parent = nullptr);

    QString text() const;

signals:
    /// Show this one on the Commands page.
    void groupRequested(const QUuid &group);
    /// It waits for a source: show the sources.
    void sourcesRequested();

private:
    void review();

    const RollingRunner &m_rolling;
    ToneLabel *m_words;
    QPushButton *m_show;
    QUuid m_group;
    bool m_waits = false;
};

} // namespace pulsedeck
