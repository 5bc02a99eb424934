// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;
class QPushButton;

namespace pulsedeck {

/// A few choices side by side in one frame, of which one holds, or none. Each is a button, so that the keyboard reaches them by
/// Tab and the arrow keys. GUI thread.
class SegmentedRow : public QWidget
{
    Q_OBJECT

public:
    explicit SegmentedRow(const QString &accessibleName, QWidget *parent = nullptr);

    QPushButton *add(int id, const QString &text, const QString &objectName);
    QPushButton *button(int id) const;
    static constexpr int none = -1;
    /// The choice that holds, or none.
    int choice() const;
    /// Also to none of them. Does not emit chosen().
    void setChoice(int id);

signals:
    /// The user chose.
    void chosen(int id);

private:
    QButtonGroup *m_group;
};

} // namespace pulsedeck
