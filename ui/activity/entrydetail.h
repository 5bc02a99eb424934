// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "ui/common/band.h"

#include <array>
#include <memory>
#include <optional>

class QGridLayout;
class QPushButton;

namespace pulsedeck {

class CommandSteps;
class Journal;
class ToneLabel;
class WorkerHeading;
struct JournalEntry;
struct JournalPage;

/// All fields of one entry, and for a command all its steps with their times. GUI thread.
class EntryDetail : public Band
{
    Q_OBJECT

public:
    /// \a journal may be null.
    EntryDetail(Journal *journal, const Clock &clock, QWidget *parent = nullptr);

    void setEntry(const std::optional<JournalEntry> &entry);
    /// The text next to a label ("Reason"), for tests; empty if it is not shown.
    QString fact(const QString &label) const;
    const CommandSteps &steps() const { return *m_steps; }
    QPushButton &showWorkerButton() const { return *m_showWorker; }
    QPushButton &onlyWorkerButton() const { return *m_onlyWorker; }
    QPushButton &onlyCommandButton() const { return *m_onlyCommand; }
    /// To the first button that can be used.
    void focusButtons();

signals:
    void workerRequested(const QString &source, const QByteArray &worker);
    void onlyWorkerRequested(const QByteArray &worker);
    void onlyCommandRequested(const QUuid &command);
    void onlyGroupRequested(const QUuid &group);

private:
    /// In the order of the rows; from Worker on they are ids.
    enum Fact { Text, Reason, Who, Time, InUtc, Kind, Source, Worker, Command, Group, factCount };
    struct Line
    {
        ToneLabel *label;
        ToneLabel *text;
    };
    void addFact(Fact fact, const QString &name);
    void setFact(Fact fact, const QString &text);
    void takeSteps(quint64 token, const JournalPage &page);
    void askForSteps();

    Journal *m_journal;
    const Clock &m_clock;
    WorkerHeading *m_heading;
    ToneLabel *m_hint;
    QWidget *m_content;
    QGridLayout *m_form;
    std::array<Line, factCount> m_facts;
    ToneLabel *m_stepsTitle;
    CommandSteps *m_steps;
    QPushButton *m_showWorker;
    QPushButton *m_onlyWorker;
    QPushButton *m_onlyCommand;
    QPushButton *m_onlyGroup;
    std::unique_ptr<JournalEntry> m_entry; ///< Null while none is selected.
    quint64 m_stepsToken = 0;
};

} // namespace pulsedeck
