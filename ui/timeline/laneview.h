// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanelist.h"
#include "ui/timeline/lanenames.h"
#include "ui/timeline/lanepainter.h"
#include "ui/timeline/lanestory.h"
#include "ui/timeline/lanewords.h"
#include "ui/timeline/timelineflags.h"
#include "ui/timeline/timewindow.h"

#include <QAbstractScrollArea>

#include <optional>

namespace pulsedeck {

/// Two moments and what lies between them.
struct MeasuredSpan
{
    double from = 0;
    double to = 0;
};

/// The lanes: at the left their names, at the right their time. It paints what it was given last, however old that is, so that
/// panning and zooming never wait. Everything about time goes to the TimeWindow, everything about rows to the LaneList. GUI
/// thread.
class LaneView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    LaneView(LaneList &list, TimeWindow &window, QWidget *parent = nullptr);
    ~LaneView() override;

    LaneList &list() const { return m_list; }
    /// The column with the names, in pixels; the axis and the overview begin behind it, too.
    int laneColumn() const;
    /// Free pixels behind now.
    int rightMargin() const;
    /// Where the lanes' time is painted, in the view's own pixels.
    QRect timeArea() const;
    TimeScale scale() const;

    void setPicture(const SharedLanePicture &picture);
    const LanePictureSet &pictures() const { return m_pictures; }
    void setFlags(const std::vector<TimelineFlag> &flags);
    void setMarkersShown(bool shown);
    void setOptions(const LanePainter::Options &options);
    /// Times in which nothing was recorded.
    void setUnwatched(const std::vector<LaneTimes> &unwatched);
    void setSelected(const std::vector<WorkerHandle> &selected, WorkerHandle current);

    /// The row that the keyboard is on; -1 for none.
    int currentRow() const;
    void setCurrentRow(int row);
    void scrollToRow(int row);
    /// The moment last clicked or jumped to; nothing before.
    std::optional<double> cursor() const { return m_cursor; }
    void setCursorTime(std::optional<double> at);
    /// The moment that the whole console shows; nothing while it shows now.
    void setPlayhead(std::optional<double> at);
    const std::optional<MeasuredSpan> &measured() const { return m_measured; }
    void clearMeasured();
    /// Rows that can be seen, and one page before and behind them.
    std::pair<int, int> wantedRows() const;
    /// What knows who was late before the time of the store; null: nothing does.
    void setPastLateness(const PastLateness *past) { m_words.setPast(past); }
    /// What the row shows, in words.
    QString rowText(int row) const;
    /// What stands at this place, in words; empty for nothing.
    QString tipAt(const QPoint &place) const;

signals:
    /// Rows or times came into sight of which there is no picture.
    void pictureWanted();
    void geometryChanged(); ///< Where the time begins and ends on the screen.
    void pointerMoved(std::optional<double> at); ///< Nothing: the pointer left.
    void handMoved();
    void workerChosen(pulsedeck::WorkerHandle worker); ///< Selected.
    void workerOpened(pulsedeck::WorkerHandle worker); ///< Enter, or a double click.
    void queueOpened(const pulsedeck::QueueKey &queue);
    void menuRequested(const QPoint &globalPosition);
    void gapRequested(int direction); ///< The next one, or the one before.
    void measuredChanged();
    /// The whole console is to show this moment.
    void momentRequested(double at);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void onListChanged();
    void adoptTheme();
    void updateRange();
    int rowAtPlace(const QPoint &place) const;
    void updateTimes();
    void paintRow(QPainter &painter, int index, const QRect &rect, bool name);
    void paintTime(QPainter &painter, const LaneRow &row, const QRect &rect);
    void paintQueueTime(QPainter &painter, const LaneRow &row, const QRect &rect);
    void paintOver(QPainter &painter, const QRect &area);
    void paintMeasured(QPainter &painter, const QRect &area);
    bool isOnPlayhead(const QPoint &place) const;
    void choose(int row, double at, bool time);
    void activate(int row);
    void say(int row);

    LaneList &m_list;
    TimeWindow &m_window;
    const FleetStore &m_store;
    LanePainter m_painter;
    LanePictureSet m_pictures;
    LaneWords m_words;
    LaneNames m_names;
    std::vector<TimelineFlag> m_flags;
    std::vector<LaneTimes> m_unwatched;
    std::vector<WorkerHandle> m_selected;
    WorkerHandle m_currentWorker = noWorker;
    quint64 m_currentKey = 0; ///< LaneRow::key() of the current row; 0: none.
    std::optional<double> m_cursor;
    std::optional<double> m_playhead;
    std::optional<double> m_pointer;
    std::optional<MeasuredSpan> m_measured;
    QFont m_small;
    QPoint m_pressedAt;
    double m_pressedTime = 0;
    int m_pressedScroll = 0;
    enum class Drag : quint8 { None, Pressed, Pan, Measure, Playhead };
    Drag m_drag = Drag::None;
    bool m_markersShown = true;
};

} // namespace pulsedeck
