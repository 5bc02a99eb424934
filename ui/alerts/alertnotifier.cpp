// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertnotifier.h"

#include "models/alerts/alertwords.h"

#include <QApplication>
#include <QSettings>
#include <QSystemTrayIcon>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertNotifier::AlertNotifier(AlertEngine &engine, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_settings(settings)
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(gatherMs);
    connect(&m_gather, &QTimer::timeout, this, &AlertNotifier::call);
    connect(&engine, &AlertEngine::unsilenced, this, &AlertNotifier::take);
    connect(&engine, &AlertEngine::happened, this, [this](const QString &id, AlertGroups::Event event) {
        if (event == AlertGroups::Event::Fired)
            take(id);
    });
}

AlertNotifier::~AlertNotifier() = default;

bool AlertNotifier::isOn() const
{
    return m_settings.value(notifyKey, true).toBool();
}

bool AlertNotifier::hasSound() const
{
    return m_settings.value(soundKey, false).toBool();
}

bool AlertNotifier::canShow() const
{
    return QSystemTrayIcon::isSystemTrayAvailable() && QSystemTrayIcon::supportsMessages();
}

QString AlertNotifier::howText() const
{
    if (!isOn())
        return tr("switched off");
    if (!canShow())
        return hasSound() ? tr("only a sound: this desktop shows no notifications") : tr("this desktop shows no notifications");
    return hasSound() ? tr("with a sound") : tr("without a sound");
}

void AlertNotifier::setOn(bool on)
{
    m_settings.setValue(notifyKey, on);
    if (!on)
        m_tray.reset();
}

void AlertNotifier::setSound(bool sound)
{
    m_settings.setValue(soundKey, sound);
}

void AlertNotifier::take(const QString &id)
{
    const std::optional<Alert> alert = m_engine.alert(id);
    if (!alert || alert->isSilenced() || !alert->rule.outlets.contains(u"desktop"_s) || m_ids.contains(id))
        return;
    m_ids.append(id);
    if (!m_gather.isActive())
        m_gather.start();
}

void AlertNotifier::call()
{
    std::vector<Alert> alerts;
    for (const QString &id : std::exchange(m_ids, {})) {
        const std::optional<Alert> alert = m_engine.alert(id);
        if (alert && alert->isFiring() && !alert->isSilenced())
            alerts.push_back(*alert);
    }
    if (alerts.empty())
        return;
    std::sort(alerts.begin(), alerts.end(), &Alert::isBefore);
    const bool one = alerts.size() == 1;
    const QString title = one ? alertTitle(alerts.front()) : tr("%Ln alert(s)", nullptr, int(alerts.size()));
    QStringList lines;
    constexpr qsizetype mostLines = 4;
    for (const Alert &alert : alerts) {
        if (lines.size() < mostLines)
            lines.append(one ? alertPlace(alert) : alertTitle(alert));
    }
    show(title, lines.join(u'\n'), alerts.front().rule.severity == AlertSeverity::Critical);
}

void AlertNotifier::callTest()
{
    show(tr("A test of this outlet: nothing is wrong"), tr("Alerts are shown like this."), false);
}

void AlertNotifier::show(const QString &title, const QString &text, bool critical)
{
    if (hasSound())
        QApplication::beep();
    if (!isOn())
        return;
    makeTray();
    if (m_tray)
        m_tray->showMessage(title, text, critical ? QSystemTrayIcon::Critical : QSystemTrayIcon::Warning);
    emit called(title, text);
}

/// Only once there is something to say: a tray without need is a nuisance.
void AlertNotifier::makeTray()
{
    if (m_tray || !QSystemTrayIcon::isSystemTrayAvailable())
        return;
    m_tray = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
    m_tray->setToolTip(tr("Pulsedeck"));
    connect(m_tray.get(), &QSystemTrayIcon::messageClicked, this, &AlertNotifier::opened);
    connect(m_tray.get(), &QSystemTrayIcon::activated, this, &AlertNotifier::opened);
    m_tray->show();
}

} // namespace pulsedeck
