// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubstore.h"
#include "ui/hub/hubcontext.h"

#include <QToolButton>
#include <QWidget>

#include <map>
#include <vector>

class QLineEdit;
class QMenu;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// A topic that is subscribed, requested or refused. The whole chip is a button that ends the subscription; its ×
/// says so.
class TopicChip : public QToolButton
{
    Q_OBJECT

public:
    explicit TopicChip(QWidget *parent);

    void setSubscription(const HubSubscription &subscription);
    const HubSubscription &subscription() const { return m_subscription; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    HubSubscription m_subscription;
};

/// "subscribed", "asked for, not in force yet", "refused: …".
QString subscriptionText(const HubSubscription &subscription);

/// The subscribed topics, and a field for one more. On one line; topics without room are in a menu at its end.
class TopicBar : public QWidget
{
    Q_OBJECT

public:
    explicit TopicBar(const HubContext &context, QWidget *parent = nullptr);

    void setHub(SourceId source);
    void refresh();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void subscribe();
    void unsubscribe(const QString &topic);
    void showAll();
    void arrange();
    void fillMenu();
    QString whyNot() const;

    const HubContext m_context;
    SourceId m_source = 0;
    std::map<SourceId, QString> m_drafts;
    QLineEdit *m_topic;
    QPushButton *m_subscribe;
    ToneLabel *m_note;
    QWidget *m_room; ///< Where the chips stand.
    QToolButton *m_more;
    QMenu *m_menu;
    std::vector<TopicChip *> m_chips; ///< Kept, so that a chip is never taken away under the pointer.
    size_t m_used = 0;
    size_t m_visible = 0;
};

} // namespace pulsedeck
