// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/whatifpanel.h"
#include "models/core/format.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/fleetwords.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timing/deathchips.h"
#include "ui/timing/deathcurve.h"
#include "ui/timing/effecttable.h"
#include "ui/timing/presetlist.h"
#include "ui/timing/timingwords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString shareText(int index)
{
    const std::array<QString, 3> shares{WhatIfPanel::tr("0 %"), WhatIfPanel::tr("0.1 %"), WhatIfPanel::tr("1 %")};
    return shares[size_t(index)];
}

/// What a field of whole seconds can hold.
qint64 wholeSeconds(qint64 ms)
{
    return (ms + 999) / 1'000 * 1'000;
}

} // namespace

void WhatIfPanel::setDraft(TimingDraft *draft)
{
    if (!followDraft(m_draft, draft, this, &WhatIfPanel::review))
        return;
    m_presets->setDraft(draft);
    reviewWords();
    review();
}

std::optional<TimingId> WhatIfPanel::limit() const
{
    return m_draft->isSystem() ? m_draft->library().limit : std::optional(TimingId::WorkerKeyTtl);
}

void WhatIfPanel::reviewWords()
{
    if (!m_draft)
        return;
    const std::optional<TimingId> own = m_draft->isSystem() ? limit() : std::nullopt;
    // In a narrow panel the limit's name says more than the words before it.
    m_curveTitle->setShorter(own ? tr("Late by: %1", "a limit").arg(m_draft->library().parameter(*own).inSentence)
                                 : tr("Dead by worker key TTL"));
    m_curveTitle->setText(own ? tr("Called late by the limit: %1").arg(m_draft->library().parameter(*own).inSentence)
                              : tr("Declared dead by worker key TTL"));
    m_compareHint->setVisible(!m_draft->isSystem());
    m_curve->setAgainstDefaults(m_draft->isSystem());
    m_safeTitle->setText(m_draft->isSystem() ? tr("Smallest limit for at most") : tr("Smallest TTL for at most"));
    for (int i = 0; i < int(m_shares.size()); ++i)
        m_shares[size_t(i)]->setText((m_draft->isSystem() ? tr("%1 late") : tr("%1 dead")).arg(shareText(i)));
    for (const Safe &safe : m_safe)
        safe.set->setVisible(m_draft->library().canSetLimit());
}

void WhatIfPanel::rebuildPresets()
{
    m_presets->rebuild();
}

void WhatIfPanel::setFleet(const TimingProfile &live, int workers, int actors, const QString &why)
{
    if (m_live == live && m_workers == workers && m_actors == actors && m_why == why)
        return;
    m_live = live;
    m_workers = workers;
    m_actors = actors;
    m_why = why;
    review();
}

bool WhatIfPanel::countsPauses() const
{
    return m_countPauses->isChecked();
}

