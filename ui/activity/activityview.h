// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journalmodel.h"
#include "ui/common/rowdelegate.h"
#include "ui/common/rowtable.h"

#include <array>

class QSettings;

namespace pulsedeck {

class ColumnMemory;

/// The table of activities. It reads the next page before the end is reached, and hides columns where there is little room; the
/// detail shows their contents. GUI thread.
class ActivityView : public RowTable
{
    Q_OBJECT

public:
    /// \a settings keep the columns' widths; they outlive the view.
    ActivityView(JournalModel &model, QSettings &settings, QWidget *parent = nullptr);

    /// Scrolled or with a selection: rows must not move.
    bool isBeingRead() const;

signals:
    void readingChanged();

protected:
    void adoptTheme() override;
    void showEvent(QShowEvent *event) override;

private:
    int contentWidth(JournalModel::Column column) const;
    int columnWidthOf(JournalModel::Column column) const;
    void measureColumns(bool again);
    void arrangeColumns();
    void onScrolled();

    JournalModel &m_journal;
    std::array<int, JournalModel::columnCountValue> m_contentWidths{};
    ColumnMemory *m_widths;
    bool m_measureLater = false; ///< Rows came while it was hidden.
};

/// One cell: the time in figures, the kind with its mark, what happened in its tone, the rest as text.
class ActivityDelegate : public RowDelegate
{
    Q_OBJECT

public:
    ActivityDelegate(const JournalModel &model, QObject *parent)
        : RowDelegate(parent)
        , m_model(model)
    { }

protected:
    Cell cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const JournalModel &m_model;
};

} // namespace pulsedeck
