// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/workercommands.h"

#include "models/commands/commandwords.h"
#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/commands/commandquestion.h"
#include "ui/common/boxes.h"
#include "ui/common/buttonrows.h"
#include "ui/common/buttons.h"
#include "ui/common/bytesview.h"
#include "ui/common/commandtexts.h"
#include "ui/common/elidedbutton.h"
#include "ui/common/latestcommands.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>
#include <QShortcut>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype bytesLinesOfAct = 8; ///< Of what one act would write, before the rest is counted.

struct ActButton
{
    Act act;
    const char *name;
    bool dangerous;
};
constexpr std::array<ActButton, 5> actButtons{{{Act::Drain, "drain", false},
                                               {Act::Shutdown, "shutDown", true},
                                               {Act::Cancel, "cancelCommand", false},
                                               {Act::Reap, "reap", true},
                                               {Act::RemoveKey, "removeKey", true}}};

/// For workers that left counters or a key behind.
bool isRare(Act act)
{
    return act == Act::Reap || act == Act::RemoveKey;
}

} // namespace

WorkerCommands::WorkerCommands(CommandActions &actions, QWidget *parent)
    : WorkerActsPanel(Qt::TopEdge, Ground::Chrome, parent)
    , m_actions(actions)
    , m_line((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->named(u"commandLine"_s)->wrapped())
{
    m_line->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto *buttons = new ButtonRows(7);
    for (const ActButton &each : actButtons) {
        auto *button =
            new ElidedButton(QString::fromLatin1(each.name), this, each.dangerous ? ButtonRole::Danger : ButtonRole::Normal);
        connect(button, &QPushButton::clicked, this, [this, act = each.act] {
            if (act == Act::Drain && !m_fleets.empty())
                m_actions.askTargets(m_fleetAct, m_fleets);
            else
                m_actions.ask(act == Act::Drain && m_resumes ? Act::Resume : act, m_workers);
        });
        buttons->addWidget(button);
        m_buttons.push_back(button);
    }
    m_bytesButton = new QToolButton(this);
    m_bytesButton->setObjectName(u"showBytes"_s);
    m_bytesButton->setText(tr("Bytes"));
    m_bytesButton->setToolTip(tr("The exact words that each act would write (Ctrl+B)"));
    m_bytesButton->setAutoRaise(true);
    m_bytesButton->setCheckable(true);
    m_bytesButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_bytes = new BytesView(this);
    connect(m_bytesButton, &QToolButton::toggled, this, &WorkerCommands::showBytes);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_B), this), &QShortcut::activated, m_bytesButton, &QToolButton::click);
    auto *column = vbox(this, 7, {12, 9, 12, 9});
    column->addLayout(buttons);
    auto *below = hbox(7);
    below->addWidget(m_line, 1);
    below->addWidget(m_bytesButton, 0, Qt::AlignTop);
    column->addLayout(below);
    column->addWidget(m_bytes);

    m_soon.setSingleShot(true);
    m_soon.setInterval(100);
    connect(&m_soon, &QTimer::timeout, this, &WorkerCommands::refresh);
    connect(&actions, &CommandActions::changed, this, [this] {
        if (isVisible() && !m_soon.isActive())
            m_soon.start();
    });
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
    });
    m_timer.start();
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        reserveLine();
        refresh();
    });
    reserveLine();
    hide();
}

void WorkerCommands::setWorkers(const std::vector<WorkerHandle> &workers)
{
    m_workers = workers;
    setVisible(!workers.empty());
    refresh();
}

QString WorkerCommands::line() const
{
    return m_line->text();
}

/// The buttons stand still whatever the line below them says: room for two lines is kept, also while it says nothing.
/// Only longer words take more.
void WorkerCommands::reserveLine()
{
    m_line->setMinimumHeight(QFontMetrics(Theme::instance().smallFont()).lineSpacing() * 2);
}

QString WorkerCommands::words() const
{
    const CommandContext &context = m_actions.context();
    if (m_workers.size() == 1) {
        const CommandEntry *entry = m_actions.latest().of(m_workers.front(), context.store.viewNow());
        if (entry && entry->command.act != Act::Drain)
            return commandWords(*entry);
        const DrainNote note = context.store.drainNote(m_workers.front());
        if (m_actions.isDrainedByOperator(m_workers.front()) && !note.by.isEmpty()) {
            return tr("Drained %1", "by whom and when").arg(drainText(note));
        }
        if (entry)
            return commandWords(*entry);
    }
    return {};
}

/// A command that waits for a worker may wait for one that is dead or cut off.
QString WorkerCommands::commandWords(const CommandEntry &entry) const
{
    const FleetStore &store = m_actions.context().store;
    const Worker &worker = store.worker(m_workers.front());
    const QString sentence = commandSentence(entry, store.viewNow());
    const bool silent = worker.liveness == Liveness::Late || worker.liveness == Liveness::Stale
                        || worker.liveness == Liveness::Hung || worker.liveness == Liveness::Crashed
                        || worker.liveness == Liveness::Ghost;
    return entry.isOpen() && silent && worker.beatAt > 0 && worker.isAgeProven()
               ? tr("%1 Nothing was heard of it since %2.", "a sentence, and a time")
                     .arg(sentence, columnDayText(worker.beatAt, store.viewNow()))
               : sentence;
}

