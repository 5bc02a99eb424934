// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// An option of pulsedeckctl. Declared once: the parser, the help and the completion files read the same table.
struct DeclaredOption
{
    enum class Completes : quint8 { Nothing, Files, Presets };

    QString name; ///< Without "--".
    QString value; ///< What stands for its value in the help; empty: it takes none.
    QString help;
    Completes completes = Completes::Nothing;

    /// "--settle S".
    QString usage() const;

    static const std::vector<DeclaredOption> &all();
    /// Nullptr if there is none.
    static const DeclaredOption *find(QStringView name);
};

/// A command: "list", or "health" of the group "hub".
struct DeclaredCommand
{
    QString group; ///< Empty, "alerts", "history", "hub", "layouts", "queues" or "timing".
    QString name;
    QString arguments; ///< As the usage line has them.
    QString options; ///< Their names, with a blank between.
    QString help;
    bool takesFiles = false; ///< Its arguments may be files.
    QString heading = {}; ///< Before it in the help of its group.

    /// "hub health".
    QString path() const;
    /// Those it takes, --help left out.
    std::vector<const DeclaredOption *> optionList() const;
    bool takes(QStringView option) const;

    static const std::vector<DeclaredCommand> &all();
    static std::vector<const DeclaredCommand *> ofGroup(QStringView group);
    static const DeclaredCommand *find(QStringView group, QStringView name);
};

/// What the commands of a group have in common.
struct DeclaredGroup
{
    QString name;
    QString about; ///< One paragraph.
    std::vector<std::pair<QString, QString>> terms; ///< What the words of the usage lines mean.
    QString notes; ///< Paragraphs: what holds for all, and the exit codes.

    /// "health, actors, discover, send or metrics".
    QString commandNames() const;

    static const std::vector<DeclaredGroup> &all();
    /// Of all but the one without a name: "alerts", "history", ….
    static QStringList names();
    static const DeclaredGroup &find(QStringView name);
};

} // namespace pulsedeck
