// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/silencedialog.h"

#include "models/alerts/alertwords.h"
#include "models/core/format.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QFormLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SilenceDialog::SilenceDialog(AlertEngine &engine, const FleetStore &store, const QString &by, QWidget *parent)
    : QDialog(parent)
    , m_engine(engine)
    , m_store(store)
    , m_by(by)
    , m_silences(new QListWidget(this))
    , m_end(plainButton(tr("&End Silence"), u"endSilence"_s, this))
    , m_rule(new QComboBox(this))
    , m_source(new QComboBox(this))
    , m_from(new QDateTimeEdit(this))
    , m_until(new QDateTimeEdit(this))
    , m_reason(new QLineEdit(this))
    , m_problem((new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Body, this))->wrapped()->named(u"silenceProblem"_s))
    , m_add(plainButton(tr("&Silence"), u"addSilence"_s, this, ButtonRole::Primary))
{
    setObjectName(u"silenceDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Silences"));
    m_silences->setObjectName(u"silenceList"_s);
    m_silences->setAccessibleName(tr("Silences in force, and those that begin later"));
    m_silences->setFixedHeight(px(110));
    m_rule->setObjectName(u"silenceRule"_s);
    m_source->setObjectName(u"silenceSource"_s);
    m_reason->setObjectName(u"silenceReason"_s);
    fillChoices();
    const qint64 now = m_store.clock().wallNowMs();
    for (const auto &[edit, name, at] :
         {std::tuple(m_from, u"silenceFrom"_s, now), std::tuple(m_until, u"silenceUntil"_s, now + usualMs)}) {
        edit->setObjectName(name);
        edit->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
        edit->setTimeSpec(shownWallTime(at).timeSpec());
        edit->setDateTime(shownWallTime(at));
        edit->setToolTip(tr("Time zone: %1").arg(zoneText(now)));
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &SilenceDialog::review);
    }
    auto *form = new QFormLayout;
    form->addRow(tr("Rule"), m_rule);
    form->addRow(tr("Source"), m_source);
    form->addRow(tr("From"), m_from);
    form->addRow(tr("Until"), m_until);
    form->addRow(tr("Reason"), m_reason);
    auto *words = vbox(nullptr, 8, {20, 18, 20, 18});
    words->addWidget(new ToneLabel(tr("In force, or to begin later"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this));
    words->addWidget(m_silences);
    words->addWidget(m_end, 0, Qt::AlignLeft);
    words->addWidget(new ToneLabel(tr("New silence"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this));
    words->addLayout(form);
    words->addWidget(m_problem);
    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = hbox(footer, 9, {16, 11, 16, 11});
    auto *close = plainButton(tr("Close"), u"close"_s, footer);
    buttons->addStretch(1);
    addWidgets(buttons, {close, m_add});
    auto *whole = vbox(this, 0);
    whole->addLayout(words);
    whole->addStretch(1);
    whole->addWidget(footer);
    setMinimumWidth(px(520));
    connect(m_reason, &QLineEdit::textChanged, this, &SilenceDialog::review);
    connect(m_silences, &QListWidget::itemSelectionChanged, this, &SilenceDialog::review);
    connect(m_add, &QPushButton::clicked, this, &SilenceDialog::add);
    connect(m_end, &QPushButton::clicked, this, &SilenceDialog::endSelected);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_engine, &AlertEngine::silenceAdded, this, &SilenceDialog::list);
    connect(&m_engine, &AlertEngine::silenceEnded, this, &SilenceDialog::list);
    list();
    m_reason->setFocus();
}

void SilenceDialog::fillChoices()
{
    m_rule->addItem(tr("every rule"), QString());
    for (const AlertRule &rule : m_engine.plan().rules) {
        if (rule.on)
            m_rule->addItem(rule.title, rule.name);
    }
    m_source->addItem(tr("every source"), QString());
    for (const SourceId source : m_store.sources()) {
        const QString name = m_store.sourceName(source);
        m_source->addItem(name, name);
    }
}

void SilenceDialog::list()
{
    m_silences->clear();
    for (const AlertSilence &silence : m_engine.silences()) {
        const QString what = alertSilenceText(silence, m_engine.plan());
        const QString until = wallDateTimeText(silence.until);
        const QString when = silence.from > m_store.clock().wallNowMs() ? tr("%1 – %2").arg(wallDateTimeText(silence.from), until)
                                                                        : tr("until %1").arg(until);
        auto *item = new QListWidgetItem(
            tr("%1, %2 (%3: %4)", "what, when, by whom and why").arg(what, when, silence.by, silence.reason), m_silences);
        item->setData(Qt::UserRole, silence.id);
        item->setToolTip(item->text());
    }
    review();
}

void SilenceDialog::review()
{
    const qint64 now = m_store.clock().wallNowMs();
    const qint64 from = m_from->dateTime().toMSecsSinceEpoch();
    const qint64 until = m_until->dateTime().toMSecsSinceEpoch();
    QString problem;
    if (until <= now || until <= from)
        problem = tr("The end must be after the beginning, and in the future.");
    else if (until - now > AlertSilence::longestMs)
        problem = tr("It may last until %1 at most.").arg(wallDateTimeText(now + AlertSilence::longestMs));
    else if (m_engine.silences().size() >= AlertEngine::mostSilences)
        problem = tr("There are too many silences: end one first.");
    const bool reasoned = !m_reason->text().trimmed().isEmpty();
    m_problem->setTone(problem.isEmpty() ? ToneLabel::Tone::Dim : ToneLabel::Tone::Late);
    if (problem.isEmpty() && !reasoned)
        m_problem->setText(tr("It needs a reason: others read it where the alert is silenced."));
    else
        m_problem->setText(problem);
    m_problem->setVisible(!m_problem->text().isEmpty());
    m_add->setEnabled(problem.isEmpty() && reasoned);
    m_end->setEnabled(m_silences->currentItem() && m_silences->currentItem()->isSelected());
}

/// The dialog may have been open for long: what was right then is asked again.
void SilenceDialog::add()
{
    review();
    if (!m_add->isEnabled())
        return;
    AlertSilence silence;
    silence.rule = m_rule->currentData().toString();
    silence.source = m_source->currentData().toString();
    // A minute that has begun is now.
    silence.from = std::max(m_from->dateTime().toMSecsSinceEpoch(), m_store.clock().wallNowMs());
    silence.until = m_until->dateTime().toMSecsSinceEpoch();
    silence.by = m_by;
    silence.reason = m_reason->text().trimmed();
    if (!m_engine.addSilence(silence).isEmpty())
        m_reason->clear();
}

void SilenceDialog::endSelected()
{
    if (const QListWidgetItem *item = m_silences->currentItem())
        m_engine.endSilence(item->data(Qt::UserRole).toString(), m_by);
}

} // namespace pulsedeck
