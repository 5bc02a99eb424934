// SPDX-License-Identifier: GPL-3.0-or-later
// What the lanes of the Timeline page look like, and what of them is painted.
#include "tests/gui/timelinefixture.h"
#include "tests/support/testapplication.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timeline/axisbar.h"

#include <QImage>
#include <QPaintEvent>
#include <QPainter>
#include <QScreen>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A fixed scene: a healthy lane, gaps by severity, a drain with its command, an expiry with counters left, beats too close to be
/// told apart, a group with a pause in it, folded lanes, a queue.
QImage paintedLanes()
{
    constexpr qint64 now = 1'800'000'000'000;
    constexpr int height = 22;
    QImage image(600, 8 * height, QImage::Format_RGB32);
    image.fill(theme().base);
    QPainter painter(&image);
    LanePainter lanes;
    lanes.setScale(TimeScale(double(now - 300'000), double(now), 600), 0);
    const auto story = [](qint64 step, qint64 until) {
        LaneStory made;
        made.paces = {{0, step, 3 * step}};
        for (qint64 at = now - 290'000; at < until; at += step)
            made.beats.push_back(at);
        made.lives = {{now - 290'000, now}};
        return made;
    };
    int row = 0;
    const auto paint = [&](const LaneStory &made, bool ended = false) {
        lanes.paintLane(painter, QRect(0, row++ * height, 600, height), layoutLane(made, now - 300'000, now, 500), ended);
    };
    paint(story(10'000, now));
    LaneStory gaps = story(10'000, now);
    std::erase_if(gaps.beats, [](qint64 at) {
        return (at > now - 250'000 && at < now - 230'000) || (at > now - 180'000 && at < now - 110'000);
    });
    paint(gaps);
    LaneStory drain = story(10'000, now - 60'000);
    drain.states = {{StripGeometry::Block::Draining, now - 120'000, now - 60'000}};
    drain.marks = {{StripGeometry::Mark::Start, now - 290'000},
                   {StripGeometry::Mark::CommandSent, now - 135'000},
                   {StripGeometry::Mark::CommandRead, now - 120'000},
                   {StripGeometry::Mark::End, now - 60'000}};
    drain.lives = {{now - 290'000, now - 60'000}};
    paint(drain, true);
    LaneStory expired = story(10'000, now - 150'000);
    expired.lives = {{now - 290'000, now - 120'000}};
    expired.marks = {{StripGeometry::Mark::Expired, now - 120'000}};
    expired.leftovers = {{now - 120'000, now}};
    paint(expired);
    LaneStory dense = story(1'000, now);
    dense.states = {{StripGeometry::Block::Unknown, now - 100'000, now - 70'000}};
    paint(dense);
    FoldedLanes group{now - 300'000, 1'000, {}};
    for (int i = 0; i < 300; ++i) {
        FoldedLanes::Bucket bucket;
        bucket.there = 40;
        bucket.late = i >= 100 && i < 120 ? 38 : i >= 200 && i < 220 ? 8 : 0;
        bucket.lost = i >= 210 && i < 220 ? 2 : 0;
        group.buckets.push_back(bucket);
    }
    lanes.paintGroup(painter, QRect(0, row++ * height, 600, height), group);
    for (int i = 0; i < 5; ++i)
        lanes.paintFold(painter, QRect(0, row * height + i * 4, 600, 4), group);
    lanes.paintPause(painter, QRect(0, 0, 600, 6 * height), double(now - 200'000), double(now - 180'000));
    ++row;
    lanes.paintDepth(painter, QRect(0, row * height, 600, height),
                     {{now - 280'000, 3}, {now - 200'000, 40}, {now - 100'000, 1'000}}, now, 1'000);
    return image;
}

/// How many pixels differ by more than antialiasing does; of two pictures of the same size.
qint64 differentPixels(const QImage &one, const QImage &other)
{
    qint64 different = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x) {
            const QRgb a = one.pixel(x, y);
            const QRgb b = other.pixel(x, y);
            different += std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b)) > 24;
        }
    }
    return different;
}

/// What of a widget was painted.
class PaintedRegion : public QObject
{
public:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint)
            region += static_cast<QPaintEvent *>(event)->region();
        return false;
    }
    QRegion region;
};

} // namespace

class LaneLookTest : public QObject
{
    Q_OBJECT

private slots:
    /// What lanes look like, pixel by pixel within a tolerance. No text is in it, so that fonts do not matter. A changed look is
    /// written by PULSEDECK_WRITE_PICTURES=1, and is to be looked at.
    void lanesLookAsTheyDid_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("lanes-dark") << true;
        QTest::newRow("lanes-light") << false;
    }

    void lanesLookAsTheyDid()
    {
        QFETCH(bool, dark);
        Theme::instance().setChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        const QImage painted = paintedLanes();
        Theme::instance().setChoice(ThemeChoice::System);
        const QString file = QStringLiteral(PULSEDECK_PICTURES "/%1.png").arg(QLatin1StringView(QTest::currentDataTag()));
        if (qEnvironmentVariableIsSet("PULSEDECK_WRITE_PICTURES"))
            QVERIFY(painted.save(file));
        const QImage kept = QImage(file).convertToFormat(QImage::Format_RGB32);
        QCOMPARE(kept.size(), painted.size());
        const qint64 different = differentPixels(kept, painted);
        // One pixel in two hundred: antialiasing differs from one version of Qt to the next.
        QVERIFY2(different * 200 <= qint64(kept.width()) * kept.height(), qPrintable(QString::number(different)));
    }

    /// A flag that stands at a round time does not strike it out.
    void timesAreReadWhereFlagsStand()
    {
        TimelineFixture f(20, 0, 130);
        f.openTimeline();
        auto *axis = f.page->findChild<AxisBar *>();
        const std::vector<TimeScale::Tick> ticks = f.view->scale().ticks(px(64));
        const auto tick = std::find_if(ticks.begin(), ticks.end(), [](const TimeScale::Tick &one) { return one.x > 200; });
        QVERIFY(tick != ticks.end() && tick->x < f.view->scale().width() - 200);
        TimelineFlag flag;
        flag.kind = TimelineFlag::Kind::Timing;
        flag.at = qint64(tick->at);
        flag.text = u"timing v2"_s;
        axis->setFlags({flag});
        const QImage image = axis->grab().toImage().convertToFormat(QImage::Format_RGB32);
        const int x = f.view->laneColumn() + int(tick->x);
        const QRgb colour = theme().accent.rgb();
        QCOMPARE(image.pixel(x, px(6)), colour); // In the row of the flags.
        const int axisTop = image.height() - QFontMetrics(Theme::instance().smallFont()).height();
        const QRect label(x - px(10), axisTop, px(20), image.height() - px(4) - axisTop);
        QVERIFY(label.height() > 5);
        bool written = false;
        for (int y = label.top(); y <= label.bottom(); ++y) {
            for (int at = label.left(); at <= label.right(); ++at) {
                QVERIFY2(image.pixel(at, y) != colour, qPrintable(u"%1, %2"_s.arg(at).arg(y)));
                written = written || image.pixel(at, y) != theme().win.rgb();
            }
        }
        QVERIFY(written);
    }

    /// The box of a moment hides the times it lies over: a part of one could be read as another.
    void timesUnderAMomentAreLeftOut()
    {
        TimelineFixture f(20, 0, 130);
        f.openTimeline();
        auto *axis = f.page->findChild<AxisBar *>();
        axis->setFlags({});
        const std::vector<TimeScale::Tick> ticks = f.view->scale().ticks(px(64));
        const auto tick = std::find_if(ticks.begin(), ticks.end(), [](const TimeScale::Tick &one) { return one.x > 200; });
        QVERIFY(tick != ticks.end() && tick->x < f.view->scale().width() - 200);
        const QFontMetrics metrics(Theme::instance().smallFont());
        const int half = metrics.horizontalAdvance(tick->label) / 2;
        const int x = f.view->laneColumn() + int(tick->x);
        // Where its words begin, left of a box that stands over their end.
        const auto wordsAtLeft = [&] {
            const QImage image = axis->grab().toImage().convertToFormat(QImage::Format_RGB32);
            int written = 0;
            for (int y = image.height() - metrics.height(); y < image.height() - px(4); ++y) {
                for (int at = x - half; at < x - half + px(8); ++at)
                    written += image.pixel(at, y) != theme().win.rgb();
            }
            return written;
        };
        QVERIFY(wordsAtLeft() > 0);
        const double end = f.view->scale().at(tick->x + half + px(20));
        QVERIFY(f.view->scale().x(end) < f.view->scale().width() - 100);
        axis->setPointer(end); // Its box reaches over the end of the words, not over where they begin.
        QCOMPARE(wordsAtLeft(), 0);
        axis->setPointer({});
        QVERIFY(wordsAtLeft() > 0);
    }

    /// Panning does not paint the names, and leaves on the window what painting everything would.
    void panningPaintsTheTimesAlone()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        // No timer in between: only what is to be painted.
        const auto paint = [&f] { QCoreApplication::sendPostedEvents(f.window.get(), QEvent::UpdateRequest); };
        f.view->viewport()->update();
        paint();
        PaintedRegion painted;
        f.view->viewport()->installEventFilter(&painted);
        f.time().pan(-0.2 * f.time().span());
        paint();
        QCOMPARE(painted.region.boundingRect().left(), f.view->timeArea().left() - 1);
        QCOMPARE(painted.region.boundingRect().right(), f.view->viewport()->rect().right());
        const QPoint place = f.view->viewport()->mapTo(f.window.get(), QPoint());
        const QSize size = f.view->viewport()->size();
        const QImage seen = f.window->screen()
                                ->grabWindow(f.window->winId(), place.x(), place.y(), size.width(), size.height())
                                .toImage()
                                .convertToFormat(QImage::Format_RGB32);
        const QImage whole = f.view->viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
        QCOMPARE(seen.size(), whole.size());
        QVERIFY(differentPixels(seen, whole) < 50); // A mark with smooth edges is cut elsewhere by the region that is painted.
        // A name that changes is painted.
        painted.region = {};
        f.page->refresh();
        paint();
        QCOMPARE(painted.region.boundingRect().left(), 0);
    }
};

PULSEDECK_TEST(LaneLookTest, runWithTheme)
#include "lanelook_test.moc"
