// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetstrip.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/queuefacts.h"
#include "ui/common/boxes.h"
#include "ui/common/figurebutton.h"
#include "ui/common/fleetmap.h"
#include "ui/common/sparkline.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// A thin upright line between the parts of the strip.
class Divider : public QWidget
{
public:
    using QWidget::QWidget;
    QSize sizeHint() const override { return {1, px(36)}; }

protected:
    void paintEvent(QPaintEvent *) override { QPainter(this).fillRect(rect(), theme().line); }
};

Divider *divider(QWidget *parent)
{
    auto *line = new Divider(parent);
    line->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    return line;
}

/// A figure of the strip. Its filter shows the same workers.
struct FigureRow
{
    Glyph glyph;
    const char *filter;
    int FleetFigures::*count;
    bool always = false; ///< Also at 0.
    const char *word = nullptr; ///< Null: the mark's own.
};

constexpr FigureRow figureRows[] = {
    {Glyph::Alive, "liveness:alive not status:draining,shutting-down", &FleetFigures::alive, true},
    {Glyph::NobodyListens, "liveness:nobody-listens", &FleetFigures::nobodyListens},
    {Glyph::Late, "liveness:late", &FleetFigures::late, true},
    {Glyph::Stale, "liveness:stale", &FleetFigures::stale, true},
    {Glyph::Crashed, "liveness:crashed not liveness:departed,zombie", &FleetFigures::crashed},
    {Glyph::Hung, "liveness:hung", &FleetFigures::hung},
    {Glyph::Draining, "liveness:alive status:draining,shutting-down", &FleetFigures::draining, true},
    {Glyph::Zombie, "liveness:zombie,ghost", &FleetFigures::zombieOrGhost, true,
     QT_TRANSLATE_NOOP("pulsedeck::FleetStrip", "zombie, ghost")},
    {Glyph::NoTtl, "liveness:no-ttl", &FleetFigures::noTtl},
    {Glyph::KeyLost, "liveness:key-lost", &FleetFigures::keyLost},
    {Glyph::Settling, "liveness:settling", &FleetFigures::settling},
    {Glyph::Unknown, "liveness:unknown", &FleetFigures::unknown},
};

/// A figure, words next to it unless they are null, something small below.
QWidget *column(QWidget *parent, QWidget *figure, QWidget *unit, QWidget *below)
{
    auto *line = hbox(6);
    line->addWidget(figure, 0, Qt::AlignBaseline);
    if (unit)
        line->addWidget(unit, 0, Qt::AlignBaseline);
    line->addStretch();
    auto *part = new QWidget(parent);
    auto *layout = vbox(part, 0);
    layout->addStretch();
    layout->addLayout(line);
    layout->addWidget(below);
    layout->addStretch();
    return part;
}

} // namespace

FleetStrip::FleetStrip(const FleetStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_pause((new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Bold, this))->named(u"fleet-pause"_s))
    , m_pauseSince((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->named(u"fleet-pause-since"_s))
    , m_rate(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, this))
    , m_sessions(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, this))
    , m_sessionsUnit(new ToneLabel(tr("sessions"), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_total(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_sparkline(new Sparkline(this))
    , m_map(new FleetMap(store, this))
    , m_pauseColumn(column(this, m_pause, nullptr, m_pauseSince))
    , m_rateColumn(
          column(this, m_rate, new ToneLabel(tr("beats/s"), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), m_sparkline))
    , m_sessionsColumn(column(this, m_sessions, m_sessionsUnit, m_total))
    , m_rateDivider(divider(this))
    , m_mapDivider(divider(this))
{
    auto *layout = hbox(this, 0, {8, 0, 16, 1});
    for (const FigureRow &row : figureRows) {
        auto *button =
            new FigureButton(row.glyph, row.word ? tr(row.word) : glyphWord(row.glyph), QString::fromLatin1(row.filter), this);
        layout->addWidget(button);
        m_figures.push_back(button);
        m_wanted.push_back(true);
        connect(button, &QAbstractButton::clicked, this,
                [this, button](bool checked) { emit filterRequested(checked ? button->filter() : QString()); });
    }
    m_pauseColumn->hide();
    layout->addSpacing(px(12));
    layout->addWidget(m_pauseColumn);
    layout->addWidget(m_rateDivider, 0, Qt::AlignVCenter);
    layout->addSpacing(px(14));
    layout->addWidget(m_rateColumn);
    layout->addSpacing(px(20));
    layout->addWidget(m_sessionsColumn);
    layout->addSpacing(px(16));
    layout->addWidget(m_mapDivider, 0, Qt::AlignVCenter);
    layout->addSpacing(px(14));
    layout->addWidget(m_map, 1);
    layout->addStretch();
    m_rate->setToolTip(tr("Heartbeats seen, mean of the last five seconds; the line shows the last minute"));

    connect(m_map, &FleetMap::workerClicked, this, &FleetStrip::workerClicked);
    // Counts at once, as the list's headings and the saved views do: they have to agree.
    connect(&store, &FleetStore::published, this, [this] {
        // What is counted changes with the first worker of another kind: the parts do not move a second later.
        if (m_store.hasOtherSystems() != m_otherSystems)
            refresh();
        else
            refreshCounts();
        if (!m_timer.isActive())
            m_timer.start();
    });
    connect(&store, &FleetStore::queuesChanged, this, &FleetStrip::refreshCounts);
    // A mean of five seconds and a sum: figures that change faster cannot be read.
    m_timer.setSingleShot(true);
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!window()->isMinimized())
            refresh();
    });
    followTheme(this, [this] {
        setFixedHeight(px(64));
        m_pauseColumn->layout()->setContentsMargins(0, 0, px(14), 0); // Behind it stands a line.
        fitParts();
    });
    refresh();
}

