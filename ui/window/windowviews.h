// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/fleetsummary.h"

#include <QObject>

class QWidget;

namespace pulsedeck {

class FleetPage;
class NavigationPanel;
class NoticeBar;
class SavedViews;
class StatusStrip;
class WindowMenus;

/// The saved views in the window: how many workers each matches, choosing one, and saving the filter of the Fleet page as one.
/// GUI thread.
class WindowViews : public QObject
{
    Q_OBJECT

public:
    /// All outlive this.
    struct Parts
    {
        const FleetStore &store;
        SavedViews &views;
        FleetPage &fleet;
        WindowMenus &menus;
        NavigationPanel &navigation;
        NoticeBar &notice;
        StatusStrip &status; ///< Shows the skew that is found with the counts.
        QWidget &window;
    };

    WindowViews(const Parts &parts, QObject *parent);

    /// Another time than now is shown: the counts, which are of the present, are not known.
    void setAway(bool away);

signals:
    /// A view was chosen.
    void filterRequested(const QString &filter);

private:
    void passFilters();
    void count();
    void choose(int row);
    void save();

    const Parts m_parts;
    FleetSummary m_survey;
    bool m_away = false;
};

} // namespace pulsedeck
