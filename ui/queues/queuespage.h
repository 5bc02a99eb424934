// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuetablemodel.h"
#include "ui/common/page.h"

#include <memory>

class QSettings;

namespace pulsedeck {

class FleetStore;
class SourceListModel;
class WorkerActs;

/// The Queues page: every queue of every source, how many jobs wait, who works here, and which queues need attention; pausing and
/// resuming where the system has that. All of it by keyboard alone. While it is hidden it reads nothing and paints nothing. GUI
/// thread.
class QueuesPage : public Page
{
    Q_OBJECT

public:
    QueuesPage(FleetStore &store, const SourceListModel &sources, QSettings &settings, QWidget *parent = nullptr);
    ~QueuesPage() override;

    /// What carries acts out; null: nothing can be paused.
    void setCommands(WorkerActs *acts);
    /// Its store is that of another time, which stands still anyway: nothing can be paused.
    void setPast();
    /// Below the table: what lines do not show; nothing if it is empty.
    void setLinesNote(const QString &text);
    QueueTableModel &model() const;
    QString filterText() const;
    void setFilterText(const QString &text);
    /// Selects a queue and shows its details; false if it has no row.
    bool showQueue(const QueueKey &key);

    /// How many queues there are.
    QString navigationText() const override;
    bool isSearchable() const override { return true; }
    bool hasEscape() const override { return true; }
    void focusFilter() override;
    /// Clears the filter, then the selection.
    void escape() override;
    void refresh() override;

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
