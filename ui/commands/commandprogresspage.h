// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandtablemodel.h"
#include "ui/commands/groupview.h"

#include <QTimer>
#include <QWidget>

class QPushButton;

namespace pulsedeck {

class CommandTable;

/// The page while it runs: how far the group is, each worker's ladder, and how to pause or stop it. Closing the window
/// stops nothing. GUI thread.
class CommandProgressPage : public QWidget
{
    Q_OBJECT

public:
    explicit CommandProgressPage(CommandActions &actions, QWidget *parent = nullptr);
    ~CommandProgressPage() override;

    void setGroup(const QUuid &group);
    const QUuid &group() const { return m_group; }
    const GroupSummary &summary() const { return m_view->summary(); }
    CommandTable &table() const { return *m_table; }
    QSize sizeHint() const override;

signals:
    void runningChanged(bool running); ///< Whether any of the group is still on its way or waited for.
    void closeRequested();
    void groupRequested(const QUuid &group); ///< Show it in the Commands page.

private:
    QWidget *buildHead();
    QWidget *buildFoot();
    void refresh();

    CommandActions &m_actions;
    const CommandContext &m_context;
    QUuid m_group;
    CommandTableModel m_model;
    CommandTable *m_table;
    GroupView *m_view;
    ToneLabel *m_clock;
    QWidget *m_messageLine;
    ToneLabel *m_note;
    QPushButton *m_page;
    QPushButton *m_close;
    QTimer m_timer;
};

} // namespace pulsedeck
