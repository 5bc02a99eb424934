// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"

#include <QTimer>

class QSettings;
class QSystemTrayIcon;

namespace pulsedeck {

/// Calls on the desktop: a notification by the icon in the tray for alerts that begin to fire and whose rule names "desktop",
/// several within a moment together, and a sound if that was asked for. What a rule sends elsewhere is not its concern. GUI
/// thread.
class AlertNotifier : public QObject
{
    Q_OBJECT

public:
    static constexpr int gatherMs = 300; ///< Alerts that come within it are one notification.
    static constexpr QLatin1StringView notifyKey{"alerts/notify"}; ///< In the settings: on unless switched off.
    static constexpr QLatin1StringView soundKey{"alerts/sound"}; ///< Off unless switched on.

    AlertNotifier(AlertEngine &engine, QSettings &settings, QObject *parent = nullptr);
    ~AlertNotifier() override;

    bool isOn() const;
    bool hasSound() const;
    /// Whether the desktop has a place where notifications are shown; without one none is seen.
    virtual bool canShow() const;
    /// How it calls, or why it does not.
    QString howText() const;
    void setOn(bool on);
    void setSound(bool sound);
    /// Shows a notification that says it is a test.
    void callTest();

signals:
    /// A notification is shown; also where there is no tray.
    void called(const QString &title, const QString &text);
    /// It, or the icon, was clicked.
    void opened();

private:
    void take(const QString &id);
    void call();
    void show(const QString &title, const QString &text, bool critical);
    void makeTray();

    AlertEngine &m_engine;
    QSettings &m_settings;
    QTimer m_gather;
    QStringList m_ids; ///< Of alerts to be called.
    std::unique_ptr<QSystemTrayIcon> m_tray;
};

} // namespace pulsedeck
