// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/entrydetail.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "models/journal/journalmodel.h"
#include "ui/activity/activitywords.h"
#include "ui/activity/commandsteps.h"
#include "ui/common/boxes.h"
#include "ui/common/scrollpane.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerheading.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostSteps = 100;

} // namespace

EntryDetail::EntryDetail(Journal *journal, const Clock &clock, QWidget *parent)
    : Band(Qt::LeftEdge, Ground::Chrome, parent)
    , m_journal(journal)
    , m_clock(clock)
    , m_heading(new WorkerHeading(this))
    , m_hint(new ToneLabel(tr("Select an entry to see its details."), ToneLabel::Tone::Faint, ToneLabel::Face::Body, this))
    , m_content(new QWidget)
    , m_form(new QGridLayout)
    , m_stepsTitle(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_steps(new CommandSteps(this))
    , m_showWorker(new QPushButton(tr("Show worker"), this))
    , m_onlyWorker(new QPushButton(tr("Only this worker"), this))
    , m_onlyCommand(new QPushButton(this))
    , m_onlyGroup(new QPushButton(tr("Only its group"), this))
{
    const int side = px(12);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(side, px(8), side, px(10));
    layout->setSpacing(px(8));
    layout->addWidget(m_heading);
    m_hint->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_hint, 1);

    auto *column = vbox(m_content, 8);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(px(14));
    m_form->setVerticalSpacing(px(4));
    m_form->setColumnStretch(1, 1);
    const std::array<QString, factCount> titles{tr("Text"), tr("Reason"), tr("Who"),    tr("Time"),    tr("In UTC"),
                                                tr("Kind"), tr("Source"), tr("Worker"), tr("Command"), tr("Group")};
    for (int fact = 0; fact < factCount; ++fact)
        addFact(Fact(fact), titles[size_t(fact)]);
    column->addLayout(m_form);
    column->addSpacing(px(6));
    addWidgets(column, {m_stepsTitle, m_steps});
    column->addStretch(1);
    auto *scroll = new ScrollPane(this);
    scroll->setContent(m_content);
    QPalette chrome = scroll->palette();
    chrome.setBrush(QPalette::Base, Qt::NoBrush);
    scroll->setPalette(chrome);
    layout->addWidget(scroll, 1);

    auto *buttons = new QGridLayout;
    buttons->setSpacing(px(6));
    buttons->addWidget(m_showWorker, 0, 0);
    buttons->addWidget(m_onlyWorker, 0, 1);
    buttons->addWidget(m_onlyCommand, 1, 0);
    buttons->addWidget(m_onlyGroup, 1, 1);
    layout->addLayout(buttons);
    m_showWorker->setToolTip(tr("Show it on the Fleet page"));
    m_onlyGroup->setToolTip(tr("All commands that were issued together with it"));
    connect(m_showWorker, &QPushButton::clicked, this, [this] { emit workerRequested(m_entry->source, m_entry->worker); });
    connect(m_onlyWorker, &QPushButton::clicked, this, [this] { emit onlyWorkerRequested(m_entry->worker); });
    connect(m_onlyCommand, &QPushButton::clicked, this, [this] { emit onlyCommandRequested(m_entry->command); });
    connect(m_onlyGroup, &QPushButton::clicked, this, [this] { emit onlyGroupRequested(m_entry->group); });
    if (journal) {
        connect(journal, &Journal::answered, this, &EntryDetail::takeSteps);
        connect(journal, &Journal::appended, this, &EntryDetail::askForSteps);
    }
    setAccessibleName(tr("Entry"));
    setEntry({});
}

void EntryDetail::addFact(Fact fact, const QString &name)
{
    const bool id = fact >= Fact::Worker;
    auto *label = new ToneLabel(name, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    auto *text = new ToneLabel(ToneLabel::Tone::Text, id ? ToneLabel::Face::Id : ToneLabel::Face::Body, this);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (id)
        text->setElideMode(Qt::ElideMiddle);
    else
        text->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setBuddy(text);
    // No form layout: with hidden rows and wrapped text that of Qt 6.4 writes beyond its own memory.
    m_form->addWidget(label, fact, 0);
    m_form->addWidget(text, fact, 1);
    m_facts[size_t(fact)] = {label, text};
}

void EntryDetail::setFact(Fact fact, const QString &text)
{
    const Line &line = m_facts[size_t(fact)];
    line.text->setText(text);
    line.label->setVisible(!text.isEmpty());
    line.text->setVisible(!text.isEmpty());
}

QString EntryDetail::fact(const QString &label) const
{
    const auto found =
        std::find_if(m_facts.begin(), m_facts.end(), [&](const Line &line) { return line.label->text() == label; });
    return found == m_facts.end() ? QString() : found->text->text();
}

void EntryDetail::setEntry(const std::optional<JournalEntry> &entry)
{
    const bool sameCommand = m_entry && entry && m_entry->command == entry->command;
    m_entry = entry ? std::make_unique<JournalEntry>(*entry) : nullptr;
    m_hint->setVisible(!entry);
    m_heading->setVisible(entry.has_value());
    m_content->parentWidget()->parentWidget()->setVisible(entry.has_value());
    const bool worker = entry && !entry->worker.isEmpty();
    m_showWorker->setVisible(worker);
    m_onlyWorker->setVisible(worker);
    m_onlyCommand->setVisible(entry && !entry->command.isNull());
    m_onlyGroup->setVisible(entry && !entry->group.isNull());
    m_stepsTitle->setVisible(entry && !entry->command.isNull());
    m_steps->setVisible(entry && !entry->command.isNull());
    if (!entry)
        return;
    const bool message = entry->kind == JournalKind::Message;
    m_stepsTitle->setText(message ? tr("Steps of this message") : tr("Steps of this command"));
    m_onlyCommand->setText(message ? tr("Only this message") : tr("Only this command"));
    const ActivityMark mark = activityMark(*entry);
    m_heading->set(mark.glyph, worker ? shortWorker(*entry) : journalKindTitle(entry->kind), journalWhatText(*entry), mark.tone);
    setFact(Text, entry->text);
    setFact(Reason, entry->reason);
    setFact(Who, entry->by);
    setFact(Time, fullWallTimeText(entry->at));
    setFact(InUtc, shownZone() == ShownZone::Utc ? QString() : isoText(entry->at));
    setFact(Kind, journalKindText(entry->kind));
    setFact(Source, entry->source);
    setFact(Worker, QString::fromUtf8(entry->worker));
    setFact(Command, journalIdText(entry->command));
    setFact(Group, journalIdText(entry->group));
    if (!sameCommand)
        m_steps->setSteps({});
    askForSteps();
}

void EntryDetail::askForSteps()
{
    if (!m_journal || !m_entry || m_entry->command.isNull())
        return;
    JournalQuery query;
    query.command = m_entry->command;
    query.limit = mostSteps;
    m_stepsToken = m_journal->nextToken();
    m_journal->query(query, m_stepsToken);
}

void EntryDetail::takeSteps(quint64 token, const JournalPage &page)
{
    if (token == 0 || token != m_stepsToken)
        return;
    m_stepsToken = 0;
    QList<JournalEntry> steps = page.entries;
    std::reverse(steps.begin(), steps.end());
    m_steps->setSteps(steps);
}

void EntryDetail::focusButtons()
{
    for (QPushButton *button : {m_showWorker, m_onlyCommand, m_onlyGroup}) {
        if (!button->isHidden()) {
            button->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

} // namespace pulsedeck
