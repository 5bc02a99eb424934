// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/versionmodel.h"

#include <QListView>
#include <QStyledItemDelegate>
#include <QWidget>

class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// A version as a card on a line.
class VersionDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// The record's history along the bottom of the page: a click compares a version with the draft, its menu rolls back to it. GUI
/// thread.
class VersionStrip : public QWidget
{
    Q_OBJECT

public:
    VersionStrip(const TimingLibrary &library, const Clock &clock, QWidget *parent = nullptr);

    void setDraft(TimingDraft *draft);
    /// Nothing can be rolled back here: \a why says so where it is offered.
    void setNoRollBack(const QString &why);
    void setHistory(const TimingHistory &history, qint64 liveVersion, const TimingProfile &live);
    QListView &view() { return *m_view; }
    VersionModel &model() { return m_model; }

signals:
    void compareRequested(const pulsedeck::TimingProfile &profile);
    void draftChosen(); ///< The draft's own card.
    void rollBackRequested(const pulsedeck::TimingVersion &version);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void compare(const QModelIndex &index);
    void rollBack(const QModelIndex &index);
    void showMenu(const QPoint &pos);
    void reviewButton();
    void showLast();

    VersionModel m_model;
    QListView *m_view;
    ToneLabel *m_empty;
    QPushButton *m_rollBack;
    QString m_noRollBack; ///< Empty: it can be rolled back.
    bool m_hasRecord = true; ///< The draft's source can have a timing record.
};

} // namespace pulsedeck
