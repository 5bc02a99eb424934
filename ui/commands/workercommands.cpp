// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/workercommands.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/commands/commandquestion.h"
#include "ui/common/buttons.h"
#include "ui/common/commandtexts.h"
#include "ui/common/latestcommands.h"
#include "ui/common/layouts.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

WorkerCommands::WorkerCommands(CommandActions &actions, QWidget *parent)
    : WorkerActsPanel(Qt::TopEdge, Ground::Chrome, parent)
    , m_actions(actions)
    , m_drain(plainButton({}, u"drain"_s, this))
    , m_shutdown(plainButton({}, u"shutDown"_s, this))
    , m_cancel(plainButton({}, u"cancelCommand"_s, this))
    , m_reap(plainButton({}, u"reap"_s, this))
    , m_removeKey(plainButton({}, u"removeKey"_s, this))
    , m_line(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
{
    m_line->setObjectName(u"commandLine"_s);
    m_line->setWordWrap(true);
    m_line->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setButtonRole(m_shutdown, ButtonRole::Danger);
    auto *buttons = hbox(7);
    buttons->addWidget(m_drain, 2);
    buttons->addWidget(m_shutdown, 3);
    buttons->addWidget(m_cancel, 3);
    buttons->addWidget(m_reap, 3);
    buttons->addWidget(m_removeKey, 3);
    setButtonRole(m_reap, ButtonRole::Danger);
    setButtonRole(m_removeKey, ButtonRole::Danger);
    connect(m_reap, &QPushButton::clicked, this, [this] { m_actions.ask(Act::Reap, m_workers); });
    connect(m_removeKey, &QPushButton::clicked, this, [this] { m_actions.ask(Act::RemoveKey, m_workers); });
    auto *column = vbox(this, 7, {12, 9, 12, 9});
    column->addLayout(buttons);
    column->addWidget(m_line);

    connect(m_drain, &QPushButton::clicked, this, [this] { m_actions.ask(m_resumes ? Act::Resume : Act::Drain, m_workers); });
    connect(m_shutdown, &QPushButton::clicked, this, [this] { m_actions.ask(Act::Shutdown, m_workers); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_actions.ask(Act::Cancel, m_workers); });
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
void WorkerCommands::reserveLine()
{
    m_line->setFixedHeight(QFontMetrics(Theme::instance().smallFont()).lineSpacing() * 2);
}

QString WorkerCommands::words() const
{
    const CommandContext &context = m_actions.context();
    if (m_workers.size() == 1) {
        const CommandEntry *entry = m_actions.latest().of(m_workers.front(), context.store.viewNow());
        if (entry && entry->command.act != Act::Drain)
            return commandSentence(*entry, context.store.viewNow());
        const DrainNote note = context.store.drainNote(m_workers.front());
        if (m_actions.isDrainedByOperator(m_workers.front()) && !note.by.isEmpty()) {
            return u"Drained "_s + drainText(note);
        }
        if (entry)
            return commandSentence(*entry, context.store.viewNow());
    }
    return {};
}

void WorkerCommands::refresh()
{
    if (m_workers.empty())
        return;
    const CommandContext &context = m_actions.context();
    std::erase_if(m_workers, [&](WorkerHandle handle) { return !context.store.worker(handle).used; });
    m_resumes = !m_workers.empty() && m_workers.size() <= CommandActions::looksAtEach
                && std::all_of(m_workers.begin(), m_workers.end(),
                               [this](WorkerHandle handle) { return m_actions.isDrainedByOperator(handle); });
    const auto show = [this](QPushButton *button, Act act, const QString &word, Glyph glyph) {
        const CommandActions::Offer offer = m_actions.offer(act, m_workers);
        button->setEnabled(offer.enabled);
        const QString count = m_workers.size() > 1 && offer.count > 0 ? QString(u' ' + groupedNumber(offer.count)) : QString();
        button->setText(
            QString(word + count + (act == Act::Shutdown || act == Act::Reap || act == Act::RemoveKey ? u"…"_s : QString())));
        button->setIcon(glyphIcon(offer.locked ? Glyph::Lock : glyph));
        button->setToolTip(offer.toolTip);
        return offer;
    };
    const CommandActions::Offer reap = show(m_reap, Act::Reap, tr("Reap"), actGlyph(Act::Reap));
    const CommandActions::Offer removeKey = show(m_removeKey, Act::RemoveKey, tr("Remove key"), actGlyph(Act::RemoveKey));
    const CommandActions::Offer drain = show(m_drain, m_resumes ? Act::Resume : Act::Drain,
                                             m_resumes ? tr("Resume") : tr("Drain"), m_resumes ? Glyph::Play : Glyph::Draining);
    const CommandActions::Offer shutDown = show(m_shutdown, Act::Shutdown, tr("Shut down"), Glyph::Power);
    const CommandActions::Offer cancel =
        show(m_cancel, Act::Cancel, m_workers.size() > 1 ? tr("Cancel") : tr("Cancel command"), Glyph::Undo);
    // Whoever left counters or a key behind needs other acts than one that runs: what none of them takes makes room.
    const bool rare = reap.count > 0 || removeKey.count > 0;
    m_reap->setVisible(reap.count > 0);
    m_removeKey->setVisible(removeKey.count > 0);
    m_drain->setVisible(!rare || drain.count > 0);
    m_shutdown->setVisible(!rare || shutDown.count > 0);
    m_cancel->setVisible(!rare || cancel.count > 0);
    const bool locked = drain.locked || shutDown.locked || (rare && (reap.locked || removeKey.locked));
    m_cancel->setIcon({});
    QString text = words();
    if (locked && text.isEmpty())
        text = m_actions.lockedText();
    m_line->setText(text);
    m_line->setToolTip(toolTipText(text)); // For the rare one that needs more than the room there is.
}

} // namespace pulsedeck
