// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace pulsedeck {

/// A column of facts that Tab goes to so that the arrows scroll it: it has no ground of its own, scrolls upright only, and shows
/// by the usual frame that it has the keyboard. GUI thread.
class ScrollPane : public QScrollArea
{
    Q_OBJECT

public:
    explicit ScrollPane(QWidget *parent = nullptr);

    /// Takes \a content over.
    void setContent(QWidget *content);

protected:
    bool event(QEvent *event) override;
};

} // namespace pulsedeck
