// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/sourcebanner.h"

#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/numberunits.h"
#include "ui/common/sourcewords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPushButton>
#include <QResizeEvent>
#include <QToolButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestTitle = 260; ///< In the design's pixels. A longer one stands with the other words.
constexpr int mostLines = 3; ///< What is longer is in the tool tip.

/// Smaller is worse: what only the operator can solve, what the program itself could not do, what is lost, what is only
/// limited.
int rankOf(const SourceStatus &status)
{
    return status.state == SourceState::Failed ? 0 : status.isConnected() ? 3 : 2;
}

constexpr int noticeRank = 1;
constexpr int refusedRank = 3; ///< As what is limited.
constexpr int twinRank = 4; ///< Nothing is wrong with the fleet, only with the list of sources.

BannerItem itemOf(const FleetStore &store, const SourceStatus &status)
{
    BannerItem item;
    item.source = status.source;
    item.title = store.sourceName(status.source);
    item.text = sourceBannerText(status, store.viewNow(), store.sourceWorkerCount(status.source) > 0);
    item.canRetry = status.state != SourceState::Connecting;
    item.retryShown = !status.isConnected(); // While it is connected no retry helps.
    item.canEdit = status.state == SourceState::Failed || status.state == SourceState::Waiting;
    return item;
}

BannerItem refusedItem(const FleetStore &store, SourceId source, int refused)
{
    BannerItem item;
    item.source = source;
    item.title = store.sourceName(source);
    item.text = refusedText(refused, store.mostWorkers());
    return item;
}

BannerItem twinItem(const FleetStore &store, SourceId source, SourceId twin)
{
    BannerItem item;
    item.source = source;
    item.title = store.sourceName(source);
    item.text = sameServerText(store.sourceName(twin));
    item.canEdit = true;
    return item;
}

} // namespace

QString BannerItem::whole() const
{
    return text.isEmpty() ? title
                          : (source != 0 ? SourceBanner::tr("%1: %2", "a source and its trouble")
                                         : SourceBanner::tr("%1 · %2", "a notice and its details"))
                                .arg(title, text);
}

// The line ------------------------------------------------------------------------------------------------------------

