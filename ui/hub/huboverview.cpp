// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/huboverview.h"

#include "models/commands/writeaccess.h"
#include "models/core/clock.h"
#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/hub/hubmetricschart.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubOverview::HubOverview(const HubContext &context, QWidget *parent)
    : ScrollPane(parent)
    , m_context(context)
{
    setAccessibleName(tr("Overview"));
    auto *content = new QWidget(this);
    m_column = vbox(content, 0, {0, 0, 0, 16});

    m_column->addWidget(buildFacts(tr("Connection to the hub"), Heartbeat, Health));
    m_column->addWidget(buildFacts(tr("Reported by the hub"), Health, FactCount));

    m_rates = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, content))->elided()->named(u"hubRates"_s);
    addHeading(tr("Messages per second, whole hub"), m_rates);
    m_chart = new HubMetricsChart(content);
    m_chart->setFixedHeight(px(150));
    auto *chartRow = hbox(nullptr, -1, {16, 0, 6, 0});
    chartRow->addWidget(m_chart);
    m_column->addLayout(chartRow);
    m_problem = new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, content);
    m_problem->setContentsMargins(px(16), 0, px(16), 0);
    m_problem->setWordWrap(true);
    m_problem->setObjectName(u"figuresProblem"_s);
    m_column->addWidget(m_problem);

    m_differenceBox = new QWidget(content);
    m_differenceBox->setObjectName(u"hubDifferences"_s);
    m_differences = new QGridLayout(m_differenceBox);
    m_differences->setContentsMargins(px(16), px(16), px(16), 0);
    m_differences->setHorizontalSpacing(px(16));
    m_differences->setVerticalSpacing(px(5));
    m_differences->setColumnStretch(1, 1);
    m_differences->setColumnStretch(2, 1);
    m_differenceBox->hide();
    m_column->addWidget(m_differenceBox);
    m_column->addStretch(1);
    setContent(content);
}

void HubOverview::addHeading(const QString &text, QWidget *behind)
{
    auto *row = hbox(nullptr, 10, {16, 16, 16, 6});
    row->addWidget(new ToneLabel(text, ToneLabel::Tone::Text, ToneLabel::Face::Bold));
    if (behind)
        row->addWidget(behind, 1);
    else
        row->addStretch(1);
    m_column->addLayout(row);
}

QWidget *HubOverview::buildFacts(const QString &title, int from, int until)
{
    const Theme &t = Theme::instance();
    const QString titles[FactCount]{tr("Heartbeat"),  tr("Last answered"), tr("Round trip"),  tr("Message budget"), tr("Actors"),
                                    tr("Lost state"), tr("Unreadable"),    tr("Own address"), tr("GET /health"),    tr("Queue")};
    const QLatin1StringView names[FactCount]{"heartbeat"_L1, "lastAck"_L1,    "roundTrip"_L1,    "budget"_L1, "list"_L1,
                                             "memory"_L1,    "unreadable"_L1, "registration"_L1, "health"_L1, "queue"_L1};
    auto *box = new QWidget(this);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(px(16), px(16), px(16), 0);
    grid->setHorizontalSpacing(px(14));
    grid->setVerticalSpacing(0);
    // As wide in each box, so that they read as one column.
    const QFontMetrics metrics(t.bodyFont());
    int widest = 0;
    for (const QString &one : titles)
        widest = qMax(widest, metrics.horizontalAdvance(one));
    grid->setColumnMinimumWidth(0, widest);
    grid->setColumnStretch(1, 1);
    auto *heading = new ToneLabel(title, ToneLabel::Tone::Text, ToneLabel::Face::Bold, box);
    grid->addWidget(heading, 0, 0, 1, 2);
    grid->setRowMinimumHeight(0, metrics.height() + px(8));
    for (int i = from; i < until; ++i) {
        Line &line = m_lines[i];
        line.title = new ToneLabel(titles[i], ToneLabel::Tone::Dim, ToneLabel::Face::Body, box);
        line.value = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, box);
        line.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        line.value->setElideMode(Qt::ElideRight);
        line.value->setObjectName(u"hubFact-"_s + names[i]);
        line.note = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, box);
        line.note->setWordWrap(true);
        line.note->setObjectName(u"hubNote-"_s + names[i]);
        line.note->hide();
        const int row = 1 + 3 * (i - from);
        grid->addWidget(line.title, row, 0, Qt::AlignLeft | Qt::AlignTop);
        grid->addWidget(line.value, row, 1);
        grid->addWidget(line.note, row + 1, 1);
        grid->setRowMinimumHeight(row + 2, px(7));
    }
    return box;
}

