// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activitytoolbar.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/activity/kindchip.h"
#include "ui/common/boxes.h"
#include "ui/common/filterchip.h"
#include "ui/common/fleetwords.h"
#include "ui/common/searchfield.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int typingMs = 150;
constexpr qint64 hourMs = 3'600'000;
const QString rangeKey = u"activity/range"_s; // untranslated: a settings key

/// When the day of \a wall began, or one some days before or after it, in the zone times are shown in.
qint64 startOfDay(qint64 wall, int days)
{
    const QDateTime time = shownWallTime(wall);
    return time.date().addDays(days).startOfDay(time.timeSpec()).toMSecsSinceEpoch();
}

} // namespace

ActivityToolbar::ActivityToolbar(const Clock &clock, QSettings &settings, QWidget *parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_settings(settings)
    , m_search(new SearchField(tr("Worker, reason, who or text"), tr("Search the activity"), this))
    , m_narrowing(new QHBoxLayout)
    , m_mine(new QToolButton(this))
    , m_range(new QComboBox(this))
    , m_from(new QDateTimeEdit(this))
    , m_dash(new ToneLabel(u"–"_s, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_until(new QDateTimeEdit(this))
    , m_count(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_export(new QPushButton(tr("Export…"), this))
{
    auto *layout = hbox(this, 8, {8, 5, 8, 5});
    m_search->setToolTip(tr("Finds the entries that contain every word (Ctrl+F)"));
    m_search->setMaxLength(200);
    m_search->setMinimumWidth(px(130));
    m_search->setMaximumWidth(px(360));
    m_search->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    layout->addWidget(m_search, 10);
    m_narrowing->setSpacing(px(4));
    layout->addLayout(m_narrowing);
    auto *chips = hbox(4);
    for (const JournalKind kind : allJournalKinds) {
        auto *chip = new KindChip(kind, this);
        chips->addWidget(chip);
        m_kinds.push_back(chip);
        connect(chip, &KindChip::toggled, this, &ActivityToolbar::changed);
    }
    layout->addLayout(chips);
    m_mine->setObjectName(u"mineOnly"_s);
    m_mine->setText(tr("Mine only"));
    m_mine->setCheckable(true);
    m_mine->setFocusPolicy(Qt::TabFocus);
    m_mine->hide();
    connect(m_mine, &QToolButton::toggled, this, &ActivityToolbar::changed);
    layout->addWidget(m_mine);
    m_range->addItem(tr("All time"), int(Range::All));
    m_range->addItem(tr("Last hour"), int(Range::LastHour));
    m_range->addItem(tr("Today"), int(Range::Today));
    m_range->addItem(tr("Last 7 days"), int(Range::SevenDays));
    m_range->addItem(tr("From – to"), int(Range::Custom));
    m_range->setAccessibleName(tr("Time range"));
    m_range->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(m_range);
    for (QDateTimeEdit *edit : {m_from, m_until}) {
        edit->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
        edit->setCalendarPopup(false);
        edit->setFixedHeight(px(26));
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &ActivityToolbar::changed);
    }
    const qint64 now = clock.wallNowMs();
    m_from->setDateTime(shownWallTime(startOfDay(now, -1)));
    m_until->setDateTime(shownWallTime(startOfDay(now, 1)));
    adoptZone();
    addWidgets(layout, {m_from, m_dash, m_until});
    layout->addStretch(1);
    m_count->setElideMode(Qt::ElideRight);
    layout->addWidget(m_count);
    m_export->setToolTip(tr("Export all matching entries to a CSV or JSON file"));
    m_export->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(m_export);

    followTheme(this, [this] {
        m_export->setIcon(glyphIcon(Glyph::Export));
        m_search->setFixedHeight(px(26));
    });
    m_timer.setSingleShot(true);
    m_timer.setInterval(typingMs);
    connect(&m_timer, &QTimer::timeout, this, &ActivityToolbar::queryChanged);
    connect(m_search, &QLineEdit::textChanged, this, &ActivityToolbar::changed);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        m_timer.stop();
        emit queryChanged();
    });
    const int kept = m_range->findData(settings.value(rangeKey, int(Range::All)).toInt());
    // A custom range is of its day and not restored.
    m_range->setCurrentIndex(kept >= 0 && m_range->itemData(kept).toInt() != int(Range::Custom) ? kept : 0);
    connect(m_range, &QComboBox::currentIndexChanged, this, [this] {
        remember();
        review();
        changed();
    });
    connect(m_export, &QPushButton::clicked, this, &ActivityToolbar::exportRequested);
    m_timer.stop();
    review();
}

void ActivityToolbar::adoptZone()
{
    const QString zone = zoneText(m_clock.wallNowMs());
    for (QDateTimeEdit *edit : {m_from, m_until}) {
        const qint64 moment = edit->dateTime().toMSecsSinceEpoch();
        const QSignalBlocker quiet(edit);
        edit->setTimeSpec(shownZone() == ShownZone::Utc ? Qt::UTC : Qt::LocalTime);
        edit->setDateTime(shownWallTime(moment));
        edit->setAccessibleName((edit == m_from ? tr("From, %1") : tr("Until, %1")).arg(zone));
        edit->setToolTip(tr("Time zone: %1").arg(zone));
    }
    if (range() == Range::Today)
        changed(); // Another day begins at another moment.
}

void ActivityToolbar::remember()
{
    m_settings.setValue(rangeKey, m_range->currentData().toInt());
}

ActivityToolbar::Range ActivityToolbar::range() const
{
    return Range(m_range->currentData().toInt());
}

void ActivityToolbar::setRange(Range range)
{
    m_range->setCurrentIndex(m_range->findData(int(range)));
}

JournalQuery ActivityToolbar::query() const
{
    JournalQuery query;
    const qint64 now = m_clock.wallNowMs();
    switch (range()) {
    case Range::All:
        break;
    case Range::LastHour:
        query.from = now - hourMs;
        break;
    case Range::Today:
        query.from = startOfDay(now, 0);
        break;
    case Range::SevenDays:
        query.from = now - 7 * 24 * hourMs;
        break;
    case Range::Custom:
        query.from = m_from->dateTime().toMSecsSinceEpoch();
        query.until = m_until->dateTime().toMSecsSinceEpoch();
        break;
    }
    for (const KindChip *chip : m_kinds) {
        if (chip->isChecked())
            query.kinds.append(chip->kind());
    }
    query.search = m_search->text().simplified();
    query.worker = m_worker;
    if (m_mine->isChecked())
        query.by = m_operator;
    query.command = m_command;
    query.group = m_group;
    return query;
}

bool ActivityToolbar::isFiltered() const
{
    const JournalQuery now = query();
    return now.from > 0 || now.until > 0 || !now.kinds.isEmpty() || !now.search.isEmpty() || !now.worker.isEmpty()
           || !now.by.isEmpty() || !now.command.isNull() || !now.group.isNull();
}

void ActivityToolbar::clearFilter()
{
    m_search->clear();
    for (KindChip *chip : m_kinds)
        chip->setChecked(false);
    m_mine->setChecked(false);
    setWorker({});
    setCommand({});
    setGroup({});
    m_range->setCurrentIndex(0);
    m_timer.stop();
    emit queryChanged();
}

void ActivityToolbar::setNarrowing(FilterChip *&chip, const QString &term, const QString &toolTip,
                                   const std::function<void()> &clear)
{
    if (chip) {
        m_narrowing->removeWidget(chip);
        chip->hide();
        chip->deleteLater(); // It may be the one that was clicked.
        chip = nullptr;
    }
    if (!term.isEmpty()) {
        chip = new FilterChip(term, this);
        chip->setToolTip(toolTip);
        connect(chip, &FilterChip::clicked, this, clear);
        m_narrowing->addWidget(chip);
        chip->show();
    }
    changed();
}

void ActivityToolbar::setOperator(const QString &name)
{
    m_operator = name;
    m_mine->setVisible(!name.isEmpty());
    m_mine->setToolTip(tr("Only what %1 did, with its results; no events of the fleet itself").arg(name));
}

void ActivityToolbar::setWorker(const QByteArray &id)
{
    m_worker = id;
    setNarrowing(m_workerChip, id.isEmpty() ? QString() : tr("worker:%1").arg(shortId(id, *TraitsRef::ofId(id))),
                 tr("%1\nClick to show all workers again").arg(QString::fromUtf8(id)), [this] { setWorker({}); });
}

void ActivityToolbar::setCommand(const QUuid &command)
{
    m_command = command;
    setNarrowing(m_commandChip, command.isNull() ? QString() : tr("command:%1").arg(journalIdText(command).left(8)),
                 tr("Click to show all commands again"), [this] { setCommand({}); });
}

void ActivityToolbar::setGroup(const QUuid &group)
{
    m_group = group;
    setNarrowing(m_groupChip, group.isNull() ? QString() : tr("group:%1").arg(journalIdText(group).left(8)),
                 tr("Commands that were issued together. Click to show all commands again"), [this] { setGroup({}); });
}

QStringList ActivityToolbar::narrowings() const
{
    QStringList terms;
    for (const FilterChip *chip : {m_workerChip, m_commandChip, m_groupChip}) {
        if (chip)
            terms.append(chip->term());
    }
    return terms;
}

void ActivityToolbar::setCount(const QString &text, const QString &toolTip)
{
    m_count->setText(text);
    m_count->setToolTip(toolTip);
}

QString ActivityToolbar::countText() const
{
    return m_count->text();
}

void ActivityToolbar::setExporting(bool running, qint64 written)
{
    m_export->setEnabled(!running);
    m_export->setText(running ? tr("%1 written").arg(groupedNumber(written)) : tr("Export…"));
}

void ActivityToolbar::changed()
{
    m_timer.start();
}

void ActivityToolbar::review()
{
    const bool custom = range() == Range::Custom;
    m_from->setVisible(custom);
    m_dash->setVisible(custom);
    m_until->setVisible(custom);
    const bool narrow = width() < px(custom ? 1'360 : 1'060);
    for (KindChip *chip : m_kinds)
        chip->setNarrow(narrow);
}

void ActivityToolbar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().win);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().line);
}

void ActivityToolbar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    review();
}

} // namespace pulsedeck
