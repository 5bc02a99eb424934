// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/beatrecorder.h"
#include "ui/timing/timingtable.h"

#include <QWidget>

class QComboBox;
class QToolButton;

namespace pulsedeck {

class BeatHistogram;
class ToneLabel;

/// The left column: the parameters, workers that differ from them, and the measured intervals. GUI thread.
class ParameterPanel : public QWidget
{
    Q_OBJECT

public:
    ParameterPanel(BeatRecorder &recorder, QWidget *parent = nullptr);

    /// With little height only the values are shown, without the chart below them.
    void setLow(bool low) { m_lower->setVisible(!low); }
    void setDraft(TimingDraft *draft);
    struct Fleet
    {
        QString source;
        QString counted; ///< "412 workers".
        TimingProfile live;
        MeasuredTiming measured;
        bool connected = false;
        QString hubs; ///< "demo hub · 24 actors"; empty without a hub.
        QString asOf; ///< "values as of 14:12:36" while not connected.
    };
    void setFleet(const Fleet &fleet);
    /// A source, or a system in it.
    struct Choice
    {
        SourceId source = 0;
        QString system; ///< As TimingSubject has it.
        QString text;
        bool operator==(const Choice &) const = default;
    };
    /// What to choose from; hidden if there is only one.
    void setChoices(const std::vector<Choice> &choices, SourceId source, const QString &system);
    /// Why no beats are counted.
    void setEmptyText(const QString &why);
    void toggleOnlyChanged();

    TimingTable &table() { return *m_table; }
    TimingTableModel &model() { return m_model; }

signals:
    void sourceChosen(pulsedeck::SourceId source, const QString &system);
    void driftRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    void fitChooser();
    void review();
    void reviewHistogram();

    BeatRecorder &m_recorder;
    TimingDraft *m_draft = nullptr;
    Fleet m_fleet;
    TimingTableModel m_model;
    ToneLabel *m_state;
    QComboBox *m_sources;
    std::vector<Choice> m_choices;
    QToolButton *m_onlyChanged;
    TimingTable *m_table;
    ToneLabel *m_nothingChanged;
    QWidget *m_driftLine;
    ToneLabel *m_driftText;
    ToneLabel *m_histogramNote;
    QWidget *m_lower = nullptr;
    BeatHistogram *m_histogram;
};

} // namespace pulsedeck
