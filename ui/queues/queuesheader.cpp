// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuesheader.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/figurebutton.h"
#include "ui/common/sparkline.h"
#include "ui/common/tonelabel.h"
#include "ui/queues/queuecells.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

WaitingTrend::WaitingTrend(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Jobs waiting in all queues"));
}

QSize WaitingTrend::sizeHint() const
{
    return {px(120), px(52)};
}

void WaitingTrend::show(const std::vector<QueuePoint> &points, qint64 now, qint64 spanMs, const Clock &clock)
{
    m_end = chartEndText(now, clock);
    m_points = points;
    m_now = now;
    m_spanMs = spanMs;
    m_most = 0;
    for (const QueuePoint &point : points)
        m_most = qMax(m_most, point.waiting);
    setAccessibleDescription(points.empty()
                                 ? QString()
                                 : (clock.isStopped() ? tr("last %1 · most %2 · then %3", "at a moment of the past")
                                                      : tr("last %1 · most %2 · now %3"))
                                       .arg(durationText(spanMs), groupedNumber(m_most), groupedNumber(points.back().waiting)));
    setToolTip(accessibleDescription());
    update();
}

void WaitingTrend::paintEvent(QPaintEvent *)
{
    if (m_points.empty() || width() < px(120))
        return;
    QPainter painter(this);
    painter.setFont(Theme::instance().chartFont());
    const QFontMetrics metrics(painter.font());
    const QString most = groupedNumber(m_most);
    const int left = metrics.horizontalAdvance(most) + px(6);
    const QRectF plot(left, px(4), width() - left - px(2), height() - px(6) - metrics.height());
    painter.setPen(theme().faint);
    if (m_most > 0) // Else both ends would be 0.
        painter.drawText(QRectF(0, plot.top() - px(2), left - px(5), metrics.height()), Qt::AlignRight | Qt::AlignVCenter, most);
    painter.drawText(QRectF(0, plot.bottom() - metrics.height() + px(2), left - px(5), metrics.height()),
                     Qt::AlignRight | Qt::AlignVCenter, groupedNumber(0));
    painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), theme().line);
    paintQueuePoints(painter, plot, m_points, m_now, m_spanMs, theme().dim);
    const QRectF foot(plot.left(), plot.bottom() + px(1), plot.width(), metrics.height());
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, chartStartText(double(m_spanMs) / 1'000));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, m_end);
    if (plot.width() > px(260))
        painter.drawText(foot, Qt::AlignCenter, tr("waiting in all queues"));
}

QueuesHeader::QueuesHeader(QWidget *parent)
    : Band(Qt::BottomEdge, Band::Ground::Chrome, parent)
{
    setObjectName(u"queuesHeader"_s);
    auto *row = hbox(this, 22, {14, 4, 14, 4});
    m_queues = addFigure(*row, tr("queues"), u"figureQueues"_s);
    m_waiting = addFigure(*row, tr("waiting", "jobs"), u"figureWaiting"_s);
    m_atWork = addFigure(*row, tr("at work", "jobs"), u"figureAtWork"_s);
    m_unserved = addException(*row, Glyph::Unserved, tr("nobody works here"), u"state:unserved"_s);
    m_growing = addException(*row, Glyph::Growing, tr("growing"), u"state:growing"_s);
    m_paused = addException(*row, Glyph::PausedWorker, tr("paused"), u"state:paused"_s);
    for (FigureButton *button : {m_unserved, m_growing, m_paused})
        button->alignWith(*m_queues);
    m_inColumn = addRate(*row, tr("in/min"), u"figureIn"_s, m_in, m_inLine);
    m_outColumn = addRate(*row, tr("out/min"), u"figureOut"_s, m_out, m_outLine);
    m_trend = new WaitingTrend(this);
    row->addWidget(m_trend, 1);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // What has no room gives way; it does not widen the window.
    setSums({});
}

ToneLabel *QueuesHeader::addFigure(QBoxLayout &row, const QString &word, const QString &name)
{
    auto *column = vbox(0);
    auto *figure = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, this))->named(name);
    figure->setAccessibleDescription(word);
    column->addStretch(1);
    column->addWidget(figure);
    column->addWidget(new ToneLabel(word, ToneLabel::Tone::Dim, ToneLabel::Face::Small, this));
    column->addStretch(1);
    row.addLayout(column);
    return figure;
}

