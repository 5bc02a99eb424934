// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/journal/sqljournal.h"
#include "tests/support/patience.h"
#include "tests/support/stepclock.h"
#include "ui/activity/activitypage.h"
#include "ui/activity/activitytoolbar.h"
#include "ui/activity/activityview.h"
#include "ui/activity/entrydetail.h"

#include <QDateTime>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace pulsedeck {

constexpr qint64 minute = 60'000;
inline const QByteArray alpha = "chromium:aaaaaaaa-1111-4222-8333-444444444444";
inline const QByteArray beta = "firefox:bbbbbbbb-1111-4222-8333-444444444444";

/// A page over a journal of its own, with the clock at the moment the journal's entries are counted back from.
struct ActivityFixture
{
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("page.ini")), QSettings::IniFormat};
    StepClock clock{QDateTime::currentMSecsSinceEpoch()};
    std::unique_ptr<SqlJournal> journal;
    std::unique_ptr<ActivityPage> page;
    QUuid command = QUuid::createUuid();
    QUuid group = QUuid::createUuid();

    QString path() const { return folder.filePath(QStringLiteral("journal.sqlite")); }

    void open(const QSize &size = {1400, 700})
    {
        if (!journal)
            journal = std::make_unique<SqlJournal>(path());
        page = std::make_unique<ActivityPage>(journal.get(), clock, settings);
        page->resize(size);
        page->show();
        page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(page.get(), patience));
    }

    JournalEntry entry(JournalKind kind, qint64 ago, const QByteArray &worker, const QString &step, const QString &text) const
    {
        JournalEntry made;
        made.at = clock.nowMs() - ago;
        made.kind = kind;
        made.source = QStringLiteral("prod");
        made.worker = worker;
        made.step = step;
        made.text = text;
        return made;
    }

    /// Seven entries, the newest last.
    void fill()
    {
        journal = std::make_unique<SqlJournal>(path());
        QList<JournalEntry> entries{
            entry(JournalKind::Timing, 3 * 24 * 60 * minute, {}, QStringLiteral("changed"),
                  QStringLiteral(u"key TTL 30.0 s → 45.0 s")),
            entry(JournalKind::Connection, 90 * minute, {}, QStringLiteral("connected"), QStringLiteral("Connected to prod")),
            entry(JournalKind::Fleet, 50 * minute, beta, QStringLiteral("lost"), QStringLiteral("Worker bbbbbbbb was lost")),
            entry(JournalKind::Command, 40 * minute, alpha, QStringLiteral("requested"), QStringLiteral("Asked for")),
            entry(JournalKind::Command, 40 * minute - 1'000, alpha, QStringLiteral("written"), QStringLiteral("The key is set")),
            entry(JournalKind::Command, 40 * minute - 4'200, alpha, QStringLiteral("picked-up"),
                  QStringLiteral("It says draining")),
            entry(JournalKind::Command, 39 * minute, alpha, QStringLiteral("gone"), QStringLiteral("The key is gone")),
        };
        for (JournalEntry &one : entries) {
            if (one.kind != JournalKind::Command)
                continue;
            one.command = command;
            one.group = group;
            one.act = QStringLiteral("shutdown");
            one.by = QStringLiteral("anna@host");
            one.reason = QStringLiteral("kernel update");
        }
        journal->write(entries);
    }

    template <typename T> T &part() const { return *page->findChild<T *>(); }
    ActivityView &view() const { return part<ActivityView>(); }
    ActivityToolbar &toolbar() const { return part<ActivityToolbar>(); }
    EntryDetail &detail() const { return part<EntryDetail>(); }
    int rows() const { return view().model()->rowCount(); }
    QString cell(int row, JournalModel::Column column) const { return view().model()->index(row, column).data().toString(); }
    void click(int row) const
    {
        QTest::mouseClick(view().viewport(), Qt::LeftButton, {},
                          view().visualRect(view().model()->index(row, JournalModel::What)).center());
    }
    QPushButton &newsButton() const { return *page->findChild<QPushButton *>(QStringLiteral("activityNews")); }
};

} // namespace pulsedeck