QString WhatIfPanel::basis() const
{
    const int minutes = int(m_answer.spanMs / 60'000);
    return tr("%Ln worker(s) over %1", nullptr, m_answer.workers)
        .arg(minutes < 2 ? tr("%Ln second(s)", nullptr, int(m_answer.spanMs / 1'000)) : tr("%Ln minute(s)", nullptr, minutes));
}

void WhatIfPanel::review()
{
    if (!m_draft)
        return;
    const std::shared_ptr<const WhatIf> whatIf = m_recorder.whatIf();
    const TimingLibrary &library = m_draft->library();
    const bool workers = !m_draft->isHub();
    // Of a system without beats or without a limit for them there is nothing to be late by.
    const bool judges = workers && (!library.isSystem() || (library.interval && library.limit));
    const bool any = judges && whatIf && whatIf->workerCount() > 0;
    m_recorded->setVisible(any);
    m_empty->setVisible(!any);
    if (any) {
        const bool pauses = m_countPauses->isChecked();
        m_answer = whatIf->answer(onBeats(m_draft->profile()), pauses);
        m_today = whatIf->answer(onBeats(m_live), pauses);
        reviewHeadline();
        reviewCurve();
        reviewSafe();
    } else {
        m_answer = {};
        m_today = {};
        m_empty->setText(
            !workers  ? tr("Recorded beats are not used here: an actor chooses when to renew its registration, "
                            "and polling sees it late.")
            : !judges ? tr("Recorded beats are not used here: %1 has no beat that is held against a limit.").arg(library.title)
            : m_recorder.isLoaded() ? tr("The recording has no worker with two beats.")
                                    : m_why);
    }
    const auto share = [any](const WhatIfAnswer &answer) {
        return any ? std::optional<double>(answer.missedShare) : std::nullopt;
    };
    using Subject = EffectTable::Subject;
    m_effects->setSubject(!workers              ? Subject::Hub
                          : !library.isSystem() ? Subject::Document
                          : !library.commandTtl ? Subject::System
                                                : Subject::SystemWithCommands);
    m_effects->setVisible(judges || !workers);
    m_effects->showSides({library.judged(m_live), m_workers, m_actors, share(m_today)},
                         {library.judged(m_draft->profile()), m_workers, m_actors, share(m_answer)});
    reviewChanges();
    reviewBanner();
    emit answered();
    const int unreadable = m_draft->unreadable();
    m_trouble->setVisible(unreadable > 0);
    m_trouble->setText(tr("%Ln value(s) cannot be read: the last readable (one is/ones are) used here.", nullptr, unreadable));
}

void WhatIfPanel::reviewHeadline()
{
    m_figure->setText(groupedNumber(m_answer.deaths));
    m_figure->setTone(m_answer.deaths > 0 ? ToneLabel::Tone::Stale : ToneLabel::Tone::Alive);
    m_headline->setText(m_draft->isSystem() ? tr("of %Ln worker(s) would have been called late", nullptr, m_answer.workers)
                                            : tr("of %Ln worker(s) would have been declared dead", nullptr, m_answer.workers));
    const QString window =
        m_window->currentData().toLongLong() > 0 ? tr("in the %1").arg(m_window->currentText()) : tr("in all recorded beats");
    m_subline->setText(m_draft->isSystem()
                           ? tr("%1, with this limit of %2. With the defaults: %3.")
                                 .arg(window, fieldText(onBeats(m_draft->profile()).workerKeyTtl), groupedNumber(m_today.deaths))
                           : tr("%1. With today's values: %2.").arg(window, groupedNumber(m_today.deaths)));
    QString based = tr("Based on %1; %Ln interval(s).", nullptr, int(m_answer.gaps)).arg(basis());
    if (m_answer.unknownGaps > 0)
        based += u' '
                 + tr("%Ln (is/are) left out: the console was not connected for %1.", nullptr, int(m_answer.unknownGaps))
                       .arg(countText(m_answer.unknownMs));
    m_basis->setText(based);
    m_chips->showDeaths(m_answer);

    const std::vector<WhatIf::Pause> &pauses = m_recorder.whatIf()->pauses();
    m_pauseLine->setVisible(!pauses.empty());
    if (!pauses.empty()) {
        const QString at = clockText(pauses.back().from).left(5);
        m_countPauses->setText(pauses.size() == 1
                                   ? tr("Count the source pause at %1").arg(at)
                                   : tr("Count %Ln source pause(s), the last at %1", nullptr, int(pauses.size())).arg(at));
        m_pauseNote->setVisible(m_answer.paused > 0);
        m_pauseNote->setText(tr("%1 more would be dead").arg(groupedNumber(m_answer.paused)));
    }
}

void WhatIfPanel::reviewCurve()
{
    const TimingProfile draft = onBeats(m_draft->profile());
    const qint64 liveTtl = onBeats(m_live).workerKeyTtl;
    const bool pauses = m_countPauses->isChecked();
    // From a little below the interval, where all workers would be dead, to where both lines and the safe value are visible.
    qint64 from = qMax<qint64>(0, wholeSeconds(draft.heartbeatInterval * 9 / 10) - 1'000);
    if (draft.workerKeyTtl > 0)
        from = qMin(from, draft.workerKeyTtl * 8 / 10);
    const qint64 to =
        std::max({qint64(5'000), liveTtl * 7 / 6, m_answer.safeTtlMs * 11 / 10, draft.workerKeyTtl * 11 / 10, from + 5'000});
    // At the interval itself all workers would be dead: the scale is that of the values beyond it, unless the draft's line is
    // there.
    qint64 scaleFrom = draft.heartbeatInterval * 23 / 20;
    if (draft.workerKeyTtl > 0)
        scaleFrom = qMin(scaleFrom, draft.workerKeyTtl);
    m_curve->setCurve(m_recorder.whatIf()->curve(draft, from, to, pauses), from, to, scaleFrom);
    m_curve->setLines({draft.workerKeyTtl, m_answer.deaths},
                      {liveTtl, m_recorder.whatIf()->deathsAt(draft.heartbeatInterval, liveTtl, pauses)});
}

void WhatIfPanel::reviewSafe()
{
    const std::array<qint64, 3> values{m_answer.safeTtlMs, m_answer.safeTtl01Ms, m_answer.safeTtl1Ms};
    for (size_t i = 0; i < m_safe.size(); ++i) {
        Safe &safe = m_safe[i];
        safe.ms = wholeSeconds(values[i]);
        safe.value->setText(fieldText(safe.ms));
        safe.value->setToolTip(tr("Exactly %1, in whole seconds").arg(measuredText(values[i])));
        const bool there = onBeats(m_draft->profile()).workerKeyTtl == safe.ms;
        safe.set->setEnabled(!there);
        safe.set->setAccessibleName(
            m_draft->isSystem()
                ? tr("Set %1 to %2, at most %3 late")
                      .arg(m_draft->library().parameter(*limit()).inSentence, fieldText(safe.ms), shareText(int(i)))
                : tr("Set worker key TTL to %1, at most %2 dead").arg(fieldText(safe.ms), shareText(int(i))));
    }
}

void WhatIfPanel::reviewChanges()
{
    int shown = 0;
    for (int slot = 0; slot < timingSlots; ++slot) {
        const auto id = TimingId(slot);
        const bool changed = m_draft->has(id) && m_draft->isChanged(id);
        Change &change = m_changes[size_t(slot)];
        change.line->setVisible(changed);
        if (!changed)
            continue;
        ++shown;
        const TimingDraft::Field &field = m_draft->field(id);
        change.name->setText(m_draft->library().parameter(id).label);
        change.text->setText(QString(fieldText(timingValue(m_draft->base(), id)) + u" → "_s
                                     + (field.text.isEmpty() ? fieldText(field.ms) : tr("unreadable"))));
    }
    m_changesHead->setVisible(shown > 0);
}

void WhatIfPanel::reviewBanner()
{
    const std::shared_ptr<const BeatRecording> recording = m_recorder.recording();
    m_banner->setVisible((m_recorder.isLoaded() || m_recorder.isOfPast()) && recording);
    m_backToLive->setVisible(m_recorder.isLoaded());
    if (!recording)
        return;
    if (!m_recorder.isLoaded()) {
        m_bannerText->setText(tr("On the beats recorded up to %1").arg(clockText(recording->to)));
        return;
    }
    m_bannerText->setText(tr("Recording of %1, %2, %Ln worker(s)", nullptr, int(recording->workers.size()))
                              .arg(momentText(m_clock.toWall(recording->to), m_clock.wallNowMs()), recording->source));
}

// The what-if's widgets and what they are connected to.

namespace {

QWidget *heading(const QString &title, const QString &note, QWidget *parent)
{
    auto *line = new QWidget(parent);
    auto *layout = hbox(line);
    layout->addWidget(new ToneLabel(title, ToneLabel::Tone::Text, ToneLabel::Face::Bold, line));
    auto *right = new ToneLabel(note, ToneLabel::Tone::Dim, ToneLabel::Face::Small, line);
    right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    right->setElideMode(Qt::ElideRight);
    layout->addWidget(right, 1);
    return line;
}

} // namespace

WhatIfPanel::WhatIfPanel(BeatRecorder &recorder, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_recorder(recorder)
    , m_clock(clock)
{
    setObjectName(u"whatIfPanel"_s);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *inner = new Band({}, Band::Ground::Chrome, scroll);
    auto *layout = vbox(inner, 6, {16, 10, 16, 10});
    auto *whole = vbox(this, 0);
    whole->addWidget(makeHead());

    m_banner = new QWidget(inner);
    auto *banner = hbox(m_banner);
    m_bannerText =
        (new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Bold, m_banner))->named(u"recordingBanner"_s)->wrapped();
    const QString back = m_recorder.isOfPast() ? tr("Close the Recording") : tr("Back to Live");
    m_backToLive = plainButton(back, u"backToLive"_s, m_banner);
    connect(m_backToLive, &QPushButton::clicked, &m_recorder, &BeatRecorder::backToLive);
    banner->addWidget(m_bannerText, 1);
    banner->addWidget(m_backToLive, 0, Qt::AlignTop);
    layout->addWidget(m_banner);
    m_trouble = (new ToneLabel(ToneLabel::Tone::Stale, ToneLabel::Face::Small, inner))->wrapped();
    layout->addWidget(m_trouble);

    m_empty = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, inner))->named(u"whatIfEmpty"_s)->wrapped();
    layout->addWidget(m_empty);
    m_recorded = new QWidget(inner);
    auto *recorded = vbox(m_recorded, 6);
    makeHeadline(recorded);
    makeCurve(recorded);
    makeSafe(recorded);
    layout->addWidget(m_recorded);
    makeRest(layout);
    layout->addStretch(1);
    scroll->setWidget(inner);
    // The scroll bar takes its room from the margin, so that nothing moves sideways when it appears.
    connect(scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, [scroll, layout](int, int most) {
        QMargins margins = layout->contentsMargins();
        margins.setRight(most > 0 ? qMax(0, px(16) - scroll->verticalScrollBar()->sizeHint().width()) : px(16));
        layout->setContentsMargins(margins);
    });
    whole->addWidget(scroll, 1);
    connectParts();
}

QWidget *WhatIfPanel::makeHead()
{
    auto *head = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    head->setFixedHeight(px(31));
    auto *layout = hbox(head, 8, {16, 0, 12, 1});
    layout->addWidget(new ToneLabel(tr("What if"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, head));
    auto *sub = new ToneLabel(tr("on recorded beats"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, head);
    sub->setShorter(tr("recorded"));
    layout->addWidget(sub, 1);
    m_window = new QComboBox(head);
    m_window->setObjectName(u"whatIfWindow"_s);
    m_window->setAccessibleName(tr("Beats to use"));
    for (const auto &[text, minutes] : {std::pair{tr("last 5 min"), 5}, {tr("last 15 min"), 15}, {tr("last 30 min"), 30}})
        m_window->addItem(text, qint64(minutes) * 60'000);
    m_window->addItem(tr("all recorded"), qint64(0));
    m_window->setCurrentIndex(2);
    layout->addWidget(m_window);
    m_menu = new QToolButton(head);
    m_menu->setObjectName(u"recordingMenu"_s);
    m_menu->setIcon(glyphIcon(Glyph::Menu));
    m_menu->setAutoRaise(true);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setToolTip(tr("Export this recording, or load another"));
    m_menu->setAccessibleName(tr("Recording"));
    auto *menu = new QMenu(m_menu);
    connect(menu->addAction(tr("Export This Recording…")), &QAction::triggered, this, &WhatIfPanel::chooseExport);
    connect(menu->addAction(tr("Load a Recording…")), &QAction::triggered, this, &WhatIfPanel::chooseLoad);
    QAction *live = menu->addAction(m_recorder.isOfPast() ? tr("Close the Recording") : tr("Back to live"));
    connect(live, &QAction::triggered, &m_recorder, &BeatRecorder::backToLive);
    connect(menu, &QMenu::aboutToShow, this, [this, live, menu] {
        live->setEnabled(m_recorder.isLoaded());
        menu->actions().first()->setEnabled(m_recorder.recording() != nullptr);
    });
    m_menu->setMenu(menu);
    layout->addWidget(m_menu);
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_menu->setIcon(glyphIcon(Glyph::Menu)); });
    return head;
}

void WhatIfPanel::makeHeadline(QVBoxLayout *layout)
{
    auto *line = hbox(12);
    m_figure = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, m_recorded))->named(u"deathCount"_s);
    line->addWidget(m_figure, 0, Qt::AlignVCenter);
    auto *words = vbox(1);
    m_headline = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_recorded))->wrapped();
    m_subline = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, m_recorded))->named(u"whatIfToday"_s)->wrapped();
    addWidgets(words, {m_headline, m_subline});
    line->addLayout(words, 1);
    layout->addLayout(line);
    m_chips = new DeathChips(m_recorded);
    layout->addWidget(m_chips);
    m_pauseLine = new QWidget(m_recorded);
    auto *pause = hbox(m_pauseLine);
    m_countPauses = new QCheckBox(m_pauseLine);
    m_countPauses->setObjectName(u"countPauses"_s);
    m_pauseNote = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_pauseLine))->elided();
    pause->addWidget(m_countPauses);
    pause->addWidget(m_pauseNote, 1);
    layout->addWidget(m_pauseLine);
    m_basis = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_recorded))->named(u"basis"_s)->wrapped();
    layout->addWidget(m_basis);
}

