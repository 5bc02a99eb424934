// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/format.h"
#include "ui/theme/theme.h"

#include <QObject>

class QSettings;

namespace pulsedeck {

class FleetStore;
class WindowMenus;

/// What is chosen in the View menu and kept in the settings: the theme, local times or UTC, and how long departed workers are
/// shown. GUI thread.
class WindowChoices : public QObject
{
    Q_OBJECT

public:
    /// All outlive this.
    WindowChoices(WindowMenus &menus, FleetStore &store, QSettings &settings, QObject *parent);

signals:
    /// Times are shown in another zone.
    void zoneChanged();

private:
    void setTheme(ThemeChoice choice);
    void setZone(ShownZone zone);
    void keepDeparted();

    WindowMenus &m_menus;
    FleetStore &m_store;
    QSettings &m_settings;
};

} // namespace pulsedeck
