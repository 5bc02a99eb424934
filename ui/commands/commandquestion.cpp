// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandquestion.h"

#include "models/commands/actpolicy.h"
#include "ui/commands/capacitybars.h"
#include "ui/commands/commandwords.h"
#include "ui/commands/questionfigures.h"
#include "ui/commands/strategybox.h"
#include "ui/commands/workerchips.h"
#include "ui/theme/band.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestReason = 500;
constexpr auto floorKey = "commands/floorPercent"_L1;
constexpr auto reasonKey = "commands/reasonRequired"_L1;

} // namespace

QPushButton *plainButton(const QString &text, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    return button;
}

CommandQuestion::CommandQuestion(const CommandContext &context, Act act, const std::vector<WorkerHandle> &workers,
                                 const QString &reason, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_draft(context, act, workers)
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget)
{
    const Theme &t = Theme::instance();
    m_draft.setFloorPercent(qBound(0, context.settings.value(floorKey, defaultFloorPercent).toInt(), 100));
    m_draft.refresh();

    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(t.scaled(24), t.scaled(18), t.scaled(24), t.scaled(14));
    column->setSpacing(t.scaled(8));
    buildHead(column);
    buildCommand(column);
    buildWorkers(column);
    column->addStretch(1);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_content);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_scroll, 1);
    whole->addWidget(buildConfirm()); // Never scrolled out of sight.
    whole->addWidget(buildFooter());

    qint64 ttl = 0;
    for (const SourceId source : m_draft.preview().sources) {
        if (context.store.sourceStatus(source).kind != SourceKind::Hub)
            ttl = qMax(ttl, context.store.timing(source).shutdownCommandTtl);
    }
    m_ttl->setValue(int((ttl > 0 ? ttl : TimingProfile().shutdownCommandTtl) / 1000));
    m_now->setChecked(act == Act::ShutdownNow);
    m_atBeat->setChecked(act != Act::ShutdownNow);
    m_strategy->setFloorPercent(m_draft.floorPercent());
    m_reason->setText(reason);
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
    const Theme &t = Theme::instance();
    m_mark = new GlyphMark(actGlyph(m_draft.act()), 24, m_content);
    m_title = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, m_content);
    m_title->setObjectName(u"question"_s);
    m_title->setWordWrap(true);
    m_subtitle = new ToneLabel(actMeaning(m_draft.act()), ToneLabel::Tone::Dim, ToneLabel::Face::Body, m_content);
    m_subtitle->setWordWrap(true);
    auto *words = new QVBoxLayout;
    words->setSpacing(t.scaled(2));
    words->addWidget(m_title);
    words->addWidget(m_subtitle);
    auto *head = new QHBoxLayout;
    head->setSpacing(t.scaled(15));
    head->addWidget(m_mark, 0, Qt::AlignVCenter);
    head->addLayout(words, 1);
    column->addLayout(head);
    column->addSpacing(t.scaled(6));

    m_figures = new QuestionFigures(m_content);
    column->addWidget(m_figures);
    m_bars = new CapacityBars(m_context.store);
    m_barArea = new QScrollArea(m_content);
    m_barArea->setFrameShape(QFrame::NoFrame);
    m_barArea->setWidgetResizable(true);
    m_barArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_barArea->setFocusPolicy(Qt::NoFocus);
    m_barArea->setWidget(m_bars);
    m_barArea->viewport()->setAutoFillBackground(false);
    m_bars->setAutoFillBackground(false);
    column->addWidget(m_barArea);
    m_sessionsNote = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_content);
    m_sessionsNote->setWordWrap(true);
    column->addWidget(m_sessionsNote);

    m_strategyTitle = heading(tr("Strategy"));
    m_strategy = new StrategyBox(m_content);
    column->addSpacing(t.scaled(4));
    column->addWidget(m_strategyTitle);
    column->addWidget(m_strategy);
}

