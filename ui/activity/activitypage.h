// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/journal/journal.h"
#include "ui/common/page.h"

#include <memory>

class QSettings;

namespace pulsedeck {

/// The Activity page: what the journal holds, newest first: commands, fleet events, connections, timing changes. Search, filter
/// by kind, worker and time range, export. GUI thread; reads the journal in pages and never waits for it.
class ActivityPage : public Page
{
    Q_OBJECT

public:
    /// \a journal may be null: the page says that nothing is recorded. It outlives the page.
    ActivityPage(Journal *journal, const Clock &clock, QSettings &settings, QWidget *parent = nullptr);
    ~ActivityPage() override;

    /// The operator of this console, as the journal names them: their entries can be shown alone.
    void setOperator(const QString &name);
    /// Shows only the entries of this worker, of all time.
    void showWorker(const QByteArray &id);
    /// Shows only the commands of this group.
    void showGroup(const QUuid &group);

    /// Only what was noted until then, Unix ms by the machine's clock; 0: all.
    void setUntil(qint64 until);

    bool isSearchable() const override { return true; }
    QString whyNoPast() const override { return {}; } ///< See setUntil().
    bool hasEscape() const override { return true; }
    void focusFilter() override;
    /// Clears the selection, then the filter.
    void escape() override;
    void refreshTimes() override;

signals:
    /// Show the worker of an entry in the Fleet page, if it is still there.
    void recordedWorkerRequested(const QString &source, const QByteArray &worker);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
