// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timing/ratiobar.h"
#include "ui/timing/ratioladder.h"
#include "ui/timing/timingwords.h"

#include <QPainter>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

ToneLabel::Tone toneOf(Glyph state)
{
    switch (state) {
    case Glyph::Error:
        return ToneLabel::Tone::Stale;
    case Glyph::Warning:
        return ToneLabel::Tone::Late;
    case Glyph::Info:
        return ToneLabel::Tone::Accent;
    case Glyph::Off:
        return ToneLabel::Tone::Dim;
    default:
        return ToneLabel::Tone::Text;
    }
}

QString markText(TimingSeverity severity, const QString &bound)
{
    static constexpr const char *texts[]{QT_TRANSLATE_NOOP("pulsedeck::RatioRow", "must be %1"),
                                         QT_TRANSLATE_NOOP("pulsedeck::RatioRow", "recommended %1"),
                                         QT_TRANSLATE_NOOP("pulsedeck::RatioRow", "advice %1")};
    return RatioRow::tr(texts[size_t(severity)]).arg(bound);
}

} // namespace

RatioRow::RatioRow(const TimingPair &pair, const TimingRuleSet &set, const TimingLibrary &library, QWidget *parent)
    : QWidget(parent)
    , m_pair(pair)
    , m_rule(set.rules[pair.rules.front()])
    , m_glyph(new GlyphMark(Glyph::Ok, 12, this))
    , m_left(new ToneLabel(pairLeft(m_rule, library), ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_right(new ToneLabel(pairRight(m_rule, library), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_was(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_ratio(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_bar(new RatioBar(this))
    , m_why(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_fix(new QPushButton(this))
{
    setObjectName(u"pair-"_s + set.rules[pair.rules.front()].id);
    setFocusPolicy(Qt::TabFocus); // So that the keyboard alone can walk and scroll the ladder.
    m_left->setElideMode(Qt::ElideRight);
    m_right->setElideMode(Qt::ElideRight);
    m_why->setWordWrap(true);
    m_why->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_fix->setObjectName(u"fix"_s);
    m_fix->setAutoDefault(false);
    QSizePolicy keeps = m_fix->sizePolicy();
    keeps.setHorizontalPolicy(QSizePolicy::Fixed);
    m_fix->setSizePolicy(keeps);

    auto *title = hbox(5);
    title->addWidget(m_glyph);
    title->addSpacing(px(3));
    title->addWidget(m_left, 0);
    title->addWidget(m_right, 1);
    title->addWidget(m_was);
    title->addSpacing(px(8));
    title->addWidget(m_ratio);
    auto *foot = hbox(nullptr, 8, {20, 0, 0, 0});
    foot->addWidget(m_why, 1, Qt::AlignVCenter);
    foot->addWidget(m_fix, 0, Qt::AlignTop);
    auto *bar = hbox(nullptr, -1, {12, 0, 4, 0});
    bar->addWidget(m_bar);
    auto *whole = vbox(this, 1, {12, 7, 12, 7});
    whole->addLayout(title);
    whole->addLayout(bar);
    whole->addLayout(foot);

    for (const size_t index : pair.rules)
        m_rules.push_back(set.rules[index]);
    markBounds(nullptr);
    connect(m_fix, &QPushButton::clicked, this, [this] {
        const std::vector<TimingChange> changes = m_changes; // What follows works out new ones.
        emit fixRequested(changes, tr("Fix %1").arg(m_left->text()));
    });
}

/// Where the rules ask the bar to be. With a time that is added that depends on the values of \a check.
void RatioRow::markBounds(const TimingCheck *check)
{
    std::vector<RatioBar::Mark> marks;
    for (size_t i = 0; i < m_rules.size(); ++i) {
        const TimingRule &rule = m_rules[i];
        const TimingFinding *finding = check && rule.plusMs != 0 ? &check->findings[m_pair.rules[i]] : nullptr;
        const double at = finding && finding->applies ? finding->bound : rule.right ? rule.factor : 1;
        const QString bound = boundText(rule);
        marks.push_back({at, rule.relation, rule.severity, markText(rule.severity, bound), bound});
    }
    m_bar->setMarks(std::move(marks));
}

QString RatioRow::sentence(const TimingFinding &finding, const TimingDraft &draft) const
{
    if (!finding.applies) {
        for (const std::optional<TimingId> id : {std::optional(m_rule.left), m_rule.right}) {
            if (id && timingValue(draft.profile(), *id) <= 0)
                return tr("Not checked: no %1 is set.").arg(draft.library().parameter(*id).inSentence);
        }
        return tr("Not checked: no connected actor is known.");
    }
    if (finding.holds) {
        const bool exact = qFuzzyCompare(finding.ratio, finding.bound);
        const bool alone = m_pair.rules.size() == 1 && finding.severity != TimingSeverity::Recommended;
        // The reason of a recommendation makes sense while it holds; that of a must does not, nor does one of a layout, which
        // says what happens otherwise.
        const QString text = alone || draft.isSystem() ? tr("Holds: %1.").arg(finding.should) : finding.why;
        return exact ? tr("Exactly at the limit. %1").arg(text) : text;
    }
    return (finding.severity == TimingSeverity::Must ? tr("Must be %1. %2") : tr("Should be %1. %2"))
        .arg(finding.should, finding.why);
}

void RatioRow::showDraft(const TimingDraft &draft)
{
    const TimingFinding &finding = leadingFinding(m_pair, draft.check());
    const TimingFinding &before = leadingFinding(m_pair, draft.liveCheck());
    if (std::any_of(m_rules.begin(), m_rules.end(), [](const TimingRule &rule) { return rule.plusMs != 0; }))
        markBounds(&draft.check());
    const Glyph state = findingGlyph(finding);
    if (state != m_state) {
        m_state = state;
        update();
    }
    m_glyph->setGlyph(state);
    m_ratio->setTone(toneOf(state));
    m_left->setTone(finding.applies ? ToneLabel::Tone::Text : ToneLabel::Tone::Dim);
    m_why->setText(sentence(finding, draft));
    qobject_cast<ToneLabel *>(m_why)->setTone(finding.applies && !finding.holds && finding.severity != TimingSeverity::Advice
                                                  ? ToneLabel::Tone::Text
                                                  : ToneLabel::Tone::Dim);
    m_ratio->setText(finding.applies ? ratioText(finding.ratio) : u"–"_s);
    const bool moved = finding.applies && before.applies && before.ratio != finding.ratio;
    m_was->setText(moved ? tr("was %1").arg(ratioText(before.ratio)) : QString());
    m_bar->setRatios(finding.applies ? finding.ratio : 0, before.applies ? before.ratio : 0, state);
    m_changes = pairFix(m_pair, draft);
    m_fix->setVisible(!m_changes.empty());
    m_fix->setText(fixText(m_changes, m_rule.left, draft.library()));
    m_fix->setToolTip(changeList(m_changes, draft.library()));
    m_fix->setAccessibleDescription(changeList(m_changes, draft.library()));
    setAccessibleName(tr("%1 %2: %3, %4").arg(m_left->text(), m_right->text(), m_ratio->text(), findingWord(finding)));
    setAccessibleDescription(m_why->text());
}

void RatioRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().grid);
    const QColor bar = m_state == Glyph::Error ? theme().stale : m_state == Glyph::Warning ? theme().late : QColor();
    if (bar.isValid())
        painter.fillRect(QRect(0, 0, 3, height() - 1), bar);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme().accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(2, 1, -2, -2), 4, 4);
    }
}

} // namespace pulsedeck
