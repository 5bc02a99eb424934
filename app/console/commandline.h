// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>

namespace pulsedeck {

/// What the command line asks of the console.
struct CommandLine
{
    enum class Action { Run, PrintAndExit, Wrong };

    Action action = Action::Run;
    QString text; ///< For PrintAndExit and Wrong: what to print.
    QStringList urls;
    QString page;
    QString theme; ///< "light", "dark", "system", or empty for the remembered one.
    QString screenshotFolder;
    QSize size; ///< Invalid: the remembered one.
    int demoWorkers = 60;
    int demoActors = 24; ///< Of the demo's hub; 0: there is none.
    double exitAfterSeconds = -1;
    double screenshotAfterSeconds = 0; ///< Waited after the first full view.
    bool demo = false;
    bool fresh = false; ///< Neither read nor write what was remembered.
    bool readOnly = false; ///< Nothing is ever written to any source.
    QString journalFile; ///< Empty: the usual place (none with fresh); "none": nothing is recorded.
    QString historyFile; ///< Likewise for the history.
    QString shownHistory; ///< A history file to be shown, without any source and without recording; empty: none.
    QString
        rulesFile; ///< Timing rules and presets of one's own; empty: rules.json in the user's settings folder, if it is there.
    QStringList layoutFiles; ///< Layouts of one's own, besides those in the settings folder.
    bool newWindow = false; ///< Do not hand over to a window that is open already.
    bool timings = false; ///< Say on standard output how long the first paint took.

    QString program; ///< What starts another console, for the demo's own window; empty: the demo runs in this one.

    /// It keeps nothing beyond its end: settings, sources and journal are temporary.
    bool isTemporary() const { return fresh || demo || !shownHistory.isEmpty(); }
    /// What it asks for concerns a process of its own: it neither hands over to an open window nor is one to hand over to.
    bool isApart() const;

    /// Reads \a arguments (the first is the program's name). \a pages are the names --page takes.
    static CommandLine parse(const QStringList &arguments, const QStringList &pages);
};

} // namespace pulsedeck
