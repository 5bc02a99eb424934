// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fleetscene.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"

#include <QCoreApplication>
#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace pulsedeck {

/// A Fleet page over a made-up fleet, with settings of its own that outlive it.
struct FleetPageFixture
{
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("page.ini")), QSettings::IniFormat};
    std::unique_ptr<FleetScene> scene;
    std::unique_ptr<FleetPage> page;
    FleetView *view = nullptr;
    int hand = 0; ///< Pixels off the middle of a row.

    explicit FleetPageFixture(int workers = 40)
        : scene(std::make_unique<FleetScene>(workers))
    { }
    ~FleetPageFixture() { close(); }

    void open(const QSize &size = {1500, 700})
    {
        page = std::make_unique<FleetPage>(scene->store, scene->sources, settings);
        page->resize(size);
        page->show();
        view = page->findChild<FleetView *>();
    }

    void close()
    {
        page.reset();
        view = nullptr;
    }

    FleetTableModel &model() const { return page->model(); }
    /// The workers in the order they stand.
    QList<quint32> order() const
    {
        QList<quint32> handles;
        for (int row = 0; row < model().rowCount(); ++row) {
            if (const WorkerHandle handle = model().handleAt(row); handle != noWorker)
                handles.append(handle);
        }
        return handles;
    }
    QPoint rowCentre(int row, FleetColumnId column = FleetColumnId::Worker) const
    {
        return view->visualRect(model().index(row, int(column))).center();
    }
    void click(int row, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, rowCentre(row));
    }
    void pointerOver(int row) const { QTest::mouseMove(view->viewport(), rowCentre(row)); }
    /// Time passes while the pointer moves over the list.
    void moving(qint64 ms)
    {
        for (qint64 left = ms; left > 0; left -= 1'000) {
            hand = 3 - hand;
            QTest::mouseMove(view->viewport(), rowCentre(5) + QPoint(hand, 0));
            scene->advance(qMin<qint64>(left, 1'000));
        }
    }
    /// From now on it is worse than late: its TTL was removed, and it does not beat.
    void spoil(WorkerHandle handle)
    {
        scene->silence(handle);
        const Worker &worker = scene->store.worker(handle);
        WorkerSample sample;
        sample.number = worker.number;
        sample.readAt = scene->clock.nowMs();
        sample.beatAt = worker.beatAt;
        sample.lastHeartbeat = worker.lastHeartbeat;
        sample.ttl = -1;
        sample.learntTtl = worker.learntTtl;
        sample.status = worker.status;
        sample.keyPresent = true;
        sample.activeSessions = worker.activeSessions;
        sample.lifetimeSessions = worker.lifetimeSessions;
        FleetBatch batch;
        batch.source = worker.source;
        batch.generation = scene->store.sourceStatus(worker.source).generation;
        batch.at = scene->clock.nowMs();
        batch.samples.append(sample);
        scene->store.apply(batch);
        scene->store.publish();
    }
    void pointerAway() const
    {
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(view->viewport(), &leave);
    }
    /// Clicks the header over the middle of a column.
    void clickHeader(FleetColumnId column) const
    {
        QHeaderView *header = view->horizontalHeader();
        const int x = header->sectionViewportPosition(int(column)) + header->sectionSize(int(column)) / 2;
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, header->height() / 2));
    }
    /// The first healthy row that is not a heading.
    int rowOf(FleetScene::Part part) const { return model().rowOf(scene->find(part)); }
};

} // namespace pulsedeck
