// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/connectiontest.h"
#include "ui/theme/glyphs.h"

#include <QAbstractTableModel>

namespace pulsedeck {

/// The steps of a connection test as a table: mark, name, what was found, how long it took. Rows never move. GUI thread.
class TestStepsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Mark, Name, Found, Time, ColumnCount };
    enum Role { StateRole = Qt::UserRole + 1 }; ///< TestStep::State as int.

    using QAbstractTableModel::QAbstractTableModel;

    void setSteps(const QList<TestStep> &steps);
    void setStep(int row, const TestStep &step);

    static Glyph glyphOf(TestStep::State state);
    /// "passed", "works in part", "failed".
    static QString stateWord(TestStep::State state);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QList<TestStep> m_steps;
};

} // namespace pulsedeck
