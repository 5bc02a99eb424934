// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/reviewdialog.h"

#include "models/core/format.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/common/unlockquestion.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timing/pastreasons.h"
#include "ui/timing/profiletable.h"
#include "ui/timing/timingwords.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

ToneLabel *paragraph(const QString &text, ToneLabel::Tone tone, QWidget *parent)
{
    return (new ToneLabel(text, tone, ToneLabel::Face::Body, parent))->wrapped();
}

QHBoxLayout *marked(Glyph glyph, QWidget *words, QWidget *parent)
{
    auto *line = hbox(8);
    line->addWidget(new GlyphMark(glyph, 14, parent), 0, Qt::AlignTop);
    line->addWidget(words, 1);
    return line;
}

} // namespace

QString whyNotApply(const TimingContext &context, SourceId source)
{
    if (context.past)
        return PastReasons::apply();
    if (!context.sources.settings(source).traits()->has(SourceFact::SharedTiming))
        return ReviewDialog::tr("A hub has no shared record: use Files to write the values to its wrangler.toml.");
    // The words are those for commands; rights that only commands need are not required.
    if (!context.access.allows(source))
        return context.access.whyNot(source, Act::Shutdown);
    if (!context.store.sourceStatus(source).isConnected())
        return ReviewDialog::tr("%1 is not connected.").arg(context.store.sourceName(source));
    if (context.controller.isApplying(source))
        return ReviewDialog::tr("Another change is being written.");
    return {};
}