void WhatIfPanel::makeCurve(QVBoxLayout *layout)
{
    layout->addSpacing(px(4));
    QWidget *title = heading({}, tr("workers"), m_recorded);
    // The name of a limit may be long: it is elided, where it would make all else as wide as itself.
    m_curveTitle = title->findChild<ToneLabel *>()->named(u"curveTitle"_s)->elided();
    auto *line = static_cast<QHBoxLayout *>(title->layout());
    line->setStretch(0, 1);
    line->setStretch(1, 0);
    layout->addWidget(title);
    m_curve = new DeathCurve(m_recorded);
    layout->addWidget(m_curve);
}

void WhatIfPanel::makeSafe(QVBoxLayout *layout)
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(px(8));
    grid->setVerticalSpacing(px(3));
    m_safeTitle = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_recorded);
    grid->addWidget(m_safeTitle, 0, 0, 1, 6);
    for (int i = 0; i < 3; ++i) {
        Safe &safe = m_safe[size_t(i)];
        auto *cell = vbox(1);
        m_shares[size_t(i)] = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_recorded);
        cell->addWidget(m_shares[size_t(i)]);
        auto *line = hbox(6);
        safe.value = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_recorded);
        safe.set = new QPushButton(tr("Set"), m_recorded);
        safe.set->setObjectName(u"setSafe%1"_s.arg(i));
        safe.set->setAutoDefault(false);
        addWidgets(line, {safe.value, safe.set});
        line->addStretch(1);
        cell->addLayout(line);
        grid->addLayout(cell, 1, i);
        grid->setColumnStretch(i, 1);
        connect(safe.set, &QPushButton::clicked, this, [this, i] {
            if (!m_draft->isSystem())
                m_draft->change({{TimingId::WorkerKeyTtl, m_safe[size_t(i)].ms}}, tr("Set a safe worker key TTL"));
            else if (m_draft->library().canSetLimit())
                m_draft->change({{*limit(), m_safe[size_t(i)].ms}}, tr("Set a safe limit"));
        });
    }
    layout->addLayout(grid);
}

