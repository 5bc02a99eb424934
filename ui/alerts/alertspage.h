// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertlistmodel.h"
#include "models/alerts/alertrulemodel.h"
#include "ui/common/page.h"

class QPushButton;

namespace pulsedeck {

class AlertDetail;
class EmptyNote;
class PrefixedCombo;
class SearchField;
class SegmentedRow;
class OutletBoard;
class OutletPanel;
class RowTable;
class ToneLabel;

/// The Alerts page: what fires, is pending or was over of late, what is known of the selected one, the rules, and where
/// alerts go. Keys: A
/// acknowledges, S silences, F shows its workers in the Fleet page and T their lanes. GUI thread.
class AlertsPage : public Page
{
    Q_OBJECT

public:
    static constexpr QLatin1StringView pageName{"alerts"};

    /// All of it outlives the page. \a by: who acknowledges and silences.
    AlertsPage(AlertEngine &engine, const FleetStore &store, const QString &by, QWidget *parent = nullptr);

    QString whyNoPast() const override;
    /// How many call.
    QString navigationText() const override;
    bool isSearchable() const override { return true; }
    bool hasEscape() const override { return true; }
    const AlertListModel &model() const { return m_alerts; }
    /// Where alerts go; it outlives the page. Without one none is listed.
    void setOutlets(OutletBoard *board);
    /// Selects an alert that is open.
    void showAlert(const QString &id);

public slots:
    void refresh() override;
    void focusFilter() override;
    /// Empties the filter.
    void escape() override;

signals:
    /// Show the lanes of what this filter matches.
    void timelineRequested(const QString &filter);
    /// Switch a rule on or off.
    void ruleSwitched(const QString &rule, bool on);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void review();
    void showSelected();
    QWidget *makeHeader();
    QWidget *makeRules();
    void fitRules();
    QWidget *makeBar();
    void filter();
    void reviewSwitch();
    void openSilences();

    AlertEngine &m_engine;
    const FleetStore &m_store;
    const QString m_by;
    AlertListModel m_alerts;
    AlertRuleModel m_rules;
    ToneLabel *m_firing = nullptr;
    ToneLabel *m_pending = nullptr;
    ToneLabel *m_silenced = nullptr;
    ToneLabel *m_resolved = nullptr;
    ToneLabel *m_ruleCount = nullptr;
    SearchField *m_search = nullptr;
    SegmentedRow *m_shown = nullptr;
    PrefixedCombo *m_order = nullptr;
    RowTable *m_list;
    RowTable *m_ruleTable = nullptr;
    QPushButton *m_switch = nullptr;
    AlertDetail *m_detail;
    OutletPanel *m_outlets;
    EmptyNote *m_empty;
    QString m_selected; ///< Id.
    qint64 m_selectedAt = 0; ///< Its firedAt.
    int m_calling = 0;
    bool m_stale = true; ///< The models are behind the engine.
};

} // namespace pulsedeck
