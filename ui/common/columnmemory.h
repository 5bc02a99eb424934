// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QScopedValueRollback>

#include <functional>

class QHeaderView;
class QMenu;
class QSettings;

namespace pulsedeck {

/// The widths a user gave the columns of a table that lays its columns out itself: the table asks width() for each
/// while it does; a width that changes otherwise was dragged by the user, and is saved. The menu of the headings resets
/// them. GUI thread.
class ColumnMemory : public QObject
{
    Q_OBJECT

public:
    /// Remembers below \a place in \a settings, which outlives this; null settings remember nothing beyond the table.
    ColumnMemory(QHeaderView &header, QSettings *settings, const QString &place);

    /// What the user chose for this column, else \a usual.
    int width(int column, int usual) const { return m_widths.value(column, usual); }
    /// To be held while the table sets widths itself.
    [[nodiscard]] QScopedValueRollback<bool> layingOut() { return QScopedValueRollback(m_layingOut, true); }
    /// Puts what the table has to say of its columns before the entries of the menu.
    void setMenu(std::function<void(QMenu &)> fill) { m_fill = std::move(fill); }
    /// The entries that reset widths.
    void fillMenu(QMenu &menu);
    /// Back to the usual widths.
    void reset();

signals:
    /// A width was chosen, or all were reset: the table is to be laid out again.
    void changed();

private:
    void load();
    void showMenu(const QPoint &position);

    std::function<void(QMenu &)> m_fill;

    QHeaderView &m_header;
    QSettings *m_settings;
    const QString m_place;
    QHash<int, int> m_widths;
    bool m_layingOut = false;
};

} // namespace pulsedeck
