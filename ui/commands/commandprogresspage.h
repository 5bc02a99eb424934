// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandtablemodel.h"
#include "ui/commands/groupsummary.h"

#include <QTimer>
#include <QWidget>

class QPushButton;

namespace pulsedeck {

class CommandTable;
class GlyphMark;
class StageBar;
class ToneLabel;

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
    const GroupSummary &summary() const { return m_summary; }
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
    void stop();

    CommandActions &m_actions;
    const CommandContext &m_context;
    QUuid m_group;
    GroupSummary m_summary;
    CommandTableModel m_model;
    CommandTable *m_table;
    ToneLabel *m_title;
    ToneLabel *m_detail;
    ToneLabel *m_clock;
    StageBar *m_bar;
    ToneLabel *m_figures;
    GlyphMark *m_messageMark;
    ToneLabel *m_message;
    QWidget *m_messageLine;
    ToneLabel *m_note;
    QPushButton *m_page;
    QPushButton *m_pause;
    QPushButton *m_stop;
    QPushButton *m_close;
    QTimer m_timer;
};

/// "Available 112 of 117, 96 % (floor 80 %)   Sessions 19 active · 16 ended · 2 cut   Replacements 2 started".
QString summaryFigures(const GroupSummary &summary);
/// "Stop, keep 4 queued" or "Cancel 7 commands"; empty if there is nothing to stop.
QString stopText(const GroupSummary &summary);
/// What that button does.
void stopGroup(CommandActions &actions, const QUuid &group);
/// What the other one does.
void togglePause(CommandActions &actions, const GroupSummary &summary, const QUuid &group);

} // namespace pulsedeck
