// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleettoolbar.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/prefixedcombo.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/filterfield.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace pulsedeck {

namespace {

constexpr int leastFilter = 220; ///< Width of the filter in the design's pixels: two terms and room to type.

struct GroupName
{
    FleetGrouping grouping;
    const char *text;
};
constexpr GroupName groupNames[] = {
    {FleetGrouping::Attention, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "Attention")},
    {FleetGrouping::Type, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "Type")},
    {FleetGrouping::System, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "System")},
    {FleetGrouping::Source, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "Source")},
    {FleetGrouping::Status, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "Status")},
    {FleetGrouping::Liveness, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "Liveness")},
    {FleetGrouping::None, QT_TRANSLATE_NOOP("pulsedeck::FleetToolbar", "None")},
};

} // namespace

FleetToolbar::FleetToolbar(FleetTableModel &model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_filter(new FilterField(model.store(), this))
    , m_group(new PrefixedCombo(tr("Group"), this))
    , m_healthy(new QCheckBox(tr("Collapse healthy rows"), this))
    , m_columns(new QToolButton(this))
    , m_noticeArea(new QWidget(this))
    , m_heldMark(new QLabel(this))
    , m_notice(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_release(new QPushButton(this))
    , m_pause(new QToolButton(this))
    , m_detail(new QToolButton(this))
{
    auto *layout = hbox(this, 8, {8, 5, 8, 5});
    m_filter->setMinimumWidth(px(leastFilter));
    m_filter->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // It takes what the others leave.
    layout->addWidget(m_filter, 10);
    for (const GroupName &name : groupNames)
        m_group->addItem(tr(name.text), int(name.grouping));
    m_group->setAccessibleName(tr("Group by"));
    m_group->setToolTip(tr("How rows are grouped"));
    m_group->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(m_group);
    m_healthy->setToolTip(tr("Healthy workers of a system stand in one line (*)"));
    m_healthy->setFocusPolicy(Qt::TabFocus);
    m_healthy->setChecked(true);
    m_healthy->hide();
    layout->addWidget(m_healthy);
    m_columns->setText(tr("Columns"));
    m_columns->setToolTip(tr("Which columns are shown"));
    m_columns->setIcon(glyphIcon(Glyph::Columns));
    m_columns->setAutoRaise(true);
    m_columns->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_columns->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(m_columns);
    m_notice->setElideMode(Qt::ElideRight);
    // Room for the notice is kept while it is empty: it comes and goes whenever the pointer crosses the list, and the filter
    // and its neighbours must not move for that. No more room than its shortest form needs.
    auto *noticeLayout = hbox(m_noticeArea, 8);
    noticeLayout->addStretch(1);
    addWidgets(noticeLayout, {m_heldMark, m_notice});
    layout->addWidget(m_noticeArea);
    m_release->setToolTip(tr("Update the order; it is held again when the pointer moves over the list"));
    m_release->setFocusPolicy(Qt::TabFocus);
    noticeLayout->addWidget(m_release);
    m_pause->setAutoRaise(true);
    m_pause->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_pause->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(m_pause);
    m_detail->setAutoRaise(true);
    m_detail->setIcon(glyphIcon(Glyph::Info));
    m_detail->setToolTip(tr("Show the worker's details (Enter)"));
    m_detail->setAccessibleName(tr("Show details"));
    m_detail->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(m_detail);

    connect(m_group, &QComboBox::activated, this,
            [this](int index) { emit groupingChosen(FleetGrouping(m_group->itemData(index).toInt())); });
    connect(m_healthy, &QCheckBox::clicked, this, &FleetToolbar::healthyCollapseChosen);
    connect(m_release, &QPushButton::clicked, this, &FleetToolbar::releaseRequested);
    connect(m_pause, &QToolButton::clicked, this, &FleetToolbar::pauseToggled);
    connect(&model, &FleetTableModel::pendingMovesChanged, this, &FleetToolbar::review);
    connect(&model.store(), &FleetStore::pausedChanged, this, [this](bool paused) {
        m_pausedSince = paused ? m_model.store().viewNow() : 0;
        review();
    });
    // While paused the store is silent, and what waits grows all the same.
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, &FleetToolbar::review);
    followTheme(this, [this] {
        m_release->setFont(Theme::instance().smallFont());
        m_filter->setFixedHeight(px(26));
        review();
    });
}

QString FleetToolbar::notice() const
{
    return m_notice->isHidden() ? QString() : m_notice->text();
}

void FleetToolbar::setHeld(bool held)
{
    m_held = held;
    review();
}

void FleetToolbar::review()
{
    const bool paused = m_model.store().isPaused();
    const int moves = m_model.pendingMoves();
    const bool narrow = width() < px(900);
    const bool wide = width() >= px(1'100);
    QString text;
    if (paused) {
        const int waiting = m_model.store().pausedSamples();
        const QString since = clockText(m_pausedSince);
        if (narrow)
            text = waiting > 0 ? tr("Paused %1 · %Ln waiting", nullptr, waiting).arg(since) : tr("Paused %1").arg(since);
        else
            text = waiting > 0 ? tr("Paused since %1 · %Ln change(s) waiting", nullptr, waiting).arg(since)
                               : tr("Paused since %1").arg(since);
    } else if (m_held && moves > 0 && wide) {
        text = tr("Order held · %Ln row(s) would move", nullptr, moves);
    } else if (m_held && moves > 0) {
        text = tr("Held");
    }
    m_release->setText(wide ? tr("Release  Esc") : tr("Release %1").arg(groupedNumber(moves)));
    m_notice->setText(text);
    m_notice->setTone(paused ? ToneLabel::Tone::Late : ToneLabel::Tone::Dim);
    m_notice->setVisible(!text.isEmpty());
    m_heldMark->setVisible(!text.isEmpty());
    m_heldMark->setPixmap(glyphIcon(paused ? Glyph::Pause : Glyph::Held, paused ? theme().late : theme().dim)
                              .pixmap(QSize(16, 16), devicePixelRatioF()));
    m_release->setVisible(!paused && m_held && moves > 0);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(glyphIcon(paused ? Glyph::Resume : Glyph::Pause));
    m_pause->setToolTip(paused ? tr("Apply the changes that came meanwhile and continue (Space)")
                               : tr("Freeze the view; nothing is lost (Space)"));
    if (paused != m_timer.isActive()) {
        if (paused)
            m_timer.start();
        else
            m_timer.stop();
    }
    m_healthy->setVisible(m_model.grouping() == FleetGrouping::System);
    m_healthy->setText(wide ? tr("Collapse healthy rows") : tr("Collapse"));
    m_columns->setToolButtonStyle(narrow ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    const Theme &measures = Theme::instance();
    const QFontMetrics small(measures.smallFont());
    const QString usual = wide ? tr("Order held · %Ln row(s) would move", nullptr, 100) : tr("Held");
    const QString usualButton = wide ? tr("Release  Esc") : tr("Release %1").arg(100);
    const int wanted = m_notice->fontMetrics().horizontalAdvance(usual) + small.horizontalAdvance(usualButton) + 16 + px(48);
    const int others = px(leastFilter + 64) + m_group->sizeHint().width()
                       + (m_healthy->isHidden() ? 0 : m_healthy->sizeHint().width() + px(8)) + m_columns->sizeHint().width()
                       + m_pause->sizeHint().width() + (m_detail->isHidden() ? 0 : m_detail->sizeHint().width());
    m_noticeArea->setMinimumWidth(qBound(0, width() - others, wanted));
    // What is said for longer than the pointer rests may take what the filter can spare.
    m_noticeArea->setMaximumWidth(paused ? QWIDGETSIZE_MAX : qMax(m_noticeArea->minimumWidth(), 1));
}

void FleetToolbar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().win);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().line);
}

void FleetToolbar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    review();
}

} // namespace pulsedeck
