// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandtablemodel.h"
#include "ui/commands/commandspage.h"
#include "ui/commands/groupsummary.h"

#include <QTimer>

class QButtonGroup;
class QLineEdit;
class QListView;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace pulsedeck {

class CommandTable;
class GlyphMark;
class GroupListModel;
class StageBar;
class ToneLabel;

/// The page's parts and how they work together.
class CommandsPage::Private : public QObject
{
    Q_OBJECT

public:
    Private(CommandsPage &page, CommandActions &commandActions);
    ~Private() override;

    QWidget *buildToolbar();
    QWidget *buildGroups();
    QWidget *buildHead();
    QWidget *buildFoot();
    QWidget *buildEmpty();
    void connectAll();
    QUuid currentGroup() const;
    void applyFilter();
    void review(); ///< Which page of the stack, which head.
    void reviewHead();
    void reviewButtons();
    void showContextMenu(const QPoint &globalPos);
    void showCurrentWorker();
    void askExport(bool json);

    CommandsPage &q;
    CommandActions &actions;
    const CommandContext &context;
    CommandTableModel model;
    GroupListModel *groups;
    GroupSummary summary;
    QStackedWidget *stack;
    QLineEdit *filter;
    QButtonGroup *show;
    ToneLabel *counts;
    QToolButton *exportButton;
    QListView *list;
    CommandTable *table;
    QWidget *head;
    ToneLabel *title;
    ToneLabel *detail;
    ToneLabel *figures;
    StageBar *bar;
    QPushButton *pause;
    QPushButton *stop;
    QWidget *messageLine;
    GlyphMark *messageMark;
    ToneLabel *message;
    ToneLabel *nothing; ///< Over the table, where the filter finds nothing.
    ToneLabel *chosen;
    QPushButton *cancel;
    QPushButton *again;
    QPushButton *skip;
    QPushButton *worker;
    QTimer timer;
    QTimer refilter; ///< An ended command leaves "Running" a little later, so that its end is seen.
};

} // namespace pulsedeck
