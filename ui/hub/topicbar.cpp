// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/topicbar.h"

#include "models/commands/writeaccess.h"
#include "models/fleet/fleetcolumns.h"
#include "models/hub/jsontext.h"
#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestTopic = 200;

Glyph glyphOfState(HubSubscription::State state)
{
    switch (state) {
    case HubSubscription::State::Subscribed:
        return Glyph::Ok;
    case HubSubscription::State::Refused:
        return Glyph::Warning;
    case HubSubscription::State::Asked:
        break;
    }
    return Glyph::RungNow;
}

QString chipText(const HubSubscription &subscription)
{
    const QString topic = plainLine(subscription.topic, longestTopic);
    switch (subscription.state) {
    case HubSubscription::State::Asked:
        return TopicChip::tr("%1 · requested").arg(topic);
    case HubSubscription::State::Refused:
        return TopicChip::tr("%1 · refused").arg(topic);
    case HubSubscription::State::Subscribed:
        break;
    }
    return topic;
}

} // namespace

QString subscriptionText(const HubSubscription &subscription)
{
    switch (subscription.state) {
    case HubSubscription::State::Subscribed:
        return TopicChip::tr("subscribed");
    case HubSubscription::State::Refused:
        return subscription.problem.isEmpty() ? TopicChip::tr("refused")
                                              : TopicChip::tr("refused: %1").arg(plainLine(subscription.problem));
    case HubSubscription::State::Asked:
        break;
    }
    return subscription.problem.isEmpty()
               ? TopicChip::tr("requested, not subscribed yet: this console's address has to be registered first")
               : TopicChip::tr("requested, not subscribed yet: %1").arg(plainLine(subscription.problem));
}

TopicChip::TopicChip(QWidget *parent)
    : QToolButton(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::ArrowCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void TopicChip::setSubscription(const HubSubscription &subscription)
{
    m_subscription = subscription;
    const QString topic = plainLine(subscription.topic, longestTopic);
    setAccessibleName(tr("Unsubscribe from %1").arg(topic));
    setAccessibleDescription(subscriptionText(subscription));
    setToolTip(toolTipText(tr("%1: %2. Click to unsubscribe.").arg(topic, subscriptionText(subscription))));
    updateGeometry();
    update();
}

QSize TopicChip::sizeHint() const
{
    const Theme &t = Theme::instance();
    const QFontMetrics metrics(t.smallFont());
    return {qMin(metrics.horizontalAdvance(chipText(m_subscription)), px(180)) + px(46), px(22)};
}

void TopicChip::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &t = Theme::instance();
    const bool refused = m_subscription.state == HubSubscription::State::Refused;
    QPainter painter(this);
    stylepaint::box(&painter, rect(), underMouse() ? tokens.hover : tokens.raised, refused ? tokens.late : tokens.line);
    if (hasFocus())
        stylepaint::focusFrame(&painter, rect());
    paintGlyph(painter, QPointF(px(12), height() / 2.0), px(11), glyphOfState(m_subscription.state));
    painter.setFont(t.smallFont());
    painter.setPen(refused ? tokens.late : tokens.text);
    const QRect inner = rect().adjusted(px(22), 0, -px(20), 0);
    painter.drawText(inner, Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(chipText(m_subscription), Qt::ElideMiddle, inner.width()));
    paintGlyph(painter, QPointF(width() - px(11), height() / 2.0 + 0.5), px(11), Glyph::Close,
               underMouse() ? tokens.text : tokens.dim);
}