void FleetStrip::setFilter(const QString &text)
{
    for (FigureButton *figure : m_figures)
        figure->setChecked(!text.isEmpty() && figure->filter() == text);
}

int FleetStrip::neededWidth(Room room) const
{
    int width = px(8 + 16 + 12 + 14);
    for (size_t i = 0; i < m_figures.size(); ++i) {
        if (m_wanted[i] && (room < NoZeros || m_figures[i]->count() > 0))
            width += m_figures[i]->widthFor(room >= TightFigures);
    }
    if (!m_pause->text().isEmpty())
        width += m_pauseColumn->sizeHint().width();
    if (room < NoRate)
        width += m_rateColumn->sizeHint().width() + px(20) + 1;
    if (room < NoSessions)
        width += m_sessionsColumn->sizeHint().width() + px(16);
    if (room < NoMap)
        width += m_map->minimumSizeHint().width() + px(14) + 1;
    return width;
}

void FleetStrip::fitParts()
{
    int room = Everything;
    while (room < NoZeros && neededWidth(Room(room)) > width())
        ++room;
    for (size_t i = 0; i < m_figures.size(); ++i) {
        m_figures[i]->setTight(room >= TightFigures);
        m_figures[i]->setVisible(m_wanted[i] && (room < NoZeros || m_figures[i]->count() > 0));
    }
    m_rateColumn->setVisible(room < NoRate);
    m_rateDivider->setVisible(room < NoRate);
    m_sessionsColumn->setVisible(room < NoSessions);
    m_map->setVisible(room < NoMap);
    m_mapDivider->setVisible(room < NoMap);
    layout()->activate(); // What came back has its place at once, not with the next event.
}

void FleetStrip::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitParts();
}

void FleetStrip::setPast()
{
    m_past = true;
    m_sparkline->hide();
    connect(&m_store, &FleetStore::published, this, &FleetStrip::refresh); // A moment is seen whole at once.
    refresh();
}

void FleetStrip::refreshCounts()
{
    const FleetFigures figures = m_store.figures();
    bool moved = false;
    for (size_t i = 0; i < m_figures.size(); ++i) {
        const int count = figures.*figureRows[i].count;
        const bool wanted = figureRows[i].always || count > 0;
        moved = moved || wanted != m_wanted[i] || (m_figures[i]->count() > 0) != (count > 0);
        // Not known by any source in view is not none; nor is it of workers that were not asked whether they drain.
        const bool notAsked = figureRows[i].count == &FleetFigures::draining && figures.statusUnknown > 0;
        m_figures[i]->setCount(count == 0 && (figures.sessionsUnknown || notAsked) ? -1 : count);
        m_figures[i]->setNote(notAsked ? tr("Of %Ln worker(s) the status is not known.", nullptr, figures.statusUnknown)
                                       : QString());
        m_wanted[i] = wanted;
    }
    moved |= refreshPauses();
    if (moved)
        fitParts();
}

