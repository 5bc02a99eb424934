// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/reviewdialog.h"
#include "ui/timing/timingpage.h"
#include "ui/timing/timingsubject.h"

#include <QObject>
#include <QPointer>

namespace pulsedeck {

class DraftStore;
class BeatRecorder;
class TimingFiles;
class TimingNotes;
class WhatIfPanel;

/// From the draft to a version in force: review and apply, roll back, merge with what others applied, compare. Each step is a
/// dialog over the page. GUI thread.
class TimingReviewing : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this; \a files may be null.
    TimingReviewing(const TimingContext &context, const TimingSubject &subject, DraftStore &drafts, BeatRecorder &recorder,
                    WhatIfPanel &whatIf, TimingNotes &notes, TimingFiles *files, QWidget &page);

    void review();
    void rollBack(const TimingVersion &version);
    /// Merges the draft with what was applied while it was edited.
    void resolve(const TimingVersion &theirs);
    /// \a chosen with the draft; null: the profile in force.
    void compare(const TimingProfile *chosen);

signals:
    /// Another version is in force, or the draft begins from another one.
    void changed();

private:
    void openReview(const TimingReview &review);
    void judge(TimingReview &review) const;
    QStringList whatIfSentences(const TimingProfile &before, const TimingProfile &after) const;
    void settle(const TimingApplied &applied);

    const TimingContext &m_context;
    const TimingSubject &m_subject;
    DraftStore &m_drafts;
    BeatRecorder &m_recorder;
    WhatIfPanel &m_whatIf;
    TimingNotes &m_notes;
    TimingFiles *m_files;
    QWidget &m_page;
    QPointer<ReviewDialog> m_reviewDialog;
};

} // namespace pulsedeck
