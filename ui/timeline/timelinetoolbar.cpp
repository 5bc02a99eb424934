// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelinetoolbar.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/prefixedcombo.h"
#include "ui/common/searchfield.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerlist.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCheckBox>
#include <QLayout>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <initializer_list>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int spanMinutes[]{5, 15, 60, 360};
constexpr int zoomSteps = 100;
constexpr int filterDelayMs = 150; ///< So that a fast typist does not filter at each key.
constexpr int leastLaneFilter = 70; ///< In the design's pixels: the filter gives some of its own to what stands before it.
constexpr int behindRoom =
    130; ///< For how far behind now it is, in the design's pixels: how long its words are changes as time goes.

double spanOfZoom(int step, double most)
{
    // Logarithmic, from a second to all there is.
    const double least = std::log(1'000.0);
    return std::exp(least + (std::log(std::max(2'000.0, most)) - least) * (1 - double(step) / zoomSteps));
}

int zoomOfSpan(double span, double most)
{
    const double least = std::log(1'000.0);
    const double share = (std::log(std::max(1'000.0, span)) - least) / (std::log(std::max(2'000.0, most)) - least);
    return int(std::lround((1 - share) * zoomSteps));
}

} // namespace

TimelineToolbar::TimelineToolbar(WorkerList &list, TimeWindow &window, QWidget *parent)
    : Band(Qt::BottomEdge, Ground::Chrome, parent)
    , m_list(list)
    , m_window(window)
    , m_spans(new SegmentedRow(tr("How much time is shown"), this))
    , m_zoom(new QSlider(Qt::Horizontal, this))
    , m_in(new QToolButton(this))
    , m_out(new QToolButton(this))
    , m_fit(plainButton(tr("Fit"), u"fitTime"_s, this, ButtonRole::Quiet))
    , m_follow(plainButton(tr("Follow now"), u"followNow"_s, this))
    , m_behind((new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, this))->named(u"behindNow"_s))
    , m_group(new PrefixedCombo(tr("Group"), this))
    , m_sort(new PrefixedCombo(tr("Sort"), this))
    , m_menu(new QToolButton(this))
    , m_problem((new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, this))->elided()->named(u"laneFilterProblem"_s))
    , m_filter(new SearchField(tr("Filter", "lanes"), tr("Filter lanes"), this))
{
    const QString spanTexts[]{tr("5 min"), tr("15 min"), tr("1 h"), tr("6 h")};
    for (size_t i = 0; i < std::size(spanMinutes); ++i)
        m_spans->add(spanMinutes[i], spanTexts[i], u"span%1"_s.arg(spanMinutes[i]))
            ->setToolTip(tr("Show so much time, or all there is while less is known"));
    m_spans->setSizePolicy(QSizePolicy::Fixed, m_spans->sizePolicy().verticalPolicy()); // Narrower they could not be told apart.
    m_zoom->setRange(0, zoomSteps);
    m_zoom->setFixedWidth(px(90));
    m_zoom->setAccessibleName(tr("Zoom"));
    m_zoom->setFocusPolicy(Qt::TabFocus);
    const std::pair<QToolButton *, QString> zooms[]{{m_out, tr("Zoom out (−)")}, {m_in, tr("Zoom in (+)")}};
    for (const auto &[button, text] : zooms) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolTip(text);
        button->setAccessibleName(text);
    }
    m_out->setText(u"−"_s);
    m_in->setText(u"+"_s);
    m_fit->setToolTip(tr("Show the whole time that is known (0)"));
    m_follow->setToolTip(tr("The right edge stays at now (F); scrolling back ends it"));
    m_follow->setCheckable(true);
    for (QPushButton *button : {m_fit, m_follow})
        button->setFocusPolicy(Qt::TabFocus);
    m_group->setObjectName(u"laneGroup"_s);
    m_group->setAccessibleName(tr("Group by"));
    m_group->setToolTip(tr("How lanes are grouped, here and on the Fleet page"));
    m_group->setFocusPolicy(Qt::TabFocus);
    for (const auto &[grouping, text] : list.groupings())
        m_group->addItem(text, int(grouping));

    m_sort->setObjectName(u"laneSort"_s);
    m_sort->setAccessibleName(tr("Sort by"));
    m_sort->setToolTip(
        tr("By which column lanes are sorted, here and on the Fleet page; the same one again turns the order around"));
    m_sort->setFocusPolicy(Qt::TabFocus);
    m_sort->setSizeAdjustPolicy(QComboBox::AdjustToContents);

    const QString texts[shownCount]{tr("Drains"), tr("Commands"),  tr("Markers"), tr("Only lanes with gaps"),
                                    tr("Queues"), tr("Fold lanes")};
    const QString tips[shownCount]{tr("Show when workers were draining"),
                                   tr("Show when commands were sent and read"),
                                   tr("Show what happened over all lanes"),
                                   tr("Show only lanes with a gap in the time that is shown"),
                                   tr("Show how many jobs waited in queues"),
                                   tr("Many lanes stand in one low row, the worst state wins; a click unfolds it")};
    auto *menu = new QMenu(m_menu);
    for (int i = 0; i < shownCount; ++i) {
        m_actions[i] = menu->addAction(texts[i]);
        m_actions[i]->setCheckable(true);
        m_actions[i]->setChecked(i != OnlyGaps && i != Folded);
        m_actions[i]->setToolTip(tips[i]);
        connect(m_actions[i], &QAction::toggled, this, [this, i](bool on) {
            if (m_boxes[i])
                m_boxes[i]->setChecked(on);
            if (!m_reviewing)
                emit shownChanged(Shown(i), on);
        });
        if (i > OnlyGaps)
            continue;
        m_boxes[i] = new QCheckBox(texts[i], this);
        m_boxes[i]->setChecked(m_actions[i]->isChecked());
        m_boxes[i]->setToolTip(tips[i]);
        m_boxes[i]->setFocusPolicy(Qt::TabFocus);
        connect(m_boxes[i], &QCheckBox::toggled, m_actions[i], &QAction::setChecked);
    }
    m_boxes[OnlyGaps]->setObjectName(u"onlyGaps"_s);
    m_menu->setObjectName(u"shownMenu"_s);
    m_menu->setText(tr("Show"));
    m_menu->setToolTip(tr("What is shown"));
    m_menu->setAutoRaise(true);
    m_menu->setFocusPolicy(Qt::TabFocus);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setMenu(menu);
    m_filter->setObjectName(u"laneFilter"_s);
    m_filter->setMinimumWidth(px(leastLaneFilter));
    m_filter->setMaximumWidth(px(300));
    m_filter->setToolTip(tr("The filter of the Fleet page (Ctrl+F)"));

    auto *row = hbox(this, 6, {8, 5, 8, 5});
    for (QWidget *each :
         std::initializer_list<QWidget *>{m_spans, m_out, m_zoom, m_in, m_fit, m_follow, m_behind, m_group, m_sort,
                                          m_boxes[Drains], m_boxes[Commands], m_boxes[Markers], m_boxes[OnlyGaps], m_menu})
        row->addWidget(each);
    row->addWidget(m_problem, 1);
    row->addWidget(m_filter, 2);

    connect(m_spans, &SegmentedRow::chosen, this, [this](int minutes) {
        m_window.setSpan(minutes * 60'000.0);
        review(); // Where less is known nothing has changed, and it is not what is shown.
    });
    connect(m_in, &QToolButton::clicked, this, [this] { m_window.zoom(1.5); });
    connect(m_out, &QToolButton::clicked, this, [this] { m_window.zoom(1 / 1.5); });
    connect(m_zoom, &QSlider::valueChanged, this, [this](int step) {
        if (!m_reviewing)
            m_window.zoom(m_window.span() / spanOfZoom(step, m_window.latest() - m_window.earliest()));
    });
    connect(m_fit, &QPushButton::clicked, &m_window, &TimeWindow::fit);
    connect(m_follow, &QPushButton::clicked, this, [this](bool follow) {
        if (follow)
            m_window.followNow();
        else
            m_window.stopFollowing();
    });
    connect(m_group, &QComboBox::activated, this,
            [this](int index) { m_list.setGrouping(FleetGrouping(m_group->itemData(index).toInt())); });
    connect(m_sort, &QComboBox::activated, this, [this](int index) {
        const int column = m_sort->itemData(index).toInt();
        const FleetTableModel &rows = m_list.rows();
        const bool turned = column == rows.sortColumn() && rows.sortOrder() == Qt::AscendingOrder;
        m_list.setSorting(column, turned ? Qt::DescendingOrder : Qt::AscendingOrder);
    });
    m_typing.setSingleShot(true);
    m_typing.setInterval(filterDelayMs);
    connect(&m_typing, &QTimer::timeout, this, [this] { m_list.setFilterText(m_filter->text()); });
    connect(m_filter, &QLineEdit::textEdited, this, [this] { m_typing.start(); });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty() && !m_reviewing)
            m_typing.start(); // By its button.
    });
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        m_typing.stop();
        m_list.setFilterText(m_filter->text());
        emit lanesRequested();
    });
    connect(&window, &TimeWindow::changed, this, &TimelineToolbar::review);
    connect(&window, &TimeWindow::followChanged, this, &TimelineToolbar::review);
    connect(&window, &TimeWindow::followChanged, this, &TimelineToolbar::fit);
    connect(&list, &WorkerList::filterChanged, this, &TimelineToolbar::review);
    connect(&list, &WorkerList::groupingChanged, this, &TimelineToolbar::review);
    connect(&list, &WorkerList::sortingChanged, this, &TimelineToolbar::reviewSorting);
    review();
}