bool FleetStrip::refreshPauses()
{
    QStringList labels;
    QStringList texts;
    qint64 since = 0;
    for (const SourceId source : m_store.sources()) {
        if (!m_store.isSourceVisible(source) || !m_store.isInView(source))
            continue;
        for (const FleetPause *pause : m_store.queues().fleetPauses(source)) {
            if (!pause->isPaused())
                continue;
            labels.append(fleetPauseLabel(*pause));
            texts.append(m_store.sourceName(source) + u": "_s + fleetPauseText(m_store, source, *pause));
            since = fleetPausedSince(m_store, source, *pause);
        }
    }
    const QString what = labels.size() > 1  ? tr("%Ln fleet(s) paused", nullptr, int(labels.size()))
                         : labels.isEmpty() ? QString()
                                            : labels.front();
    const QString below = labels.size() > 1 ? labels.join(u", "_s)
                          : since > 0 ? tr("since %1", "when a fleet was suspended").arg(columnDayText(since, m_store.viewNow()))
                                      : tr("all its workers");
    m_pauseColumn->setToolTip(toolTipText(texts.join(u'\n')));
    if (m_pause->text() == what && (what.isEmpty() || m_pauseSince->text() == below))
        return false;
    m_pause->setText(what);
    m_pauseSince->setText(below);
    m_pauseColumn->setVisible(!what.isEmpty());
    return true;
}

void FleetStrip::refresh()
{
    refreshCounts();
    m_otherSystems = m_store.hasOtherSystems();
    const FleetFigures figures = m_store.figures();
    m_rate->setText(m_past || (figures.sessionsUnknown && figures.total > 0) ? u"–"_s : rateText(figures.beatsPerSecond));
    m_sparkline->setValues(m_store.beatRates());
    // The sessions of a lost source cannot be counted: a sum without them would be taken for all there are.
    m_sessions->setText(figures.sessionsUnknown ? u"–"_s
                        : figures.blind         ? QString(groupedNumber(figures.activeSessions) + u'+')
                                                : groupedNumber(figures.activeSessions));
    m_sessions->setToolTip(figures.blind ? tr("A source is not connected: the number of sessions on its workers is unknown.")
                                         : QString());
    // Only some systems have sessions.
    const std::vector<TraitsRef> kinds = m_store.kinds();
    const bool laidOut =
        !kinds.empty() && std::all_of(kinds.begin(), kinds.end(), [](TraitsRef traits) { return traits->isLaidOut(); });
    m_sessionsUnit->setText(laidOut ? tr("at work") : tr("sessions"));
    if (figures.capacity > 0 && !figures.sessionsUnknown && m_store.hasOtherSystems()) {
        // Sessions, jobs and tasks are of one kind only in how much they leave free.
        m_sessions->setText(figures.blind ? QString(groupedNumber(figures.busy) + u'+') : groupedNumber(figures.busy));
        m_sessionsUnit->setText(tr("of %1 busy").arg(groupedNumber(figures.capacity)));
        const qint64 others = figures.activeSessions - figures.busy;
        m_total->setText(others > 0 ? tr("and %1 where no limit is known").arg(groupedNumber(others))
                                    : tr("on %Ln worker(s)", nullptr, figures.sized));
        fitParts();
        return;
    }
    // Nobody counts sessions of actors.
    const int workers = figures.total - figures.actors;
    // Nor does a system whose workers are only connections: that is not to say that there are none.
    const auto counts = [](TraitsRef kind) { return kind->registers() || kind->has(SourceFact::Sessions); };
    if (workers > 0 && !figures.sessionsUnknown && std::none_of(kinds.begin(), kinds.end(), counts)) {
        m_sessions->setText(u"–"_s);
        m_total->setText(tr("not reported by %Ln worker(s)", nullptr, workers));
        fitParts();
        return;
    }
    m_total->setText(figures.total == 0 && figures.sessionsUnknown ? tr("workers unknown")
                     : figures.sessionsUnknown                     ? tr("unknown on %Ln worker(s)", nullptr, workers)
                     : figures.actors == 0
                         ? tr("active on %Ln worker(s)", nullptr, workers)
                         : tr("on %1 · %2", "workers, and actors")
                               .arg(tr("%Ln worker(s)", nullptr, workers), tr("%Ln actor(s)", nullptr, figures.actors)));
    fitParts();
}

void FleetStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().win);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().line);
}

} // namespace pulsedeck
