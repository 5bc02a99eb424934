// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace pulsedeck {

/// A combo box with a label inside, before what is chosen: "Group Attention". GUI thread.
class PrefixedCombo : public QComboBox
{
    Q_OBJECT

public:
    PrefixedCombo(const QString &prefix, QWidget *parent);

    QSize sizeHint() const override { return widened(QComboBox::sizeHint()); }
    QSize minimumSizeHint() const override { return widened(QComboBox::minimumSizeHint()); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QSize widened(const QSize &size) const;

    QString m_prefix;
};

} // namespace pulsedeck
