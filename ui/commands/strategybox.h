// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingplan.h"

#include <QFrame>

class QCheckBox;
class QComboBox;
class QRadioButton;
class QSpinBox;

namespace pulsedeck {

class ToneLabel;

/// How a shutdown of several workers goes: all at once, or rolling. And, for all that takes capacity away, the floor.
class StrategyBox : public QFrame
{
    Q_OBJECT

public:
    explicit StrategyBox(QWidget *parent = nullptr);

    /// Without the strategies it only asks for the floor.
    void setStrategiesShown(bool shown);
    void setFloorPercent(int percent);
    int floorPercent() const;
    bool isRolling() const;
    void setRolling(bool rolling);
    /// Everything but now and ttlMs, which the question sets.
    RollingOptions options() const;
    /// What stands at the right of each: "done in 40 s at most".
    void setEstimates(const QString &allAtOnce, const QString &rolling);

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void review();

    QRadioButton *m_all;
    QRadioButton *m_rolling;
    QSpinBox *m_atATime;
    QSpinBox *m_floor;
    QComboBox *m_replacement;
    QSpinBox *m_beats;
    QWidget *m_allRow;
    QWidget *m_rollingRow;
    QWidget *m_replacementRow;
    ToneLabel *m_allEstimate;
    ToneLabel *m_rollingEstimate;
};

} // namespace pulsedeck
