// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/profiletable.h"

#include "models/core/format.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QHeaderView>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString factorWords(qint64 from, qint64 to)
{
    if (from == to)
        return {};
    if (from <= 0 || to <= 0)
        return u"–"_s;
    const double factor = double(to) / double(from);
    return factor >= 1 ? QString(u"× "_s + significantText(factor, 3)) : QString(u"÷ "_s + significantText(1 / factor, 3));
}

} // namespace

ProfileTable::ProfileTable(const TimingLibrary &library, QWidget *parent)
    : QTableWidget(parent)
    , m_library(library)
{
    verticalHeader()->hide();
    setEditTriggers(NoEditTriggers);
    setSelectionMode(NoSelection);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setTabKeyNavigation(false);
    setFocusPolicy(Qt::NoFocus);
    setVerticalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    horizontalHeader()->setHighlightSections(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void ProfileTable::showProfiles(const std::vector<Column> &columns, bool onlyDifferent)
{
    m_rows.clear();
    for (const TimingId id : allTimings) {
        const bool differs = std::any_of(columns.begin(), columns.end(), [&](const Column &column) {
            return timingValue(column.profile, id) != timingValue(columns.front().profile, id);
        });
        if (differs || !onlyDifferent)
            m_rows.push_back(id);
    }
    const int factorColumn = int(columns.size()) + 1;
    clear();
    setRowCount(int(m_rows.size()));
    setColumnCount(factorColumn + 1);
    QStringList titles{tr("Parameter")};
    for (const Column &column : columns)
        titles.append(column.title);
    titles.append(tr("Factor"));
    setHorizontalHeaderLabels(titles);
    QFont bold = Theme::instance().bodyFont();
    bold.setBold(true);
    for (int row = 0; row < rowCount(); ++row) {
        const TimingId id = m_rows[size_t(row)];
        const qint64 first = timingValue(columns.front().profile, id);
        const qint64 last = timingValue(columns.back().profile, id);
        setItem(row, 0, new QTableWidgetItem(m_library.parameter(id).label));
        item(row, 0)->setToolTip(m_library.parameter(id).purpose);
        for (size_t i = 0; i < columns.size(); ++i) {
            const qint64 ms = timingValue(columns[i].profile, id);
            auto *cell = new QTableWidgetItem(fieldText(ms));
            if (i > 0 && ms != first)
                cell->setFont(bold);
            setItem(row, int(i) + 1, cell);
        }
        setItem(row, factorColumn, new QTableWidgetItem(factorWords(first, last)));
        for (int column = 1; column <= factorColumn; ++column)
            item(row, column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (first == last) {
            for (int column = 0; column <= factorColumn; ++column)
                item(row, column)->setForeground(theme().dim);
        }
    }
    for (int column = 1; column <= factorColumn; ++column)
        horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    updateGeometry();
}

int ProfileTable::rowOf(TimingId id) const
{
    const auto row = std::find(m_rows.begin(), m_rows.end(), id);
    return row == m_rows.end() ? -1 : int(row - m_rows.begin());
}

QSize ProfileTable::sizeHint() const
{
    const int rows = qMax(1, rowCount());
    return {px(520), horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + 4};
}

QSize ProfileTable::minimumSizeHint() const
{
    return {px(320), qMin(sizeHint().height(), px(130))};
}

QString trafficSentence(const TimingProfile &from, const TimingProfile &to)
{
    QStringList parts;
    const auto add = [&parts](const QString &sentence, qint64 before, qint64 after) {
        if (const QString words = trafficText(before, after); before != after && !words.isEmpty())
            parts.append(sentence.arg(words, trafficShare(before, after)));
    };
    add(ProfileTable::tr("Workers: %1 (%2)."), from.heartbeatInterval, to.heartbeatInterval);
    add(ProfileTable::tr("Hub: %1 (%2)."), from.hubClientHeartbeat, to.hubClientHeartbeat);
    return parts.join(u' ');
}

} // namespace pulsedeck
