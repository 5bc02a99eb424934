// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/entrydetail.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "models/journal/journalmodel.h"
#include "ui/activity/activitywords.h"
#include "ui/activity/commandsteps.h"
#include "ui/common/layouts.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerheading.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostSteps = 100;

QString idText(const QUuid &id)
{
    return id.isNull() ? QString() : id.toString(QUuid::WithoutBraces);
}

} // namespace

EntryDetail::EntryDetail(Journal *journal, const Clock &clock, QWidget *parent)
    : Band(Qt::LeftEdge, Ground::Chrome, parent)
    , m_journal(journal)
    , m_clock(clock)
    , m_heading(new WorkerHeading(this))
    , m_hint(new ToneLabel(u"Select an entry to see all it says."_s, ToneLabel::Tone::Faint, ToneLabel::Face::Body, this))
    , m_content(new QWidget)
    , m_form(new QGridLayout)
    , m_stepsTitle(new ToneLabel(u"Steps of this command"_s, ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_steps(new CommandSteps(this))
    , m_showWorker(new QPushButton(u"Show worker"_s, this))
    , m_onlyWorker(new QPushButton(u"Only this worker"_s, this))
    , m_onlyCommand(new QPushButton(u"Only this command"_s, this))
    , m_onlyGroup(new QPushButton(u"Only its group"_s, this))
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
    addFact(u"Text"_s, false);
    addFact(u"Reason"_s, false);
    addFact(u"Who"_s, false);
    addFact(u"Time"_s, false);
    addFact(u"In UTC"_s, false);
    addFact(u"Kind"_s, false);
    addFact(u"Source"_s, false);
    addFact(u"Worker"_s, true);
    addFact(u"Command"_s, true);
    addFact(u"Group"_s, true);
    column->addLayout(m_form);
    column->addSpacing(px(6));
    addWidgets(column, {m_stepsTitle, m_steps});
    column->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(m_content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QPalette chrome = scroll->palette();
    chrome.setBrush(QPalette::Base, Qt::NoBrush);
    scroll->setPalette(chrome);
    scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    layout->addWidget(scroll, 1);

    auto *buttons = new QGridLayout;
    buttons->setSpacing(px(6));
    buttons->addWidget(m_showWorker, 0, 0);
    buttons->addWidget(m_onlyWorker, 0, 1);
    buttons->addWidget(m_onlyCommand, 1, 0);
    buttons->addWidget(m_onlyGroup, 1, 1);
    layout->addLayout(buttons);
    m_showWorker->setToolTip(u"Go to it in the Fleet page"_s);
    m_onlyGroup->setToolTip(u"All commands that were given together with it"_s);
    connect(m_showWorker, &QPushButton::clicked, this, [this] { emit workerRequested(m_entry->source, m_entry->worker); });
    connect(m_onlyWorker, &QPushButton::clicked, this, [this] { emit onlyWorkerRequested(m_entry->worker); });
    connect(m_onlyCommand, &QPushButton::clicked, this, [this] { emit onlyCommandRequested(m_entry->command); });
    connect(m_onlyGroup, &QPushButton::clicked, this, [this] { emit onlyGroupRequested(m_entry->group); });
    if (journal) {
        connect(journal, &Journal::answered, this, &EntryDetail::takeSteps);
        connect(journal, &Journal::appended, this, &EntryDetail::askForSteps);
    }
    setAccessibleName(u"Entry"_s);
    setEntry({});
}

void EntryDetail::addFact(const QString &name, bool id)
{
    auto *label = new ToneLabel(name, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    auto *text = new ToneLabel(ToneLabel::Tone::Text, id ? ToneLabel::Face::Id : ToneLabel::Face::Body, this);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (id)
        text->setElideMode(Qt::ElideMiddle);
    else
        text->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setBuddy(text);
    // Not a form layout: with hidden rows and wrapped text Qt 6.4's writes beyond its own memory.
    const int row = int(m_facts.size());
    m_form->addWidget(label, row, 0);
    m_form->addWidget(text, row, 1);
    m_facts.push_back({name, label, text});
}

void EntryDetail::setFact(const QString &name, const QString &text)
{
    for (const Fact &fact : m_facts) {
        if (fact.name != name)
            continue;
        fact.text->setText(text);
        fact.label->setVisible(!text.isEmpty());
        fact.text->setVisible(!text.isEmpty());
    }
}

QString EntryDetail::fact(const QString &label) const
{
    const auto found = std::find_if(m_facts.begin(), m_facts.end(), [&](const Fact &fact) { return fact.name == label; });
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
    m_stepsTitle->setText(message ? u"Steps of this message"_s : u"Steps of this command"_s);
    m_onlyCommand->setText(message ? u"Only this message"_s : u"Only this command"_s);
    const ActivityMark mark = activityMark(*entry);
    m_heading->set(mark.glyph, worker ? shortId(entry->worker) : journalKindTitle(entry->kind), journalWhatText(*entry),
                   mark.tone);
    setFact(u"Text"_s, entry->text);
    setFact(u"Reason"_s, entry->reason);
    setFact(u"Who"_s, entry->by);
    setFact(u"Time"_s, fullWallTimeText(entry->at));
    setFact(u"In UTC"_s, shownZone() == ShownZone::Utc ? QString() : isoText(entry->at));
    setFact(u"Kind"_s, journalKindName(entry->kind));
    setFact(u"Source"_s, entry->source);
    setFact(u"Worker"_s, QString::fromUtf8(entry->worker));
    setFact(u"Command"_s, idText(entry->command));
    setFact(u"Group"_s, idText(entry->group));
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