void CommandQuestion::buildCommand(QVBoxLayout *column)
{
    const Theme &t = Theme::instance();
    m_command = new QWidget(m_content);
    auto *inside = new QVBoxLayout(m_command);
    inside->setContentsMargins(0, t.scaled(6), 0, 0);
    inside->setSpacing(t.scaled(6));
    m_commandTitle = heading(tr("Shutdown command"));
    inside->addWidget(m_commandTitle);
    m_forKeys = new QWidget(m_command);
    auto *forKeys = new QVBoxLayout(m_forKeys);
    forKeys->setContentsMargins(0, 0, 0, 0);
    forKeys->setSpacing(t.scaled(6));
    m_atBeat = new QRadioButton(tr("At each worker's &next heartbeat"), m_command);
    m_atBeat->setObjectName(u"atBeat"_s);
    m_now = new QRadioButton(tr("N&ow, cannot be taken back"), m_command);
    m_now->setObjectName(u"now"_s);
    auto *when = new QHBoxLayout;
    when->setSpacing(t.scaled(20));
    when->addWidget(m_atBeat);
    when->addWidget(m_now);
    when->addStretch(1);
    forKeys->addLayout(when);

    auto *keep = new QHBoxLayout;
    keep->setSpacing(t.scaled(8));
    auto *label = new ToneLabel(tr("Keep for"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_command);
    m_ttl = new QSpinBox(m_command);
    m_ttl->setObjectName(u"ttl"_s);
    m_ttl->setRange(1, 86'400);
    m_ttl->setSuffix(u" s"_s);
    m_ttl->setAlignment(Qt::AlignRight);
    m_ttl->setAccessibleName(tr("How long the command waits to be read"));
    m_ttl->setFixedWidth(t.scaled(76));
    m_ttlMark = new GlyphMark(Glyph::Ok, 12, m_command);
    m_ttlText = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, m_command);
    m_ttlText->setObjectName(u"ttlFinding"_s);
    m_ttlText->setWordWrap(true);
    m_ttlFix = plainButton({}, m_command);
    m_ttlFix->setObjectName(u"ttlFix"_s);
    keep->addWidget(label);
    keep->addWidget(m_ttl);
    keep->addWidget(m_ttlMark);
    keep->addWidget(m_ttlText, 1);
    keep->addWidget(m_ttlFix);
    forKeys->addLayout(keep);
    inside->addWidget(m_forKeys);
    m_undo = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, m_command);
    m_undo->setObjectName(u"undo"_s);
    m_undo->setWordWrap(true);
    inside->addWidget(m_undo);
    column->addWidget(m_command);

    m_reasonRow = new QWidget(m_content);
    auto *reason = new QHBoxLayout(m_reasonRow);
    reason->setContentsMargins(0, t.scaled(6), 0, 0);
    reason->setSpacing(t.scaled(12));
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
    const Theme &t = Theme::instance();
    m_workers = new QWidget(m_content);
    auto *inside = new QVBoxLayout(m_workers);
    inside->setContentsMargins(0, t.scaled(6), 0, 0);
    inside->setSpacing(t.scaled(6));
    auto *head = new QHBoxLayout;
    head->setSpacing(t.scaled(10));
    m_workersTitle = heading(tr("Workers"));
    head->addWidget(m_workersTitle);
    m_chipsNote = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_workers);
    head->addWidget(m_chipsNote, 1);
    inside->addLayout(head);
    m_chips = new WorkerChips(m_workers);
    inside->addWidget(m_chips);
    column->addWidget(m_workers);

    m_lost = new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Body, m_content);
    m_lost->setObjectName(u"lostMeanwhile"_s);
    column->addWidget(m_lost);
    m_leftOutButton = new QToolButton(m_content);
    m_leftOutButton->setObjectName(u"leftOut"_s);
    m_leftOutButton->setAutoRaise(true);
    m_leftOutButton->setCheckable(true);
    m_leftOutButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_leftOutButton->setFocusPolicy(Qt::TabFocus);
    m_leftOutList = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_content);
    m_leftOutList->setObjectName(u"leftOutList"_s);
    m_leftOutList->setWordWrap(true);
    column->addWidget(m_leftOutButton, 0, Qt::AlignLeft);
    column->addWidget(m_leftOutList);
}

