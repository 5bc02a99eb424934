// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/screenshots.h"

#include "models/sources/sourcesettings.h"
#include "ui/alerts/alertspage.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/testpanel.h"
#include "ui/window/mainwindow.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QPixmap>
#include <QTimer>

#include <functional>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestWaitMs = 5'000;
constexpr int lookEveryMs = 50;

void waitFor(const std::function<bool()> &condition)
{
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (condition())
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
    QStringList names = MainWindow::pageNames() + window.extraViews();
    if (const auto *alerts = window.findChild<AlertsPage *>())
        names.append(alerts->name());
    for (const QString &page : std::as_const(names)) {
        if (!window.showPage(page))
            window.showView(page);
        // A page that computes something for its first look comes to its end.
        waitFor([&window] { return window.isSettled(); });
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

bool saveConnectDialog(MainWindow &window, const SourceSettings &source, const QString &folder, QString *error)
{
    SourceSettings asked = source;
    asked.id = 0;
    asked.demo = false;
    window.openConnectDialog(asked);
    auto *const dialog = window.findChild<ConnectDialog *>();
    if (!dialog)
        return true;
    dialog->test();
    waitFor([dialog] { return !dialog->tests() || !dialog->tests()->isRunning(); });
    waitFor([turns = 0]() mutable { return ++turns > 3; }); // Scroll bars come and go some turns after what is in them.
    QCoreApplication::sendPostedEvents();
    const QString file = QDir(folder).filePath(u"connect.png"_s);
    const bool saved = dialog->grab().save(file);
    if (!saved)
        *error = u"%1 cannot be written"_s.arg(file);
    dialog->reject();
    return saved;
}

} // namespace pulsedeck
