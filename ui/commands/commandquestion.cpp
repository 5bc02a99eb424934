// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandquestion.h"

#include "models/commands/commandwords.h"
#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/commands/capacitybars.h"
#include "ui/commands/questionfigures.h"
#include "ui/commands/queuerow.h"
#include "ui/commands/strategybox.h"
#include "ui/commands/workerchips.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/bytesview.h"
#include "ui/common/columnscroll.h"
#include "ui/common/commandtexts.h"
#include "ui/common/environmentlist.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tabchain.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QShortcut>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestReason = 500;
constexpr auto floorKey = "commands/floorPercent"_L1;
constexpr auto reasonKey = "commands/reasonRequired"_L1;

} // namespace

CommandQuestion::CommandQuestion(const CommandContext &context, Act act, const std::vector<WorkerHandle> &workers,
                                 const QString &reason, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_draft(context, act, workers)
    , m_content(new QWidget)
{
    m_draft.setFloorPercent(qBound(0, context.settings.value(floorKey, defaultFloorPercent).toInt(), 100));
    m_draft.refresh();

    auto *column = vbox(m_content, 8, {24, 18, 24, 14});
    buildHead(column);
    buildCommand(column);
    buildWorkers(column);
    column->addStretch(1);
    auto *whole = vbox(this, 0);
    whole->addWidget(new ColumnScroll(m_content, this), 1);
    whole->addWidget(buildConfirm()); // Never scrolled out of sight.
    whole->addWidget(buildFooter());

    qint64 ttl = 0;
    for (const SourceId source : m_draft.preview().sources) {
        if (context.store.sourceStatus(source).traits->of(act).proof != ActProof::Answer)
            ttl = qMax(ttl, context.store.timing(source).shutdownCommandTtl);
    }
    m_ttl->setValue(int((ttl > 0 ? ttl : TimingProfile().shutdownCommandTtl) / 1000));
    m_now->setChecked(act == Act::ShutdownNow);
    m_atBeat->setChecked(act != Act::ShutdownNow);
    m_strategy->setFloorPercent(m_draft.floorPercent());
    m_reason->setText(reason);
    // In reading order; what acts comes last.
    setTabChain({m_strategy, m_atBeat, m_now, m_ttl, m_ttlFix, m_bytesButton, m_bytes, m_queues, m_reason, m_chips,
                 m_leftOutButton, m_confirmField, m_useRolling, m_reduce, m_unlock, m_cancel, m_act});
    connectAll();
    review();
    m_shown = true;
}

ToneLabel *CommandQuestion::heading(const QString &text)
{
    return new ToneLabel(text, ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_content);
}

void CommandQuestion::buildHead(QVBoxLayout *column)
{
    m_mark = new GlyphMark(actGlyph(m_draft.act()), 24, m_content);
    m_title = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, m_content))->named(u"question"_s)->wrapped();
    m_subtitle = (new ToneLabel(actMeaning(m_draft.act()), ToneLabel::Tone::Dim, ToneLabel::Face::Body, m_content))->wrapped();
    auto *words = vbox(2);
    addWidgets(words, {m_title, m_subtitle});
    m_environments = new EnvironmentList(m_content);
    words->addWidget(m_environments);
    auto *head = hbox(15);
    head->addWidget(m_mark, 0, Qt::AlignVCenter);
    head->addLayout(words, 1);
    column->addLayout(head);
    column->addSpacing(px(6));

    m_figures = new QuestionFigures(m_content);
    column->addWidget(m_figures);
    m_bars = new CapacityBars(m_context.store);
    m_barArea = new ColumnScroll(m_bars, m_content);
    column->addWidget(m_barArea);
    m_sessionsNote = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_content))->wrapped();
    column->addWidget(m_sessionsNote);

    m_strategyTitle = heading(tr("Strategy"));
    m_strategy = new StrategyBox(m_content);
    column->addSpacing(px(4));
    addWidgets(column, {m_strategyTitle, m_strategy});
}

