// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/subjectcells.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

namespace {

constexpr int subjectMargin = 8;
constexpr int leastStrip = 20; ///< Pixels; a narrower one says nothing.

} // namespace

SubjectDelegate::SubjectDelegate(const AlertSubjects &subjects, QObject *parent)
    : RowDelegate(parent, subjectMargin)
    , m_subjects(subjects)
{ }

int SubjectDelegate::roomFor(const QString &text, const QFont &font)
{
    return QFontMetrics(font).horizontalAdvance(text) + 2 * px(subjectMargin) + 2;
}

RowDelegate::Cell SubjectDelegate::cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Cell cell = RowDelegate::cellOf(option, index);
    if (index.column() == int(AlertSubjectColumn::Name))
        cell.elide = Qt::ElideMiddle;
    else
        cell.alignment = Qt::AlignRight;
    return cell;
}

void SubjectDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (index.column() != int(AlertSubjectColumn::Strip)) {
        RowDelegate::paint(painter, option, index);
        return;
    }
    const WorkerHandle worker = m_subjects.workerAt(index.row());
    const QRect rect = option.rect.adjusted(px(subjectMargin), 0, -px(subjectMargin), 0);
    if (worker == noWorker || rect.width() < leastStrip)
        return;
    painter->save();
    paintStrip(*painter, rect, worker);
    painter->restore();
}

void SubjectDelegate::paintStrip(QPainter &painter, const QRect &rect, WorkerHandle worker) const
{
    const FleetStore &store = m_subjects.store();
    const ThemeTokens &tokens = theme();
    layoutStrip(store.beats(worker), stripFacts(store, worker), {store.clock().nowMs(), stripSpanMs, rect.width()}, m_geometry);
    painter.setClipRect(rect.adjusted(-px(5), 0, px(5), 0));
    const int middle = rect.top() + rect.height() / 2;
    const QColor tick = store.worker(worker).liveness == Liveness::Departed ? tokens.gone : tokens.aliveTick;
    m_marks.paintBeats(painter, m_geometry, rect, {px(14), px(10)}, tick);
    if (m_geometry.dotsFrom < m_geometry.dotsTo)
        m_marks.paintDots(painter, rect.left() + m_geometry.dotsFrom, rect.left() + m_geometry.dotsTo, middle);
    for (const StripGeometry::Place &place : m_geometry.marks)
        m_marks.paintMark(painter, place.mark, rect.left() + place.x, rect.top(), middle);
    painter.fillRect(QRect(rect.right() + 1, rect.top(), 1, rect.height() + 1), blended(tokens.base, tokens.dim, 0.8));
}

} // namespace pulsedeck
