// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcestatus.h"
#include "ui/common/band.h"

class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// What is wrong with a source, what to do about it, and the button for it. Hidden while nothing is.
class TroublePanel : public Band
{
    Q_OBJECT

public:
    explicit TroublePanel(QWidget *parent = nullptr);

    void setStatus(const SourceStatus &status);

signals:
    void passwordRequested();
    void editRequested();
    void retryRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ToneLabel *m_message;
    ToneLabel *m_hint;
    QPushButton *m_password;
    QPushButton *m_edit;
    QPushButton *m_retry;
    SourceState m_state = SourceState::Off;
};

} // namespace pulsedeck