void CommandQuestion::buildCommand(QVBoxLayout *column)
{
    m_command = new QWidget(m_content);
    auto *inside = vbox(m_command, 6, {0, 6, 0, 0});
    m_commandTitle = heading(tr("Shutdown command"));
    inside->addWidget(m_commandTitle);
    m_forKeys = new QWidget(m_command);
    auto *forKeys = vbox(m_forKeys, 6);
    m_atBeat = new QRadioButton(tr("At each worker's &next heartbeat"), m_command);
    m_atBeat->setObjectName(u"atBeat"_s);
    m_now = new QRadioButton(tr("N&ow, cannot be withdrawn"), m_command);
    m_now->setObjectName(u"now"_s);
    auto *when = hbox(20);
    addWidgets(when, {m_atBeat, m_now});
    when->addStretch(1);
    forKeys->addLayout(when);

    auto *keep = hbox(8);
    auto *label = new ToneLabel(tr("Keep for"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_command);
    m_ttl = new QSpinBox(m_command);
    m_ttl->setObjectName(u"ttl"_s);
    m_ttl->setRange(1, 86'400);
    m_ttl->setSuffix(u" s"_s);
    m_ttl->setAlignment(Qt::AlignRight);
    m_ttl->setAccessibleName(tr("How long the command waits to be read"));
    m_ttl->setFixedWidth(px(76));
    m_ttlMark = new GlyphMark(Glyph::Ok, 12, m_command);
    m_ttlText = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, m_command))->named(u"ttlFinding"_s)->wrapped();
    m_ttlFix = plainButton({}, u"ttlFix"_s, m_command);
    addWidgets(keep, {label, m_ttl, m_ttlMark});
    keep->addWidget(m_ttlText, 1);
    keep->addWidget(m_ttlFix);
    forKeys->addLayout(keep);
    inside->addWidget(m_forKeys);
    m_undo = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, m_command))->named(u"undo"_s)->wrapped();
    inside->addWidget(m_undo);
    column->addWidget(m_command);

    m_bytesButton = new QToolButton(m_content);
    m_bytesButton->setObjectName(u"showBytes"_s);
    m_bytesButton->setText(tr("Show bytes"));
    m_bytesButton->setToolTip(tr("The exact words that will be written (Ctrl+B)"));
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_B), this), &QShortcut::activated, m_bytesButton, &QToolButton::click);
    m_bytesButton->setAutoRaise(true);
    m_bytesButton->setCheckable(true);
    m_bytesButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_bytesButton->setFocusPolicy(Qt::TabFocus);
    m_bytes = new BytesView(m_content);
    column->addWidget(m_bytesButton, 0, Qt::AlignLeft);
    column->addWidget(m_bytes);

    m_queues = new QueueRow(m_content);
    column->addWidget(m_queues);
    m_reasonRow = new QWidget(m_content);
    auto *reason = hbox(m_reasonRow, 12, {0, 6, 0, 0});
    auto *title = heading(tr("Reason"));
    m_reason = new QLineEdit(m_reasonRow);
    m_reason->setObjectName(u"reason"_s);
    m_reason->setMaxLength(longestReason);
    m_reason->setAccessibleName(tr("Reason, kept in the journal"));
    title->setBuddy(m_reason);
    reason->addWidget(title);
    reason->addWidget(m_reason, 1);
    column->addWidget(m_reasonRow);
}

void CommandQuestion::buildWorkers(QVBoxLayout *column)
{
    m_workers = new QWidget(m_content);
    auto *inside = vbox(m_workers, 6, {0, 6, 0, 0});
    auto *head = hbox(10);
    m_workersTitle = heading(tr("Workers"));
    head->addWidget(m_workersTitle);
    m_chipsNote = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_workers);
    head->addWidget(m_chipsNote, 1);
    inside->addLayout(head);
    m_chips = new WorkerChips(m_workers);
    inside->addWidget(m_chips);
    column->addWidget(m_workers);

    m_lost = (new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Body, m_content))->named(u"lostMeanwhile"_s);
    column->addWidget(m_lost);
    m_leftOutButton = new QToolButton(m_content);
    m_leftOutButton->setObjectName(u"leftOut"_s);
    m_leftOutButton->setAutoRaise(true);
    m_leftOutButton->setCheckable(true);
    m_leftOutButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_leftOutButton->setFocusPolicy(Qt::TabFocus);
    m_leftOutList = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_content))->named(u"leftOutList"_s)->wrapped();
    column->addWidget(m_leftOutButton, 0, Qt::AlignLeft);
    column->addWidget(m_leftOutList);
}