ReviewDialog::ReviewDialog(const TimingContext &context, const TimingReview &review, QWidget *parent)
    : QDialog(parent)
    , m_context(context)
    , m_review(review)
    , m_hub(!context.sources.settings(review.source).traits()->has(SourceFact::SharedTiming))
    , m_reason(new QLineEdit(this))
    , m_stateMark(new GlyphMark(Glyph::Info, 14, this))
    , m_state(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_unlock(new QPushButton(tr("Unlock"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_apply(new QPushButton(this))
{
    setObjectName(u"reviewDialog"_s);
    const QString source = context.store.sourceName(review.source);
    setWindowTitle(review.rollBackTo ? tr("Roll back %1 to v%2").arg(source).arg(review.rollBackTo->profile.version)
                                     : tr("Review changes to %1").arg(source));
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *inner = new Band({}, Band::Ground::Chrome, scroll);
    auto *layout = vbox(inner, 8, {16, 14, 16, 14});
    auto *title = new ToneLabel(windowTitle(), ToneLabel::Tone::Text, ToneLabel::Face::Title, inner);
    layout->addWidget(title);
    const QString before = review.before.version > 0 ? tr("v%1").arg(review.before.version) : tr("today");
    layout->addWidget(paragraph(m_hub ? tr("A hub has no shared record: use Files to write the values to its wrangler.toml.")
                                : review.expectedVersion > 0
                                    ? tr("Written only if the record is still at v%1; otherwise you are shown what was changed.")
                                          .arg(review.expectedVersion)
                                    : tr("The source has no record yet: this writes its first version."),
                                ToneLabel::Tone::Dim, inner));
    auto *table = new ProfileTable(context.controller.library(), inner);
    table->setAccessibleName(tr("Before and after"));
    table->showProfiles({{tr("Before, %1").arg(before), review.before}, {tr("After"), review.after}}, true);
    table->setMinimumHeight(table->sizeHint().height());
    table->setMaximumHeight(table->sizeHint().height());
    table->setVisible(table->rowCount() > 0);
    layout->addWidget(table);
    makeFindings(layout);
    makeConsequences(layout);
    layout->addStretch(1);
    scroll->setWidget(inner);
    auto *whole = vbox(this, 0);
    whole->addWidget(scroll, 1);
    whole->addWidget(makeFoot());

    connect(&m_context.access, &WriteAccess::changed, this, &ReviewDialog::review);
    connect(&m_context.store, &FleetStore::sourceChanged, this, &ReviewDialog::review);
    connect(&m_context.controller, &TimingController::applied, this, &ReviewDialog::takeApplied);
    this->review();
    QSize size(px(640), inner->sizeHint().height() + px(150));
    const QWidget *ground = parent ? parent->window() : nullptr;
    resize(ground ? size.boundedTo(ground->size() - QSize(px(40), px(40))) : size);
    if (m_hub)
        m_cancel->setFocus();
    else if (m_acknowledge.empty())
        m_reason->setFocus();
    else
        m_acknowledge.front().second->setFocus();
}

void ReviewDialog::makeFindings(QVBoxLayout *layout)
{
    QWidget *inner = layout->parentWidget();
    const TimingLibrary &library = m_context.controller.library();
    layout->addSpacing(px(4));
    layout->addWidget(new ToneLabel(tr("Findings"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, inner));
    const QString blocks = m_hub ? tr("Fix this first.") : tr("This blocks Apply.");
    int fine = 0;
    const auto block = [&](const QString &text) {
        layout->addLayout(marked(Glyph::Error, paragraph(text, ToneLabel::Tone::Text, inner), inner));
    };
    for (const QString &text : m_review.unreadable)
        block(text);
    for (const TimingFieldProblem &problem : m_review.check.fields)
        block(tr("%1: %2. %3").arg(library.parameter(problem.id).label, problem.text, blocks));
    if (m_review.deaths > 0 && !m_hub) {
        // Not a rule: the rules do not consider how late these workers really are.
        const QString text =
            tr("%1 of %Ln recorded worker(s) would have been declared dead though they came back; with today's "
               "values %2. With a key TTL of %3 none would have been.",
               nullptr, m_review.recordedWorkers)
                .arg(groupedNumber(m_review.deaths), groupedNumber(m_review.deathsToday), measuredText(m_review.safeTtlMs));
        makeAcknowledged(layout, Glyph::Error, ToneLabel::Tone::Stale, text, u"deaths"_s,
                         tr("%1 declared dead").arg(groupedNumber(m_review.deaths)));
    }
    for (const TimingFinding &finding : m_review.check.findings) {
        if (!finding.applies)
            continue;
        if (finding.holds) {
            ++fine;
            continue;
        }
        const QString text = findingSentence(finding, library);
        if (finding.severity == TimingSeverity::Must) {
            block(QString(text + u' ' + blocks));
        } else if (finding.severity == TimingSeverity::Advice) {
            layout->addLayout(marked(Glyph::Info, paragraph(text, ToneLabel::Tone::Dim, inner), inner));
        } else if (m_hub) {
            layout->addLayout(marked(Glyph::Warning, paragraph(text, ToneLabel::Tone::Text, inner), inner));
        } else {
            makeAcknowledged(layout, Glyph::Warning, ToneLabel::Tone::Text, text, finding.rule, finding.rule);
        }
    }
    layout->addLayout(
        marked(Glyph::Ok, paragraph(tr("%Ln rule(s) (holds/hold).", nullptr, fine), ToneLabel::Tone::Dim, inner), inner));
}

void ReviewDialog::makeAcknowledged(QVBoxLayout *layout, Glyph glyph, ToneLabel::Tone tone, const QString &text,
                                    const QString &name, const QString &shown)
{
    QWidget *inner = layout->parentWidget();
    auto *words = new QWidget(inner);
    auto *column = vbox(words, 3);
    auto *label = paragraph(text, tone, words);
    label->setObjectName(u"finding-"_s + name);
    column->addWidget(label);
    auto *box = new QCheckBox(tr("I understand this; apply it anyway (%1)").arg(shown), words);
    box->setObjectName(u"acknowledge-"_s + name);
    box->setAccessibleDescription(text);
    connect(box, &QCheckBox::toggled, this, &ReviewDialog::review);
    column->addWidget(box);
    m_acknowledge.emplace_back(shown, box);
    layout->addLayout(marked(glyph, words, inner));
}

void ReviewDialog::makeConsequences(QVBoxLayout *layout)
{
    QWidget *inner = layout->parentWidget();
    layout->addSpacing(px(4));
    layout->addWidget(new ToneLabel(tr("What if"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, inner));
    QStringList sentences = m_review.whatIf;
    if (const QString traffic = trafficSentence(m_review.before, m_review.after); !traffic.isEmpty())
        sentences.append(traffic);
    auto *words = paragraph(sentences.join(u'\n'), ToneLabel::Tone::Text, inner);
    words->setObjectName(u"reviewWhatIf"_s);
    layout->addWidget(words);
    QStringList constants;
    for (const TimingParameter &parameter : m_context.controller.library().parameters) {
        const qint64 ms = timingValue(m_review.after, parameter.id);
        if (parameter.variables.empty() && ms != timingValue(m_review.before, parameter.id))
            constants.append(constantText(parameter, ms));
    }
    if (constants.isEmpty())
        return;
    layout->addSpacing(px(4));
    layout->addWidget(new ToneLabel(tr("Set in code"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, inner));
    layout->addWidget(paragraph(m_hub ? tr("These are not set by a file; change the code:")
                                      : tr("Programs that do not read the record need a code change:"),
                                ToneLabel::Tone::Dim, inner));
    auto *list = paragraph(constants.join(u'\n'), ToneLabel::Tone::Text, inner);
    list->setObjectName(u"reviewConstants"_s);
    layout->addWidget(list);
}

QWidget *ReviewDialog::makeFoot()
{
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *layout = vbox(foot, 8, {16, 10, 16, 12});
    auto *reason = new QHBoxLayout;
    auto *label = new ToneLabel(tr("Reason"), ToneLabel::Tone::Text, ToneLabel::Face::Body, foot);
    m_reason->setObjectName(u"reviewReason"_s);
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMaxLength(300);
    m_reason->setPlaceholderText(m_acknowledge.empty() ? tr("why, for the history") : tr("why this is right nevertheless"));
    if (m_review.rollBackTo && m_acknowledge.empty()) // The reason for an acknowledgement must be the operator's own.
        m_reason->setText(tr("Roll back to v%1").arg(m_review.rollBackTo->profile.version));
    reason->addWidget(label);
    reason->addWidget(m_reason, 1);
    layout->addLayout(reason);
    auto *state = hbox(8);
    m_state->setObjectName(u"reviewState"_s);
    m_state->setWordWrap(true);
    m_unlock->setObjectName(u"reviewUnlock"_s);
    m_unlock->setAutoDefault(false);
    state->addWidget(m_stateMark, 0, Qt::AlignVCenter);
    state->addWidget(m_state, 1);
    state->addWidget(m_unlock);
    layout->addLayout(state);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    m_cancel->setAutoDefault(false);
    m_apply->setAutoDefault(false);
    m_apply->setObjectName(u"reviewApply"_s);
    m_apply->setText(m_review.rollBackTo ? tr("Roll back") : tr("Apply to %1").arg(m_context.store.sourceName(m_review.source)));
    setButtonRole(m_apply, ButtonRole::Primary);
    if (m_hub) {
        m_cancel->setText(tr("Close"));
        for (QWidget *one : {static_cast<QWidget *>(label), static_cast<QWidget *>(m_reason), static_cast<QWidget *>(m_unlock),
                             static_cast<QWidget *>(m_apply)})
            one->hide();
    }
    m_cancel->setObjectName(u"reviewCancel"_s);
    addWidgets(buttons, {m_cancel, m_apply});
    layout->addLayout(buttons);
    connect(m_reason, &QLineEdit::textChanged, this, &ReviewDialog::review);
    connect(m_unlock, &QPushButton::clicked, this,
            [this] { UnlockQuestion::ask(m_context.access, m_context.sources, m_context.store, this); });
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &ReviewDialog::apply);
    return foot;
}

bool ReviewDialog::isAcknowledged() const
{
    return std::all_of(m_acknowledge.begin(), m_acknowledge.end(), [](const auto &one) { return one.second->isChecked(); });
}

QString ReviewDialog::whyNot() const
{
    const int musts =
        m_review.check.broken(TimingSeverity::Must) + int(m_review.check.fields.size()) + int(m_review.unreadable.size());
    if (musts > 0)
        return tr("%Ln error(s) (blocks/block) Apply.", nullptr, musts);
    if (sameTiming(m_review.before, m_review.after))
        return tr("Nothing is changed.");
    if (!isAcknowledged())
        return m_review.deaths > 0 ? tr("Acknowledge each finding first.") : tr("Acknowledge each warning first.");
    if (!m_acknowledge.empty() && m_reason->text().trimmed().isEmpty())
        return m_review.deaths > 0 ? tr("Give a reason: recorded workers would have been declared dead.")
                                   : tr("Give a reason: recommended rules do not hold.");
    return whyNotApply(m_context, m_review.source);
}

void ReviewDialog::review()
{
    if (!m_sent.isNull()) {
        m_stateMark->setGlyph(Glyph::Sent);
        m_state->setText(tr("Writing…"));
        m_apply->setEnabled(false);
        m_unlock->hide();
        return;
    }
    if (m_hub) {
        const bool same = sameTiming(m_review.before, m_review.after);
        m_stateMark->setVisible(same);
        m_state->setVisible(same);
        m_state->setText(same ? tr("Nothing is changed.") : QString());
        return;
    }
    const QString why = whyNot();
    m_apply->setEnabled(why.isEmpty());
    const QString text = !m_answer.isEmpty() ? m_answer : why;
    m_stateMark->setVisible(!text.isEmpty());
    const bool blocked = !m_review.unreadable.isEmpty() || !m_review.check.mayApply();
    const bool closed = !why.isEmpty() && why == whyNotApply(m_context, m_review.source);
    m_stateMark->setGlyph(!m_answer.isEmpty() || blocked ? Glyph::Error : closed ? Glyph::Lock : Glyph::Info);
    m_state->setText(text);
    const bool locked = m_context.access.canUnlock(m_review.source);
    m_unlock->setVisible(locked && closed);
}

QString ReviewDialog::fullReason() const
{
    QString reason = m_reason->text().trimmed();
    if (m_acknowledge.empty())
        return reason;
    QStringList rules;
    for (const auto &one : m_acknowledge)
        rules.append(one.first);
    return tr("%1 (acknowledged: %2)").arg(reason, rules.join(u", "_s));
}

void ReviewDialog::apply()
{
    if (!whyNot().isEmpty() || !m_sent.isNull())
        return;
    m_context.access.touch(m_review.source);
    m_answer.clear();
    m_sent = m_review.rollBackTo
                 ? m_context.controller.rollBack(m_review.source, *m_review.rollBackTo, m_review.expectedVersion, fullReason())
                 : m_context.controller.apply(m_review.source, m_review.after, m_review.expectedVersion, fullReason());
    review();
}

void ReviewDialog::takeApplied(const TimingApplied &answer)
{
    if (m_sent.isNull() || answer.id != m_sent)
        return;
    m_sent = {};
    switch (answer.outcome) {
    case TimingApplied::Outcome::Applied:
        emit applied(answer);
        accept();
        return;
    case TimingApplied::Outcome::Conflict:
        emit conflicted(answer);
        accept();
        return;
    case TimingApplied::Outcome::Refused:
        m_answer = answer.text.isEmpty() ? tr("The change was refused; nothing was written.")
                                         : tr("Nothing was written: %1").arg(answer.text);
        break;
    case TimingApplied::Outcome::Unknown:
        m_answer = tr("The connection was lost before the answer: it is not known whether the change was written. Check the "
                      "history when the source is connected again.");
        break;
    }
    review();
}

void ReviewDialog::keyPressEvent(QKeyEvent *event)
{
    // Enter in the reason must not apply anything.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        event->accept();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace pulsedeck