bool TimelineToolbar::isShown(Shown what) const
{
    return m_actions[what]->isChecked();
}

void TimelineToolbar::setShown(Shown what, bool on)
{
    const bool before = std::exchange(m_reviewing, true);
    m_actions[what]->setChecked(on);
    m_reviewing = before;
}

QString TimelineToolbar::behindText() const
{
    if (m_window.isFollowing())
        return {};
    return tr("%1 behind now", "a duration").arg(spanText(qint64(m_window.latest() - m_window.to())));
}

void TimelineToolbar::refresh()
{
    m_behind->setText(behindText());
    m_behind->setVisible(!m_window.isFollowing());
    reviewSorting();
}

/// Other columns may be shown than before.
void TimelineToolbar::reviewSorting()
{
    if (m_sort->view()->isVisible())
        return;
    const FleetTableModel &rows = m_list.rows();
    const QString arrow = rows.sortOrder() == Qt::AscendingOrder ? u" ↑"_s : u" ↓"_s;
    const std::vector<std::pair<int, QString>> columns = m_list.sortings();
    int i = 0;
    for (const auto &[column, name] : columns) {
        const QString text = column == rows.sortColumn() ? QString(name + arrow) : name;
        if (i == m_sort->count())
            m_sort->addItem(text, column);
        if (m_sort->itemText(i) != text)
            m_sort->setItemText(i, text);
        m_sort->setItemData(i, column);
        ++i;
    }
    while (m_sort->count() > i)
        m_sort->removeItem(m_sort->count() - 1);
    // A column that is not shown can be what it is sorted by.
    m_sort->setCurrentIndex(m_sort->findData(rows.sortColumn()));
}

