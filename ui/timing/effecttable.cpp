// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/effecttable.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QGridLayout>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// "5–15 s": from the best case to the worst.
QString rangeText(std::optional<qint64> mean, std::optional<qint64> worst)
{
    if (!worst)
        return u"–"_s;
    if (!mean)
        return fieldText(*worst);
    const qint64 best = qMax<qint64>(0, 2 * *mean - *worst);
    if (best == *worst)
        return fieldText(*worst);
    if (best % 1'000 == 0 && *worst % 1'000 == 0)
        return QString(QString::number(best / 1'000) + u'–' + fieldText(*worst));
    return QString(fieldText(best) + u"–"_s + fieldText(*worst));
}

} // namespace

EffectTable::EffectTable(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"effectTable"_s);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(px(6));
    grid->setVerticalSpacing(px(6));
    grid->setColumnStretch(0, 1);
    grid->addWidget(new ToneLabel(tr("Effect"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this), 0, 0);
    for (const auto &[column, text] : {std::pair{1, tr("today")}, {3, tr("draft")}}) {
        auto *head = new ToneLabel(text, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
        grid->addWidget(head, 0, column, Qt::AlignRight);
        (column == 1 ? m_todayHead : m_draftHead) = head;
    }
    const std::array<QString, whatCount> names{tr("Dead worker noticed"), tr("Hub peer noticed"),  tr("Worker may miss"),
                                               tr("Hub client may miss"), tr("Counters cleaned"),  tr("Commands unread"),
                                               tr("Redis commands/s"),    tr("Worker beats/hour"), tr("Hub beats/hour, each")};
    for (int i = 0; i < whatCount; ++i) {
        Row &row = m_rows[size_t(i)];
        row.name = new ToneLabel(names[size_t(i)], ToneLabel::Tone::Text, ToneLabel::Face::Body, this);
        row.name->setWordWrap(true); // In a narrow panel: a name that is cut says less than one on two lines.
        row.today = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
        row.mark = new GlyphMark(Glyph::Warning, 12, this);
        row.mark->setVisible(false);
        row.draft = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this);
        row.today->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        row.draft->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        grid->addWidget(row.name, i + 1, 0);
        grid->addWidget(row.today, i + 1, 1);
        grid->addWidget(row.mark, i + 1, 2);
        grid->addWidget(row.draft, i + 1, 3);
    }
    grid->setColumnMinimumWidth(1, px(52));
    grid->setColumnMinimumWidth(3, px(56));
    m_workerTraffic = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    m_hubTraffic = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    m_workerTraffic->setObjectName(u"workerTraffic"_s);
    m_hubTraffic->setObjectName(u"hubTraffic"_s);
    for (ToneLabel *label : {m_workerTraffic, m_hubTraffic}) {
        label->setAlignment(Qt::AlignRight);
        label->setElideMode(Qt::ElideRight);
    }
    grid->addWidget(m_workerTraffic, whatCount + 1, 0, 1, 4);
    grid->addWidget(m_hubTraffic, whatCount + 2, 0, 1, 4);
}

std::array<EffectTable::Cell, EffectTable::whatCount> EffectTable::cells(const Side &side)
{
    const TimingEffects effects = timingEffects(side.profile, side.workers, side.actors);
    std::array<Cell, whatCount> cells;
    const auto noticed = [](std::optional<qint64> mean, std::optional<qint64> worst) {
        return Cell{rangeText(mean, worst),
                    mean ? tr("%1 on average, %2 at worst").arg(fieldText(*mean), fieldText(*worst)) : QString(), false};
    };
    cells[WorkerNoticed] = noticed(effects.workerDetectionMeanMs, effects.workerDetectionWorstMs);
    cells[HubNoticed] = noticed(effects.hubDetectionMeanMs, effects.hubDetectionWorstMs);
    const auto missed = [](const std::optional<MissedBeats> &beats) {
        if (!beats)
            return Cell{u"–"_s, {}, false};
        if (beats->marginMs < 0)
            return Cell{tr("none"), tr("Even the first beat comes too late"), true};
        const QString margin = fieldText(beats->marginMs);
        const int count = int(beats->beats);
        if (beats->marginMs > 0)
            return Cell{tr("%Ln beat(s) + %1", nullptr, count).arg(margin),
                        tr("%Ln beat(s) can be missed, with %1 to spare", nullptr, count).arg(margin), count < 1};
        return Cell{tr("%Ln beat(s)", nullptr, count),
                    tr("%Ln beat(s) can be missed; the next one arrives exactly on the deadline", nullptr, count), count < 1};
    };
    cells[WorkerMissed] = missed(effects.workerMissed);
    cells[HubMissed] = missed(effects.hubMissed);
    cells[Zombie] = {effects.zombieWorstMs ? fieldText(*effects.zombieWorstMs) : u"–"_s,
                     tr("Key TTL plus the reaper's run interval"), false};
    if (side.missedShare) {
        const double percent = *side.missedShare * 100;
        cells[CommandsMissed] = {percent == 0     ? u"0 %"_s
                                 : percent < 0.01 ? u"< 0.01 %"_s
                                                  : QString(QString::number(percent, 'g', 2) + u" %"_s),
                                 tr("Share of the recorded gaps that are longer than the shutdown command TTL"), percent >= 1};
    } else {
        cells[CommandsMissed] = {u"–"_s, tr("Nothing is recorded yet"), false};
    }
    cells[Load] = {amountText(effects.workerCommandsPerSecond), tr("Four commands for each beat"), false};
    cells[WorkerBeats] = {groupedNumber(std::llround(effects.workerBeatsPerHour)), tr("All %Ln worker(s)", nullptr, side.workers),
                          false};
    cells[HubBeats] = {amountText(effects.hubBeatsPerHourEach), tr("For each connection"), false};
    return cells;
}

void EffectTable::setSubject(Subject subject)
{
    m_subject = subject;
    const bool system = subject == Subject::System || subject == Subject::SystemWithCommands;
    m_todayHead->setText(system ? tr("default") : tr("today"));
    m_draftHead->setText(system ? tr("yours") : tr("draft"));
    const auto isShown = [subject](int what) {
        const bool ofHub = what == HubNoticed || what == HubMissed || what == HubBeats;
        switch (subject) {
        case Subject::Document:
            return true;
        case Subject::Hub:
            return ofHub;
        case Subject::System:
        case Subject::SystemWithCommands:
            // How many commands a beat is, and who cleans up after a worker, differs from system to system.
            return !ofHub && what != Zombie && what != Load && (what != CommandsMissed || subject == Subject::SystemWithCommands);
        }
        return true;
    };
    for (int i = 0; i < whatCount; ++i) {
        const bool shown = isShown(i);
        const Row &row = m_rows[size_t(i)];
        for (QWidget *part : std::initializer_list<QWidget *>{row.name, row.today, row.draft})
            part->setVisible(shown);
        if (!shown)
            row.mark->hide();
    }
}

void EffectTable::showSides(const Side &today, const Side &draft)
{
    const auto before = cells(today);
    const auto after = cells(draft);
    for (size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i].today->setText(before[i].text);
        m_rows[i].today->setToolTip(before[i].tip);
        m_rows[i].draft->setText(after[i].text);
        m_rows[i].draft->setToolTip(after[i].tip);
        m_rows[i].draft->setTone(before[i].text == after[i].text ? ToneLabel::Tone::Dim : ToneLabel::Tone::Text);
        m_rows[i].mark->setVisible(after[i].warns && !m_rows[i].name->isHidden());
    }
    const auto traffic = [this](ToneLabel *label, const QString &text, qint64 from, qint64 to) {
        const QString words = trafficText(from, to);
        label->setVisible(!words.isEmpty() && from != to && !(m_subject == Subject::Hub && label == m_workerTraffic));
        label->setText(text.arg(trafficShare(from, to), words));
    };
    // The values of a system stand next to its defaults: how it is set up today is measured, or not known.
    const bool system = m_subject == Subject::System || m_subject == Subject::SystemWithCommands;
    traffic(m_workerTraffic,
            system ? tr("worker traffic %1 compared with the default, %2") : tr("worker traffic %1 compared with today, %2"),
            today.profile.heartbeatInterval, draft.profile.heartbeatInterval);
    traffic(m_hubTraffic, tr("hub traffic %1 compared with today, %2"), today.profile.hubClientHeartbeat,
            draft.profile.hubClientHeartbeat);
    setAccessibleName(system ? tr("Effects, by default and with your values") : tr("Effects, today and with the draft"));
    setAccessibleDescription(summary());
}

QString EffectTable::summary() const
{
    QStringList lines;
    for (const Row &row : m_rows) {
        if (!row.name->isHidden())
            lines.append(QString(row.name->text() + u": "_s + row.today->text() + u", "_s + row.draft->text()));
    }
    return lines.join(u'\n');
}

} // namespace pulsedeck
