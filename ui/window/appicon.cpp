// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/appicon.h"

#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

/// The resource is part of a static library, which has to ask for it by name, outside any namespace.
static void loadResources()
{
    Q_INIT_RESOURCE(pulsedeck);
}

namespace pulsedeck {

QIcon appIcon()
{
    static const QIcon icon = [] {
        loadResources();
        // Rendered here rather than by QIcon's SVG plugin, which is not installed everywhere.
        QSvgRenderer renderer(u":/pulsedeck/icons/org.pulsedeck.Pulsedeck.svg"_s);
        QIcon made;
        for (const int size : {16, 22, 24, 32, 48, 64, 128, 256}) {
            QPixmap pixmap(size, size);
            pixmap.fill(Qt::transparent);
            QPainter painter(&pixmap);
            renderer.render(&painter);
            painter.end();
            made.addPixmap(pixmap);
        }
        return made;
    }();
    return icon;
}

} // namespace pulsedeck
