// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/whatif.h"

#include <QDialog>
#include <QWidget>

#include <vector>

class QTableWidget;
class QToolButton;

namespace pulsedeck {

class ToneLabel;

/// The workers that would have been declared dead, the worst first: a few as chips with their gap, and a button for the whole
/// list. Always one line high, so that nothing below moves while a value is dragged. GUI thread.
class DeathChips : public QWidget
{
    Q_OBJECT

public:
    static constexpr int mostChips = 6;

    explicit DeathChips(QWidget *parent = nullptr);

    void showDeaths(const WhatIfAnswer &answer);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void workerRequested(const QByteArray &worker);
    void listRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    /// Shows as many as there is room for, and how many more there are.
    void arrange();
    void putMore(int shown);

    std::vector<QToolButton *> m_chips;
    std::vector<QByteArray> m_ids;
    QToolButton *m_more;
    ToneLabel *m_none;
    int m_deaths = 0;
};

/// All of them with their times. Activating one requests the worker. GUI thread.
class DeathList : public QDialog
{
    Q_OBJECT

public:
    /// \a basis: WhatIfPanel::basis().
    DeathList(const WhatIfAnswer &answer, const QString &basis, QWidget *parent = nullptr);

signals:
    void workerRequested(const QByteArray &worker);
};

} // namespace pulsedeck
