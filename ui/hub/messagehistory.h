// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hublogmodel.h"
#include "ui/hub/hubcontext.h"

#include <QWidget>

class QPushButton;
class QTimer;

namespace pulsedeck {

class RowTable;
class JsonEdit;
class ToneLabel;

/// The messages to and from one hub, the newest last, and the chosen one whole. Stays where it is being read; only at
/// its end it follows. What others wrote is plain text everywhere.
class MessageHistory : public QWidget
{
    Q_OBJECT

public:
    explicit MessageHistory(const HubContext &context, QWidget *parent = nullptr);

    void setHub(SourceId source);
    /// Chooses the newest row that this console sent.
    void chooseNewestSent();
    const HubLogModel &model() const { return *m_model; }
    /// True while new messages are followed.
    bool isAtEnd() const;

signals:
    void replyRequested(const QString &address);

private:
    QWidget *buildDetail();
    void showCurrent();
    void reviewCount();
    void fitColumns();
    void onRowsInserted();
    void onRowsAboutToBeRemoved(int rows);

    const HubContext m_context;
    HubLogModel *m_model;
    RowTable *m_table;
    ToneLabel *m_count = nullptr;
    ToneLabel *m_heading = nullptr;
    ToneLabel *m_facts = nullptr;
    ToneLabel *m_cut = nullptr;
    JsonEdit *m_text = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_reply = nullptr;
    quint64 m_shownKey = 0; ///< 0: none.
    bool m_follow = true; ///< The last row was in sight when the table was last at rest.
};

} // namespace pulsedeck
