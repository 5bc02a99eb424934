// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/presetlist.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QPainter>
#include <QStyleOption>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool names(const TimingPreset &preset, TimingId id)
{
    return std::find(preset.named.begin(), preset.named.end(), id) != preset.named.end();
}

QString secondsOf(qint64 ms)
{
    return ms % 1'000 == 0 ? QString::number(ms / 1'000) : fieldText(ms);
}

} // namespace

PresetButton::PresetButton(const TimingPreset &preset, const TimingLibrary &library, QWidget *parent)
    : QAbstractButton(parent)
    , m_preset(preset)
{
    setObjectName(u"preset-"_s + preset.id);
    setCheckable(true);
    setAutoExclusive(false); // Which one is marked follows from the values, not from the click.
    setFocusPolicy(Qt::StrongFocus);
    setText(preset.name);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const bool workers = names(preset, TimingId::HeartbeatInterval);
    const TimingProfile &p = preset.profile;
    if (library.isSystem()) {
        const TimingProfile beats = library.judged(p);
        if (beats.heartbeatInterval > 0 && beats.workerKeyTtl > 0)
            m_values = tr("%1 / %2 s").arg(secondsOf(beats.heartbeatInterval), secondsOf(beats.workerKeyTtl));
    } else if (preset.named.size() == timingCount)
        m_values = tr("all ten values");
    else if (workers)
        m_values = tr("%1 / %2 s").arg(secondsOf(p.heartbeatInterval), secondsOf(p.workerKeyTtl));
    else if (names(preset, TimingId::HubClientHeartbeat))
        m_values = tr("%1 / %2 s").arg(secondsOf(p.hubClientHeartbeat), secondsOf(p.hubTimeout));
    else
        m_values = tr("%Ln value(s)", nullptr, int(preset.named.size()));
}

void PresetButton::showDraft(const TimingDraft &draft, bool current, const QString &note)
{
    m_note = note;
    setChecked(current);
    const bool workers = names(m_preset, TimingId::HeartbeatInterval) && draft.has(TimingId::HeartbeatInterval);
    const TimingId beat = draft.isSystem() ? draft.library().interval.value_or(TimingId::FirstOwn)
                          : workers        ? TimingId::HeartbeatInterval
                                           : TimingId::HubClientHeartbeat;
    const qint64 from = timingValue(draft.base(), beat);
    const qint64 to = timingValue(m_preset.profile, beat);
    m_share = names(m_preset, beat) && (!draft.isSystem() || draft.library().interval) ? trafficShare(from, to) : QString();
    QStringList lines;
    for (const TimingId id : m_preset.named)
        lines.append(QString(draft.library().parameter(id).label + u" "_s + fieldText(timingValue(m_preset.profile, id))));
    if (!m_share.isEmpty())
        lines.append((draft.isSystem() ? tr("Worker traffic compared with the default: %1")
                      : workers        ? tr("Worker traffic compared with today: %1")
                                       : tr("Hub traffic compared with today: %1"))
                         .arg(trafficText(from, to)));
    setToolTip(lines.join(u'\n'));
    setAccessibleName(tr("Load preset %1, %2, traffic %3").arg(text(), m_values, m_share));
    setAccessibleDescription(lines.join(u", "_s));
    update();
}

QSize PresetButton::sizeHint() const
{
    return {px(300), qMax(24, QFontMetrics(Theme::instance().bodyFont()).height() + px(10))};
}

void PresetButton::paintEvent(QPaintEvent *)
{
    const Theme &t = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked() || underMouse())
        stylepaint::box(&painter, rect(), isChecked() ? theme().sel : theme().hover, {});
    QStyleOption radio;
    radio.initFrom(this);
    const int side = px(14);
    radio.rect = QRect(px(6), (height() - side) / 2, side, side);
    radio.state.setFlag(QStyle::State_On, isChecked());
    radio.state.setFlag(QStyle::State_Off, !isChecked());
    radio.state.setFlag(QStyle::State_HasFocus, false);
    stylepaint::radioButton(&painter, radio);
    QRect inner = rect().adjusted(px(28), 0, -px(6), 0);
    painter.setFont(t.bodyFont());
    const int shareWidth = px(52);
    painter.setPen(theme().text);
    painter.drawText(inner, int(Qt::AlignRight | Qt::AlignVCenter), m_share);
    inner.adjust(0, 0, -shareWidth, 0);
    painter.setPen(theme().dim);
    painter.drawText(inner, int(Qt::AlignRight | Qt::AlignVCenter), m_values);
    inner.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(m_values) - px(8), 0);
    painter.setPen(theme().text);
    const QString name = painter.fontMetrics().elidedText(text(), Qt::ElideRight, inner.width());
    painter.drawText(inner, int(Qt::AlignLeft | Qt::AlignVCenter), name);
    inner.adjust(painter.fontMetrics().horizontalAdvance(name) + px(5), 0, 0, 0);
    painter.setFont(t.smallFont());
    painter.setPen(theme().dim);
    if (painter.fontMetrics().horizontalAdvance(m_note) <= inner.width())
        painter.drawText(inner, int(Qt::AlignLeft | Qt::AlignVCenter), m_note);
    if (hasFocus())
        stylepaint::focusFrame(&painter, rect());
}

void PresetButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void PresetButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

PresetList::PresetList(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(px(2));
    setAccessibleName(tr("Presets"));
}

void PresetList::setDraft(TimingDraft *draft)
{
    if (!followDraft(m_draft, draft, this, &PresetList::review))
        return;
    rebuild();
}

void PresetList::rebuild()
{
    qDeleteAll(m_buttons);
    m_buttons.clear();
    if (!m_draft)
        return;
    for (const TimingPreset &preset : m_draft->library().presets) {
        auto *button = new PresetButton(preset, m_draft->library(), this);
        connect(button, &QAbstractButton::clicked, this, [this, preset] {
            m_draft->load(preset);
            review();
        });
        m_layout->addWidget(button);
        m_buttons.push_back(button);
    }
    review();
}

PresetButton *PresetList::button(const QString &preset) const
{
    return findChild<PresetButton *>(u"preset-"_s + preset);
}

void PresetList::review()
{
    if (!m_draft)
        return;
    const TimingPreset *current = m_draft->matchingPreset();
    for (size_t i = 0; i < m_buttons.size() && i < m_draft->library().presets.size(); ++i) {
        const TimingPreset &preset = m_draft->library().presets[i];
        const bool isCurrent = current && current->id == preset.id;
        int own = 0;
        for (const TimingParameter &parameter : m_draft->library().parameters)
            own += m_draft->has(parameter.id) && m_draft->isChanged(parameter.id) && !names(preset, parameter.id);
        const QString note = isCurrent && own > 0 ? tr("+ %Ln own edit(s)", nullptr, own) : QString();
        m_buttons[i]->showDraft(*m_draft, isCurrent, note);
        m_buttons[i]->setVisible(
            std::any_of(preset.named.begin(), preset.named.end(), [this](TimingId id) { return m_draft->has(id); }));
    }
}

} // namespace pulsedeck
