// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/messageline.h"

#include <QUuid>

class QPushButton;

namespace pulsedeck {

class RollingRunner;
class ToneLabel;

/// One amber line above all pages while a rolling shutdown stands still and waits for somebody, above all after a
/// restart of the console: until it is resumed or stopped, nobody should have to look at the Commands page to learn of
/// it. Hidden while there is none. GUI thread.
class PausedRolls : public MessageLine
{
    Q_OBJECT

public:
    explicit PausedRolls(const RollingRunner &rolling, QWidget *parent = nullptr);

    QString text() const;

signals:
    /// Show this one on the Commands page.
    void groupRequested(const QUuid &group);
    /// It waits for a source: show where that stands.
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
