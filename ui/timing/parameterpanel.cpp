// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/parameterpanel.h"

#include "models/core/format.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timing/beathistogram.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ParameterPanel::ParameterPanel(BeatRecorder &recorder, QWidget *parent)
    : QWidget(parent)
    , m_recorder(recorder)
{
    setObjectName(u"parameterPanel"_s);
    auto *whole = vbox(this, 0);
    whole->addWidget(makeHead());
    m_table = new TimingTable(m_model, this);
    // The values come first: the chart below has the rest of the height.
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    whole->addWidget(m_table);
    connect(m_table->verticalHeader(), &QHeaderView::sectionResized, this,
            [this] { m_table->setMaximumHeight(m_table->contentHeight()); });
    m_nothingChanged = new ToneLabel(tr("Nothing is changed."), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    m_nothingChanged->setContentsMargins(px(12), px(6), px(12), px(6));
    m_nothingChanged->hide();
    whole->addWidget(m_nothingChanged);

    m_driftLine = new Band(Qt::BottomEdge, Band::Ground::Base, this);
    auto *drift = hbox(m_driftLine, -1, {12, 2, 8, 3});
    drift->addWidget(new GlyphMark(Glyph::Warning, 12, m_driftLine));
    m_driftText = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, m_driftLine))->named(u"driftText"_s)->elided();
    drift->addWidget(m_driftText, 1);
    auto *show = plainButton(tr("Show them"), u"showDrift"_s, m_driftLine, ButtonRole::Link);
    connect(show, &QPushButton::clicked, this, &ParameterPanel::driftRequested);
    drift->addWidget(show);
    m_driftLine->hide();
    whole->addWidget(m_driftLine);

    auto *lower = new Band({}, Band::Ground::Base, this);
    m_lower = lower;
    auto *beats = vbox(lower, 4, {0, 8, 0, 4});
    auto *title = hbox(nullptr, -1, {12, 0, 12, 0});
    title->addWidget(new ToneLabel(tr("Measured beat intervals"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, lower));
    m_histogramNote = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, lower))->elided();
    m_histogramNote->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    title->addWidget(m_histogramNote, 1);
    beats->addLayout(title);
    m_histogram = new BeatHistogram(lower);
    beats->addWidget(m_histogram, 1);
    whole->addWidget(lower, 1);
    connect(&m_recorder, &BeatRecorder::ready, this, &ParameterPanel::reviewHistogram);
}

QWidget *ParameterPanel::makeHead()
{
    auto *head = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    head->setFixedHeight(px(31));
    auto *layout = hbox(head, 8, {12, 0, 12, 1});
    layout->addWidget(new ToneLabel(tr("Parameters"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, head));
    m_state = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, head))->named(u"draftState"_s)->elided();
    layout->addWidget(m_state, 1);
    m_sources = new QComboBox(head);
    m_sources->setObjectName(u"timingSource"_s);
    m_sources->setAccessibleName(tr("Source or system whose timing is shown"));
    connect(m_sources, &QComboBox::activated, this, [this](int index) {
        const Choice chosen = m_choices[size_t(index)]; // What follows may make new ones.
        emit sourceChosen(chosen.source, chosen.system);
    });
    layout->addWidget(m_sources);
    followTheme(this, [this] { fitChooser(); });
    m_onlyChanged = new QToolButton(head);
    m_onlyChanged->setObjectName(u"onlyChanged"_s);
    m_onlyChanged->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(m_onlyChanged, ButtonRole::Link);
    m_onlyChanged->setToolTip(tr("Show only the values that are changed (Ctrl+F)"));
    m_onlyChanged->setText(tr("Only changed"));
    connect(m_onlyChanged, &QToolButton::clicked, this, &ParameterPanel::toggleOnlyChanged);
    layout->addWidget(m_onlyChanged);
    return head;
}

void ParameterPanel::setChoices(const std::vector<Choice> &choices, SourceId source, const QString &system)
{
    const bool others = choices != m_choices;
    if (others) {
        m_choices = choices;
        m_sources->clear();
        for (const Choice &choice : choices)
            m_sources->addItem(choice.text);
    }
    const auto current = std::find_if(choices.begin(), choices.end(),
                                      [&](const Choice &choice) { return choice.source == source && choice.system == system; });
    m_sources->setCurrentIndex(current == choices.end() ? -1 : int(current - choices.begin()));
    m_sources->setVisible(choices.size() > 1);
    if (others)
        fitChooser();
}

