// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingrunner.h"

#include <QDialog>
#include <QStringList>

namespace pulsedeck {

/// What would be left undone if the window closed now.
struct QuitFacts
{
    /// A draft of a source's timing that was not applied.
    struct Draft
    {
        QString source;
        int changed = 0; ///< Values.
    };
    std::vector<RollingRunner::Unfinished> rolls; ///< Those that run; what is paused already stays so.
    std::vector<Draft> drafts;
    bool resumable = true; ///< The journal keeps a roll for the next start.

    bool isNothing() const { return rolls.empty() && drafts.empty(); }
    /// What will happen to each, one sentence or two a line.
    QStringList sentences() const;
};

/// Asks before the window closes while a rolling shutdown runs or a timing draft is not applied, and says what becomes
/// of it. Esc and Enter stay. GUI thread.
class QuitQuestion : public QDialog
{
    Q_OBJECT

public:
    explicit QuitQuestion(const QuitFacts &facts, QWidget *parent);
};

} // namespace pulsedeck
