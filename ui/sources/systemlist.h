// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/foundsystem.h"
#include "models/sources/systemchoice.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QGridLayout;
class QLineEdit;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// Which systems live in a Redis: each with what it has and what showed that it is there, a tick to switch it on or off, and,
/// where its keys begin with a prefix, that prefix. Below, keys that look like beats and that no layout describes, and the rights
/// that are missing. What was set is shown also where nothing was found. GUI thread.
class SystemList : public QWidget
{
    Q_OBJECT

public:
    explicit SystemList(QWidget *parent = nullptr);

    void setChoices(const SystemChoices &choices);
    /// Those that are not as usual.
    SystemChoices choices() const;
    /// Shows what was found; ticks and prefixes that were set stay.
    void setReport(const DetectionReport &report);
    const DetectionReport &report() const { return m_report; }
    /// Nothing was looked for and nothing set: there is nothing to show.
    bool isEmpty() const { return m_report.commands == 0 && m_rows.empty(); }
    /// Systems that are found and switched on.
    int chosenCount() const;
    /// True if every prefix can be one; those that cannot are marked.
    bool review();
    /// Whether lookAgainRequested() is heard.
    void setCanLookAgain(bool can);
    /// Whether there is a folder for layouts that are made here.
    void setCanMakeLayout(bool can);
    QList<QLineEdit *> prefixFields() const;

signals:
    void edited();
    void lookAgainRequested();
    /// Make a layout for these keys.
    void layoutRequested(const pulsedeck::UnknownBeats &keys);

private:
    struct Row
    {
        QString layout;
        QWidget *box;
        QCheckBox *on;
        ToneLabel *counts;
        ToneLabel *basis;
        QLineEdit *prefix;
    };

    Row &rowFor(const QString &layout);
    void fill(Row &row);
    void showUnknown();
    void showRights();
    void showRows();
    void arrangeTabs();
    QString costText() const;
    QString notFoundText() const;

    DetectionReport m_report;
    std::vector<Row> m_rows;
    QWidget *m_room;
    QWidget *m_unknown;
    QWidget *m_rights;
    ToneLabel *m_cost;
    ToneLabel *m_prefixes = nullptr; ///< Above the fields.
    ToneLabel *m_nothing;
    ToneLabel *m_rightsText;
    QLineEdit *m_aclLine;
    QPushButton *m_again;
    bool m_canMakeLayout = false;
};

} // namespace pulsedeck
