// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/screenshots.h"

#include "ui/window/mainwindow.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QPixmap>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestWaitMs = 5'000;
constexpr int lookEveryMs = 50;

/// Lets a page that computes something for its first look come to its end.
void waitUntilSettled(const MainWindow &window)
{
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (window.isSettled())
            loop.quit();
    });
    QTimer::singleShot(longestWaitMs, &loop, &QEventLoop::quit);
    look.start(lookEveryMs);
    loop.exec();
}

} // namespace

bool saveScreenshots(MainWindow &window, const QString &folder, QString *error)
{
    if (!QDir().mkpath(folder)) {
        *error = u"The folder %1 cannot be made"_s.arg(folder);
        return false;
    }
    const QString before = window.currentPage();
    bool saved = true;
    for (const QString &page : MainWindow::pageNames() + window.extraViews()) {
        if (!window.showPage(page))
            window.showView(page);
        waitUntilSettled(window);
        // A page just shown is laid out by events that are still waiting.
        QCoreApplication::sendPostedEvents();
        const QString file = QDir(folder).filePath(page + u".png"_s);
        if (!window.grab().save(file)) {
            *error = u"%1 cannot be written"_s.arg(file);
            saved = false;
        }
    }
    window.showPage(before);
    return saved;
}

} // namespace pulsedeck