void WhatIfPanel::makeRest(QVBoxLayout *layout)
{
    QWidget *inner = layout->parentWidget();
    layout->addSpacing(px(6));
    m_effects = new EffectTable(inner);
    layout->addWidget(m_effects);
    layout->addSpacing(px(6));
    layout->addWidget(heading(tr("Presets"), tr("heartbeat / TTL or timeout · beats"), inner));
    m_presets = new PresetList(inner);
    layout->addWidget(m_presets);
    layout->addSpacing(px(6));
    m_changesHead = heading(tr("Changes in this draft"), tr("Ctrl+D compares any two"), inner);
    layout->addWidget(m_changesHead);
    m_compareHint = m_changesHead->findChildren<ToneLabel *>().last();
    for (Change &change : m_changes) {
        change.line = new QWidget(inner);
        auto *line = hbox(change.line);
        change.name = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, change.line))->elided();
        change.text = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, change.line);
        line->addWidget(change.name, 1);
        line->addWidget(change.text);
        layout->addWidget(change.line);
    }
}

void WhatIfPanel::connectParts()
{
    m_recorder.setWindow(m_window->currentData().toLongLong());
    connect(m_window, &QComboBox::currentIndexChanged, this,
            [this] { m_recorder.setWindow(m_window->currentData().toLongLong()); });
    connect(&m_recorder, &BeatRecorder::ready, this, &WhatIfPanel::review);
    connect(m_countPauses, &QCheckBox::toggled, this, &WhatIfPanel::review);
    connect(m_chips, &DeathChips::workerRequested, this, &WhatIfPanel::workerRequested);
    connect(m_chips, &DeathChips::listRequested, this, [this] {
        auto *list = selfDeleting(new DeathList(m_answer, basis(), this));
        connect(list, &DeathList::workerRequested, this, &WhatIfPanel::workerRequested);
        list->open();
    });
    connect(m_curve, &DeathCurve::ttlDragged, this, [this](qint64 ttl) {
        if (!m_draft || !m_draft->library().canSetLimit())
            return;
        m_draft->slide(*limit(), ttl, m_draft->isSystem() ? tr("Drag the limit") : tr("Drag the worker key TTL"));
    });
    connect(m_curve, &DeathCurve::dragEnded, this, [this] {
        if (m_draft)
            m_draft->endTyping();
    });
    const auto failed = [this](const QString &title, const QString &path, const QString &error) {
        if (error.isEmpty())
            return;
        auto *box = selfDeleting(new QMessageBox(QMessageBox::Warning, title,
                                                 QString(QFileInfo(path).fileName() + u": "_s + error), QMessageBox::Ok, this));
        box->open();
    };
    connect(&m_recorder, &BeatRecorder::saved, this, [this, failed](const QString &path, const QString &error) {
        failed(tr("The recording could not be written"), path, error);
        if (error.isEmpty())
            emit exported(path);
    });
    connect(&m_recorder, &BeatRecorder::loaded, this,
            [failed](const QString &path, const QString &error) { failed(tr("The recording could not be read"), path, error); });
}

void WhatIfPanel::chooseExport()
{
    auto *dialog =
        selfDeleting(new QFileDialog(this, tr("Export the recording"), {}, tr("Recordings (*.pulsedeck);;All files (*)")));
    dialog->setObjectName(u"exportRecordingDialog"_s);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"pulsedeck"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &WhatIfPanel::exportTo);
    dialog->open();
}

void WhatIfPanel::chooseLoad()
{
    auto *dialog = selfDeleting(new QFileDialog(this, tr("Load a recording"), {}, tr("Recordings (*.pulsedeck);;All files (*)")));
    dialog->setObjectName(u"loadRecordingDialog"_s);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &WhatIfPanel::loadFrom);
    dialog->open();
}

} // namespace pulsedeck
