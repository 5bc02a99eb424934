// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/core/format.h"
#include "models/journal/journal.h"
#include "ui/common/searchfield.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <vector>

class QComboBox;
class QDateTimeEdit;
class QHBoxLayout;
class QPushButton;
class QSettings;
class QToolButton;

namespace pulsedeck {

class FilterChip;
class KindChip;
class ToneLabel;

/// The bar above the list of activities: search, what it is narrowed to (a worker, a command, a group), kinds, time range, count
/// and export. It holds the query and reads nothing itself. GUI thread.
class ActivityToolbar : public QWidget
{
    Q_OBJECT

public:
    enum class Range { All, LastHour, Today, SevenDays, Custom };

    ActivityToolbar(const Clock &clock, QSettings &settings, QWidget *parent = nullptr);

    /// The query, with the time range as it is now.
    JournalQuery query() const;
    bool isFiltered() const;
    void clearFilter();
    /// Narrows to one of them; an empty or null id ends it.
    void setWorker(const QByteArray &id);
    void setCommand(const QUuid &command);
    void setGroup(const QUuid &group);
    /// The operator of this console, whose entries can be shown alone. Empty, as at first: this is not offered.
    void setOperator(const QString &name);
    void setRange(Range range);
    Range range() const;
    void setCount(const QString &text, const QString &toolTip);
    /// Shows and reads the range in the zone in which times are shown; the moments stay the same.
    void adoptZone();
    void setExporting(bool running, qint64 written);

    SearchField &searchLine() const { return *m_search; }
    KindChip &chip(JournalKind kind) const { return *m_kinds[size_t(kind)]; }
    QToolButton &mineButton() const { return *m_mine; }
    QComboBox &rangeBox() const { return *m_range; }
    QDateTimeEdit &fromEdit() const { return *m_from; }
    QDateTimeEdit &untilEdit() const { return *m_until; }
    QPushButton &exportButton() const { return *m_export; }
    /// The chips of what it is narrowed to, as they are shown.
    QStringList narrowings() const;
    QString countText() const;

signals:
    /// Shortly after the last change.
    void queryChanged();
    void exportRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setNarrowing(FilterChip *&chip, const QString &term, const QString &toolTip, const std::function<void()> &clear);
    void changed();
    void review();
    void remember();

    const Clock &m_clock;
    QSettings &m_settings;
    SearchField *m_search;
    QHBoxLayout *m_narrowing;
    FilterChip *m_workerChip = nullptr;
    FilterChip *m_commandChip = nullptr;
    FilterChip *m_groupChip = nullptr;
    std::vector<KindChip *> m_kinds;
    QToolButton *m_mine;
    QComboBox *m_range;
    QDateTimeEdit *m_from;
    ToneLabel *m_dash;
    QDateTimeEdit *m_until;
    ToneLabel *m_count;
    QPushButton *m_export;
    QTimer m_timer;
    QByteArray m_worker;
    QString m_operator;
    QUuid m_command;
    QUuid m_group;
};

} // namespace pulsedeck
