// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace pulsedeck {

/// A column of widgets that scrolls where the window is too low for it: no frame, no ground of its own, as wide as the
/// place it is given. It takes no focus; what has it is scrolled to. GUI thread.
class ColumnScroll final : public QScrollArea
{
    Q_OBJECT

public:
    /// Takes \a content over.
    explicit ColumnScroll(QWidget *content, QWidget *parent = nullptr);
    ~ColumnScroll() override;

    /// It takes no more height than its content has, so that what follows stands right below it.
    void setAsHighAsContent();
    QSize sizeHint() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    bool m_asHighAsContent = false;
};

} // namespace pulsedeck
