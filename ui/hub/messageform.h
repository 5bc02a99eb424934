// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubcall.h"
#include "models/hub/jsontext.h"
#include "ui/hub/hubcontext.h"

#include <QTimer>
#include <QWidget>

#include <map>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QStringListModel;

namespace pulsedeck {

class GlyphMark;
class JsonEdit;
class ToneLabel;

/// What was typed and is not sent, as it stands in the fields.
struct MessageDraft
{
    HubCall::Kind kind = HubCall::Kind::Ask;
    QString to;
    QString capability;
    QString topic;
    QString type;
    QString data;
};

/// A message to one actor, all of them, or a topic. What is typed stays, whatever becomes of the hub and of the
/// message; each hub has its own draft. A broadcast is asked for twice.
class MessageForm : public QWidget
{
    Q_OBJECT

public:
    explicit MessageForm(const HubContext &context, QWidget *parent = nullptr);

    void setHub(SourceId source);
    MessageDraft draft() const;
    /// To one actor; a way that goes to one already stays.
    void setTo(const QString &address);
    /// Why it cannot be sent now, in words; empty if it can.
    QString whyNot() const;
    /// Reads everything again that is not typed: write access, connection, who is there.
    void refresh();
    void focusFirst();

public slots:
    /// Sends it, or for a broadcast asks once more; nothing while whyNot().
    void send();

signals:
    void sent(const QUuid &id);

private:
    void buildFields();
    void buildFoot();
    void setDraft(const MessageDraft &draft);
    void onEdited();
    void check();
    void review();
    void suggest(const QString &part);
    void ask(bool confirming);
    void reallySend();
    HubCall call() const;
    QString problem() const;
    QString hint() const;
    /// Whether it is only locked: unlocking here and now would open it.
    bool isLocked() const;

    const HubContext m_context;
    SourceId m_source = 0;
    std::map<SourceId, MessageDraft> m_drafts;
    JsonInput m_input; ///< As last checked.
    qint64 m_bytes = 0; ///< Of the whole message.
    QTimer m_checkSoon;
    bool m_filling = false;

    QComboBox *m_way = nullptr;
    QStackedWidget *m_target = nullptr;
    QLabel *m_targetLabel = nullptr;
    QLineEdit *m_to = nullptr;
    QLineEdit *m_capability = nullptr;
    QLineEdit *m_topic = nullptr;
    QLineEdit *m_type = nullptr;
    JsonEdit *m_data = nullptr;
    QStringListModel *m_addresses = nullptr;
    QStringListModel *m_capabilities = nullptr;
    QStackedWidget *m_foot = nullptr;
    GlyphMark *m_mark = nullptr;
    ToneLabel *m_message = nullptr;
    ToneLabel *m_size = nullptr;
    QPushButton *m_unlock = nullptr;
    QPushButton *m_send = nullptr;
    ToneLabel *m_question = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_confirm = nullptr;
};

} // namespace pulsedeck
