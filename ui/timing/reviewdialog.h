// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/timing/timingdraft.h"
#include "ui/timing/timingpage.h"

#include <QDialog>
#include <QUuid>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

/// The change that is about to be applied, with its check, computed before the dialog opens.
struct TimingReview
{
    SourceId source = 0;
    TimingProfile before;
    TimingProfile after;
    qint64 expectedVersion = 0;
    std::optional<TimingVersion> rollBackTo; ///< Set: an old version becomes a new one.
    TimingCheck check; ///< Of after.
    QStringList unreadable; ///< Fields that cannot be read: they block.
    QStringList whatIf; ///< Sentences.
    int deaths = 0; ///< Recorded workers that would have been declared dead with after, though they came back.
    int deathsToday = 0; ///< The same with before.
    int recordedWorkers = 0; ///< Of so many; 0 if nothing is recorded.
    qint64 safeTtlMs = 0; ///< The smallest key TTL with none.
};

/// Before, after, findings and what-if in one view, and the only place from which a profile is applied. A broken must blocks;
/// each broken recommended rule must be acknowledged, as must workers that would have been declared dead, and all with a reason.
/// Apply is never the default button. A hub has no record: its changes can only be looked at. GUI thread.
class ReviewDialog : public QDialog
{
    Q_OBJECT

public:
    ReviewDialog(const TimingContext &context, const TimingReview &review, QWidget *parent = nullptr);

    /// Why it cannot be applied now, in words; empty if it can.
    QString whyNot() const;

signals:
    void applied(const pulsedeck::TimingApplied &applied);
    void conflicted(const pulsedeck::TimingApplied &applied);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void makeFindings(QVBoxLayout *layout);
    void makeAcknowledged(QVBoxLayout *layout, Glyph glyph, ToneLabel::Tone tone, const QString &text, const QString &name,
                          const QString &shown);
    void makeConsequences(QVBoxLayout *layout);
    QWidget *makeFoot();
    bool isAcknowledged() const;
    void review();
    void apply();
    void takeApplied(const TimingApplied &applied);
    QString fullReason() const;

    TimingContext m_context;
    TimingReview m_review;
    bool m_hub; ///< Nothing can be applied: its values are written by Files.
    std::vector<std::pair<QString, QCheckBox *>> m_acknowledge; ///< By rule, or by another finding.
    QLineEdit *m_reason;
    GlyphMark *m_stateMark;
    ToneLabel *m_state;
    QPushButton *m_unlock;
    QPushButton *m_cancel;
    QPushButton *m_apply;
    QUuid m_sent;
    QString m_answer; ///< Why the last attempt failed.
};

/// Why nothing can be written to the source's record now: locked, read-only, not connected; empty if it can.
QString whyNotApply(const TimingContext &context, SourceId source);

} // namespace pulsedeck