void HubOverview::setFactsWidget(QWidget *facts)
{
    if (m_facts == facts)
        return;
    if (m_facts) {
        m_column->removeWidget(m_facts);
        m_facts->hide();
    }
    m_facts = facts;
    if (!facts)
        return;
    // The box below has a margin of its own: one is enough between them.
    if (QLayout *layout = facts->layout()) {
        QMargins margins = layout->contentsMargins();
        margins.setBottom(0);
        layout->setContentsMargins(margins);
    }
    m_column->insertWidget(0, facts);
}

void HubOverview::setHub(SourceId source)
{
    if (m_source == source)
        return;
    m_source = source;
    verticalScrollBar()->setValue(0);
    refresh();
}

void HubOverview::set(Fact fact, const HubWords &words)
{
    Line &line = m_lines[fact];
    line.value->setText(words.value);
    line.value->setTone(words.trouble ? ToneLabel::Tone::Late : ToneLabel::Tone::Text);
    line.value->setAccessibleName(tr("%1: %2").arg(line.title->text(), words.value));
    line.note->setText(words.note);
    line.note->setVisible(!words.note.isEmpty());
}

void HubOverview::refresh()
{
    const HubView &view = m_context.hubs.view(m_source);
    const HubVitals &vitals = view.vitals;
    const bool connected = m_context.store.sourceStatus(m_source).isConnected();
    const qint64 now = m_context.clock.nowMs();
    const auto &samples = m_context.hubs.figures(m_source).metrics();
    const auto &health = m_context.hubs.figures(m_source).health();
    const auto &queue = m_context.hubs.figures(m_source).queueStats();
    set(Heartbeat, heartbeatWords(vitals, connected));
    set(LastAck, lastAckWords(vitals, connected, now));
    set(RoundTrip, roundTripWords(vitals, connected));
    set(Budget, budgetWords(vitals, connected));
    set(List, listWords(view, connected, now));
    set(Memory, wipesWords(vitals));
    set(Unreadable, unreadableWords(vitals));
    set(Registration, registrationWords(vitals, connected, m_context.access.allows(m_source)));
    set(Health, healthWords(health, m_context.hubs.figures(m_source).healthAt(), now));
    set(Queue, queueWords(queue));
    m_chart->showSamples(samples, now);
    m_rates->setText(ratesText(samples, now));
    const QString problem = m_context.hubs.figures(m_source).problem();
    m_problem->setText(problem.isEmpty() ? QString() : tr("The last figures could not be read: %1").arg(problem));
    m_problem->setVisible(!problem.isEmpty());
    showDifferences(hubDifferences(view, health, queue, samples));
}

void HubOverview::showDifferences(const std::vector<HubDifference> &all)
{
    if (all == m_shown)
        return;
    m_shown = all;
    while (QLayoutItem *item = m_differences->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto add = [this](int row, int column, const QString &text, ToneLabel::Tone tone, ToneLabel::Face face) {
        auto *label = new ToneLabel(text, tone, face, m_differenceBox);
        label->setWordWrap(column > 0);
        m_differences->addWidget(label, row, column, Qt::AlignTop);
        label->show();
    };
    auto *heading = new ToneLabel(tr("Reported and observed values that differ"), ToneLabel::Tone::Text, ToneLabel::Face::Bold,
                                  m_differenceBox);
    m_differences->addWidget(heading, 0, 0, 1, 3);
    heading->show();
    const QString heads[]{tr("About"), tr("Reported"), tr("Observed")};
    for (int column = 0; column < 3; ++column)
        add(1, column, heads[column], ToneLabel::Tone::Dim, ToneLabel::Face::Small);
    int row = 2;
    for (const HubDifference &one : all) {
        add(row, 0, one.topic, ToneLabel::Tone::Text, ToneLabel::Face::Body);
        add(row, 1, one.reported, ToneLabel::Tone::Dim, ToneLabel::Face::Body);
        add(row, 2, one.observed, ToneLabel::Tone::Text, ToneLabel::Face::Body);
        ++row;
    }
    m_differenceBox->setVisible(!all.empty());
}

} // namespace pulsedeck
