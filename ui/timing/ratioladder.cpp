// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/ratioladder.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timing/ratiobar.h"
#include "ui/timing/timingwords.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

RatioLadder::RatioLadder(QWidget *parent)
    : QWidget(parent)
    , m_sets(new QComboBox(this))
    , m_errorMark(new GlyphMark(Glyph::Error, 12, this))
    , m_errors(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_warningMark(new GlyphMark(Glyph::Warning, 12, this))
    , m_warnings(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_fine(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_fixAll(new QPushButton(tr("Fix all"), this))
    , m_scroll(new QScrollArea(this))
{
    setObjectName(u"ratioLadder"_s);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setAccessibleName(tr("Ratio ladder"));

    auto *whole = vbox(this, 0);
    whole->addWidget(makeHead());
    whole->addWidget(m_scroll, 1);
    whole->addWidget(makeFoot());

    connect(m_sets, &QComboBox::activated, this, [this](int index) { emit rulesChosen(m_sets->itemData(index).toString()); });
    connect(m_fixAll, &QPushButton::clicked, this, [this] {
        if (m_draft)
            m_draft->change(m_draft->fixAll(), tr("Fix all"));
    });
}

QWidget *RatioLadder::makeHead()
{
    auto *head = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    auto *first = hbox(nullptr, 5, {12, 3, 12, 3});
    first->addWidget(new ToneLabel(tr("Ratio ladder"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this));
    first->addSpacing(px(4));
    for (QWidget *part : std::initializer_list<QWidget *>{m_errorMark, m_errors, m_warningMark, m_warnings, m_fine})
        first->addWidget(part);
    m_errors->setObjectName(u"errorCount"_s);
    m_warnings->setObjectName(u"warningCount"_s);
    m_fine->setObjectName(u"fineCount"_s);
    m_fine->setElideMode(Qt::ElideRight);
    first->addStretch(1);
    m_legend = new RatioLegend(head);
    first->addWidget(m_legend);
    auto *top = new QWidget(this);
    top->setLayout(first);
    top->setFixedHeight(px(30));

    auto *scale = hbox(nullptr, -1, {24, 0, 16, 2}); // The margins of the bars in their rows.
    scale->addWidget(new RatioScale(this));
    auto *layout = vbox(head, 0, {0, 0, 0, 1});
    layout->addWidget(top);
    layout->addLayout(scale);
    return head;
}

QWidget *RatioLadder::makeFoot()
{
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    m_foot = foot;
    auto *line = hbox(foot, 8, {12, 4, 12, 3});
    m_setsLabel = new ToneLabel(tr("Rules"), ToneLabel::Tone::Dim, ToneLabel::Face::Body, foot);
    line->addWidget(m_setsLabel);
    m_sets->setObjectName(u"ruleSets"_s);
    m_sets->setAccessibleName(tr("Rules"));
    m_sets->setToolTip(tr("The rules that are checked"));
    line->addWidget(m_sets);
    line->addStretch(1);
    m_fixAll->setObjectName(u"fixAll"_s);
    m_fixAll->setAutoDefault(false);
    line->addWidget(m_fixAll);
    return foot;
}

void RatioLadder::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_legend->setVisible(width() >= px(450));
}

void RatioLadder::setDraft(TimingDraft *draft)
{
    if (followDraft(m_draft, draft, this, &RatioLadder::review))
        rebuild();
}

void RatioLadder::rebuild()
{
    m_builtFor.clear();
    review();
}

void RatioLadder::fillRuleSets()
{
    m_sets->clear();
    for (const TimingRuleSet &set : m_draft->library().ruleSets)
        m_sets->addItem(set.name, set.id);
    m_sets->setCurrentIndex(m_sets->findData(m_draft->rules().id));
    // A system has the rules of its layout and no others.
    for (QWidget *part : std::initializer_list<QWidget *>{m_sets, m_setsLabel})
        part->setVisible(!m_draft->isSystem());
}

void RatioLadder::build()
{
    m_rows.clear();
    const TimingRuleSet &set = m_draft->rules();
    m_builtFor = set.id;
    m_builtRules = set.rules.size();
    fillRuleSets();
    m_list = new Band({}, Band::Ground::Base, this);
    auto *rows = vbox(m_list, 0);
    std::optional<TimingDomain> domain;
    for (const TimingPair &pair : timingPairs(set)) {
        const TimingDomain own = timingDomain(set.rules[pair.rules.front()].left);
        if (own != domain) {
            domain = own;
            auto *heading = new Band(Qt::BottomEdge, Band::Ground::Chrome, m_list);
            auto *inner = hbox(heading, -1, {12, 2, 12, 3});
            const QString title = own == TimingDomain::System    ? m_draft->library().title
                                  : own == TimingDomain::Workers ? tr("Workers and proxy")
                                                                 : tr("Signal Hub");
            inner->addWidget(new ToneLabel(title, ToneLabel::Tone::Text, ToneLabel::Face::Bold, heading));
            rows->addWidget(heading);
        }
        auto *row = new RatioRow(pair, set, m_draft->library(), m_list);
        connect(row, &RatioRow::fixRequested, this, [this](const std::vector<TimingChange> &changes, const QString &what) {
            if (m_draft)
                m_draft->change(changes, what);
        });
        rows->addWidget(row);
        m_rows.push_back(row);
    }
    if (m_rows.empty()) {
        auto *none =
            (new ToneLabel(tr("No rules are known between these values."), ToneLabel::Tone::Dim, ToneLabel::Face::Body, m_list))
                ->named(u"noRules"_s)
                ->wrapped();
        none->setContentsMargins(px(12), px(8), px(12), px(8));
        rows->addWidget(none);
    }
    rows->addStretch(1);
    m_scroll->setWidget(m_list);
}

void RatioLadder::review()
{
    if (!m_draft)
        return;
    if (m_builtFor != m_draft->rules().id || m_builtRules != m_draft->rules().rules.size())
        build();
    for (RatioRow *row : m_rows)
        row->showDraft(*m_draft);
    const TimingCounts counts = countTiming(*m_draft);
    const std::vector<TimingChange> all = counts.errors + counts.warnings > 0 ? m_draft->fixAll() : std::vector<TimingChange>();
    m_errorMark->setVisible(counts.errors > 0);
    m_errors->setVisible(counts.errors > 0);
    m_errors->setText(tr("%Ln error(s)", nullptr, counts.errors));
    m_warningMark->setVisible(counts.warnings > 0);
    m_warnings->setVisible(counts.warnings > 0);
    m_warnings->setText(tr("%Ln warning(s)", nullptr, counts.warnings));
    QString fine = tr("%1 fine").arg(counts.fine);
    if (counts.advice > 0)
        fine = tr("%1 advice, %2").arg(counts.advice).arg(fine);
    m_fine->setText(fine);
    m_fixAll->setVisible(!all.empty());
    m_foot->setVisible(!m_draft->isSystem()
                       || !all.empty()); // A system has neither rules to choose nor, mostly, anything to fix.
    m_legend->setAgainstDefaults(m_draft->isSystem());
    m_fixAll->setToolTip(tr("Makes every must and recommended rule hold:\n%1").arg(changeList(all, m_draft->library())));
}

} // namespace pulsedeck
