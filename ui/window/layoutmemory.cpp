// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/layoutmemory.h"

#include <QSettings>
#include <QSplitter>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace pulsedeck {

LayoutMemory::LayoutMemory(QWidget &window, QSettings &settings, QObject *parent)
    : QObject(parent)
{
    const QList<QSplitter *> splitters = window.findChildren<QSplitter *>();
    for (QSplitter *splitter : splitters) {
        if (splitter->objectName().isEmpty())
            continue;
        const QString key = u"splitters/"_s + splitter->objectName();
        if (const QByteArray state = settings.value(key).toByteArray(); !state.isEmpty())
            splitter->restoreState(state);
        // Emitted only when the handle is moved by hand, not when the window is resized.
        connect(splitter, &QSplitter::splitterMoved, this,
                [splitter, key, &settings] { settings.setValue(key, splitter->saveState()); });
    }
}

} // namespace pulsedeck