QWidget *CommandQuestion::buildConfirm()
{
    const Theme &t = Theme::instance();
    m_confirm = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *inside = vbox(m_confirm, 8, {24, 12, 24, 12});
    m_confirmText = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_confirm))->named(u"underFloor"_s)->wrapped();
    auto *line = hbox(12);
    m_confirmMark = new GlyphMark(Glyph::Error, 14, m_confirm);
    line->addWidget(m_confirmMark, 0, Qt::AlignVCenter);
    line->addWidget(m_confirmText, 1);
    m_confirmWord = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Id, m_confirm);
    m_confirmField = new QLineEdit(m_confirm);
    m_confirmField->setObjectName(u"confirm"_s);
    m_confirmField->setFont(t.idFont());
    m_confirmField->setFixedWidth(px(180));
    m_useRolling = plainButton(tr("or choose rolling"), u"useRolling"_s, m_confirm, ButtonRole::Link);
    auto *type = hbox(10);
    type->addWidget(new ToneLabel(tr("Type"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_confirm));
    type->addWidget(m_confirmWord);
    type->addWidget(new ToneLabel(tr("to continue"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_confirm));
    addWidgets(type, {m_confirmField, m_useRolling});
    type->addStretch(1);
    inside->addLayout(line);
    inside->addLayout(type);
    return m_confirm;
}

Band *CommandQuestion::buildFooter()
{
    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    m_stateMark = new GlyphMark(Glyph::Ok, 12, footer);
    m_state = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, footer))->named(u"verdict"_s)->elided();
    m_reduce = plainButton({}, u"reduce"_s, footer, ButtonRole::Link);
    m_unlock = plainButton(tr("Unlock for 5 min"), u"unlock"_s, footer);
    m_cancel = plainButton(tr("Cancel"), u"cancel"_s, footer);
    m_act = plainButton({}, u"act"_s, footer);
    auto *row = hbox(footer, 9, {16, 11, 16, 11});
    row->addWidget(m_stateMark);
    row->addWidget(m_state, 1);
    addWidgets(row, {m_reduce, m_unlock, m_cancel, m_act});
    return footer;
}

void CommandQuestion::connectAll()
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &CommandQuestion::recompute);
    connect(&m_context.store, &FleetStore::published, this, &CommandQuestion::schedule);
    connect(&m_context.store, &FleetStore::sourceChanged, this, &CommandQuestion::schedule);
    connect(&m_context.ledger, &CommandLedger::entriesAdded, this, &CommandQuestion::schedule);
    connect(&m_context.access, &WriteAccess::changed, this, &CommandQuestion::recompute);
    connect(m_strategy, &StrategyBox::changed, this, [this] {
        if (m_draft.floorPercent() != m_strategy->floorPercent())
            m_context.settings.setValue(floorKey, m_strategy->floorPercent());
        m_draft.setFloorPercent(m_strategy->floorPercent());
        recompute();
    });
    connect(m_now, &QRadioButton::toggled, this, [this](bool now) {
        m_draft.setAct(now ? Act::ShutdownNow : Act::Shutdown);
        recompute();
    });
    connect(m_ttl, &QSpinBox::valueChanged, this, &CommandQuestion::review);
    connect(m_ttlFix, &QPushButton::clicked, this, [this] {
        const TtlFinding finding = checkCommandTtl(m_ttl->value() * 1000LL, m_draft.preview(), m_draft.configuredInterval());
        m_ttl->setValue(int((finding.betterMs + 999) / 1000));
    });
    connect(m_reason, &QLineEdit::textChanged, this, &CommandQuestion::showFooter);
    connect(m_confirmField, &QLineEdit::textChanged, this, &CommandQuestion::showFooter);
    connect(m_queues, &QueueRow::changed, this, [this] {
        showBytes();
        showFooter();
    });
    connect(m_useRolling, &QPushButton::clicked, this, [this] { m_strategy->setRolling(true); });
    connect(m_reduce, &QPushButton::clicked, this, [this] {
        m_draft.leaveOutLast(m_draft.preview().overFloor);
        recompute();
    });
    connect(m_chips, &WorkerChips::toggled, this, [this](quint32 serial) {
        m_draft.setLeftOut(serial, !m_draft.isLeftOut(serial));
        recompute();
    });
    connect(m_bytesButton, &QToolButton::toggled, this, [this] {
        showBytes();
        emit formChanged();
    });
    connect(m_leftOutButton, &QToolButton::toggled, this, &CommandQuestion::showLeftOut);
    connect(m_unlock, &QPushButton::clicked, this, &CommandQuestion::unlockRequested);
    connect(m_cancel, &QPushButton::clicked, this, &CommandQuestion::cancelled);
    connect(m_act, &QPushButton::clicked, this, &CommandQuestion::submit);
}

