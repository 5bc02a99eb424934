// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QWidget>

namespace pulsedeck {

/// A panel on the Connections page for sources that have more to show than facts and settings. GUI thread.
class SourcePanel : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// 0, as at first, for none.
    virtual void setSource(SourceId source) = 0;
    virtual SourceId source() const = 0;
    /// Shown at the top of the panel, which takes ownership. Null for none, as at first.
    virtual void setFactsWidget(QWidget *facts) = 0;
    /// See Page.
    virtual bool isSettled() const = 0;
    virtual QStringList views() const = 0;
    virtual void showView(const QString &view) = 0;

signals:
    /// Show this worker in the Fleet page.
    void workerRequested(pulsedeck::WorkerHandle worker);
};

} // namespace pulsedeck
