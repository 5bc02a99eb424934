// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/travelbar.h"

#include "models/core/format.h"
#include "models/history/timetravel.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QDateTime>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TravelBar::TravelBar(TimeTravel &travel, const Clock &live, QWidget *parent)
    : QWidget(parent)
    , m_travel(travel)
    , m_live(live)
    , m_text((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))->elided()->named(u"travelText"_s))
    , m_previous(button(u"previousEvent"_s, tr("Previous"), tr("To the event before (,)")))
    , m_play(button(u"playPast"_s, {}, {}))
    , m_next(button(u"nextEvent"_s, tr("Next"), tr("To the next event (.)")))
    , m_speeds(new SegmentedRow(tr("Speed"), this))
    , m_back(plainButton(tr("Back to now"), u"backToNow"_s, this, ButtonRole::Primary))
{
    setObjectName(u"travelBar"_s);
    auto *row = hbox(this, 6, {14, 5, 12, 6});
    row->addWidget(m_text, 1);
    for (const int speed : TimeTravel::speeds)
        m_speeds->add(speed, tr("%1 ×", "so many seconds in one").arg(speed), u"speed%1"_s.arg(speed));
    m_speeds->setChoice(travel.speed());
    m_speeds->setToolTip(tr("How much time passes in one second while it plays"));
    addWidgets(row, {m_previous, m_play, m_next, m_speeds, m_back});

    connect(m_previous, &QToolButton::clicked, this, [this] { m_travel.step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_travel.step(1); });
    connect(m_play, &QToolButton::clicked, this, [this] { m_travel.setPlaying(!m_travel.isPlaying()); });
    connect(m_speeds, &SegmentedRow::chosen, &travel, &TimeTravel::setSpeed);
    connect(m_back, &QPushButton::clicked, &travel, &TimeTravel::backToNow);
    connect(key(Qt::Key_Space, tr("Play or Halt the Past")), &QAction::triggered, m_play, &QToolButton::click);
    connect(key(Qt::Key_Comma, tr("Event Before")), &QAction::triggered, m_previous, &QToolButton::click);
    connect(key(Qt::Key_Period, tr("Next Event")), &QAction::triggered, m_next, &QToolButton::click);
    connect(key(QKeySequence(Qt::ALT | Qt::Key_End), tr("Back to Now")), &QAction::triggered, m_back, &QPushButton::click);

    connect(&travel, &TimeTravel::awayChanged, this, &TravelBar::onAway);
    connect(&travel, &TimeTravel::moved, this, &TravelBar::refresh);
    connect(&travel, &TimeTravel::shown, this, &TravelBar::refresh);
    connect(&travel, &TimeTravel::playingChanged, this, &TravelBar::reviewPlaying);
    followTheme(this, [this] { adoptTheme(); });
    reviewPlaying();
    hide();
}

QToolButton *TravelBar::button(const QString &name, const QString &text, const QString &toolTip)
{
    auto *made = new QToolButton(this);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(toolTip);
    made->setAccessibleName(text);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

/// The keys are there from every page, and only while it is away: Space means something else then.
QAction *TravelBar::key(const QKeySequence &shortcut, const QString &text)
{
    auto *made = new QAction(text, this);
    made->setShortcut(shortcut);
    made->setEnabled(false);
    window()->addAction(made);
    m_keys.append(made);
    return made;
}

void TravelBar::adoptTheme()
{
    QPalette colours = m_text->palette();
    colours.setColor(QPalette::WindowText, theme().onPast);
    m_text->setPalette(colours);
    reviewPlaying();
}

void TravelBar::reviewPlaying()
{
    const bool playing = m_travel.isPlaying();
    m_play->setText(playing ? tr("Halt") : tr("Play"));
    m_play->setAccessibleName(m_play->text());
    m_play->setIcon(glyphIcon(playing ? Glyph::Pause : Glyph::Play));
    m_play->setToolTip(playing ? tr("Stay at this moment (Space)") : tr("Let time pass from here on (Space)"));
}

void TravelBar::onAway(bool away)
{
    for (QAction *each : std::as_const(m_keys))
        each->setEnabled(away);
    const bool hasNow = m_travel.hasNow();
    m_back->setText(hasNow ? tr("Back to now") : tr("To the end"));
    m_back->setToolTip(hasNow ? tr("Show the present again (Alt+End)") : tr("Show the end of the file (Alt+End)"));
    setVisible(away);
    refresh();
}

QString TravelBar::momentText() const
{
    const qint64 at = m_travel.at();
    const bool sameDay = shownTime(at).date() == shownTime(m_live.nowMs()).date();
    return tr("%1, %2 ago", "a time of day, and how long ago")
        .arg(sameDay ? clockText(at) : dateTimeText(at), spanText(m_live.nowMs() - at));
}

QString TravelBar::text() const
{
    const qint64 at = m_travel.at();
    const QString when = shownTime(at).toString(u"yyyy-MM-dd "_s) + clockTextTenths(at) + u' ' + zoneText(m_live.toWall(at));
    const QString ago = spanText(m_live.nowMs() - at);
    return m_travel.isSettled() && !m_travel.fleet().isKnown()
               ? tr("Nothing was recorded at %1, %2 ago", "date, time and zone; how long ago").arg(when, ago)
               : tr("This is how it was at %1, %2 ago", "date, time and zone; how long ago").arg(when, ago);
}

void TravelBar::refresh()
{
    if (!m_travel.isAway())
        return;
    m_text->setText(text());
    setAccessibleName(m_text->text());
    emit textChanged();
}

void TravelBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().past);
    painter.fillRect(QRect(0, 0, 3, height()), theme().pastLine);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().line);
}

} // namespace pulsedeck