void CommandQuestion::schedule()
{
    if (!m_timer.isActive() && isVisible())
        m_timer.start();
}

void CommandQuestion::recompute()
{
    QElapsedTimer watch;
    watch.start();
    m_movedOn = false;
    m_draft.refresh();
    review();
    // A tenth of the time at most goes into looking, however many workers there are.
    m_timer.setInterval(qMax(refreshMs, int(watch.elapsed()) * 10));
}

void CommandQuestion::focusFirst()
{
    if (m_reasonRow->isVisibleTo(this))
        m_reason->setFocus(Qt::OtherFocusReason);
    else
        m_cancel->setFocus(Qt::OtherFocusReason);
}

CommandRequest CommandQuestion::request() const
{
    CommandRequest request;
    request.act = m_draft.act();
    request.workers = m_draft.preview().acting;
    request.ttlMs = m_ttl->value() * 1000LL;
    request.reason = m_reason->text().trimmed();
    request.queues = m_queues->queues();
    request.queuesForUnknown = true;
    request.unprovenToo = m_draft.preview().unseenDrains > 0; // The dialog says so, and a reason was given.
    return request;
}

std::optional<RollingOptions> CommandQuestion::rolling() const
{
    if (!isShutdown(m_draft.act()) || !m_strategy->isRolling() || m_draft.preview().acting.size() < 2)
        return std::nullopt;
    RollingOptions options = m_strategy->options();
    options.now = m_draft.act() == Act::ShutdownNow;
    options.ttlMs = m_ttl->value() * 1000LL;
    return options;
}

/// What rolls never goes under its floor: no name has to be typed for that.
Friction CommandQuestion::friction() const
{
    const Friction asked = m_draft.preview().friction;
    const bool onlyFloor = m_draft.preview().production.empty();
    return asked == Friction::TypeName && onlyFloor && rolling() ? Friction::Reason : asked;
}

bool CommandQuestion::goesUnderFloor() const
{
    return !rolling() && m_draft.preview().isUnderFloor();
}

bool CommandQuestion::asksReason() const
{
    return m_draft.preview().asksForReason() && m_context.settings.value(reasonKey, true).toBool();
}

void CommandQuestion::goOn()
{
    if (m_act->isEnabled())
        m_act->setFocus(Qt::OtherFocusReason);
}

void CommandQuestion::submit()
{
    if (!verdict().ready)
        return;
    // The words on the button were read: what is done has to be what they say.
    const QString said = m_act->text();
    const auto before = m_draft.preview().acting;
    m_draft.refresh();
    review();
    if (said != m_act->text() || before != m_draft.preview().acting || !verdict().ready) {
        m_movedOn = true;
        showFooter();
        return;
    }
    emit submitted();
}

QSize CommandQuestion::sizeHint() const
{
    const int width = px(m_small ? 540 : 660);
    QLayout *layout = m_content->layout();
    layout->activate(); // What was shown or hidden a moment ago counts.
    const int content = layout->hasHeightForWidth() ? layout->totalHeightForWidth(width) : layout->totalSizeHint().height();
    const int confirm = m_confirm->isHidden() ? 0 : m_confirm->sizeHint().height();
    return {width, content + confirm + px(52)};
}

// What the question says: every line is made again from the draft.

namespace {

constexpr int reasonLines = 8; ///< Of those left out, before the rest is counted.
constexpr int namesPerReason = 6;
constexpr qsizetype bytesLines = 12; ///< Of what would be written, before the rest is counted.
constexpr qsizetype fullBars = 3; ///< So many types are seen at once; more scroll.

} // namespace

