// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/settingsfile.h"

#include <QEvent>

namespace pulsedeck {

SettingsFile::SettingsFile(const QString &path, Format format)
    : QSettings(path, format)
{
    prepare();
}

SettingsFile::SettingsFile(Format format, Scope scope, const QString &organization, const QString &application)
    : QSettings(format, scope, organization, application)
{
    prepare();
}

void SettingsFile::prepare()
{
    m_due.setSingleShot(true);
    m_due.setInterval(writtenAfterMs);
    connect(&m_due, &QTimer::timeout, this, [this] {
        QEvent update(QEvent::UpdateRequest);
        QSettings::event(&update);
    });
}

bool SettingsFile::event(QEvent *event)
{
    if (event->type() != QEvent::UpdateRequest)
        return QSettings::event(event);
    // QSettings sends no other one before this one is carried out.
    m_due.start();
    return true;
}

} // namespace pulsedeck
