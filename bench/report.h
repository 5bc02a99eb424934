// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck::bench {

/// One measured figure and what it is compared with.
struct Figure
{
    QString id; ///< Stable, in kebab-case.
    QString what; ///< One line of plain words.
    double value = 0;
    QString unit;
    QString against; ///< What it was compared with, measured in the same run; or how it was taken.
    QString aim; ///< Empty: it is reported only.
    bool ok = true;
    int decimals = 1;

    QString valueText() const;
};

/// How a run is done and what came out of it.
struct Run
{
    bool quick = false;
    QStringList only; ///< Ids, or parts of them; empty for all.
    std::vector<Figure> figures;
    QStringList failures; ///< Measures that could not be taken, and why.

    /// Whether any of \a ids was asked for.
    bool wants(const QStringList &ids) const;
    int rounds() const { return quick ? 3 : 5; }
    /// Keeps the figure if it was asked for, and says it on standard error at once.
    void add(const Figure &figure);
    void fail(const QString &measure, const QString &why);
};

/// "measure | value | against | aim | ok", in columns for a terminal.
QString tableText(const Run &run);
/// The same as a Markdown table, with the machine and the moment in front.
QString markdownText(const Run &run);
/// An array of objects {id, value, unit, against, aim, ok}.
QByteArray jsonText(const Run &run);
/// Replaces what stands between the two marks of \a file by \a text.
bool replaceBetweenMarks(const QString &file, const QString &text, QString *error);
/// Processor, cores, memory, system, Qt and Redis in one line; the load when the run began.
QString machineText();

} // namespace pulsedeck::bench