QWidget *CommandQuestion::buildConfirm()
{
    const Theme &t = Theme::instance();
    m_confirm = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *inside = new QVBoxLayout(m_confirm);
    inside->setContentsMargins(t.scaled(24), t.scaled(12), t.scaled(24), t.scaled(12));
    inside->setSpacing(t.scaled(8));
    m_confirmText = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_confirm);
    m_confirmText->setObjectName(u"underFloor"_s);
    m_confirmText->setWordWrap(true);
    auto *line = new QHBoxLayout;
    line->setSpacing(t.scaled(12));
    line->addWidget(new GlyphMark(Glyph::Error, 14, m_confirm), 0, Qt::AlignVCenter);
    line->addWidget(m_confirmText, 1);
    m_confirmWord = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Id, m_confirm);
    m_confirmField = new QLineEdit(m_confirm);
    m_confirmField->setObjectName(u"confirm"_s);
    m_confirmField->setFont(t.idFont());
    m_confirmField->setFixedWidth(t.scaled(180));
    m_useRolling = plainButton(tr("or choose rolling"), m_confirm);
    m_useRolling->setObjectName(u"useRolling"_s);
    setButtonRole(m_useRolling, ButtonRole::Link);
    auto *type = new QHBoxLayout;
    type->setSpacing(t.scaled(10));
    type->addWidget(new ToneLabel(tr("Type"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_confirm));
    type->addWidget(m_confirmWord);
    type->addWidget(new ToneLabel(tr("to go on"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_confirm));
    type->addWidget(m_confirmField);
    type->addWidget(m_useRolling);
    type->addStretch(1);
    inside->addLayout(line);
    inside->addLayout(type);
    return m_confirm;
}

Band *CommandQuestion::buildFooter()
{
    const Theme &t = Theme::instance();
    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    m_stateMark = new GlyphMark(Glyph::Ok, 12, footer);
    m_state = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, footer);
    m_state->setObjectName(u"verdict"_s);
    m_state->setElideMode(Qt::ElideRight);
    m_reduce = plainButton({}, footer);
    m_reduce->setObjectName(u"reduce"_s);
    setButtonRole(m_reduce, ButtonRole::Link);
    m_unlock = plainButton(tr("Unlock for 5 min"), footer);
    m_unlock->setObjectName(u"unlock"_s);
    m_cancel = plainButton(tr("Cancel"), footer);
    m_cancel->setObjectName(u"cancel"_s);
    m_act = plainButton({}, footer);
    m_act->setObjectName(u"act"_s);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(t.scaled(16), t.scaled(11), t.scaled(16), t.scaled(11));
    row->setSpacing(t.scaled(9));
    row->addWidget(m_stateMark);
    row->addWidget(m_state, 1);
    row->addWidget(m_reduce);
    row->addWidget(m_unlock);
    row->addWidget(m_cancel);
    row->addWidget(m_act);
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
    connect(m_useRolling, &QPushButton::clicked, this, [this] { m_strategy->setRolling(true); });
    connect(m_reduce, &QPushButton::clicked, this, [this] {
        m_draft.leaveOutLast(m_draft.preview().overFloor);
        recompute();
    });
    connect(m_chips, &WorkerChips::toggled, this, [this](quint32 serial) {
        m_draft.setLeftOut(serial, !m_draft.isLeftOut(serial));
        recompute();
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
    request.unprovenToo = m_draft.preview().unseenDrains > 0; // It is said above, and a reason was given.
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

/// What rolls never goes under its floor: no name has to be typed for it.
Friction CommandQuestion::friction() const
{
    const Friction asked = m_draft.preview().friction;
    return asked == Friction::TypeName && rolling() ? Friction::Reason : asked;
}

bool CommandQuestion::asksReason() const
{
    return asksForReason(m_draft.preview()) && m_context.settings.value(reasonKey, true).toBool();
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
    const Theme &t = Theme::instance();
    const int width = t.scaled(m_small ? 540 : 660);
    QLayout *layout = m_content->layout();
    layout->activate(); // What was shown or hidden a moment ago counts.
    const int content = layout->hasHeightForWidth() ? layout->totalHeightForWidth(width) : layout->totalSizeHint().height();
    const int confirm = m_confirm->isHidden() ? 0 : m_confirm->sizeHint().height();
    return {width, content + confirm + t.scaled(52)};
}

} // namespace pulsedeck
