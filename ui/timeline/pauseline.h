// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/messageline.h"

class QPushButton;
class QToolButton;

namespace pulsedeck {

class ToneLabel;

/// The line above the lanes about the latest source pause in sight. GUI thread.
class PauseLine : public MessageLine
{
    Q_OBJECT

public:
    explicit PauseLine(QWidget *parent = nullptr);

    /// An empty title hides it.
    void setWords(const QString &title, const QString &text);
    QString whole() const;

signals:
    void showRequested();
    void closeRequested();

private:
    ToneLabel *m_title;
    ToneLabel *m_text;
    QPushButton *m_show;
    QToolButton *m_close;
};

} // namespace pulsedeck
