// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/workerchips.h"

#include "models/core/format.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int designWidth = 612; ///< Of the dialog's column, in the design's pixels.
constexpr int fewestColumns = 2; ///< What is longer is elided in its middle.

/// A chip for this id; for the ids of workers there is one width.
int widthFor(const QString &id)
{
    const Theme &measures = Theme::instance();
    const QFontMetrics metrics(measures.idFont());
    return qMax(metrics.horizontalAdvance(u"00000000"_s), metrics.horizontalAdvance(id)) + px(30);
}

} // namespace

WorkerChip::WorkerChip(QWidget *parent)
    : QAbstractButton(parent)
{
    setFocusPolicy(Qt::ClickFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void WorkerChip::setWorker(const FleetStore &store, WorkerHandle handle, quint32 serial, bool byHand, const Exclusion &whyNot)
{
    const Worker &worker = store.worker(handle);
    const QString whyOut = tr("left out: %1").arg(exclusionText(whyNot));
    if (worker.used && worker.serial == serial) {
        m_id = shortId(worker);
        m_whole = !worker.traits->ids.typed;
        m_sessions = !worker.traits->has(SourceFact::Sessions) ? QString() // They are not counted.
                     : worker.activeSessions == unknownValue   ? u"–"_s
                                                               : QString::number(worker.activeSessions);
        m_draining = worker.status == WorkerStatus::Draining;
        setToolTip(toolTipText(QString::fromUtf8(worker.id))
                   + (worker.host.isEmpty() ? QString() : u'\n' + QString::fromUtf8(worker.host)) + u'\n'
                   + (whyNot   ? whyOut
                      : byHand ? tr("Left out. Click to include it again.")
                               : tr("Click to leave it out.")));
    } else {
        setToolTip(whyOut);
    }
    m_serial = serial;
    m_out = byHand || whyNot;
    setEnabled(!whyNot);
    const QString name =
        m_sessions.isEmpty() ? m_id : tr("%1, %2 at work", "a worker, and how many sessions or jobs").arg(m_id, m_sessions);
    setAccessibleName(m_out ? tr("%1, left out").arg(name) : name);
    update();
}

QSize WorkerChip::sizeHint() const
{
    const Theme &measures = Theme::instance();
    return {widthFor(m_whole ? m_id : QString()), qMax(24, QFontMetrics(measures.idFont()).height() + px(6))};
}

void WorkerChip::paintEvent(QPaintEvent *)
{
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    const QRect box = rect();
    stylepaint::box(&painter, box, m_out ? QColor() : underMouse() && isEnabled() ? theme().hover : theme().base, theme().line);
    if (hasFocus())
        stylepaint::focusFrame(&painter, box);
    QRect inner = box.adjusted(px(5), 0, -px(6), 0);
    painter.setFont(measures.smallFont());
    painter.setPen(m_out ? theme().faint : theme().dim);
    painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, m_sessions);
    inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(m_sessions) - px(3));
    if (m_draining && !m_out) {
        const int size = px(10);
        paintGlyph(painter, QPointF(inner.left() + size / 2.0, box.center().y() + 0.5), size, Glyph::Draining);
        inner.setLeft(inner.left() + size + px(3));
    }
    QFont font = measures.idFont();
    font.setStrikeOut(m_out);
    painter.setFont(font);
    painter.setPen(m_out ? theme().faint : theme().text);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                     // The ends of addresses are what differs.
                     painter.fontMetrics().elidedText(m_id, m_whole ? Qt::ElideMiddle : Qt::ElideRight, inner.width()));
}

void WorkerChip::keyPressEvent(QKeyEvent *event)
{
    const auto *chips = qobject_cast<const WorkerChips *>(parentWidget());
    const int columns = chips ? chips->columns() : WorkerChips::maxColumns;
    int step = 0;
    switch (event->key()) {
    case Qt::Key_Left:
        step = -1;
        break;
    case Qt::Key_Right:
        step = 1;
        break;
    case Qt::Key_Up:
        step = -columns;
        break;
    case Qt::Key_Down:
        step = columns;
        break;
    default:
        QAbstractButton::keyPressEvent(event);
        return;
    }
    const QList<WorkerChip *> all = parentWidget()->findChildren<WorkerChip *>(Qt::FindDirectChildrenOnly);
    for (qsizetype i = all.indexOf(this) + step; i >= 0 && i < all.size(); i += step) {
        if (all[i]->isEnabled() && all[i]->isVisible()) {
            all[i]->setFocus(Qt::TabFocusReason);
            break;
        }
    }
}

WorkerChips::WorkerChips(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_more(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(px(5));
}

/// Who is asked about never changes, so neither do the columns.
int WorkerChips::columnsFor(const FleetStore &store, const CommandDraft &draft) const
{
    int widest = 0;
    const size_t shown = qMin(draft.picks().size(), size_t(maxChips));
    for (size_t i = 0; i < shown; ++i) {
        const CommandDraft::Pick &pick = draft.picks()[i];
        const Worker &worker = store.worker(pick.handle);
        if (worker.used && worker.serial == pick.serial && !worker.traits->ids.typed)
            widest = qMax(widest, widthFor(shortId(worker)));
    }
    if (widest == 0)
        return maxColumns;
    const int spacing = m_grid->spacing();
    return qBound(fewestColumns, (px(designWidth) + spacing) / (widest + spacing), maxColumns);
}

void WorkerChips::showDraft(const FleetStore &store, const CommandDraft &draft)
{
    if (m_columns == 0) {
        m_columns = columnsFor(store, draft);
        for (int i = 0; i < m_columns; ++i)
            m_grid->setColumnStretch(i, 1);
    }
    const auto &picks = draft.picks();
    const size_t shown = qMin(picks.size(), size_t(maxChips));
    while (m_chips.size() < shown) {
        auto *made = new WorkerChip(this);
        const int i = int(m_chips.size());
        m_grid->addWidget(made, i / m_columns, i % m_columns);
        connect(made, &QAbstractButton::clicked, this, [this, made] { emit toggled(made->serial()); });
        m_chips.push_back(made);
        made->show();
    }
    bool reachable = false; // One of them takes the Tab key, the arrows go on from there.
    for (size_t i = 0; i < shown; ++i) {
        const CommandDraft::Pick &pick = picks[i];
        m_chips[i]->setWorker(store, pick.handle, pick.serial, draft.isLeftOut(pick.serial), draft.whyNot(pick.serial));
        const bool first = !reachable && m_chips[i]->isEnabled();
        m_chips[i]->setFocusPolicy(first ? Qt::StrongFocus : Qt::ClickFocus);
        reachable |= first;
    }
    m_more->setVisible(picks.size() > shown);
    if (picks.size() > shown) {
        m_more->setText(tr("and %1 more").arg(groupedNumber(qint64(picks.size() - shown))));
        m_grid->addWidget(m_more, (int(shown) + m_columns - 1) / m_columns, 0, 1, m_columns);
    }
}

WorkerChip *WorkerChips::chip(quint32 serial) const
{
    for (WorkerChip *each : m_chips) {
        if (each->serial() == serial)
            return each;
    }
    return nullptr;
}

} // namespace pulsedeck
