// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/dockplacement.h"

#include <QAction>
#include <QDockWidget>
#include <QMainWindow>
#include <QScopedValueRollback>
#include <QSettings>

#include <utility>

namespace pulsedeck {

namespace {

using namespace Qt::StringLiterals;

constexpr auto dockWidthKey = "dockWidth"_L1;
constexpr auto shownKey = "dock"_L1;
constexpr auto leftKey = "dockLeft"_L1;
constexpr auto floatingKey = "dockFloating"_L1;
constexpr auto placeKey = "dockPlace"_L1; ///< Where it floats.

} // namespace

DockPlacement::DockPlacement(QMainWindow &page, QDockWidget &dock, int usualWidth, QSettings &settings, const QString &name,
                             QObject *parent)
    : QObject(parent)
    , m_page(page)
    , m_dock(&dock)
    , m_settings(settings)
    , m_name(name)
    , m_width(settings.value(key(dockWidthKey), usualWidth).toInt())
    , m_wanted(settings.value(key(shownKey), true).toBool())
{
    if (settings.value(key(leftKey), false).toBool())
        page.addDockWidget(Qt::LeftDockWidgetArea, &dock);
    if (settings.value(key(floatingKey), false).toBool()) {
        dock.setFloating(true);
        if (const QRect place = settings.value(key(placeKey)).toRect(); place.isValid())
            dock.setGeometry(place);
    }
    connect(&dock, &QDockWidget::visibilityChanged, this, [this](bool visible) {
        if (visible) {
            // The page has to know its own size first.
            QMetaObject::invokeMethod(this, &DockPlacement::apply, Qt::QueuedConnection);
            return;
        }
        keep();
        m_applied = false;
    });
    // To float it hides for a moment, and is to be given its place again; that it floats is known at once.
    connect(&dock, &QDockWidget::topLevelChanged, this, [this](bool floats) { m_settings.setValue(key(floatingKey), floats); });
    connect(&dock, &QDockWidget::dockLocationChanged, this, &DockPlacement::keep);
    connect(dock.toggleViewAction(), &QAction::toggled, this, [this](bool shown) {
        if (!m_narrow && !m_placing && m_page.isVisible()) {
            m_wanted = shown;
            m_settings.setValue(key(shownKey), shown);
        }
    });
    dock.hide();
}

QString DockPlacement::key(QLatin1StringView part) const
{
    return m_name + u'/' + part;
}

DockPlacement::~DockPlacement()
{
    keep();
}

void DockPlacement::setFilled()
{
    if (!std::exchange(m_filled, true))
        place();
}

void DockPlacement::setNarrow(bool narrow)
{
    if (narrow != std::exchange(m_narrow, narrow))
        place();
}

void DockPlacement::open()
{
    m_filled = true;
    m_dock->show();
    m_dock->raise();
}

void DockPlacement::place()
{
    if (m_dock->isFloating() && m_dock->isVisible())
        return; // A window of its own takes no room from the page.
    const QScopedValueRollback guard(m_placing, true);
    m_dock->setVisible(m_filled && m_wanted && !m_narrow);
}

void DockPlacement::apply()
{
    if (!m_dock || !m_dock->isVisible())
        return;
    if (!m_dock->isFloating())
        m_page.resizeDocks({m_dock}, {m_width}, Qt::Horizontal);
    m_applied = true;
}

void DockPlacement::keep()
{
    if (!m_dock || !m_applied)
        return;
    if (m_dock->isFloating()) {
        m_settings.setValue(key(placeKey), m_dock->geometry());
        return;
    }
    const bool left = m_page.dockWidgetArea(m_dock) == Qt::LeftDockWidgetArea;
    if (m_settings.value(key(leftKey), false).toBool() != left)
        m_settings.setValue(key(leftKey), left);
    if (m_width == m_dock->width())
        return;
    m_width = m_dock->width();
    m_settings.setValue(key(dockWidthKey), m_width);
}

} // namespace pulsedeck