void CommandQuestion::review()
{
    const bool small = m_draft.picks().size() == 1 && friction() == Friction::Plain;
    const bool formIsNew = small != m_small || !m_shown;
    m_small = small;
    showHead();
    showCapacity();
    m_queues->showDraft(m_context, m_draft);
    showCommand();
    m_reason->setPlaceholderText(asksReason() ? tr("Why? Required, and kept in the journal")
                                              : tr("Optional, kept in the journal"));
    m_workers->setVisible(m_draft.picks().size() > 1);
    if (m_draft.picks().size() > 1) {
        const auto actors = std::count_if(m_draft.picks().begin(), m_draft.picks().end(), [this](const auto &pick) {
            return m_context.store.worker(pick.handle).traits->registers();
        });
        const bool only = actors == std::ptrdiff_t(m_draft.picks().size());
        m_workersTitle->setText(actors == 0 ? tr("Workers") : only ? tr("Actors") : tr("Workers and actors"));
        m_chipsNote->setText(only ? tr("click one to leave it out")
                                  : tr("how much is at work after each, click one to leave it out"));
        m_chips->showDraft(m_context.store, m_draft);
    }
    showLeftOut();
    showConfirm();
    showFooter();
    if (formIsNew && m_shown)
        emit formChanged();
}

void CommandQuestion::showHead()
{
    const CommandPreview &preview = m_draft.preview();
    m_title->setText(actQuestion(preview, m_draft.sharedType(), m_draft.sharedSource()));
    const auto picked = qint64(m_draft.picks().size());
    const auto actors = std::count_if(m_draft.picks().begin(), m_draft.picks().end(), [this](const CommandDraft::Pick &pick) {
        return m_context.store.worker(pick.handle).traits->registers();
    });
    // Where no worker is left to act on, the text is for those that were chosen.
    QString meaning = preview.acting.empty() ? actMeaning(m_draft.act(), int(picked), int(actors)) : actMeaning(preview);
    if (preview.acting.size() == 1 || m_draft.picks().size() == 1) {
        const WorkerHandle handle = preview.acting.empty() ? m_draft.picks().front().handle : preview.acting.front();
        const Worker &worker = m_context.store.worker(handle);
        m_title->setText(
            tr("%1: %2?", "an act on one worker, and its id")
                .arg((preview.acting.empty() ? actQuestion(m_draft.act(), 1, m_draft.sharedType(), m_draft.sharedSource(),
                                                           worker.traits->registers() ? 1 : 0)
                                             : actQuestion(preview, m_draft.sharedType(), m_draft.sharedSource()))
                         .chopped(1),
                     shortId(worker)));
    }
    m_environments->setSources(m_context.sources, preview.sources);
    const bool says = !isShutdown(m_draft.act()) || preview.ownSystem();
    if (says && !preview.undoText.isEmpty() && actRow(m_draft.act()).undo != Undo::Never)
        meaning += u' ' + preview.undoText;
    m_subtitle->setText(meaning);
}

void CommandQuestion::showCapacity()
{
    const CommandPreview &preview = m_draft.preview();
    const bool shown = changesCapacity(m_draft.act()) && !m_small;
    m_figures->setVisible(shown);
    m_barArea->setVisible(shown && !preview.capacity.empty());
    if (shown) {
        m_figures->showDraft(m_draft);
        m_bars->setCapacity(preview.capacity, m_draft.floorPercent(), preview.sources.size() > 1);
        const qsizetype types = qsizetype(preview.capacity.size());
        const int block = types > 0 ? m_bars->sizeHint().height() / int(types) : 0;
        m_barArea->setFixedHeight(int(qMin(types, fullBars)) * block + (types > fullBars ? block / 2 : 0));
    }
    // What becomes of their work in a system with acts of its own, the act says itself.
    const bool own = preview.ownWay == int(preview.acting.size());
    const bool ends = isShutdown(m_draft.act()) && !m_small && !own && (preview.sessions > 0 || preview.sessionsUnknown > 0);
    m_sessionsNote->setVisible(ends);
    if (ends) {
        m_sessionsNote->setText(preview.drainTimeoutMs < 0
                                    ? tr("Sessions that have not ended by the worker's drain timeout are cut by it. The timeout "
                                         "is not known.")
                                    : tr("Sessions that have not ended %1 after the command is read are cut by the worker.")
                                          .arg(exactText(preview.drainTimeoutMs)));
    }

    const bool floor = shown && m_draft.act() != Act::Resume;
    const bool several = isShutdown(m_draft.act()) && preview.acting.size() > 1;
    m_strategyTitle->setVisible(floor && several);
    m_strategy->setVisible(floor);
    m_strategy->setStrategiesShown(several);
    if (!several)
        return;
    if (preview.withKey() == 0) {
        m_strategy->setEstimates(tr("sent at once"), tr("as fast as they go"));
        return;
    }
    const qint64 read = m_draft.act() == Act::ShutdownNow ? 0
                        : preview.intervalMs > 0          ? preview.intervalMs
                                                          : m_draft.configuredInterval();
    const qint64 each = read + 2'000 + (preview.idle == int(preview.acting.size()) ? 0 : preview.drainTimeoutMs);
    const RollingOptions options = m_strategy->options();
    const qint64 rounds = (qint64(preview.acting.size()) + options.atATime - 1) / options.atATime;
    if (preview.drainTimeoutMs < 0 && preview.idle < int(preview.acting.size())) {
        m_strategy->setEstimates(tr("done when nothing is at work any more"), tr("as they finish their work"));
        return;
    }
    m_strategy->setEstimates(tr("done in %1 at most").arg(estimateText(each)),
                             options.replacement == RollingOptions::Replacement::None
                                 ? tr("done in %1 at most").arg(estimateText(each * rounds))
                                 : tr("%1 and the replacements' starts").arg(estimateText(each * rounds)));
}