/// As wide as its longest text, within bounds and as far as its neighbours leave room: by itself it keeps the width of the texts
/// it was first shown with.
void ParameterPanel::fitChooser()
{
    int text = 0;
    for (const Choice &choice : m_choices)
        text = qMax(text, m_sources->fontMetrics().horizontalAdvance(choice.text));
    QStyleOptionComboBox option;
    option.initFrom(m_sources);
    const QSize content(text + px(6), m_sources->fontMetrics().height());
    const int width = style()->sizeFromContents(QStyle::CT_ComboBox, &option, content, m_sources).width();
    const int others = m_sources->parentWidget()->layout()->minimumSize().width() - m_sources->minimumWidth();
    m_sources->setFixedWidth(qMax(px(60), std::min({width, px(170), this->width() - others})));
}

void ParameterPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitChooser();
}

void ParameterPanel::setDraft(TimingDraft *draft)
{
    if (!followDraft(m_draft, draft, this, &ParameterPanel::review))
        return;
    m_model.setDraft(draft);
    m_table->setMaximumHeight(m_table->contentHeight());
    review();
}

void ParameterPanel::setFleet(const Fleet &fleet)
{
    m_fleet = fleet;
    m_model.setLive(fleet.live);
    m_model.setMeasured(fleet.measured);
    m_model.setNotes(fleet.connected ? tr("%1 · %2").arg(fleet.source, fleet.counted)
                                     : tr("%1 · %2").arg(fleet.source, fleet.asOf),
                     fleet.hubs.isEmpty() ? tr("no hub connected yet") : fleet.hubs);
    const int drifting = fleet.measured.drifting;
    m_driftLine->setVisible(drifting > 0);
    m_driftText->setText(tr("%Ln worker(s) (differs/differ) from the configured values", nullptr, drifting));
    review();
    reviewHistogram();
}

void ParameterPanel::setEmptyText(const QString &why)
{
    m_histogram->setEmptyText(why);
}

void ParameterPanel::toggleOnlyChanged()
{
    const bool only = !m_table->onlyChanged();
    m_table->setOnlyChanged(only);
    m_onlyChanged->setText(only ? tr("Show all") : tr("Only changed"));
    m_onlyChanged->setAccessibleDescription(only ? tr("Only changed values are shown") : tr("All values are shown"));
    review();
}

void ParameterPanel::review()
{
    if (!m_draft)
        return;
    const bool hub = m_draft->isHub();
    const TimingLibrary &library = m_draft->library();
    const QString from = m_draft->isSystem()           ? tr("defaults of %1").arg(library.title)
                         : hub                         ? tr("as shown by the hub")
                         : m_draft->base().version > 0 ? tr("from v%1").arg(m_draft->base().version)
                                                       : tr("from %1").arg(m_draft->base().name);
    const int changed = m_draft->changedCount();
    m_state->setShorter(changed == 0 ? from : tr("%Ln changed", nullptr, changed));
    m_state->setText(changed == 0 ? tr("%1 · unchanged").arg(from) : tr("%1 · %2 changed").arg(from).arg(changed));
    m_nothingChanged->setVisible(m_table->onlyChanged() && changed == 0);
    m_table->setMaximumHeight(m_table->contentHeight());
    const TimingProfile judged = library.judged(m_draft->profile());
    const TimingProfile live = library.judged(m_fleet.live);
    m_histogram->setAgainstDefaults(m_draft->isSystem());
    m_histogram->setLimits(judged.heartbeatInterval, hub ? judged.hubActorTtl : judged.workerKeyTtl,
                           hub ? live.hubActorTtl : live.workerKeyTtl);
}

void ParameterPanel::reviewHistogram()
{
    const std::shared_ptr<const WhatIf> whatIf = m_recorder.whatIf();
    if (!whatIf || whatIf->workerCount() == 0) {
        m_histogram->setCounts({}, 1);
        m_histogramNote->clear();
        return;
    }
    // Wide enough for the TTL in force, in whole steps, so that it does not change with every recording.
    const TimingProfile live = m_draft ? m_draft->library().judged(m_fleet.live) : m_fleet.live;
    const bool hasLimit = m_draft && m_draft->isSystem() && live.workerKeyTtl > 0;
    const qint64 wanted = std::max({live.workerKeyTtl, hasLimit ? 0 : live.heartbeatInterval * 3, qint64(1'000)}) * 11 / 10;
    const qint64 span = wanted < 10'000 ? (wanted + 999) / 1'000 * 1'000 : (wanted + 4'999) / 5'000 * 5'000;
    m_histogram->setCounts(whatIf->histogram(span, BeatHistogram::buckets), span);
    const qint64 window = m_recorder.window();
    const QString source = m_recorder.isLoaded() ? tr("loaded recording") : m_fleet.source;
    m_histogramNote->setText(tr("%Ln beat(s), %1, %2, logarithmic", nullptr, int(m_histogram->total()))
                                 .arg(source, window > 0 ? tr("last %1 min").arg(window / 60'000) : tr("all recorded")));
}

} // namespace pulsedeck
