// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/groupsummary.h"

#include <QObject>

class QPushButton;

namespace pulsedeck {

class GlyphMark;
class StageBar;
class ToneLabel;

/// The widgets that show how far one group of commands is, and that pause and stop it. Its maker lays them out, and owns them
/// then. GUI thread.
class GroupView : public QObject
{
    Q_OBJECT

public:
    GroupView(CommandActions &actions, QWidget *parent);

    /// Shows the group as it is now; a null one leaves the widgets as they are, to be hidden.
    const GroupSummary &show(const QUuid &group);
    const GroupSummary &summary() const { return m_summary; }

    ToneLabel *const title;
    ToneLabel *const detail;
    ToneLabel *const figures;
    StageBar *const bar;
    GlyphMark *const messageMark;
    ToneLabel *const message;
    QPushButton *const pause; ///< Pauses a rolling shutdown, or goes on with it.
    QPushButton *const stop; ///< Stops a rolling shutdown, or withdraws what can be withdrawn.

private:
    void stopGroup();

    CommandActions &m_actions;
    QUuid m_group;
    GroupSummary m_summary;
};

} // namespace pulsedeck