void CommandQuestion::showCommand()
{
    const CommandPreview &preview = m_draft.preview();
    showBytes();
    // What a layout writes lasts as long as that says, and is taken when that says.
    const bool asks = isShutdown(m_draft.act()) && preview.ownWay < qMax(1, int(preview.acting.size()));
    m_command->setVisible(asks);
    if (!asks)
        return;
    const bool keys = preview.withKey() > 0 || preview.acting.empty();
    m_forKeys->setVisible(keys);
    if (!keys) {
        m_commandTitle->setText(tr("Message"));
        m_undo->setText(
            tr("worker:shutdown, sent at once. The hub reports whether it was delivered; only the actor's answer or the "
               "end of its registration shows whether it obeys. %1")
                .arg(preview.undoText));
        return;
    }
    m_commandTitle->setText(
        preview.actors == 0
            ? tr("Shutdown command")
            : tr("Shutdown command for %1; actors are sent a message at once").arg(workersText(preview.withKey(), 0)));
    const TtlFinding finding = checkCommandTtl(m_ttl->value() * 1000LL, preview, m_draft.configuredInterval());
    m_ttlMark->setGlyph(finding.level == TtlFinding::Level::Ok        ? Glyph::Ok
                        : finding.level == TtlFinding::Level::Warning ? Glyph::Warning
                                                                      : Glyph::Error);
    QString text = finding.text;
    if (preview.slowestBeatMs > 0 && finding.level == TtlFinding::Level::Ok) {
        text = tr("%1 · slowest beat of %Ln worker(s): %2", nullptr, preview.measuredOn)
                   .arg(text, columnTime(preview.slowestBeatMs));
    }
    m_ttlText->setText(text);
    setInvalid(m_ttl, finding.level == TtlFinding::Level::Error);
    m_ttlFix->setVisible(finding.level != TtlFinding::Level::Ok && finding.betterMs > 0);
    m_ttlFix->setText(tr("Use %1 s").arg((finding.betterMs + 999) / 1000));
    m_undo->setText(preview.undoText);
}

/// The exact words that would be written, for the first few workers.
void CommandQuestion::showBytes()
{
    const CommandPreview &preview = m_draft.preview();
    QStringList lines;
    int more = 0;
    for (const WorkerHandle handle : preview.acting) {
        const Worker &worker = m_context.store.worker(handle);
        QStringList queues = queuesWritten(m_context.store, handle, m_draft.act(), m_context.ledger.drainedQueues(handle));
        if (m_draft.act() == Act::Resume && queues.isEmpty())
            queues = m_queues->queues();
        const QStringList written = commandBytes(*worker.traits, m_draft.act(), worker.id, {}, queues);
        const qsizetype room = qBound<qsizetype>(0, bytesLines - lines.size(), written.size());
        lines += written.first(room);
        more += int(written.size() - room);
    }
    m_bytesButton->setVisible(!lines.isEmpty());
    m_bytesButton->setIcon(glyphIcon(m_bytesButton->isChecked() ? Glyph::ChevronDown : Glyph::ChevronRight, theme().dim));
    m_bytes->setVisible(!lines.isEmpty() && m_bytesButton->isChecked());
    if (more > 0)
        lines.append(tr("and %Ln line(s) more", nullptr, more));
    m_bytes->setText(lines.join(u'\n'));
}