/// What their system has where it cannot stop one worker from taking jobs: an act on the whole fleet.
void WorkerCommands::findFleets(const SourceTraits &own)
{
    const FleetStore &store = m_actions.context().store;
    std::map<SourceId, TraitsRef> fleets;
    for (const WorkerHandle handle : m_workers)
        fleets.try_emplace(store.worker(handle).source, store.worker(handle).traits);
    bool paused = true;
    for (const auto &[source, traits] : fleets) {
        const FleetPause *pause = store.queues().fleetPause(source, own.layout);
        paused = paused && pause && pause->isPaused();
        m_fleets.push_back({source, ActScope::Fleet, {}, traits});
    }
    m_fleetAct = paused ? Act::ResumeFleet : Act::PauseFleet;
    if (!own.offers(m_fleetAct))
        m_fleets.clear();
}

void WorkerCommands::showFleetAct(const SourceTraits &own)
{
    QPushButton &button = *m_buttons.front();
    const QString closed = m_actions.whyNotTargets(m_fleetAct, m_fleets);
    button.setText(traitText(own.of(m_fleetAct).name) + u'…');
    button.setEnabled(closed.isEmpty());
    button.setIcon(glyphIcon(closed.isEmpty() ? actGlyph(m_fleetAct) : Glyph::Lock));
    button.setToolTip(
        toolTipText(own.whyNot(Act::Drain) + u'\n' + (closed.isEmpty() ? traitText(own.of(m_fleetAct).means) : closed)));
}

void WorkerCommands::refresh()
{
    if (m_workers.empty())
        return;
    const CommandContext &context = m_actions.context();
    std::erase_if(m_workers, [&](WorkerHandle handle) { return !context.store.worker(handle).used; });
    m_resumes = !m_workers.empty() && m_workers.size() <= CommandActions::looksAtEach
                && std::all_of(m_workers.begin(), m_workers.end(),
                               [this](WorkerHandle handle) { return m_actions.canBeResumed(handle); });
    const SourceTraits *own = m_actions.ownSystem(m_workers);
    const bool drainsNone = own && !m_resumes && !own->offers(Act::Drain);
    m_fleets.clear();
    if (drainsNone)
        findFleets(*own);
    std::vector<CommandActions::Offer> offers;
    bool rare = false;
    for (size_t i = 0; i < actButtons.size(); ++i) {
        const bool resumes = actButtons[i].act == Act::Drain && m_resumes;
        const Act act = resumes ? Act::Resume : actButtons[i].act;
        const CommandActions::Offer offer = offers.emplace_back(m_actions.offer(act, m_workers));
        rare = rare || (isRare(act) && offer.count > 0);
        const QString word = own ? own->actLabel(act) : shortAct(act);
        const bool counts = m_workers.size() > 1 && offer.count > 0;
        const QString text = !counts ? word
                             : act == Act::Cancel
                                 ? actButtonText(act, offer.count)
                                 : tr("%1 %2", "an act, and how many workers").arg(word, groupedNumber(offer.count));
        m_buttons[i]->setText(actButtons[i].dangerous ? text + u'…' : text);
        m_buttons[i]->setEnabled(offer.enabled);
        m_buttons[i]->setIcon(act == Act::Cancel ? QIcon() : glyphIcon(offer.locked ? Glyph::Lock : actGlyph(act)));
        m_buttons[i]->setToolTip(offer.toolTip);
    }
    // Whoever left counters or a key behind needs other acts than one that runs: what none of them takes makes room.
    bool locked = false;
    for (size_t i = 0; i < actButtons.size(); ++i) {
        const Act act = actButtons[i].act;
        const bool useless = act == Act::Drain && drainsNone && m_fleets.empty();
        m_buttons[i]->setVisible(offers[i].count > 0 || (!isRare(act) && !rare && !useless));
        locked = locked || (offers[i].locked && act != Act::Cancel && (rare || !isRare(act)));
    }
    if (!m_fleets.empty())
        showFleetAct(*own);
    QString text = words();
    // A lock is on the buttons as well.
    if (text.isEmpty() && drainsNone && !rare)
        text = own->whyNot(Act::Drain);
    else if (text.isEmpty() && locked)
        text = m_actions.lockedText();
    m_line->setText(text);
    m_line->setToolTip(toolTipText(text)); // For the rare one that needs more than the room there is.
    showBytes();
}

/// Of one worker: of several they are in the dialog, for each of those that act.
void WorkerCommands::showBytes()
{
    QStringList lines;
    if (m_workers.size() == 1) {
        const CommandContext &context = m_actions.context();
        const WorkerHandle handle = m_workers.front();
        const Worker &worker = context.store.worker(handle);
        const auto add = [&](Act act) {
            if (!worker.traits->offers(act))
                return;
            const QStringList queues = queuesWritten(context.store, handle, act, context.ledger.drainedQueues(handle));
            const QStringList written = commandBytes(*worker.traits, act, worker.id, {}, queues);
            if (!written.isEmpty())
                lines.append(tr("%1:", "an act; what it writes follows").arg(worker.traits->actLabel(act)));
            lines += written.first(qMin(written.size(), bytesLinesOfAct));
            if (written.size() > bytesLinesOfAct)
                lines.append(tr("and %Ln line(s) more", nullptr, int(written.size() - bytesLinesOfAct)));
        };
        std::for_each(CommandActions::offered.begin(), CommandActions::offered.end(), add);
        std::for_each(CommandActions::offeredByFew.begin(), CommandActions::offeredByFew.end(), add);
    }
    m_bytesButton->setVisible(!lines.isEmpty());
    m_bytesButton->setIcon(glyphIcon(m_bytesButton->isChecked() ? Glyph::ChevronDown : Glyph::ChevronRight, theme().dim));
    m_bytes->setVisible(!lines.isEmpty() && m_bytesButton->isChecked());
    m_bytes->setText(lines.join(u'\n'));
}

} // namespace pulsedeck
