// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingeffects.h"
#include "models/timing/whatif.h"

#include <QWidget>

#include <optional>

class QGridLayout;

namespace pulsedeck {

class ToneLabel;
class GlyphMark;

/// The effects of the profile in force and of the draft, side by side. GUI thread.
class EffectTable : public QWidget
{
    Q_OBJECT

public:
    explicit EffectTable(QWidget *parent = nullptr);

    struct Side
    {
        TimingProfile profile;
        int workers = 0;
        int actors = 0;
        std::optional<double> missedShare; ///< Of the recorded gaps; nothing without a recording.
    };
    void showSides(const Side &today, const Side &draft);
    /// Whose values they are: those of the timing document, of a hub alone, or of a system, of which nothing else is known.
    enum class Subject { Document, Hub, System, SystemWithCommands };
    void setSubject(Subject subject);
    /// All rows as text, for the tests and for a screen reader: "Dead worker noticed: 20–30 s, 5–15 s".
    QString summary() const;

private:
    struct Row
    {
        ToneLabel *name;
        ToneLabel *today;
        GlyphMark *mark;
        ToneLabel *draft;
    };
    enum What {
        WorkerNoticed,
        HubNoticed,
        WorkerMissed,
        HubMissed,
        Zombie,
        CommandsMissed,
        Load,
        WorkerBeats,
        HubBeats,
        whatCount
    };

    struct Cell
    {
        QString text;
        QString tip;
        bool warns = false;
    };
    static std::array<Cell, whatCount> cells(const Side &side);

    std::array<Row, whatCount> m_rows;
    Subject m_subject = Subject::Document;
    ToneLabel *m_todayHead = nullptr;
    ToneLabel *m_draftHead = nullptr;
    ToneLabel *m_workerTraffic;
    ToneLabel *m_hubTraffic;
};

} // namespace pulsedeck