TopicBar::TopicBar(const HubContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_topic(new QLineEdit(this))
    , m_subscribe(new QPushButton(tr("S&ubscribe"), this))
    , m_note(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_room(new QWidget(this))
    , m_more(new QToolButton(m_room))
    , m_menu(new QMenu(this))
{
    const Theme &t = Theme::instance();
    m_topic->setObjectName(u"topicField"_s);
    m_topic->setAccessibleName(tr("Topic to subscribe to"));
    m_topic->setPlaceholderText(tr("exact topic name"));
    m_topic->setMaxLength(longestTopic);
    m_topic->setFixedWidth(px(140));
    m_subscribe->setObjectName(u"topicSubscribe"_s);
    m_note->setObjectName(u"topicNote"_s);
    m_note->setElideMode(Qt::ElideRight);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(m_menu);
    m_more->setFont(t.smallFont());
    m_more->hide();
    auto *label = new QLabel(tr("Topics"), this);
    label->setBuddy(m_topic);
    auto *row = hbox(this, 8, {16, 6, 16, 6});
    addWidgets(row, {label, m_topic, m_subscribe});
    row->addWidget(m_room, 1);
    m_room->setMinimumWidth(px(90));
    auto *inRoom = hbox(m_room, 6);
    inRoom->addWidget(m_more);
    inRoom->addWidget(m_note, 1'000);
    inRoom->addStretch(1); // Chips stand at the left.

    connect(m_subscribe, &QPushButton::clicked, this, &TopicBar::subscribe);
    connect(m_topic, &QLineEdit::returnPressed, this, &TopicBar::subscribe);
    connect(m_topic, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_drafts[m_source] = text;
        refresh();
    });
    connect(m_menu, &QMenu::aboutToShow, this, &TopicBar::fillMenu);
    connect(&context.hubs, &HubStore::subscriptionsChanged, this, [this](SourceId source) {
        if (source == m_source)
            showAll();
    });
    connect(&context.hubs, &HubStore::hubRemoved, this, [this](SourceId source) { m_drafts.erase(source); });
    connect(&context.access, &WriteAccess::changed, this, &TopicBar::refresh);
    refresh();
}

void TopicBar::setHub(SourceId source)
{
    if (m_source == source)
        return;
    const auto kept = m_drafts.find(source);
    const QString draft = kept == m_drafts.end() ? QString() : kept->second;
    m_source = source;
    m_topic->setText(draft);
    showAll();
}

QString TopicBar::whyNot() const
{
    if (!m_context.hubs.has(m_source))
        return tr("There is no hub.");
    return m_context.access.whyNot(m_source, Act::Drain);
}

void TopicBar::refresh()
{
    const QString reason = whyNot();
    const bool typed = !m_topic->text().trimmed().isEmpty();
    m_subscribe->setEnabled(reason.isEmpty() && typed);
    m_subscribe->setIcon(reason.isEmpty() ? QIcon() : glyphIcon(Glyph::Lock));
    m_subscribe->setToolTip(reason);
    m_subscribe->setAccessibleDescription(reason);
    m_note->setText(!reason.isEmpty() ? reason
                    : m_used == 0     ? tr("No topic is subscribed. Publications appear below.")
                                      : QString());
    m_note->setVisible(m_used == 0);
}

void TopicBar::subscribe()
{
    const QString topic = m_topic->text().trimmed();
    if (topic.isEmpty() || !whyNot().isEmpty())
        return;
    HubCall call;
    call.kind = HubCall::Kind::Subscribe;
    call.target = topic;
    m_context.hubs.call(m_source, call);
    m_topic->clear();
}

void TopicBar::unsubscribe(const QString &topic)
{
    HubCall call;
    call.kind = HubCall::Kind::Unsubscribe;
    call.target = topic;
    m_context.hubs.call(m_source, call);
}

void TopicBar::showAll()
{
    const std::vector<HubSubscription> &all = m_context.hubs.subscriptions(m_source);
    auto *row = static_cast<QHBoxLayout *>(m_room->layout());
    while (m_chips.size() < all.size()) {
        auto *chip = new TopicChip(m_room);
        connect(chip, &TopicChip::clicked, this, [this, chip] { unsubscribe(chip->subscription().topic); });
        row->insertWidget(int(m_chips.size()), chip);
        m_chips.push_back(chip);
    }
    for (size_t i = 0; i < all.size(); ++i)
        m_chips[i]->setSubscription(all[i]);
    m_used = all.size();
    refresh();
    arrange();
}

void TopicBar::arrange()
{
    const int gap = px(6);
    const int room = m_room->width();
    int whole = 0;
    for (size_t i = 0; i < m_used; ++i)
        whole += m_chips[i]->sizeHint().width() + gap;
    const int reserved = whole - gap > room ? px(70) : 0;
    int x = 0;
    m_visible = 0;
    for (size_t i = 0; i < m_used; ++i) {
        x += m_chips[i]->sizeHint().width() + gap;
        if (x - gap > room - reserved)
            break;
        ++m_visible;
    }
    for (size_t i = 0; i < m_chips.size(); ++i)
        m_chips[i]->setVisible(i < m_visible);
    m_more->setText(tr("%1 more").arg(m_used - m_visible));
    m_more->setVisible(m_used > m_visible);
}

void TopicBar::fillMenu()
{
    m_menu->clear();
    for (size_t i = m_visible; i < m_used; ++i) {
        const HubSubscription subscription = m_chips[i]->subscription();
        QString text = chipText(subscription);
        QAction *action = m_menu->addAction(tr("Unsubscribe from %1").arg(text.replace(u'&', u"&&"_s)));
        connect(action, &QAction::triggered, this, [this, subscription] { unsubscribe(subscription.topic); });
    }
}

void TopicBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace pulsedeck
