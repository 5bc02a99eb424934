// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertdetail.h"

#include "models/alerts/alertwords.h"
#include "models/core/format.h"
#include "ui/alerts/alertcells.h"
#include "ui/alerts/subjecttable.h"
#include "ui/common/boxes.h"
#include "ui/common/buttonrows.h"
#include "ui/common/buttons.h"
#include "ui/common/environmenttag.h"
#include "ui/common/factlines.h"
#include "ui/common/glyphmark.h"
#include "ui/common/questiondialog.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int wideFrom = 660; ///< In the design's pixels: with less room the condition stands below what the alert is about.
constexpr int conditionWidth = 250;
constexpr int mostFilteredHosts = 20; ///< A longer filter cannot be read by people.
constexpr qint64 silenceMinuteMs = 60'000;
constexpr qint64 silenceLengths[]{30 * silenceMinuteMs, 60 * silenceMinuteMs, 4 * 60 * silenceMinuteMs, 24 * 60 * silenceMinuteMs,
                                  7 * 24 * 60 * silenceMinuteMs};

} // namespace

AlertDetail::AlertDetail(AlertEngine &engine, const FleetStore &store, const QString &by, QWidget *parent)
    : Band(Qt::LeftEdge, Band::Ground::Base, parent)
    , m_engine(engine)
    , m_store(store)
    , m_by(by)
    , m_mark(new GlyphMark(Glyph::Ok, 14, this))
    , m_title((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, this))->wrapped()->named(u"alertTitle"_s))
    , m_place((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->wrapped()->named(u"alertPlace"_s))
    , m_times((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->wrapped()->named(u"alertTimes"_s))
    , m_subjects((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->wrapped()->named(u"alertSubjects"_s))
    , m_environment(new EnvironmentTag(SourceEnvironment::None, this))
    , m_table(new SubjectTable(store, this))
    , m_condition(new FactLines({tr("Rule"), tr("Now"), tr("For"), tr("Grouped"), tr("Ends"), tr("Sent to")}, this))
    , m_acknowledge(plainButton(tr("&Acknowledge…"), u"alertAcknowledge"_s, this, ButtonRole::Primary))
    , m_silence(plainButton(tr("&Silence"), u"alertSilence"_s, this))
    , m_end(plainButton(tr("&End Silence"), u"alertEndSilence"_s, this))
    , m_fleet(plainButton(tr("Show in &Fleet"), u"alertFleet"_s, this))
    , m_timeline(plainButton(tr("Show in Timeline"), u"alertTimeline"_s, this))
{
    setObjectName(u"alertDetail"_s);
    auto *menu = new QMenu(m_silence);
    menu->setObjectName(u"alertSilenceMenu"_s);
    for (const qint64 length : silenceLengths) {
        const QString text = spanText(length);
        connect(menu->addAction(tr("For %1…").arg(text)), &QAction::triggered, this,
                [this, length, text] { silence(length, text); });
    }
    m_silence->setMenu(menu);
    connect(m_acknowledge, &QPushButton::clicked, this, &AlertDetail::acknowledge);
    connect(m_end, &QPushButton::clicked, this, &AlertDetail::endSilence);
    connect(m_fleet, &QPushButton::clicked, this, &AlertDetail::showInFleet);
    connect(m_timeline, &QPushButton::clicked, this, &AlertDetail::showInTimeline);

    connect(m_table, &SubjectTable::workerChosen, this, &AlertDetail::openWorker);

    auto *column = vbox(this, 8, {14, 12, 14, 12});
    auto *head = hbox(8);
    head->addWidget(m_mark, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    head->addWidget(m_environment, 0, Qt::AlignTop);
    column->addLayout(head);
    column->addWidget(m_place);
    auto *acts = new ButtonRows(8);
    acts->setFilled(false);
    for (QPushButton *button : {m_acknowledge, m_silence, m_end, m_fleet, m_timeline})
        acts->addWidget(button);
    column->addLayout(acts);
    column->addWidget(m_times);
    m_condition->setObjectName(u"alertCondition"_s);
    for (const ConditionLine line : {ConditionLine::Rule, ConditionLine::Now, ConditionLine::For, ConditionLine::Grouped,
                                     ConditionLine::Ends, ConditionLine::SentTo})
        m_condition->showWrapped(int(line));
    auto *subjects = vbox(4);
    subjects->addWidget(m_table, 1);
    subjects->addWidget(m_subjects);
    m_body = hbox(14);
    m_body->addLayout(subjects, 1);
    m_body->addWidget(m_condition, 0, Qt::AlignTop);
    column->addLayout(m_body, 1);
    show(nullptr);
}

void AlertDetail::show(const Alert *alert)
{
    m_alert = alert ? std::optional(*alert) : std::nullopt;
    const bool firing = alert && alert->isFiring();
    const bool silenced = firing && alert->isSilenced();
    m_mark->setVisible(alert);
    for (QWidget *part : std::initializer_list<QWidget *>{m_place, m_times, m_subjects, m_condition})
        part->setVisible(alert);
    m_acknowledge->setVisible(firing && !alert->acknowledged);
    m_silence->setVisible(firing && !silenced);
    m_end->setVisible(silenced);
    for (QPushButton *view : {m_fleet, m_timeline})
        view->setVisible(alert && alert->rule.scope != AlertScope::Queues);
    m_table->show(alert);
    m_table->setVisible(m_table->subjects().rowCount() > 0);
    m_environment->setEnvironment(alert ? alert->environment : SourceEnvironment::None);
    if (!alert) {
        m_title->setText(tr("No alert is selected"));
        return;
    }
    m_mark->setGlyph(alertGlyph(*alert));
    m_title->setText(alertTitle(*alert));
    m_place->setText(
        tr("%1 · since %2", "where an alert is, and since when").arg(alertPlace(*alert), dateTimeText(alert->since)));
    const QString times = timesText();
    m_times->setText(times);
    m_times->setVisible(!times.isEmpty());
    const QString listed = listedText();
    m_subjects->setText(listed);
    m_subjects->setVisible(!listed.isEmpty());
    showCondition();
}

/// Of those that are not listed only their number is known.
QString AlertDetail::listedText() const
{
    const int listed = m_table->subjects().rowCount();
    const int all = m_alert->state == AlertState::Resolved ? m_alert->most : m_alert->count;
    if (m_alert->rule.scope == AlertScope::Capacity || listed == 0 || all <= listed)
        return {};
    return tr("%1 of %2 are listed").arg(groupedNumber(listed), groupedNumber(all));
}

void AlertDetail::showCondition()
{
    const Alert &alert = *m_alert;
    const AlertRule &rule = alert.rule;
    const auto set = [this](ConditionLine line, const QString &text) { m_condition->set(int(line), text); };
    set(ConditionLine::Rule, rule.title);
    if (alert.state == AlertState::Resolved)
        set(ConditionLine::Now, tr("over, at most %1", "number of workers, queues or sources").arg(groupedNumber(alert.most)));
    else if (!alert.known)
        set(ConditionLine::Now, tr("not known"));
    else if (rule.scope == AlertScope::Capacity)
        set(ConditionLine::Now, tr("%1 of %2 can take work").arg(groupedNumber(alert.count), groupedNumber(alert.total)));
    else if (rule.atLeast > 1)
        set(ConditionLine::Now, tr("%1, limit %2").arg(groupedNumber(alert.count), groupedNumber(rule.atLeast)));
    else
        set(ConditionLine::Now, groupedNumber(alert.count));
    set(ConditionLine::For, alert.holdMs > 0 ? exactText(alert.holdMs) : tr("at once"));
    QString grouped = alertGroupingText(rule.group);
    if (rule.canJoinHosts() && rule.togetherMs > 0)
        grouped = tr("%1, hosts within %2 together").arg(grouped, exactText(rule.togetherMs));
    set(ConditionLine::Grouped, grouped);
    set(ConditionLine::Ends,
        rule.clearMs > 0 ? tr("once it has not held for %1").arg(exactText(rule.clearMs)) : tr("as soon as it does not hold"));
    set(ConditionLine::SentTo, (QStringList{tr("window")} + rule.outlets).join(u", "_s));
}

void AlertDetail::resizeEvent(QResizeEvent *event)
{
    Band::resizeEvent(event);
    const bool fits = width() >= px(wideFrom);
    m_body->setDirection(fits ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_condition->setMaximumWidth(fits ? px(conditionWidth) : QWIDGETSIZE_MAX);
}

void AlertDetail::openWorker(WorkerHandle worker)
{
    if (worker == noWorker)
        emit noticed(tr("The worker is no longer in the list."), QString());
    else
        emit workerRequested(worker);
}

QString AlertDetail::timesText() const
{
    const Alert &alert = *m_alert;
    QStringList lines;
    if (const auto timing = alert.rule.holdTiming)
        lines.append(
            alert.holdReported
                ? tr("It fires after %1 (%2 of its source).").arg(exactText(alert.holdMs), timingLabel(*timing))
                : tr("It fires after %1, as its source reports no %2.").arg(exactText(alert.holdMs), timingLabel(*timing)));
    if (alert.firedAt > 0)
        lines.append(tr("It fired at %1.").arg(clockText(alert.firedAt)));
    if (alert.state == AlertState::Resolved)
        lines.append(alert.ending.isEmpty() ? tr("It was over at %1.").arg(clockText(alert.resolvedAt)) : alert.ending);
    if (!alert.known)
        lines.append(tr("Its source is lost: whether it still holds is not known."));
    if (alert.acknowledged)
        lines.append(tr("Acknowledged by %1: %2").arg(alert.acknowledged.by, alert.acknowledged.reason));
    for (const AlertSilence &silence : m_engine.silences()) {
        if (silence.id == alert.silence)
            lines.append(tr("Silenced until %1 by %2: %3").arg(wallDateTimeText(silence.until), silence.by, silence.reason));
    }
    return lines.join(u' ');
}

void AlertDetail::acknowledge()
{
    if (!m_alert || !m_alert->isFiring() || m_alert->acknowledged)
        return;
    auto *dialog = new QuestionDialog(tr("Acknowledge the Alert"), tr("Acknowledge this alert?"),
                                      alertTitle(*m_alert) + u'\n'
                                          + tr("It goes on until it is over, and commands and webhooks are not called again."),
                                      tr("&Acknowledge"), ButtonRole::Primary, this);
    dialog->setObjectName(u"acknowledgeQuestion"_s);
    QLineEdit *field = dialog->addField(tr("Reason"), QString());
    connect(dialog, &QDialog::accepted, this, [this, id = m_alert->id, field] {
        const AlertMark mark{m_store.clock().wallNowMs(), m_by, field->text().trimmed()};
        if (!m_engine.acknowledge(id, mark))
            emit noticed(tr("The alert was over already"), QString());
    });
    dialog->open();
}

void AlertDetail::openSilences()
{
    if (m_silence->isVisible())
        m_silence->showMenu();
}

void AlertDetail::silence(qint64 forMs, const QString &length)
{
    if (!m_alert)
        return;
    auto *dialog = new QuestionDialog(tr("Silence the Alert"), tr("Silence this alert for %1?").arg(length),
                                      alertTitle(*m_alert) + u'\n'
                                          + tr("Only this rule, and only this group. If it still fires then, it calls again."),
                                      tr("&Silence"), ButtonRole::Primary, this);
    dialog->setObjectName(u"silenceQuestion"_s);
    QLineEdit *field = dialog->addField(tr("Reason"), QString());
    connect(dialog, &QDialog::accepted, this, [this, rule = m_alert->rule.name, groups = m_alert->groups, forMs, field] {
        AlertSilence silence;
        silence.rule = rule;
        silence.groups = groups;
        silence.until = m_store.clock().wallNowMs() + forMs;
        silence.by = m_by;
        silence.reason = field->text().trimmed();
        if (m_engine.addSilence(silence).isEmpty())
            emit noticed(tr("The alert was not silenced"), tr("There are too many silences: end one first."));
    });
    dialog->open();
}

void AlertDetail::endSilence()
{
    if (m_alert)
        m_engine.endSilence(m_alert->silence, m_by);
}

void AlertDetail::showInFleet()
{
    if (!m_alert || m_alert->rule.scope == AlertScope::Queues)
        return;
    if (m_alert->subjects.size() == 1 && m_alert->subjects.front().worker != noWorker) {
        openWorker(m_store.findSerial(m_alert->subjects.front().serial));
        return;
    }
    emit filterRequested(filterOf());
}

void AlertDetail::showInTimeline()
{
    if (m_alert && m_alert->rule.scope != AlertScope::Queues)
        emit timelineRequested(filterOf());
}

/// Workers without a host are grouped by their source, which may be called as a host is, and those beyond
/// AlertGroups::mostGroups are in one more.
bool AlertDetail::isHost(const QString &group) const
{
    if (!m_alert->sources.contains(group))
        return group != AlertGroups::othersGroup();
    return std::any_of(m_alert->subjects.begin(), m_alert->subjects.end(), [&](const AlertSubject &subject) {
        const WorkerHandle worker = m_store.findSerial(subject.serial);
        return worker != noWorker && QString::fromUtf8(hostName(m_store.worker(worker))) == group;
    });
}

QString AlertDetail::filterOf() const
{
    const auto quoted = [](QString text) { return text.contains(u' ') ? QString(u'"' + text.remove(u'"') + u'"') : text; };
    const auto list = [&](const QStringList &names) {
        QStringList all;
        std::transform(names.begin(), names.end(), std::back_inserter(all), quoted);
        return all.join(u',');
    };
    QString filter = m_alert->rule.scope == AlertScope::Drains ? u"status:draining,shutting-down"_s : m_alert->rule.match;
    const QString group = quoted(m_alert->group);
    switch (m_alert->rule.group) {
    case AlertGrouping::Host:
        if (const bool allHosts =
                std::all_of(m_alert->groups.begin(), m_alert->groups.end(), [this](const QString &name) { return isHost(name); });
            allHosts && m_alert->groupCount <= mostFilteredHosts)
            filter += u" host="_s + list(m_alert->groups);
        else if (!m_alert->sources.isEmpty() && (!allHosts || m_alert->sources.size() == 1))
            filter += u" source:"_s + list(m_alert->sources);
        break;
    case AlertGrouping::Type:
        filter += u" type:"_s + group;
        break;
    case AlertGrouping::System:
        filter += u" system:"_s + group;
        break;
    case AlertGrouping::Source:
        filter += u" source:"_s + group;
        break;
    case AlertGrouping::Each:
        if (!m_alert->rule.isAboutSources() && m_alert->subjects.size() == 1)
            filter = u"id="_s + quoted(m_alert->subjects.front().name);
        if (m_alert->rule.isAboutSources())
            filter = u"source:"_s + group;
        break;
    case AlertGrouping::All:
        break;
    }
    return filter.trimmed();
}

} // namespace pulsedeck
