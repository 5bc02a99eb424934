// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/subjecttable.h"

#include "ui/alerts/subjectcells.h"
#include "ui/theme/theme.h"

#include <QHeaderView>

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int subjectRowHeight = 24;
constexpr int leastRows = 4;
constexpr int leastStripWidth = 140; ///< In the design's pixels.

} // namespace

SubjectTable::SubjectTable(const FleetStore &store, QWidget *parent)
    : LetterlessTable(subjectRowHeight, parent)
    , m_subjects(store)
{
    setObjectName(u"alertSubjectTable"_s);
    setAccessibleName(tr("What the alert is about"));
    setModel(&m_subjects);
    setItemDelegate(new SubjectDelegate(m_subjects, this));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    horizontalHeader()->setSectionResizeMode(int(AlertSubjectColumn::Strip), QHeaderView::Stretch);
    followTheme(this, [this] { fit(); });
    connect(this, &RowTable::widthChanged, this, &SubjectTable::fit);
    connect(this, &RowTable::openRequested, this, [this] {
        if (m_subjects.areWorkers() && currentIndex().isValid())
            emit workerChosen(m_subjects.workerAt(currentIndex().row()));
    });
}

void SubjectTable::show(const Alert *alert)
{
    const int rows = m_subjects.rowCount();
    m_subjects.show(alert);
    fit();
    if (rows != m_subjects.rowCount())
        updateGeometry();
}

void SubjectTable::fit()
{
    using Column = AlertSubjectColumn;
    const bool workers = m_subjects.areWorkers();
    std::array<int, alertSubjectColumnCount> widths{};
    int all = 0;
    for (int column = 0; column < int(Column::Strip); ++column) {
        int &width = widths[size_t(column)];
        width = SubjectDelegate::roomFor(m_subjects.headerData(column, Qt::Horizontal).toString(), horizontalHeader()->font());
        for (int row = 0; row < m_subjects.rowCount(); ++row)
            width = qMax(width, SubjectDelegate::roomFor(m_subjects.index(row, column).data().toString(), font()));
        if (workers || column == int(Column::Name) || column == int(Column::Since))
            all += width;
    }
    const int room = viewport()->width();
    int strip = workers ? px(leastStripWidth) : 0;
    // Without any of it the others have room enough.
    const bool fitsStrip = workers && all + strip <= room;
    if (!fitsStrip)
        strip = 0;
    setColumnHidden(int(Column::Strip), !fitsStrip);
    for (const Column column : {Column::Busy, Column::KeyLeft, Column::LastBeat}) {
        const bool fits = workers && all + strip <= room;
        setColumnHidden(int(column), !fits);
        if (workers && !fits)
            all -= widths[size_t(column)];
    }
    int &name = widths[size_t(Column::Name)];
    name -= qBound(0, all - room, name / 2);
    if (!fitsStrip && all < room)
        name += room - all; // Names begin at the left, figures end at the right.
    for (int column = 0; column < int(Column::Strip); ++column)
        setColumnWidth(column, widths[size_t(column)]);
}

int SubjectTable::heightFor(int rows) const
{
    return horizontalHeader()->sizeHint().height() + rows * rowPixels() + 2 * frameWidth();
}

QSize SubjectTable::minimumSizeHint() const
{
    return {px(120), heightFor(qMin(leastRows, m_subjects.rowCount()))};
}

QSize SubjectTable::sizeHint() const
{
    return {px(400), heightFor(m_subjects.rowCount())};
}

} // namespace pulsedeck
