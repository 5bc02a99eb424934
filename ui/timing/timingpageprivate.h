// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/draftactions.h"
#include "ui/timing/parameterpanel.h"
#include "ui/timing/ratioladder.h"
#include "ui/timing/reviewdialog.h"
#include "ui/timing/timingnotes.h"
#include "ui/timing/timingpage.h"
#include "ui/timing/versionstrip.h"
#include "ui/timing/whatifpanel.h"

#include "models/timing/timingfiles.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSplitter>
#include <QTimer>

#include <map>

class QTabBar;

namespace pulsedeck {

/// The page's parts and what it does with them. Nested in the page, so that its steps can stand in several files.
class TimingPage::Private : public QObject
{
    Q_DECLARE_TR_FUNCTIONS(TimingPage)

public:
    Private(TimingPage &page, const TimingContext &context, TimingFiles *files);

    enum Tab { ParametersTab, LadderTab, WhatIfTab };
    static constexpr int parametersFrom = 372; ///< Least widths, in pixels of the design.
    static constexpr int ladderFrom = 330;

    // timingpage.cpp: putting it together, and what follows from news.
    void build();
    void connectParts();
    void makeKeys();
    void undo();
    void redo();
    void orderTabs();
    void fillMenu(QMenu &menu);
    void reviewSources();
    void show(SourceId source);
    TimingDraft &draftOf(SourceId source);
    TimingDraft *draft() const { return m_draft; }
    void measure();
    void reviewFleet();
    void reviewHistory();
    void reviewRollout();
    void reviewNewer();
    void reviewState();
    void fitColumns();
    bool isNarrow() const;
    /// Not even two columns have room: one at a time.
    bool isSingle() const;
    QString whyNothingRecorded() const;

    // timingpageactions.cpp: what the operator does.
    void takeProfile(SourceId source);
    void review();
    void rollBack(const TimingVersion &version);
    void openReview(const TimingReview &review);
    QStringList whatIfSentences(const TimingProfile &before, const TimingProfile &after) const;
    void settle(const TimingApplied &applied);
    void resolve(const TimingVersion &theirs);
    void compare(const TimingProfile *chosen);
    void exportTo(const QString &kind);
    void readFrom();
    void takeFile(const TimingFileAnswer &answer);
    void chooseProfile(const TimingFileAnswer &answer);
    void readProfile(const TimingFileAnswer &answer, const QString &environment);
    void judge(TimingReview &review) const;
    QString whyNotExport(const TimingFileAnswer &proposal) const;
    void showConstants();
    void chooseSet(const QString &id);
    void chooseRules();
    void readRules(const QString &path);
    void requestWorker(const QByteArray &id);
    void noteButton(int kind);
    void showBehind();
    QString sourceTerm() const;

    TimingPage &q;
    TimingContext m_context;
    TimingFiles *m_files;
    RecordingRoom m_room;
    QTimer m_measureTimer;
    SourceId m_source = 0;
    std::map<SourceId, std::unique_ptr<TimingDraft>> m_drafts; ///< Kept when another source is looked at.
    TimingDraft *m_draft = nullptr;
    MeasuredTiming m_measured;
    HubTiming m_hubTiming;
    qint64 m_measuredAt = 0;
    quint64 m_proposeToken = 0;
    quint64 m_readToken = 0;
    QPointer<ReviewDialog> m_reviewDialog;
    QString m_stateText;

    TimingNotes *m_notes = nullptr;
    QWidget *m_nothing = nullptr; ///< No source at all.
    QWidget *m_body = nullptr;
    QSplitter *m_columns = nullptr;
    QSplitter *m_right = nullptr;
    QTabBar *m_tabs = nullptr;
    ParameterPanel *m_parameters = nullptr;
    RatioLadder *m_ladder = nullptr;
    QWidget *m_whatIfColumn = nullptr;
    WhatIfPanel *m_whatIf = nullptr;
    DraftActions *m_actions = nullptr;
    VersionStrip *m_history = nullptr;
};

} // namespace pulsedeck
