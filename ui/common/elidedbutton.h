// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/style.h"

#include <QPushButton>

namespace pulsedeck {

/// A button in a narrow place: words that do not fit end in "…", and are whole in the tool tip, before what that says else. Enter
/// in another field does not press it.
class ElidedButton final : public QPushButton
{
    Q_OBJECT

public:
    /// \a name: its object name.
    explicit ElidedButton(const QString &name, QWidget *parent, ButtonRole role = ButtonRole::Normal);

    /// Its words as they are painted.
    QString shownText() const;

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    int spareWidth() const;
};

} // namespace pulsedeck
