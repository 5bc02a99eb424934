// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

#include <QAbstractListModel>

#include <vector>

namespace pulsedeck {

/// Roles the navigation's delegate reads besides the usual ones, in all three lists.
enum NavigationRole {
    NavGlyphRole = Qt::UserRole + 100, ///< Glyph as int: a page's icon or a source's state.
    NavCountRole, ///< QString at the right edge.
};

/// The pages, in the order of the navigation.
class NavigationModel : public QAbstractListModel
{
    Q_OBJECT

public:
    struct Row
    {
        QString name; ///< For the command line and the settings.
        QString title;
        Glyph glyph;
        QString count;
    };

    using QAbstractListModel::QAbstractListModel;

    /// In \a row; those from there on move down.
    void addPage(int row, const QString &name, const QString &title, Glyph glyph);
    void setCount(int row, const QString &count);
    int rowOf(const QString &name) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    std::vector<Row> m_pages;
};

} // namespace pulsedeck
