// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetfilter.h"

#include <QAbstractListModel>

#include <vector>

class QSettings;

namespace pulsedeck {

/// Filters with a name: built-in ones, and those an operator saved. The latter are in the settings, at most maxOwn of them, each
/// by itself, so that two windows of one user do not overwrite each other's. GUI thread.
class SavedViews : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int maxOwn = 24;

    explicit SavedViews(QSettings &settings, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    QString filterText(int row) const;
    const FleetFilter &filter(int row) const { return m_views[size_t(row)].filter; }
    bool isOwn(int row) const { return m_views[size_t(row)].own; }
    /// The row whose filter is \a text, or -1.
    int rowOf(const QString &text) const;
    /// Adds a view, or gives the one of that name another filter. False when there are too many.
    bool save(const QString &name, const QString &text);
    /// Removes an operator's own view; built-in ones stay.
    void remove(int row);
    /// How many workers match each row, -1 while not counted.
    void setCounts(const std::vector<int> &counts);

signals:
    /// A view got another filter.
    void filtersChanged();

private:
    struct View
    {
        QString name;
        QString text;
        FleetFilter filter;
        int count = -1;
        bool own = false;
    };
    void add(const QString &name, const QString &text, bool own);
    void convertList();
    void store(const QString &name, const QString &text);

    QSettings &m_settings;
    int m_lastPosition = 0;
    std::vector<View> m_views;
};

} // namespace pulsedeck