SourceBannerLine::SourceBannerLine(QWidget *parent)
    : MessageLine(parent)
    , m_name(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_words(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_count(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_previous(new QToolButton(this))
    , m_next(new QToolButton(this))
    , m_retry(new QPushButton(tr("Retry now"), this))
    , m_edit(new QPushButton(tr("Edit…"), this))
    , m_close(new QToolButton(this))
{
    m_name->setElideMode(Qt::ElideMiddle);
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    row()->addWidget(m_name);
    row()->addWidget(m_words, 1);
    for (QWidget *each : std::initializer_list<QWidget *>{m_retry, m_edit, m_previous, m_count, m_next, m_close})
        row()->addWidget(each);
    for (QPushButton *button : {m_retry, m_edit}) {
        button->setFont(Theme::instance().smallFont());
        button->setFocusPolicy(Qt::TabFocus);
    }
    const std::pair<QToolButton *, QString> tools[]{
        {m_previous, tr("Previous notice")}, {m_next, tr("Next notice")}, {m_close, tr("Close this notice")}};
    for (const auto &[button, name] : tools) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolTip(name);
        button->setAccessibleName(name);
        button->setFixedSize(qMax(24, px(24)), qMax(24, px(24)));
    }
    m_previous->setText(u"‹"_s);
    m_next->setText(u"›"_s);
    m_close->setObjectName(u"closeNotice"_s);
    followTheme(this, [this] { m_close->setIcon(glyphIcon(Glyph::Close, theme().dim)); });
    connect(m_retry, &QPushButton::clicked, this, &SourceBannerLine::retryRequested);
    connect(m_edit, &QPushButton::clicked, this, &SourceBannerLine::editRequested);
    connect(m_close, &QToolButton::clicked, this, &SourceBannerLine::closeRequested);
    connect(m_previous, &QToolButton::clicked, this, [this] { emit stepRequested(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { emit stepRequested(1); });
    // As they stand, from left to right.
    const std::initializer_list<QWidget *> order{m_retry, m_edit, m_previous, m_next, m_close};
    for (auto next = order.begin() + 1; next != order.end(); ++next)
        setTabOrder(*(next - 1), *next);
}

bool SourceBannerLine::hasOwnTitle(const BannerItem &item) const
{
    return item.source != 0 || QFontMetrics(m_name->font()).horizontalAdvance(item.title) <= px(longestTitle);
}

/// What the buttons of this item leave to its words.
int SourceBannerLine::wordsWidth(const BannerItem &item, int count) const
{
    int width = this->width() - px(leftEdge) - px(rightEdge);
    const auto take = [&width](int part) { width -= part + px(spacing); };
    if (hasOwnTitle(item))
        take(qMin(QFontMetrics(m_name->font()).horizontalAdvance(item.title), px(longestTitle)));
    if (item.retryShown)
        take(m_retry->sizeHint().width());
    if (item.canEdit)
        take(m_edit->sizeHint().width());
    if (item.source == 0)
        take(m_close->width());
    if (count > 1) {
        take(m_previous->width());
        take(m_next->width());
        take(QFontMetrics(m_count->font()).horizontalAdvance(tr("%1 of %2").arg(count).arg(count)));
    }
    return width;
}

void SourceBannerLine::fit(const std::vector<BannerItem> &items)
{
    const QFontMetrics metrics(m_words->font());
    for (const BannerItem &item : items) {
        const int room = qMax(px(80), wordsWidth(item, int(items.size())) - px(4));
        const QString words = hasOwnTitle(item) ? item.text : item.whole();
        const int height = metrics.boundingRect(QRect(0, 0, room, 10'000), Qt::TextWordWrap, unitsKept(words)).height();
        m_lines = qBound(m_lines, (height + metrics.lineSpacing() - 1) / metrics.lineSpacing(), mostLines);
    }
    const QMargins margins = layout()->contentsMargins();
    const int content = qMax(m_retry->sizeHint().height(), m_lines * metrics.lineSpacing() + 2);
    setFixedHeight(content + margins.top() + margins.bottom()); // As high without its buttons.
}

void SourceBannerLine::showItem(const BannerItem &item, int number, int count)
{
    m_text = item.whole();
    setGood(item.good);
    const bool ownTitle = hasOwnTitle(item);
    m_name->setVisible(ownTitle);
    m_name->setMaximumWidth(px(longestTitle));
    m_name->setText(item.title);
    m_words->setText(ownTitle ? item.text : item.whole());
    m_words->setToolTip(m_text);
    m_retry->setEnabled(item.canRetry);
    m_retry->setVisible(item.retryShown);
    m_edit->setVisible(item.canEdit);
    m_close->setVisible(item.source == 0);
    m_count->setText(tr("%1 of %2").arg(number).arg(count));
    for (QWidget *each : std::initializer_list<QWidget *>{m_previous, m_count, m_next})
        each->setVisible(count > 1);
    setAccessibleName(count > 1 ? tr("%1, %2", "a notice, and its number of all").arg(m_text, m_count->text()) : m_text);
}

// The banner ----------------------------------------------------------------------------------------------------------

SourceBanner::SourceBanner(const FleetStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_line(new SourceBannerLine(this))
{
    auto *layout = vbox(this);
    layout->addWidget(m_line);
    const auto source = [this] { return m_current < 0 ? SourceId(0) : m_items[size_t(m_current)].source; };
    connect(m_line, &SourceBannerLine::retryRequested, this, [this, source] { emit retryRequested(source()); });
    connect(m_line, &SourceBannerLine::editRequested, this, [this, source] { emit editRequested(source()); });
    connect(m_line, &SourceBannerLine::closeRequested, this, [this] { setNotice({}, {}); });
    connect(m_line, &SourceBannerLine::stepRequested, this, &SourceBanner::step);
    connect(&store, &FleetStore::sourceChanged, this, &SourceBanner::review);
    connect(&store, &FleetStore::sourceRemoved, this, &SourceBanner::review);
    connect(&store, &FleetStore::ticked, this, &SourceBanner::reviewRefused); // A refused worker changes nothing else.
    m_fitTimer.setSingleShot(true); // When the layouts have given it its width.
    m_fitTimer.setInterval(0);
    connect(&m_fitTimer, &QTimer::timeout, this, &SourceBanner::fit);
    m_timer.setInterval(500); // For the countdown to the next try.
    connect(&m_timer, &QTimer::timeout, this, &SourceBanner::review);
    review();
}

QString SourceBanner::lineText(int line) const
{
    return line >= 0 && line < lineCount() ? m_items[size_t(line)].whole() : QString();
}

void SourceBanner::setSilent(SourceId source)
{
    if (source == m_silent)
        return;
    m_silent = source;
    review();
}

void SourceBanner::setSourcesShown(bool shown)
{
    if (shown == m_sourcesShown)
        return;
    m_sourcesShown = shown;
    review();
}

/// Workers that find no place come with any batch, not only with a source's status.
void SourceBanner::reviewRefused()
{
    int refused = 0;
    for (const SourceId id : m_store.sources())
        refused += m_store.refusedWorkers(id);
    if (std::exchange(m_refused, refused) != refused)
        review();
}

void SourceBanner::setNotice(const QString &title, const QString &text, bool good)
{
    m_notice.good = good;
    m_notice.title = title;
    m_notice.text = text;
    m_chosen = false;
    review();
    // It is the answer to what was just done, so it is shown at once.
    for (size_t i = 0; i < m_items.size() && !title.isEmpty(); ++i) {
        if (m_items[i].source == 0) {
            m_chosen = m_items.size() > 1;
            show(int(i));
        }
    }
}

void SourceBanner::step(int by)
{
    if (m_items.size() < 2)
        return;
    m_chosen = true;
    show((m_current + by + lineCount()) % lineCount());
}

void SourceBanner::show(int item)
{
    m_current = item;
    if (item >= 0)
        m_line->showItem(m_items[size_t(item)], item + 1, lineCount());
    emit changed();
}

void SourceBanner::review()
{
    const bool any = m_current >= 0;
    const SourceId shown = any ? m_items[size_t(m_current)].source : SourceId(0);
    std::vector<std::pair<int, BannerItem>> found;
    if (!m_notice.title.isEmpty())
        found.emplace_back(noticeRank, m_notice);
    if (m_sourcesShown) {
        for (const SourceId id : m_store.sources()) {
            const SourceStatus status = m_store.sourceStatus(id);
            if (id != m_silent && m_store.isSourceVisible(id) && wantsBanner(status))
                found.emplace_back(rankOf(status), itemOf(m_store, status));
            if (const int refused = m_store.refusedWorkers(id); refused > 0 && m_store.isSourceVisible(id))
                found.emplace_back(refusedRank, refusedItem(m_store, id, refused));
            if (const SourceId twin = m_store.twinOf(id); twin != 0 && id != m_silent)
                found.emplace_back(twinRank, twinItem(m_store, id, twin));
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    m_items.clear();
    for (auto &one : found)
        m_items.push_back(std::move(one.second));

    // What somebody went to, or is about to click, stays; otherwise the worst is shown.
    int next = m_items.empty() ? -1 : 0;
    const bool stays = any && (m_chosen || m_line->underMouse() || m_line->isAncestorOf(QApplication::focusWidget()));
    for (size_t i = 0; i < m_items.size() && stays; ++i) {
        if (m_items[i].source == shown)
            next = int(i);
    }
    if (next < 0 || m_items[size_t(next)].source != shown)
        m_chosen = false;
    if (!m_fitTimer.isActive())
        fit();
    show(next);
    setVisible(!m_items.empty());
    if (m_items.empty())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
}

/// How high it has to be is known only once it has its width.
void SourceBanner::fit()
{
    if (!isVisible() || m_items.empty())
        m_line->forgetHeight();
    m_line->fit(isVisible() ? m_items : std::vector<BannerItem>());
}

void SourceBanner::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_fitTimer.start();
}

void SourceBanner::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() == event->oldSize().width())
        return;
    m_line->forgetHeight();
    m_fitTimer.start();
}

} // namespace pulsedeck
