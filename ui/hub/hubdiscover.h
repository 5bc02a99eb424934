// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubstore.h"
#include "ui/hub/hubcontext.h"

#include <QWidget>

#include <map>

class QLineEdit;
class QPushButton;
class QStandardItemModel;

namespace pulsedeck {

class RowTable;
class ToneLabel;

/// Asks the hub itself who is registered, by pattern and capability. Pattern, capability and the last answer are kept
/// for each hub.
class HubDiscover : public QWidget
{
    Q_OBJECT

public:
    explicit HubDiscover(const HubContext &context, QWidget *parent = nullptr);

    void setHub(SourceId source);
    void refresh();
    /// Asks for what the fields say, as the button does.
    void find();
    /// Asked, and not answered yet.
    bool isAsking() const;

signals:
    void workerRequested(pulsedeck::WorkerHandle worker);
    void messageRequested(const QString &address);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Search
    {
        QString pattern = QStringLiteral("*");
        QString capability;
        QUuid underWay;
        qint64 answeredAt = 0;
        hub::Discovered found;
        QString askedFor; ///< The pattern and capability of the answer, in words.
        QString problem;
    };

    void take(const HubCallAnswer &answer);
    void showSearch();
    void showFound();
    void reviewButtons();
    QString currentAddress() const;
    void openCurrent();

    const HubContext m_context;
    SourceId m_source = 0;
    std::map<SourceId, Search> m_searches;
    QLineEdit *m_pattern;
    QLineEdit *m_capability;
    QPushButton *m_find;
    ToneLabel *m_status;
    RowTable *m_table;
    QStandardItemModel *m_model;
    QPushButton *m_show;
    QPushButton *m_write;
};

} // namespace pulsedeck