void TimelineToolbar::review()
{
    const bool before = std::exchange(m_reviewing, true);
    // What is shown counts: 15 min that were asked for are none while less is known.
    int marked = SegmentedRow::none;
    for (const int each : spanMinutes) {
        if (std::abs(m_window.span() - each * 60'000.0) <= each * 600.0)
            marked = each;
    }
    if (m_spans->choice() != marked)
        m_spans->setChoice(marked);
    m_zoom->setValue(zoomOfSpan(m_window.span(), m_window.latest() - m_window.earliest()));
    m_follow->setChecked(m_window.isFollowing());
    refresh();
    m_group->setCurrentIndex(m_group->findData(int(m_list.rows().grouping())));
    if (!m_typing.isActive() && m_filter->text() != m_list.filterText())
        m_filter->setText(m_list.filterText());
    m_problem->setText(m_list.rows().filter().problems().join(u"; "_s));
    m_reviewing = before;
}

void TimelineToolbar::resizeEvent(QResizeEvent *event)
{
    Band::resizeEvent(event);
    fit();
}

/// Where all have no room, boxes give way first, which the menu has too, then the order and the slider.
void TimelineToolbar::fit()
{
    const int spacing = layout()->spacing();
    const auto roomFor = [spacing](std::initializer_list<const QWidget *> parts) {
        int room = 0;
        for (const QWidget *part : parts)
            room += std::clamp(part->sizeHint().width(), part->minimumWidth(), part->maximumWidth()) + spacing;
        return room;
    };
    const QMargins margins = layout()->contentsMargins();
    int left = width() - margins.left() - margins.right() - roomFor({m_spans, m_fit, m_follow, m_group, m_menu})
               - px(leastLaneFilter) - spacing - (m_window.isFollowing() ? 0 : px(behindRoom));
    const auto take = [&left](int room) {
        const bool fits = left >= room;
        left = fits ? left - room : 0; // What comes after it gives way, too.
        return fits;
    };
    const bool zoom = take(roomFor({m_out, m_zoom, m_in}));
    const bool sort = take(roomFor({m_sort}));
    const bool boxes = take(roomFor({m_boxes[Drains], m_boxes[Commands], m_boxes[Markers], m_boxes[OnlyGaps]}));
    for (QWidget *part : std::initializer_list<QWidget *>{m_out, m_zoom, m_in})
        part->setVisible(zoom);
    m_sort->setVisible(sort);
    for (QCheckBox *box : m_boxes) {
        if (box)
            box->setVisible(boxes);
    }
}

} // namespace pulsedeck
