// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/navigationmodel.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

void NavigationModel::addPage(int row, const QString &name, const QString &title, Glyph glyph)
{
    beginInsertRows({}, row, row);
    m_pages.insert(m_pages.begin() + row, {name, title, glyph, {}});
    endInsertRows();
}

void NavigationModel::setCount(int row, const QString &count)
{
    if (m_pages[size_t(row)].count == count)
        return;
    m_pages[size_t(row)].count = count;
    emit dataChanged(index(row), index(row), {NavCountRole, Qt::ToolTipRole, Qt::AccessibleTextRole});
}

int NavigationModel::rowOf(const QString &name) const
{
    for (size_t row = 0; row < m_pages.size(); ++row) {
        if (m_pages[row].name == name)
            return int(row);
    }
    return -1;
}

int NavigationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_pages.size());
}

QVariant NavigationModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &page = m_pages[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return page.title;
    case Qt::ToolTipRole:
        return tr("%1 (Ctrl+%2)").arg(data(index, Qt::AccessibleTextRole).toString()).arg(index.row() + 1);
    case Qt::AccessibleTextRole:
        return page.count.isEmpty() ? page.title : QString(page.title + u", "_s + page.count);
    case NavGlyphRole:
        return int(page.glyph);
    case NavCountRole:
        return page.count;
    default:
        return {};
    }
}

} // namespace pulsedeck