QWidget *QueuesHeader::addRate(QBoxLayout &row, const QString &word, const QString &name, ToneLabel *&figure, Sparkline *&curve)
{
    auto *whole = new QWidget(this);
    auto *column = vbox(whole, 0);
    figure = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, this))->named(name);
    figure->setAccessibleDescription(word);
    auto *words = new ToneLabel(word, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    words->setAlignment(Qt::AlignBottom);
    words->setContentsMargins(0, 0, 0, px(2)); // The figure's letters stand higher above its foot.
    auto *line = hbox(5);
    line->addWidget(figure);
    line->addWidget(words);
    line->addStretch(1);
    auto *drawn = curve = new Sparkline(this);
    curve->setObjectName(name + u"-line"_s);
    followTheme(drawn, [drawn] { drawn->setFixedHeight(QFontMetrics(Theme::instance().smallFont()).height()); });
    column->addStretch(1);
    column->addLayout(line);
    column->addWidget(curve);
    column->addStretch(1);
    row.addWidget(whole);
    return whole;
}

FigureButton *QueuesHeader::addException(QBoxLayout &row, Glyph glyph, const QString &word, const QString &filter)
{
    auto *button = new FigureButton(glyph, word, filter, this);
    button->setObjectName(filter);
    button->setToolTip(tr("Show only these queues (%1); click again to show all").arg(filter));
    connect(button, &QAbstractButton::clicked, this,
            [this, button](bool checked) { emit filterRequested(checked ? button->filter() : QString()); });
    row.addWidget(button);
    return button;
}

void QueuesHeader::setSums(const QueueSums &sums)
{
    m_queues->setText(queueCountText(sums.queues));
    m_waiting->setText(queueCountText(sums.waiting));
    m_atWork->setText(sums.atWorkText());
    m_in->setText(sums.inText());
    m_out->setText(sums.outText());
    const auto sayLeast = [&sums](ToneLabel *figure, int unknown) {
        figure->setToolTip(figure->text().endsWith(u'+') ? tr("So many at least: of %1 of %2 queues it is not known")
                                                               .arg(groupedNumber(unknown), groupedNumber(sums.queues))
                                                         : QString());
    };
    sayLeast(m_atWork, sums.atWorkUnknown);
    sayLeast(m_in, sums.inUnknown);
    sayLeast(m_out, sums.outUnknown);
    m_unserved->setCount(sums.unserved);
    m_growing->setCount(sums.growing);
    m_paused->setCount(sums.paused);
    m_paused->setWord(sums.pausedText());
    fitParts();
}

void QueuesHeader::resizeEvent(QResizeEvent *event)
{
    Band::resizeEvent(event);
    fitParts();
}

void QueuesHeader::setRoom(Room room)
{
    layout()->setSpacing(px(room >= TightFigures ? 10 : 22));
    for (FigureButton *button : {m_unserved, m_growing, m_paused}) {
        button->setTight(room >= TightFigures);
        // One that is chosen stays: a click on it shows all queues again.
        button->setVisible(room < NoZeros || button->count() != 0 || button->isChecked());
    }
    m_inLine->setVisible(room < NoLines);
    m_outLine->setVisible(room < NoLines);
    m_inColumn->setVisible(room < NoRates);
    m_outColumn->setVisible(room < NoRates);
}

void QueuesHeader::fitParts()
{
    const auto needed = [this] {
        layout()->invalidate();
        return layout()->sizeHint().width() - m_trend->sizeHint().width(); // The curve takes what is left.
    };
    for (int room = Everything; room <= NoRates; ++room) {
        setRoom(Room(room));
        if (needed() <= width())
            break;
    }
    layout()->activate(); // What came back has its place at once, not with the next event.
}

void QueuesHeader::setTrend(const std::vector<QueuePoint> &points, qint64 now, qint64 spanMs, const Clock &clock)
{
    m_trend->show(points, now, spanMs, clock);
}

void QueuesHeader::setFlow(const std::vector<QueueFlow> &flow, qint64 spanMs)
{
    const auto show = [&](Sparkline *line, double QueueFlow::*rate) {
        constexpr double tenths = 10; // Of a job: the line has whole numbers.
        std::vector<int> values;
        double most = -1;
        for (const QueueFlow &one : flow) {
            if (one.*rate < 0)
                continue;
            values.push_back(int(qMin(one.*rate, 1e8) * tenths));
            most = qMax(most, one.*rate);
        }
        line->setValues(values, int(spanMs / QueueStore::flowStepMs));
        line->setToolTip(most < 0 ? QString()
                                  : tr("last %1 · most %2 per minute").arg(durationText(spanMs), queueRateText(most)));
        line->setAccessibleDescription(line->toolTip());
    };
    show(m_inLine, &QueueFlow::in);
    show(m_outLine, &QueueFlow::out);
}

QString QueuesHeader::trendSummary() const
{
    return m_trend->accessibleDescription();
}

void QueuesHeader::setFilter(const QString &text)
{
    for (FigureButton *button : {m_unserved, m_growing, m_paused})
        button->setChecked(text == button->filter());
}

} // namespace pulsedeck
