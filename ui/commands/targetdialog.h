// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"

#include <QDialog>

class QLineEdit;
class QPushButton;
class QToolButton;

namespace pulsedeck {

class BytesView;
class ToneLabel;

/// Asks before an act on queues or whole fleets: its title says what it hits. A production source asks for its name, a whole
/// fleet always for a reason. Enter never triggers the act. GUI thread.
class TargetDialog : public QDialog
{
    Q_OBJECT

public:
    TargetDialog(const CommandContext &context, Act act, const std::vector<CommandTarget> &targets, QWidget *parent);

signals:
    void issued(const QUuid &group);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void refresh();
    void showBytes();
    void submit();
    QString verdict() const; ///< What is missing; empty if nothing is.
    QString confirmWord() const;

    const CommandContext &m_context;
    const Act m_act;
    const std::vector<CommandTarget> m_targets;
    TargetPreview m_preview;
    ToneLabel *m_title;
    ToneLabel *m_meaning;
    ToneLabel *m_leftOut;
    QToolButton *m_bytesButton;
    BytesView *m_bytes;
    QLineEdit *m_reason;
    ToneLabel *m_confirmText;
    QLineEdit *m_confirm;
    ToneLabel *m_state;
    QPushButton *m_button;
};

} // namespace pulsedeck
