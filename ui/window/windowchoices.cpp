// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowchoices.h"

#include "models/fleet/fleetstore.h"
#include "ui/window/mainwindow.h"
#include "ui/window/windowmenus.h"

#include <QSettings>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto departedKey = "fleet/departedMinutes"_L1;
constexpr int departedMinutes = 15;
constexpr int mostDepartedMinutes = 24 * 60;
constexpr auto themeKey = "theme"_L1; ///< Read where the program starts, since an option can overrule it.

const std::pair<ThemeChoice, QLatin1String> themeNames[]{
    {ThemeChoice::System, "system"_L1}, {ThemeChoice::Light, "light"_L1}, {ThemeChoice::Dark, "dark"_L1}};

} // namespace

WindowChoices::WindowChoices(WindowMenus &menus, FleetStore &store, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_menus(menus)
    , m_store(store)
    , m_settings(settings)
{
    connect(&m_menus, &WindowMenus::themeRequested, this, &WindowChoices::setTheme);
    connect(&m_menus, &WindowMenus::zoneRequested, this, &WindowChoices::setZone);
    connect(&m_menus, &WindowMenus::departedRequested, this, [this](int minutes) {
        m_settings.setValue(departedKey, minutes);
        keepDeparted();
    });
    keepDeparted();
}

void WindowChoices::setTheme(ThemeChoice choice)
{
    Theme::instance().setChoice(choice);
    for (const auto &[known, name] : themeNames) {
        if (known == choice)
            m_settings.setValue(themeKey, QString(name));
    }
}

void WindowChoices::setZone(ShownZone zone)
{
    setShownZone(zone);
    m_settings.setValue(MainWindow::zoneKey, shownZoneName(zone));
    emit zoneChanged();
}

void WindowChoices::keepDeparted()
{
    const int minutes = qBound(1, m_settings.value(departedKey, departedMinutes).toInt(), mostDepartedMinutes);
    m_store.setDepartedForMs(minutes * 60'000LL);
    m_menus.setDepartedMinutes(minutes);
}

} // namespace pulsedeck
