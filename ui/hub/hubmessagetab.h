// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"
#include "ui/hub/hubcontext.h"

#include <QWidget>

namespace pulsedeck {

class MessageForm;
class MessageHistory;
class TopicBar;

/// Messages to and from the actors of one hub: what is being written, topics, history.
class HubMessageTab : public QWidget
{
    Q_OBJECT

public:
    explicit HubMessageTab(const HubContext &context, QWidget *parent = nullptr);

    void setHub(SourceId source);
    void refresh();
    MessageForm &form() const { return *m_form; }
    MessageHistory &history() const { return *m_history; }

private:
    MessageForm *m_form;
    TopicBar *m_topics;
    MessageHistory *m_history;
};

} // namespace pulsedeck
