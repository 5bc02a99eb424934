// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetstrip.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/layouts.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/figurebutton.h"
#include "ui/fleet/fleetmap.h"
#include "ui/fleet/sparkline.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPainter>

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

/// A figure with words beside it, something small below.
QWidget *column(QWidget *parent, QWidget *figure, QWidget *unit, QWidget *below)
{
    auto *line = hbox(6);
    line->addWidget(figure, 0, Qt::AlignBaseline);
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
    , m_rate(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, this))
    , m_sessions(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, this))
    , m_total(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_sparkline(new Sparkline(this))
    , m_map(new FleetMap(store, this))
    , m_rateColumn(
          column(this, m_rate, new ToneLabel(u"beats/s"_s, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), m_sparkline))
    , m_sessionsColumn(
          column(this, m_sessions, new ToneLabel(u"sessions"_s, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), m_total))
    , m_rateDivider(divider(this))
    , m_mapDivider(divider(this))
{
    const Theme &measures = Theme::instance();
    setFixedHeight(px(64));
    connect(&measures, &Theme::changed, this, [this] {
        setFixedHeight(px(64));
        fitParts();
    });
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(px(8), 0, px(16), 1);
    layout->setSpacing(0);
    addFigure(*layout, int(Glyph::Alive), u"alive"_s, u"liveness:alive not status:draining,shutting-down"_s);
    addFigure(*layout, int(Glyph::Late), u"late"_s, u"liveness:late"_s);
    addFigure(*layout, int(Glyph::Stale), u"stale"_s, u"liveness:stale"_s);
    addFigure(*layout, int(Glyph::Crashed), u"crashed"_s, u"liveness:crashed not liveness:departed,zombie"_s);
    addFigure(*layout, int(Glyph::Hung), u"hung"_s, u"liveness:hung"_s);
    addFigure(*layout, int(Glyph::Draining), u"draining"_s, u"liveness:alive status:draining,shutting-down"_s);
    addFigure(*layout, int(Glyph::Zombie), u"zombie"_s, u"liveness:zombie"_s);
    addFigure(*layout, int(Glyph::NoTtl), u"no TTL"_s, u"liveness:no-ttl"_s);
    addFigure(*layout, int(Glyph::KeyLost), u"key lost"_s, u"liveness:key-lost"_s);
    addFigure(*layout, int(Glyph::Settling), u"settling"_s, u"liveness:settling"_s);
    addFigure(*layout, int(Glyph::Unknown), u"unknown"_s, u"liveness:unknown"_s);
    layout->addSpacing(px(12));
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
    m_rate->setToolTip(u"Heartbeats seen, mean of the last five seconds; the line is the last minute"_s);

    connect(m_map, &FleetMap::workerClicked, this, &FleetStrip::workerClicked);
    // Counts at once, as the list's headings and the saved views do: they have to agree.
    connect(&store, &FleetStore::published, this, [this] {
        refreshCounts();
        if (!m_timer.isActive())
            m_timer.start();
    });
    // A mean of five seconds and a sum: figures that change faster cannot be read.
    m_timer.setSingleShot(true);
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, &FleetStrip::refresh);
    refresh();
}

FigureButton *FleetStrip::addFigure(QHBoxLayout &layout, int glyph, const QString &word, const QString &filter)
{
    auto *button = new FigureButton(Glyph(glyph), word, filter, this);
    layout.addWidget(button);
    m_figures.push_back(button);
    m_wanted.push_back(true);
    connect(button, &QAbstractButton::clicked, this,
            [this, button](bool checked) { emit filterRequested(checked ? button->filter() : QString()); });
    return button;
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

void FleetStrip::refreshCounts()
{
    const FleetFigures figures = m_store.figures();
    struct Count
    {
        int value;
        bool always; ///< Also when there is nobody.
    };
    const Count counts[] = {{figures.alive, true},     {figures.late, true},    {figures.stale, true},
                            {figures.crashed, false},  {figures.hung, false},   {figures.draining, true},
                            {figures.zombie, true},    {figures.noTtl, false},  {figures.keyLost, false},
                            {figures.settling, false}, {figures.unknown, false}};
    bool moved = false;
    for (size_t i = 0; i < m_figures.size(); ++i) {
        const bool wanted = counts[i].always || counts[i].value > 0;
        moved = moved || wanted != m_wanted[i] || (m_figures[i]->count() > 0) != (counts[i].value > 0);
        // What no source in view can say is not none.
        m_figures[i]->setCount(figures.sessionsUnknown && counts[i].value == 0 ? -1 : counts[i].value);
        m_wanted[i] = wanted;
    }
    if (moved)
        fitParts();
}

void FleetStrip::refresh()
{
    refreshCounts();
    const FleetFigures figures = m_store.figures();
    m_rate->setText(figures.sessionsUnknown && figures.total > 0 ? u"–"_s : rateText(figures.beatsPerSecond));
    m_sparkline->setValues(m_store.beatRates());
    // A source that is lost has sessions nobody can count: a sum without them would be taken for all there are.
    m_sessions->setText(figures.sessionsUnknown ? u"–"_s
                        : figures.blind         ? QString(groupedNumber(figures.activeSessions) + u'+')
                                                : groupedNumber(figures.activeSessions));
    m_sessions->setToolTip(figures.blind ? u"A source is not connected: how many sessions its workers have is unknown."_s
                                         : QString());
    // Actors have no sessions that anybody counts.
    const qint64 workers = figures.total - figures.actors;
    m_total->setText(
        figures.sessionsUnknown
            ? (figures.total == 0 ? u"workers unknown"_s : QString(u"unknown on "_s + countedWord(workers, u"worker"_s)))
        : figures.actors == 0
            ? QString(u"active on "_s + countedWord(workers, u"worker"_s))
            : QString(u"on "_s + countedWord(workers, u"worker"_s) + u" · "_s + countedWord(figures.actors, u"actor"_s)));
    fitParts();
}

void FleetStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().win);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().line);
}

} // namespace pulsedeck
