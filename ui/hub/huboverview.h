// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/hubwords.h"
#include "ui/common/scrollpane.h"
#include "ui/hub/hubcontext.h"

class QGridLayout;
class QVBoxLayout;

namespace pulsedeck {

class HubMetricsChart;
class ToneLabel;

/// The state of one hub: heartbeat, budget, list, health, queue, metrics, and where reported and observed values differ.
class HubOverview : public ScrollPane
{
    Q_OBJECT

public:
    explicit HubOverview(const HubContext &context, QWidget *parent = nullptr);

    void setHub(SourceId source);
    void setFactsWidget(QWidget *facts);
    void refresh();

private:
    enum Fact { Heartbeat, LastAck, RoundTrip, Budget, List, Memory, Unreadable, Registration, Health, Queue, FactCount };
    struct Line
    {
        ToneLabel *title = nullptr;
        ToneLabel *value = nullptr;
        ToneLabel *note = nullptr;
    };

    QWidget *buildFacts(const QString &title, int from, int until);
    void addHeading(const QString &text, QWidget *behind = nullptr);
    void set(Fact fact, const HubWords &words);
    void showDifferences(const std::vector<HubDifference> &all);

    const HubContext m_context;
    SourceId m_source = 0;
    QVBoxLayout *m_column;
    QWidget *m_facts = nullptr;
    Line m_lines[FactCount];
    ToneLabel *m_rates = nullptr;
    ToneLabel *m_problem = nullptr;
    HubMetricsChart *m_chart = nullptr;
    QWidget *m_differenceBox = nullptr;
    QGridLayout *m_differences = nullptr;
    std::vector<HubDifference> m_shown;
};

} // namespace pulsedeck