void CommandQuestion::showLeftOut()
{
    const CommandPreview &preview = m_draft.preview();
    const int lost = m_draft.lostMeanwhile();
    const int back = m_draft.cameBack();
    QStringList since;
    if (lost > 0) {
        since.append(tr("%Ln died or left since this was opened, and (is/are) left out.", nullptr, lost));
    }
    if (back > 0) {
        since.append(tr("%Ln came back since this was opened, and (is/are) not included.", nullptr, back));
    }
    if (const int unseen = preview.unseenDrains; unseen > 0) {
        since.append(tr("The drain began before this console was connected, so it cannot be proven that it still holds. If the "
                        "worker was sent a shutdown since, its new sessions are cut."));
    }
    m_lost->setVisible(!since.isEmpty());
    m_lost->setText(since.join(u' '));
    const qint64 out = qint64(m_draft.picks().size()) - qint64(preview.acting.size());
    m_leftOutButton->setVisible(out > 0);
    m_leftOutButton->setText(tr("%1 left out").arg(groupedNumber(out)));
    m_leftOutButton->setIcon(glyphIcon(m_leftOutButton->isChecked() ? Glyph::ChevronDown : Glyph::ChevronRight, theme().dim));
    const bool open = out > 0 && (m_leftOutButton->isChecked() || preview.acting.empty());
    m_leftOutList->setVisible(open);
    if (!open)
        return;
    std::map<Exclusion, std::vector<quint32>> byReason;
    for (const CommandDraft::Pick &pick : m_draft.picks()) {
        if (m_draft.isActing(pick.serial))
            continue;
        const Exclusion why = m_draft.whyNot(pick.serial);
        byReason[why ? why : Exclusion::Reason::ByHand].push_back(pick.serial);
    }
    QStringList lines;
    for (const auto &[why, serials] : byReason) {
        if (lines.size() == reasonLines) {
            lines.append(tr("and for %Ln further reason(s)", nullptr, int(byReason.size() - reasonLines)));
            break;
        }
        QStringList names;
        for (size_t i = 0; i < serials.size() && i < namesPerReason; ++i) {
            const WorkerHandle handle = m_context.store.findSerial(serials[i]);
            if (handle != noWorker)
                names.append(shortId(m_context.store.worker(handle)));
        }
        if (serials.size() > namesPerReason)
            names.append(tr("and %1 more").arg(groupedNumber(qint64(serials.size() - namesPerReason))));
        const QString line =
            tr("%1 · %2", "a number, and a reason").arg(groupedNumber(qint64(serials.size())), exclusionText(why));
        lines.append(names.isEmpty() ? line : tr("%1: %2").arg(line, names.join(u", "_s)));
    }
    m_leftOutList->setText(lines.join(u'\n'));
}

void CommandQuestion::showConfirm()
{
    const CommandPreview &preview = m_draft.preview();
    const bool asked = friction() == Friction::TypeName;
    m_confirm->setVisible(asked);
    m_reduce->setVisible(false);
    if (!asked)
        return;
    const auto worst = std::find_if(preview.capacity.begin(), preview.capacity.end(),
                                    [](const CapacityChange &change) { return change.underFloor(); });
    const bool under = goesUnderFloor();
    if (!under) {
        QStringList names;
        for (const SourceId source : preview.production)
            names.append(m_context.store.sourceName(source));
        m_confirmText->setText(names.size() == 1 ? tr("%1 is production.").arg(names.constFirst())
                                                 : tr("%1 are production.").arg(names.join(u", "_s)));
    } else {
        const QString name = worst->type.isEmpty() ? capitalised(worst->name()) : worst->type;
        const int percent = worst->before > 0 ? int(std::floor(100.0 * worst->after / worst->before)) : 0;
        if (worst->unknown > 0)
            m_confirmText->setText(tr("%1 would drop to %2 that are known to be available; of %3 it is not known. The floor of "
                                      "%4 % keeps at least %5.")
                                       .arg(name, groupedNumber(worst->after), groupedNumber(worst->unknown),
                                            QString::number(m_draft.floorPercent()), groupedNumber(worst->floor)));
        else
            m_confirmText->setText(worst->isFew()
                                       ? tr("%1 would drop to %2 of %3 available. The floor of %4 % keeps at least %5.")
                                             .arg(name, groupedNumber(worst->after), groupedNumber(worst->before),
                                                  QString::number(m_draft.floorPercent()), groupedNumber(worst->floor))
                                       : tr("%1 would drop to %2 of %3 available, %4 %. The floor is %5 % (%6).")
                                             .arg(name, groupedNumber(worst->after), groupedNumber(worst->before),
                                                  QString::number(percent), QString::number(m_draft.floorPercent()),
                                                  groupedNumber(worst->floor)));
    }
    m_confirmMark->setGlyph(under ? Glyph::Error : Glyph::Warning);
    m_confirmWord->setText(m_draft.confirmWord());
    m_confirmField->setAccessibleName(tr("Type %1 to continue").arg(m_draft.confirmWord()));
    m_useRolling->setVisible(under && isShutdown(m_draft.act()) && preview.acting.size() > 1);
    const int keep = int(preview.acting.size()) - preview.overFloor;
    m_reduce->setVisible(preview.overFloor > 0 && keep > 0);
    const bool onlyActors = preview.actors == int(preview.acting.size());
    m_reduce->setText(tr("Reduce to %1").arg(workersText(keep, onlyActors ? keep : 0)));
}

