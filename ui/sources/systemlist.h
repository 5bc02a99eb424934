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
class QVBoxLayout;

namespace pulsedeck {

class FirstLook;
class GlyphMark;
class ToneLabel;

/// Which systems live in a Redis: each with what it has and what showed that it is there, a tick to switch it on or off, and,
/// where its keys begin with a prefix, that prefix. Below, keys that look like beats and that no layout describes, and the rights
/// that are missing. What was set is shown also where nothing was found. In detail, as for a dialog, each system also has columns
/// for what shows that its workers live, what watching it costs and what the account may do; then the list scrolls by itself,
/// with the sums and the first look at the workers below it. GUI thread.
class SystemList : public QWidget
{
    Q_OBJECT

public:
    explicit SystemList(QWidget *parent = nullptr);

    /// Before anything else.
    void setDetailed();
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
    /// Whether listenRequested() is heard; \a listening: it is being listened.
    void setCanListen(bool can, bool listening = false);
    /// Whether there is a folder for layouts that are made here.
    void setCanMakeLayout(bool can);
    QList<QLineEdit *> prefixFields() const;

signals:
    void edited();
    void lookAgainRequested();
    /// Listen for a while for systems that are only known by what they send.
    void listenRequested();
    /// Make a layout for these keys.
    void layoutRequested(const pulsedeck::UnknownBeats &keys);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    /// Two lines of text in a cell, each with a glyph before it where one is set.
    struct Cell
    {
        QWidget *box = nullptr;
        GlyphMark *firstMark = nullptr;
        ToneLabel *first = nullptr;
        GlyphMark *secondMark = nullptr;
        ToneLabel *second = nullptr;
    };
    struct Row
    {
        QString layout;
        QWidget *box = nullptr;
        QCheckBox *on = nullptr;
        ToneLabel *counts = nullptr;
        ToneLabel *basis = nullptr;
        QLineEdit *prefix = nullptr;
        Cell liveness = {};
        Cell cost = {};
        Cell permissions = {};
        QString usual = {}; ///< The prefix that was found, or that is usual.
        bool ownPrefix = false; ///< The operator has set another one.
        qint64 workers = -1;
        qint64 queues = -1;
        double perSecond = 0;
    };

    Row &rowFor(const QString &layout);
    Cell makeCell(const QString &name, int wide);
    void wrapWords(const Row &row) const;
    void fill(Row &row);
    void fillDetails(Row &row, const FoundSystem &found);
    int fieldWidth() const;
    void fitColumns();
    void showCells(const Row &row) const;
    void adoptPrefix(Row &row);
    void arrange();
    void showUnknown();
    void showRights();
    void showRows();
    void showTotal();
    void showListening();
    void arrangeTabs();
    QString costText() const;
    QString notFoundText() const;

    DetectionReport m_report;
    std::vector<Row> m_rows;
    QWidget *m_body; ///< Rows, what is unknown, and what was not found.
    QWidget *m_room;
    QGridLayout *m_grid;
    QWidget *m_unknown;
    QWidget *m_rights;
    ToneLabel *m_cost;
    QList<ToneLabel *> m_headings; ///< By column; null where there is none.
    ToneLabel *m_nothing;
    ToneLabel *m_onlyHeard;
    ToneLabel *m_total;
    FirstLook *m_firstLook = nullptr;
    QVBoxLayout *m_whole;
    ToneLabel *m_rightsText;
    QLineEdit *m_aclLine;
    QPushButton *m_again;
    QPushButton *m_listen;
    bool m_canMakeLayout = false;
    bool m_detailed = false;
    bool m_showsLiveness = true; ///< There is room for it.
    bool m_showsCost = true;
    bool m_canListen = false;
    bool m_listening = false;
};

} // namespace pulsedeck
