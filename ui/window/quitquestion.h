// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingrunner.h"

#include <QDialog>
#include <QStringList>

namespace pulsedeck {

/// What would be unfinished if the window closed now.
struct QuitFacts
{
    /// A draft of a source's timing that was not applied.
    struct Draft
    {
        QString source;
        int changed = 0; ///< Values.
    };
    std::vector<RollingRunner::Unfinished> rolls; ///< Those that run; paused ones stay paused.
    std::vector<Draft> drafts;
    bool resumable = true; ///< The journal saves a roll for the next start.

    bool isNothing() const { return rolls.empty() && drafts.empty(); }
    /// What will happen to each, one line per item.
    QStringList sentences() const;
};

/// Asks before the window closes while a rolling shutdown runs or a timing draft is not applied, and tells the consequences. Esc
/// and Enter keep the window open. GUI thread.
class QuitQuestion : public QDialog
{
    Q_OBJECT

public:
    explicit QuitQuestion(const QuitFacts &facts, QWidget *parent);
};

} // namespace pulsedeck
