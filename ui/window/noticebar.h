// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/band.h"

class QToolButton;

namespace pulsedeck {

class ToneLabel;

/// A line above the pages that says something about the program itself, until it is closed. A later one replaces it.
class NoticeBar : public Band
{
    Q_OBJECT

public:
    explicit NoticeBar(QWidget *parent = nullptr);

    void showNotice(const QString &text, const QString &hint);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void adoptTheme();

    ToneLabel *m_text;
    ToneLabel *m_hint;
    QToolButton *m_close;
};

} // namespace pulsedeck
