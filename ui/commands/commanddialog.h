// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"

#include <QDialog>

class QStackedWidget;

namespace pulsedeck {

class CommandProgressPage;
class CommandQuestion;

/// Before a command: what it will do. After: how far it is. Modal to its window only while it asks; closing it while it
/// runs stops nothing. GUI thread.
class CommandDialog : public QDialog
{
    Q_OBJECT

public:
    CommandDialog(CommandActions &actions, Act act, const std::vector<WorkerHandle> &workers, const QString &reason,
                  QWidget *parent = nullptr);

    bool isAsking() const;
    CommandQuestion &question() const { return *m_question; }
    CommandProgressPage &progress() const { return *m_progress; }

signals:
    void issued(const QUuid &group);
    void groupRequested(const QUuid &group);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void run();
    void fit();

    CommandActions &m_actions;
    QStackedWidget *m_pages;
    CommandQuestion *m_question;
    CommandProgressPage *m_progress;
};

} // namespace pulsedeck