CommandQuestion::Verdict CommandQuestion::verdict() const
{
    const CommandPreview &preview = m_draft.preview();
    if (preview.acting.empty())
        return {false, Glyph::Info, tr("Nothing to command: all workers are left out")};
    for (const SourceId source : preview.sources) {
        if (!m_context.access.allows(source))
            return {false, Glyph::Lock, tr("Writing is locked")};
    }
    if (isShutdown(m_draft.act()) && preview.withKey() > 0) {
        const TtlFinding finding = checkCommandTtl(m_ttl->value() * 1000LL, preview, m_draft.configuredInterval());
        if (finding.level == TtlFinding::Level::Error)
            return {false, Glyph::Error, tr("The command could expire before it is read")};
    }
    if (friction() == Friction::TypeName && m_confirmField->text().trimmed() != m_draft.confirmWord())
        return goesUnderFloor() ? Verdict{false, Glyph::Error, tr("Below the floor: type %1").arg(m_draft.confirmWord())}
                                : Verdict{false, Glyph::Warning, tr("Production: type %1").arg(m_draft.confirmWord())};
    if (m_queues->isMissing())
        return {false, Glyph::Info, tr("Name the queues it is to serve again")};
    if (asksReason() && m_reason->text().trimmed().isEmpty())
        return {false, Glyph::Info, tr("A reason is required")};
    if (m_movedOn)
        return {true, Glyph::Warning, tr("The fleet has just changed: check again")};
    if (m_draft.act() == Act::Reap || m_draft.act() == Act::RemoveKey || m_draft.act() == Act::KillJob)
        return {true, Glyph::Warning, tr("Cannot be undone")};
    if (m_small && preview.actors > 0)
        return {true, Glyph::Info, tr("A message cannot be withdrawn")};
    if (m_draft.act() == Act::Resume || m_small)
        return {true, Glyph::Ok, m_draft.act() == Act::ShutdownNow ? tr("Cannot be withdrawn") : tr("Nothing at work is cut")};
    if (rolling())
        return {true, Glyph::Ok, tr("Waits instead of going below the %1 % floor").arg(m_draft.floorPercent())};
    if (goesUnderFloor())
        return {true, Glyph::Warning, tr("Confirmed: goes below the floor")};
    return {true, Glyph::Ok, tr("Stays above the %1 % floor").arg(m_draft.floorPercent())};
}

void CommandQuestion::showFooter()
{
    const Verdict now = verdict();
    m_stateMark->setGlyph(now.glyph);
    m_state->setText(now.text);
    m_unlock->setVisible(now.glyph == Glyph::Lock);
    const auto acting = qint64(m_draft.preview().acting.size());
    m_act->setText(acting == 0 ? shortAct(m_draft.act()) : actButtonText(m_draft.preview()));
    m_act->setEnabled(now.ready);
    m_act->setToolTip(now.ready ? QString() : now.text);
    const bool dangerous = isShutdown(m_draft.act()) || m_draft.act() == Act::Reap || m_draft.act() == Act::RemoveKey
                           || m_draft.act() == Act::KillJob;
    const ButtonRole role = !dangerous ? ButtonRole::Primary : m_small ? ButtonRole::Danger : ButtonRole::Act;
    if (buttonRole(m_act) != role)
        setButtonRole(m_act, role);
}

} // namespace pulsedeck
