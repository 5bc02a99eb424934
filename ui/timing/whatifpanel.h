// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/beatrecorder.h"
#include "ui/timing/timingdraft.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QPushButton;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace pulsedeck {

class DeathChips;
class DeathCurve;
class EffectTable;
class PresetList;
class ToneLabel;

/// What would have happened with the draft's values, judged on recorded beats, and their effects by arithmetic. The BeatRecorder
/// prepares the recording, so that an answer takes a few searches and is given with every keystroke. GUI thread.
class WhatIfPanel : public QWidget
{
    Q_OBJECT

public:
    WhatIfPanel(BeatRecorder &recorder, const Clock &clock, QWidget *parent = nullptr);

    void setDraft(TimingDraft *draft);
    /// \a why is shown while nothing is recorded.
    void setFleet(const TimingProfile &live, int workers, int actors, const QString &why);
    void rebuildPresets();
    /// The last answer for the draft.
    const WhatIfAnswer &answer() const { return m_answer; }
    /// "412 workers over 28 minutes".
    QString basis() const;
    void exportTo(const QString &path) { m_recorder.save(path); }
    void loadFrom(const QString &path) { m_recorder.load(path); }

    /// Whether times in which the whole source was silent count.
    bool countsPauses() const;
    /// Ask for a file, for exportTo() and loadFrom().
    void chooseExport();
    void chooseLoad();

signals:
    /// The recording was written.
    void exported(const QString &path);
    void workerRequested(const QByteArray &worker);
    /// answer() has changed.
    void answered();

private:
    QWidget *makeHead();
    void makeHeadline(QVBoxLayout *layout);
    void makeCurve(QVBoxLayout *layout);
    void makeSafe(QVBoxLayout *layout);
    void makeRest(QVBoxLayout *layout);
    void connectParts();
    void review();
    void reviewHeadline();
    void reviewCurve();
    void reviewSafe();
    void reviewChanges();
    void reviewBanner();
    void reviewWords();
    /// The profile by which recorded beats are judged.
    TimingProfile onBeats(const TimingProfile &profile) const { return m_draft->library().judgedOnBeats(profile); }
    /// What the limit is: the worker key TTL, or a system's own.
    std::optional<TimingId> limit() const;

    BeatRecorder &m_recorder;
    const Clock &m_clock;
    TimingDraft *m_draft = nullptr;
    TimingProfile m_live;
    int m_workers = 0;
    int m_actors = 0;
    QString m_why;
    WhatIfAnswer m_answer;
    WhatIfAnswer m_today;

    QComboBox *m_window;
    QToolButton *m_menu;
    QWidget *m_banner;
    ToneLabel *m_bannerText;
    QPushButton *m_backToLive;
    ToneLabel *m_trouble;
    QWidget *m_recorded; ///< All that needs beats.
    ToneLabel *m_empty;
    ToneLabel *m_figure;
    ToneLabel *m_headline;
    ToneLabel *m_subline;
    ToneLabel *m_basis;
    DeathChips *m_chips;
    QWidget *m_pauseLine;
    QCheckBox *m_countPauses;
    ToneLabel *m_pauseNote;
    DeathCurve *m_curve;
    struct Safe
    {
        ToneLabel *value;
        QPushButton *set;
        qint64 ms = 0;
    };
    std::array<Safe, 3> m_safe;
    EffectTable *m_effects;
    PresetList *m_presets;
    struct Change
    {
        QWidget *line;
        ToneLabel *name;
        ToneLabel *text;
    };
    std::array<Change, timingSlots> m_changes;
    ToneLabel *m_curveTitle = nullptr;
    ToneLabel *m_safeTitle = nullptr;
    std::array<ToneLabel *, 3> m_shares{};
    ToneLabel *m_compareHint = nullptr;
    QWidget *m_changesHead;
};

} // namespace pulsedeck
